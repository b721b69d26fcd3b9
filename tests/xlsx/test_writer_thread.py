from __future__ import annotations

import threading

import pytest

from importer.xlsx.package import MOST_UNDER_WAY, write_on_thread


def test_pieces_arrive_in_order_on_another_thread():
    got: list[bytes] = []
    threads: set[int] = set()

    def write(piece: bytes) -> None:
        got.append(piece)
        threads.add(threading.get_ident())

    write_on_thread(write, (bytes([number]) for number in range(50)))
    assert got == [bytes([number]) for number in range(50)]
    assert threads.isdisjoint({threading.get_ident()})


@pytest.mark.parametrize("pieces", [1, MOST_UNDER_WAY + 3])
def test_trouble_while_writing_comes_out(pieces):
    def write(piece: bytes) -> None:
        raise OSError("full")

    with pytest.raises(OSError, match="full"):
        write_on_thread(write, [b"x"] * pieces)


def test_trouble_while_making_pieces_is_not_hidden():
    got: list[bytes] = []
    with pytest.raises(KeyError):
        write_on_thread(got.append, ({}[1] for _ in range(3)))
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("workbook")]
