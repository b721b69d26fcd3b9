"""Commands that are printed can be copied: a real shell takes the word as it was."""

import os
import subprocess

import pytest

from importer.shell_words import as_typed

NAMES = ["pins.csv", "my pins.csv", "it's.csv", "a&b;c.csv", "$HOME.csv", "~/a.csv", "(1).csv", "Zubehör", "a*b", "#1"]


@pytest.mark.skipif(os.name != "posix", reason="asks a Unix shell")
@pytest.mark.parametrize("name", NAMES)
def test_a_shell_takes_the_word_as_it_was(name):
    done = subprocess.run(
        ["sh", "-c", f"printf %s {as_typed(name, windows=False)}"], capture_output=True, check=True, encoding="utf-8"
    )
    assert done.stdout == name


@pytest.mark.parametrize("name", ["pins.csv", "in/Zubehör.csv", "/a-b_1.csv"])
def test_a_plain_word_stays_as_it_is(name):
    assert (as_typed(name, windows=False), as_typed(name, windows=True)) == (name, name)


@pytest.mark.parametrize(
    ("name", "typed"),
    [(r"C:\pins\a.csv", r"C:\pins\a.csv"), (r"C:\my pins\a.csv", r'"C:\my pins\a.csv"'), ("a&b.csv", '"a&b.csv"')],
)
def test_on_windows(name, typed):
    assert as_typed(name, windows=True) == typed
