"""Identities as a service's filter takes them: what it may stumble over, and how many fit into one request (pure)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LONG = 64
"""Characters of an identity beyond which a service may cut it."""

TOGETHER = 20
"""Identities that are asked for in one request, at most."""

LETTERS = 1500
"""Characters that they take in its address, at most: servers refuse long ones."""


def traits(identity: str) -> frozenset[str]:
    """What a service may stumble over in an identity; "" is in each."""
    found = {
        ",": "," in identity,
        "/": identity.endswith("/"),
        "A": identity != identity.casefold(),
        "%": "%" in identity or "+" in identity,
        "ž": not identity.isascii(),
        "long": len(identity) > LONG,
    }
    return frozenset(name for name, has in found.items() if has) | {""}


def batches(identities: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """The identities in groups that fit into one request each, in their order."""
    group: list[str] = []
    letters = 0
    for identity in identities:
        length = len(quote(identity, safe="", errors="replace"))
        if group and (len(group) == TOGETHER or letters + length > LETTERS):
            yield tuple(group)
            group, letters = [], 0
        group.append(identity)
        letters += length
    if group:
        yield tuple(group)
