"""The command line as scripts and people meet it: words, streams, exit codes."""

import json
import os
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from importer.sandbox import running_sandbox, scripted
from tests.driving import HEADER, Program, pin, pins

JSON_KEYS = [
    "command",
    "file",
    "read",
    "rows",
    "scopes",
    "row_results",
    "scope_results",
    "problems",
    "warnings",
    "problem_groups",
    "unread_columns",
    "unread_sheets",
    "shop",
    "mapping",
    "plan",
    "requests",
    "results",
    "seconds",
    "exit_code",
    "message",
]


@pytest.fixture
def program(capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PIN_IMPORTER_LEDGER", str(tmp_path / "ledger.sqlite"))
    return Program(capsys)


@pytest.fixture
def server():
    with running_sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def live(program, server, monkeypatch):
    """The program with an environment that points it at a server."""
    monkeypatch.setenv("LUIGISBOX_BASE_URL", server.url)
    monkeypatch.setenv("LUIGISBOX_TRACKER_ID", server.tracker_id)
    monkeypatch.setenv("LUIGISBOX_PRIVATE_KEY", server.private_key)
    return program


def test_a_rehearsal_needs_no_credentials_and_no_yes(program, tmp_path):
    said = program("import", pins(tmp_path / "a.csv", pin()), "--sandbox")
    assert said.code == 0
    assert "1 row is created." in said.out
    assert len(list(tmp_path.glob("a.results-*.xlsx"))) == 1


def test_json_stdout_holds_one_object_with_the_documented_keys_and_nothing_else(program, tmp_path):
    said = program("import", pins(tmp_path / "a.csv", pin(), pin("/p/2")), "--sandbox", "--json")
    assert list(said.object) == JSON_KEYS
    assert said.object["row_results"] == {"Created": 2}
    assert said.object["scope_results"] == {"Created": 2}
    assert (said.object["problem_groups"], said.object["requests"]) == ([], 4), "two creates, the look and the baseline"
    assert said.object["read"] == {
        "format": "csv",
        "encoding": "utf-8",
        "delimiter": ";",
        "sheet": None,
        "header_row": 1,
        "non_empty_rows": 3,
    }
    assert Path(said.object["results"]).exists()


def test_without_a_terminal_yes_is_needed(live, tmp_path, server):
    said = live("import", pins(tmp_path / "a.csv", pin()))
    assert (said.code, len(server.store)) == (2, 0)
    assert "--yes" in said.err


def test_a_real_import_and_the_same_command_again(live, tmp_path, server):
    file = pins(tmp_path / "a.csv", pin(), pin(position=2, product="/p/8"))
    first = live("import", file, "--yes", "--json")
    again = live("import", file, "--yes", "--json")
    assert (first.code, again.code) == (0, 0)
    assert again.object["row_results"] == {"Already created": 2}
    assert len(server.store) == 1


def test_the_results_workbook_is_the_next_input(live, tmp_path, server, monkeypatch):
    file = pins(tmp_path / "a.csv", pin(), pin("/p/2", "first"), pin("/p/3"))
    first = live("import", file, "--yes", "--json")
    assert (first.code, first.object["row_results"]) == (1, {"Created": 2, "Invalid": 1})
    results = Path(first.object["results"])
    book = openpyxl.load_workbook(results)
    book["Results"]["D3"] = 1
    book.save(results)
    monkeypatch.setenv("PIN_IMPORTER_LEDGER", str(tmp_path / "another ledger.sqlite"))
    second = live("import", results, "--yes", "--json")
    assert not second.err
    assert (second.code, second.object["row_results"]) == (0, {"Created": 1, "Already created": 2})
    assert len(server.store) == 3


def test_ids_of_a_rehearsal_never_count(live, tmp_path, server):
    rehearsal = live("import", pins(tmp_path / "a.csv", pin()), "--sandbox", "--json")
    said = live("import", rehearsal.object["results"], "--yes")
    assert (said.code, len(server.store)) == (0, 1)
    assert "rehearsal" in said.out


def test_an_id_that_nobody_here_knows_holds_the_scope_back(live, tmp_path, server):
    file = pins(tmp_path / "a.csv", [*pin(), "0f0f-1"], header=[*HEADER, "Customization ID"])
    said = live("import", file, "--yes", "--json")
    assert (said.code, said.object["row_results"], len(server.store)) == (1, {"Held back": 1}, 0)


@pytest.mark.parametrize(
    ("variable", "value", "word"),
    [
        ("LUIGISBOX_PRIVATE_KEY", "wrong", "signature"),
        ("LUIGISBOX_TRACKER_ID", "9999-9999", "does not know the tracker 9999-9999"),
        ("LUIGISBOX_BASE_URL", "http://127.0.0.1:1", "could not be reached"),
    ],
)
def test_a_wrong_key_tracker_or_server_is_one_sentence_and_exit_3(
    live, tmp_path, server, monkeypatch, variable, value, word
):
    monkeypatch.setenv(variable, value)
    file = pins(tmp_path / "a.csv", *(pin(f"/p/{number}") for number in range(30)))
    said = live("import", file, "--yes", "--json")
    assert (said.code, said.object["exit_code"], len(server.store)) == (3, 3, 0)
    assert word in said.object["message"]
    assert not server.calls("create")
    assert len(server.log) <= 4
    assert sum(said.object["row_results"].values()) == 30
    assert "Traceback" not in said.err


@pytest.mark.parametrize(
    ("variable", "word"), [("LUIGISBOX_PRIVATE_KEY", "private key is missing"), ("LUIGISBOX_TRACKER_ID", "tracker ID")]
)
def test_missing_credentials_are_named(live, tmp_path, monkeypatch, variable, word):
    monkeypatch.delenv(variable)
    said = live("import", pins(tmp_path / "a.csv", pin()), "--yes")
    assert said.code == 2
    assert word in said.err


@pytest.mark.parametrize(
    ("url", "word"),
    [
        ("http://live.luigisbox.com", "not encrypted"),
        ("https://me:secret@live.luigisbox.com", "host alone"),
        ("https://live.luigisbox.com/v1?x=1", "host alone"),
        ("live.luigisbox.com", "not a web address"),
    ],
)
def test_a_base_url_that_cannot_be_used_is_refused_before_anything_else(program, tmp_path, url, word):
    said = program("import", pins(tmp_path / "a.csv", pin()), "--yes", "--tracker-id", "1234-5678", "--base-url", url)
    assert said.code == 2
    assert word in said.err
    assert "secret" not in said.err


def test_check_exit_codes(program, tmp_path):
    assert program("check", pins(tmp_path / "good.csv", pin())).code == 0
    bad = program("check", pins(tmp_path / "bad.csv", pin(position="x"), pin()), "--json")
    assert (bad.code, bad.object["row_results"]) == (1, {"Invalid": 1, "Held back": 1})
    assert program("check", tmp_path / "none.csv").code == 2
    assert program("check", pins(tmp_path / "empty.csv")).code == 2
    assert not list(tmp_path.glob("*.results-*"))


def test_check_writes_a_workbook_only_when_asked(program, tmp_path):
    said = program("check", pins(tmp_path / "bad.csv", pin(position="x")), "--output", tmp_path / "out.xlsx")
    assert said.code == 1
    assert openpyxl.load_workbook(tmp_path / "out.xlsx")["Results"]["G2"].value == "Invalid"


def test_check_of_what_was_created_says_so(live, tmp_path):
    file = pins(tmp_path / "a.csv", pin())
    live("import", file, "--yes")
    said = live("check", file, "--json")
    assert (said.code, said.object["row_results"]) == (0, {"Already created": 1})


def test_missing_columns_are_named_with_what_was_found(program, tmp_path):
    said = program("check", pins(tmp_path / "a.csv", ["basket", "x"], header=["model", "pozition"]), "--json")
    assert said.code == 2
    assert said.object["read"]["non_empty_rows"] == 2
    for word in ("position", "pozition", "target_type"):
        assert word in said.object["message"]


@pytest.mark.parametrize(
    ("option", "word"), [("--settle-time", "zero or more"), ("--timeout", "above zero"), ("--max-rate", "above zero")]
)
def test_a_number_that_is_too_small_is_told_what_would_do(program, tmp_path, option, word):
    said = program("import", pins(tmp_path / "a.csv", pin()), "--sandbox", option, "-1")
    assert said.code == 2
    assert f"must be {word}" in said.err


def test_what_separates_columns_has_one_name_on_screen_and_in_the_summary(program, tmp_path):
    file = tmp_path / "a.csv"
    file.write_text("|".join(HEADER) + "\n" + "|".join(pin()) + "\n")
    said = program("check", file, "--output", tmp_path / "out.xlsx")
    summary = dict(openpyxl.load_workbook(tmp_path / "out.xlsx")["Summary"].iter_rows(max_col=2, values_only=True))
    assert said.out.count("vertical bars") >= 1
    assert "pipes" not in said.out
    assert summary["Delimiter"] == "vertical bars"


def test_strict_sends_nothing_while_a_row_is_invalid(live, tmp_path, server):
    file = pins(tmp_path / "a.csv", pin(), pin("/p/2", "x"))
    said = live("import", file, "--yes", "--strict", "--json")
    assert (said.code, len(server.store)) == (1, 0)
    assert said.object["row_results"] == {"Invalid": 1, "Not sent": 1}


def test_a_changed_scope_is_held_back_unless_it_may_stand_beside(live, tmp_path, server):
    live("import", pins(tmp_path / "a.csv", pin()), "--yes")
    changed = pins(tmp_path / "a.csv", pin(product="/p/77"))
    held = live("import", changed, "--yes", "--json")
    assert (held.code, held.object["row_results"], len(server.store)) == (1, {"Held back": 1}, 1)
    assert live("check", changed).code == 1
    beside = live("import", changed, "--yes", "--json", "--create-beside")
    assert (beside.code, len(server.store)) == (0, 2)


def test_of_many_scopes_held_back_a_few_are_listed_and_the_rest_is_counted(live, tmp_path):
    live("import", pins(tmp_path / "a.csv", *(pin(f"/p/{number}") for number in range(10))), "--yes")
    changed = pins(tmp_path / "a.csv", *(pin(f"/p/{number}", product="/p/77") for number in range(10)))
    said = live("import", changed, "--yes").out.splitlines()
    at = next(number for number, line in enumerate(said) if line.startswith("Held back because of what is live"))
    listed = [line for line in said[at + 1 :] if line.startswith("  row")]
    assert len(listed) == 3
    assert "  and 7 more." in said


def test_again_sends_what_was_created(live, tmp_path, server):
    file = pins(tmp_path / "a.csv", pin())
    live("import", file, "--yes")
    assert live("import", file, "--yes", "--again").code == 0
    assert len(server.store) == 2


def test_a_refusal_lands_on_the_row_and_is_exit_1(live, tmp_path, server):
    server.faults = scripted({1: "422"})
    said = live("import", pins(tmp_path / "a.csv", pin()), "--yes", "--json")
    assert (said.code, said.object["row_results"]) == (1, {"Refused": 1})


def test_results_as_csv_by_the_ending(program, tmp_path):
    said = program("import", pins(tmp_path / "a.csv", pin()), "--sandbox", "--output", tmp_path / "out.csv")
    assert said.code == 0
    text = (tmp_path / "out.csv").read_text("utf-8-sig")
    assert text.splitlines()[0].endswith("Import Result;Customization ID;Import Comment;Source Row;Import Key")


def test_an_output_that_is_neither_is_refused(program, tmp_path):
    said = program("import", pins(tmp_path / "a.csv", pin()), "--sandbox", "--output", tmp_path / "out.pdf")
    assert said.code == 2
    assert ".xlsx or .csv" in said.err


@pytest.mark.parametrize(
    "option",
    [
        ["--timezone", "Middle/Earth"],
        ["--encoding", "klingon"],
        ["--delimiter", "x"],
        ["--date-order", "ymdx"],
        ["--no-such-option"],
    ],
)
def test_a_wrong_option_is_one_sentence_and_exit_2(program, tmp_path, option):
    said = program("check", pins(tmp_path / "a.csv", pin()), *option)
    assert said.code == 2
    assert said.err.strip()
    assert "Traceback" not in said.err


def test_dates_without_a_zone_need_the_option_where_nobody_can_be_asked(live, tmp_path, server):
    file = pins(tmp_path / "a.csv", [*pin(), "2026-12-01"], header=[*HEADER, "active_from"])
    said = live("import", file, "--yes")
    assert (said.code, len(server.store)) == (2, 0)
    assert "--timezone" in said.err
    assert live("import", file, "--yes", "--timezone", "Europe/Bratislava").code == 0
    assert json.loads(server.calls()[0].body)["pin_definitions"][0]["active_from"] == "2026-12-01T00:00:00+01:00"


def test_the_key_comes_from_a_file_and_blanks_around_it_are_pointed_out(live, tmp_path, server, monkeypatch):
    monkeypatch.delenv("LUIGISBOX_PRIVATE_KEY")
    key = tmp_path / "key.txt"
    key.write_text(f" {server.private_key}\n")
    key.chmod(0o644)
    said = live("import", pins(tmp_path / "a.csv", pin()), "--yes", "--private-key-file", key)
    assert (said.code, len(server.store)) == (0, 1)
    assert "blanks" in said.err
    if os.name == "posix":
        assert "chmod 600" in said.err
    assert live("import", tmp_path / "a.csv", "--yes", "--private-key-file", tmp_path / "none").code == 2


def test_verbose_gives_a_line_for_each_attempt_without_secrets(live, tmp_path, server):
    said = live("import", pins(tmp_path / "a.csv", pin(), pin("/p/2")), "--yes", "--verbose")
    lines = [line for line in said.err.splitlines() if " create scope " in line]
    assert len(lines) == 2
    assert all(" 201 " in line and line.endswith(" ms") for line in lines)
    assert server.private_key not in said.err + said.out


def test_quiet_says_nothing_of_a_good_run(program, tmp_path):
    said = program("import", pins(tmp_path / "a.csv", pin()), "--sandbox", "--quiet")
    assert (said.code, said.out, said.err) == (0, "", "")


def test_json_names_every_kind_of_problem_with_its_sentence_and_first_rows(program, tmp_path):
    rows = [pin(f"/p/{number}", "x") for number in range(30)]
    file = pins(tmp_path / "a.csv", *rows, pin("/p/y", 1, ""), pin("/p/z", 1, "/p/8"), pin("/p/z", 1, "/p/9"))
    found = program("check", file, "--json").object
    assert [(one["code"], one["severity"], one["count"]) for one in found["problem_groups"]] == [
        ("position-unreadable", "problem", 30),
        ("pin-identity-missing", "problem", 1),
        ("position-shared", "warning", 1),
    ]
    assert found["problem_groups"][0]["rows"] == list(range(2, 22))
    assert found["problem_groups"][0]["text"].startswith("position: “x” is not a position. Write a whole number")
    assert (found["problems"], found["warnings"], found["requests"]) == (31, 1, 0)


def test_json_counts_and_shows_a_warning_about_the_whole_file(program, tmp_path):
    three = pins(tmp_path / "a.csv", *(pin("/p/1", at, f"/p/{at + 1}") for at in (1, 2, 3)))
    program("check", three, "--output", tmp_path / "r.xlsx")
    book = openpyxl.load_workbook(tmp_path / "r.xlsx")
    book["Results"].delete_rows(3)
    book.save(tmp_path / "r.xlsx")
    found = program("check", tmp_path / "r.xlsx", "--json").object
    (group,) = found["problem_groups"]
    assert (group["code"], group["severity"], group["count"], group["rows"]) == ("rows-fewer", "warning", 1, [])
    assert "had 3 rows when it was checked, has 2 now" in group["text"]
    assert (found["exit_code"], found["warnings"]) == (0, 1)
    assert group["text"] in program("check", tmp_path / "r.xlsx").out


@pytest.mark.parametrize(
    ("arguments", "command"),
    [
        (["import", "a.csv", "--json", "--concurrency", "none"], "import"),
        (["check", "--json"], "check"),
        (["check", "a.csv", "--json", "--no-such-option"], "check"),
        (["ledger", "--json", "--forget-run", "x"], "ledger"),
        (["ledger", "--json", "--forget-run", "1"], "ledger"),
        (["no-such-command", "--json"], "no-such-command"),
    ],
)
def test_a_usage_error_is_an_object_too(program, arguments, command):
    said = program(*arguments)
    assert said.code == said.object["exit_code"] == 2
    assert list(said.object) == JSON_KEYS
    assert said.object["command"] == command
    assert said.object["message"]
    assert said.err


def test_quiet_says_what_is_wrong_and_no_more(program, tmp_path):
    file = pins(tmp_path / "a.csv", pin("/p/1", "x"), pin("/p/2", 1, "/p/8"), pin("/p/2", 1, "/p/9"))
    said = program("check", file, "--quiet")
    assert said.code == 1
    assert said.out.startswith("1 problem:")
    assert "“x” is not a position" in said.out
    for word in ("warning", "position 1 too", "Read as", "a.csv:"):
        assert word not in said.out


def test_results_that_are_not_where_they_were_wanted_are_named_even_if_quiet(program, tmp_path):
    file = pins(tmp_path / "a.csv", pin())
    before = file.read_bytes()
    said = program("import", file, "--sandbox", "--output", file, "--quiet")
    assert said.code == 0
    assert "could not be saved as" in said.out
    assert "a-2.csv" in said.out
    assert file.read_bytes() == before


def test_the_first_place_of_every_kind_of_problem_is_on_screen(program, tmp_path):
    header = [*HEADER, *(f"target_metadata.k{number}" for number in range(30))]
    wrong = [*pin(), *["#REF!"] * 30]
    said = program("check", pins(tmp_path / "a.csv", *[wrong] * 4, header=header))
    for number in range(30):
        assert f"target_metadata.k{number}: The cell shows the error" in said.out


def test_the_screen_shows_a_few_of_many_problems_and_the_total(program, tmp_path):
    file = pins(tmp_path / "a.csv", *(pin(f"/p/{number}", "x") for number in range(300)))
    said = program("check", file)
    assert said.code == 1
    assert "300 problems" in said.out
    assert len(said.out.splitlines()) < 40


def test_a_file_cannot_steer_the_terminal(program, tmp_path):
    file = pins(tmp_path / "a.csv", pin("/p/1", "\x1b[2Jx\u202e"))
    said = program("check", file)
    assert "\x1b" not in said.out
    assert "\u202e" not in said.out


def test_the_template_is_written_once(program, tmp_path):
    assert program("template").code == 0
    assert "holds only the template's example rows" in program("check", "pins.xlsx").err
    again = program("template")
    assert again.code == 2
    assert "--force" in again.err
    assert program("template", "pins.csv").code == 0
    assert program("check", "pins.csv").code == 2


def test_ledger_lists_runs_and_forgets_on_request(live, tmp_path, server):
    assert live("ledger").code == 0
    file = pins(tmp_path / "a.csv", pin())
    live("import", file, "--yes")
    listed = live("ledger", "--json").object
    assert [run["created"] for run in listed["runs"]] == [1]
    assert "a.csv" in live("ledger").out
    scope_id = server.store.records()[0].id
    assert live("ledger", "--forget-scope", scope_id, "--yes").code == 0
    assert live("ledger", "--forget-scope", scope_id, "--yes").code == 2
    found = live("import", file, "--yes", "--json")
    assert (found.code, found.object["row_results"]) == (0, {"Already created": 1})
    assert len(server.store) == 1, "it is live, whatever the ledger has forgotten"
    live("ledger", "--forget-scope", scope_id, "--yes")
    assert live("import", file, "--yes", "--no-look").code == 0
    assert len(server.store) == 2


def test_an_answer_that_never_came_is_unknown_and_exit_4_where_there_is_no_list(live, tmp_path, server):
    server.faults = lambda arrival: {"create": "drop-after", "list": "404"}.get(arrival.call)
    said = live("import", pins(tmp_path / "a.csv", pin()), "--yes", "--json", "--settle-time", "0")
    assert (said.code, said.object["scope_results"]) == (4, {"Unknown": 1})
    assert "run the same command again" in said.object["message"]


def test_help_and_a_wrong_option_load_nothing_heavy():
    heavy = "{'pandas', 'pandera', 'aiohttp', 'openpyxl', 'numpy', 'asyncio'}"
    code = f"import sys; from importer.cli import run; run(sys.argv[1:]); print(sorted({heavy} & set(sys.modules)))"
    for arguments in (["--help"], ["import", "--help"], ["check", "--no-such-option"]):
        done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True)
        assert done.stdout.splitlines()[-1] == "[]"


