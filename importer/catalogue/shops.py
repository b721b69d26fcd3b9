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
LISTED = "{count} in {path}:"
TESTING = "Asking for each shop whether its access works; an answer may take {seconds:g} seconds."
HEADING = "{name}: {verdict}"
WORKS, FAILS = "works", "does not work"
DETAIL = "  {what}: {value}"
PARTS = {
    "tracker": "tracker",
    "base_url": "base URL",
    "timezone": "time zone",
    "mapping": "mapping",
    "key": "key",
    "clock": "clock",
    "list": "list",
    "said": "it said",
    "do": "what to do",
}
TRACKER_AT = "{tracker}{base_url} ({state})"
AT = " at {base_url}"
STATES = {True: "right", False: "wrong", None: "not known"}
KEY_FROM = "{state}, from {source}"
THE_ENVIRONMENT = "LUIGISBOX_PRIVATE_KEY"
CLOCK_OFF = "{seconds} seconds {direction}; imports take that into account"
LISTS = {
    True: "can be read",
    False: "the service shows none: what gets lost on the way stays Unknown",
    None: "not known",
}

ACCESS = {
    "works": "Key, clock and tracker work.",
    "no-tracker": "The shop has no tracker_id.",
    "no-key": "The shop has no private_key_file.",
    "key-file": "The file that private_key_file names cannot be read, or holds no key. It must hold the private key as "
    "text, and nothing else.",
    "key": "Luigi's Box did not accept the signature. Check that the key belongs to the tracker.",
    "clock": "Luigi's Box did not accept the signature, and gave no time of its own: the key is wrong, or this "
    "computer's clock. Set the clock, and check that the key belongs to the tracker.",
    "forbidden": "Luigi's Box does not allow this key to read customizations. Ask Luigi's Box for access.",
    "tracker": "Luigi's Box does not know the tracker. Check tracker_id and base_url.",
    "redirect": "The base URL sends requests on to another address, which is never followed. Check base_url.",
    "odd": "The base URL gave the odd answer {status}. Check base_url.",
    "busy": "Luigi's Box has trouble or is busy (answer {status}). Try again later; see luigisboxstatus.com.",
    "late": "There was no answer within {seconds:g} seconds. Check the internet connection, or wait longer with "
    "--timeout.",
    "network": "It could not be reached. Check the internet connection and base_url.",
    "proxy": "The proxy did not let the request through. Ask your IT department, or name another with --proxy.",
    "certificate": "The server's certificate cannot be trusted. If a company proxy or virus scanner reads along, ask "
    "your IT department; otherwise check base_url.",
}

ALL_WORK = {1: "The shop works.", 2: "Both shops work.", 3: "All shops work."}
SOME_FAIL = "{names}: access does not work."
NO_SHOPS = "There are no shops."
