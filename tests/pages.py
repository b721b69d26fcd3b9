"""The project's pages, and the code blocks in them.

    python tests/pages.py NAME

prints one command of the README, verbatim: the block under the marker `<!-- command: NAME -->`.
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
PAGES = sorted(
    page
    for pattern in ("*.md", "importer/**/*.md", "templates/*.md", "tests/**/*.md", "examples/**/*.md")
    for page in ROOT.glob(pattern)
    if page.name != "CHANGELOG.md"
)


def command(name: str) -> str:
    """The text of the README's code block that follows the marker."""
    found = re.search(rf"<!-- command: {re.escape(name)} -->\s*```sh\n(.*?)```", README.read_text("utf-8"), re.DOTALL)
    if found is None:
        raise SystemExit(f"README.md has no command named {name}")
    return found[1]


def blocks(page: Path, language: str) -> list[str]:
    """The code blocks of a page that are in this language, without those that `command` gives."""
    text = re.sub(r"<!-- command: .*?-->\s*```sh\n.*?```", "", page.read_text("utf-8"), flags=re.DOTALL)
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


def inline(page: Path) -> list[str]:
    """What stands in backticks within the page's sentences."""
    text = re.sub(r"^```.*?^```", "", page.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
    return re.findall(r"`([^`\n]+)`", text)


if __name__ == "__main__":
    print(command(sys.argv[1]), end="")