def test_a_check_loads_nothing_that_only_sending_needs(tmp_path):
    file = pins(tmp_path / "a.csv", pin())
    code = "import sys; from importer.cli import run; run(sys.argv[1:]); print('aiohttp' in sys.modules)"
    command = [sys.executable, "-c", code, "check", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "False"


@pytest.mark.skipif(os.name != "posix", reason="needs a shell's pipe")
def test_a_reader_that_stops_reading_changes_nothing(tmp_path):
    file = pins(tmp_path / "a.csv", *(pin(f"/p/{number}", "x") for number in range(50)))
    command = f'{sys.executable} -m importer check "{file}" | head -1; exit ${{PIPESTATUS[0]}}'
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "")


def test_a_rehearsal_says_that_it_was_one(program, tmp_path):
    assert "rehearsal" in program("import", pins(tmp_path / "a.csv", pin()), "--sandbox").out


def test_fill_down_takes_the_target_of_the_row_above_where_the_type_is_repeated(live, tmp_path, server):
    file = pins(tmp_path / "a.csv", pin("/p/1"), pin("", 2, "/p/8"))
    assert live("check", file).code == 1
    assert live("import", file, "--yes", "--fill-down").code == 0
    assert len(server.store) == 1


def test_a_target_that_cannot_be_told_is_named_to_its_neighbours(program, tmp_path):
    rows = [pin("/p/1"), pin(""), pin("/p/2")]
    said = program("check", pins(tmp_path / "a.csv", *rows), "--output", tmp_path / "out.xlsx")
    comments = [row[8] for row in openpyxl.load_workbook(tmp_path / "out.xlsx")["Results"].values]
    assert said.code == 1
    assert "it may belong here" in comments[1]
    assert "it may belong here" in comments[3]


