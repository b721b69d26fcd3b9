from __future__ import annotations

import threading
from collections.abc import Callable, Iterable

import pytest

from importer.xlsx.writer_thread import WAITING, Pump


def test_pieces_arrive_in_order_on_another_thread() -> None:
    got: list[bytes] = []
    threads: set[int] = set()

    def write(piece: bytes) -> None:
        got.append(piece)
        threads.add(threading.get_ident())

    with Pump(write) as pump:
        for number in range(50):
            pump.push(bytes([number]))
    assert got == [bytes([number]) for number in range(50)]
    assert threads.isdisjoint({threading.get_ident()})


def push_all(write: Callable[[bytes], object], pieces: Iterable[bytes]) -> None:
    with Pump(write) as pump:
        for piece in pieces:
            pump.push(piece)


@pytest.mark.parametrize("pieces", [1, WAITING + 3])
def test_trouble_while_writing_comes_out(pieces: int) -> None:
    def write(piece: bytes) -> None:
        raise OSError("full")

    with pytest.raises(OSError, match="full"):
        push_all(write, [b"x"] * pieces)


def test_trouble_while_making_pieces_is_not_hidden() -> None:
    got: list[bytes] = []
    with pytest.raises(KeyError):
        push_all(got.append, ({}[1] for _ in range(3)))
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("workbook")]
