"""Golden signatures, computed by `openssl` along the contract's shell recipe.

Print them again: python -m tests.api.vectors
"""

from __future__ import annotations

import subprocess
from typing import NamedTuple


class Vector(NamedTuple):
    key: str
    method: str
    date: str
    path: str
    signature: str


RECIPE = r"""
string_to_sign="$(printf "${method}\n${content_type}\n${date}\n${path}")"
echo -n "${string_to_sign}" | openssl dgst -sha256 -hmac "${private_key}" -binary | base64
"""

BASE = "/v1/recommender/pin/1234-5678/scope"

VECTORS = (
    Vector(
        "your_private_api_key",
        "POST",
        "Mon, 20 Jan 2025 12:00:00 GMT",
        BASE,
        "p7L8w8fAeFHKhgy39xUaA9bTJHTfTu/qfBwhN73WwU4=",
    ),
    Vector(
        "your_private_api_key",
        "POST",
        "Mon, 20 Jan 2025 12:00:01 GMT",
        BASE,
        "OIRqMJsgZeX4Gqd1HKDyo4o5/7lsxdDsIXxvwbtcCyk=",
    ),
    Vector(
        "another key, with blanks",
        "POST",
        "Tue, 29 Feb 2028 23:59:59 GMT",
        BASE,
        "RwOviAFUnrry3n0619W3OYPl/A7C9I/Ek1mCBrWkUSY=",
    ),
    Vector(
        "klíč-ž",
        "GET",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        BASE + "/199620b4-df1a-46e8-ab59-9e9ed9af7106",
        "Yzj0u55hXm+z10B0zBv+z7/yzxyKzSBP4yaRzSJPJRE=",
    ),
    Vector(
        "k" * 100, "POST", "Fri, 31 Dec 2027 00:00:00 GMT", BASE + "s", "rRMWmq96EjoqSb0vtHZANItyDEaW+jCPkJjNrybZ0a0="
    ),
)


def by_recipe(vector: Vector) -> str:
    """The signature as the contract's own shell lines compute it. Raises `OSError` where there is no shell."""
    made = subprocess.run(
        ["bash", "-c", RECIPE],
        env={
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "method": vector.method,
            "content_type": "application/json; charset=utf-8",
            "date": vector.date,
            "path": vector.path,
            "private_key": vector.key,
        },
        capture_output=True,
        check=True,
        text=True,
    )
    return made.stdout.strip()


if __name__ == "__main__":
    for each in VECTORS:
        print(each.date, each.path, by_recipe(each))
