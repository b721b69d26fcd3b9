"""What is said about shops: the configuration file, which shop is in force, whether its access works."""

from __future__ import annotations

FILE: dict[str, str] = {
    # ── The configuration file: each begins with the file, the line and the key ──
    "missing": "There is no configuration file {path}.",
    "unreadable": "The configuration file {path} cannot be read ({why}). It must be a text file in UTF-8.",
    "toml": "{where}: this is not valid TOML ({why}).",
    "unknown-key": "{where}: there is no such key here. Possible are {keys}.",
    "kind": "{where}: this must be {kind}.",
    "key-inside": "{where}: a private key has no place in this file, where others may see it. Save the key alone in a "
    "file that only you can read, and name that file with private_key_file. If others may have seen the key, have "
    "Luigi's Box make a new one.",
    "wrong": "{where}: {text}",
    "no-home": "{where}: this user has no home folder, so ~ stands for nothing. Write the whole path.",
    "no-mapping": "{where}: there is no mapping {value}: neither a file of that name nor a built-in one. Built in are "
    "{builtin}.",
    # ── Choosing a shop ──
    "no-shop": "There is no shop {name} in {path}. {there}",
    "there-are": "The shops there are: {names}.",
    "there-are-none": "It has no shops.",
}

KINDS = {
    "text": "a text in quotes",
    "shops": "a table of shops, each begun with a line such as [shops.sk]",
    "shop": "a shop, begun with a line such as [shops.sk]",
}

UNCHOSEN = "None of the shops in {path} is chosen; name one with --shop: {names}."
OTHER_TRACKER = "The shop {shop} has another tracker, so its key is not used."
MAPPING_OF = 'The mapping is that of the shop {shop}; --mapping "" reads the sheet without one.'

# ── Before sending ──────────────────────────────────────────────────────────────────────────────────────────────

TO_SHOP = "For the shop {shop}, tracker {tracker} at {base_url}."
TO_TRACKER = "For the tracker {tracker} at {base_url}."
REHEARSED = "A rehearsal for the shop {shop}: its time zone and mapping count, its tracker and key are not used."
SHOP_ALONE = "For the shop {shop}."

# ── pin-importer shops ──────────────────────────────────────────────────────────────────────────────────────────

NONE_YET = """There are no shops in {path} yet. A shop is a few lines of that file, for example:

[shops.sk]
tracker_id = "1234-5678"
private_key_file = "~/.keys/luigisbox-sk"
timezone = "Europe/Bratislava"
mapping = "shoptet\""""
NO_FOLDER = "This user has no configuration folder. Name the file with --config."
ASKING = "Asking for {shops} whether key, clock and tracker work; that takes {seconds:g} seconds at most."
LISTED = "{shops} in {path}:"
VERDICT = {
    True: "{name}: works",
    False: "{name}: does not work",
    None: "{name}: not tested",
}
PARTS = {
    "tracker": "tracker {tracker} at {base_url}",
    "key": "key from {key}",
    "timezone": "time zone {timezone}",
    "mapping": "mapping {mapping}",
}
ENVIRONMENT = "The environment sets {names}, which beats what shops say."
KEY_VARIABLE = "LUIGISBOX_PRIVATE_KEY"
MESSAGES = {
    "none": "There are no shops.",
    "works": "{works} of {shops} {work}.",
    "fails": "{works} of {shops} {work}; {names} {do} not.",
}
DO, WORK = {True: "does", False: "do"}, {True: "works", False: "work"}

ACCESS = {
    "works": "Key, clock and tracker are right.",
    "works-clock": "Key and tracker are right. This computer's clock is {seconds} seconds {direction}; imports take "
    "that into account. Set the clock when you can.",
    "no-list": "This service shows no list that can be read: what gets lost on the way cannot be found again, and "
    "stays Unknown.",
    "no-tracker": "It names no tracker_id, so there is nothing to ask.",
    "no-key": "It names no private_key_file, and LUIGISBOX_PRIVATE_KEY is not set: an import asks for the key.",
    "key-file": "The file that private_key_file names cannot be read, or holds no key. It must hold the private key as "
    "text, and nothing else.",
    "key": "Luigi's Box did not accept the signature. Check that the key belongs to the tracker.",
    "key-or-clock": "Luigi's Box did not accept the signature, and did not name its time: the key is wrong, or this "
    "computer's clock. Set the clock, and check that the key belongs to the tracker.",
    "forbidden": "Luigi's Box does not allow this key to read customizations. Ask Luigi's Box for access.",
    "tracker": "Luigi's Box does not know the tracker. Check tracker_id and base_url.",
    "redirect": "It sends requests on to another address, which is never followed. Check base_url.",
    "odd": "It gave the odd answer {status}. Check base_url.",
    "busy": "Luigi's Box has trouble or is busy (answer {status}). Try again later; see luigisboxstatus.com.",
    "late": "There was no answer within {seconds:g} seconds. Check the internet connection, or wait longer with "
    "--timeout.",
    "network": "It could not be reached. Check the internet connection and base_url.",
    "proxy": "The proxy did not let the request through. Ask your IT department, or name another with --proxy.",
    "certificate": "The server's certificate cannot be trusted. If a company proxy or virus scanner reads along, ask "
    "your IT department; otherwise check base_url.",
}
SAID = "It said: {text}"