def test_the_library_knows_no_option_that_it_was_not_told_of(tmp_path):
    import importer  # noqa: PLC0415

    with pytest.raises(TypeError, match="sandbx"):
        importer.run_import(pins(tmp_path / "a.csv", pin()), sandbx=True)


@pytest.mark.parametrize("encoding", ["cp1250", "cp852", "ascii"])
def test_no_console_encoding_ends_a_run(tmp_path, encoding):
    file = pins(tmp_path / "žltý.csv", pin("/p/Ω", "první"))
    done = subprocess.run(
        [sys.executable, "-m", "importer", "check", str(file)],
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"},
    )
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr


@pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")
@pytest.mark.parametrize(("answer", "code", "created"), [("y", 0, 1), ("n", 1, 0)])
def test_on_a_terminal_it_shows_and_asks_before_it_sends(tmp_path, server, answer, code, created):
    from tests.terminal import converse  # noqa: PLC0415 - posix only

    file = pins(tmp_path / "a.csv", pin())
    env = {"LUIGISBOX_BASE_URL": server.url, "LUIGISBOX_TRACKER_ID": server.tracker_id}
    command = [sys.executable, "-m", "importer", "import", str(file), "--ledger", str(tmp_path / "l.sqlite")]
    status, screen = converse(command, [("Private key", server.private_key), ("Send 1 scope", answer)], env)
    assert (status, len(server.store)) == (code, created)
    assert server.private_key not in screen


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_completes_words_without_a_complaint(shell):
    script = Path(sys.executable).with_name("pin-importer")
    environment = os.environ | {"COMP_WORDS": "pin-importer im", "COMP_CWORD": "im" if shell == "fish" else "1"}
    for instruction, said in ((f"{shell}_source", "complete"), (f"{shell}_complete", "import")):
        done = subprocess.run(
            [script],
            env=environment | {"_PIN_IMPORTER_COMPLETE": instruction},
            capture_output=True,
            text=True,
            check=False,
        )
        assert said in done.stdout
        assert "Something went wrong" not in done.stderr
