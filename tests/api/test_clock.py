"""The time to sign with, on clocks that a test turns."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.api.signing import ServerClock

TOLERANCE = 5.0


class Machine:
    """A computer and a server, each with a clock; asking takes time."""

    def __init__(self, offset: float, edge: float = 0.0) -> None:
        self.steady, self.wall, self.server, self.edge = 500.0, 1_800_000_000.4, 1_800_000_000.4 + offset, edge
        self.clock = ServerClock(lambda: self.wall, lambda: self.steady)

    def passes(self, seconds: float) -> None:
        self.steady += seconds
        self.wall += seconds
        self.server += seconds

    def asks(self, takes: float = 0.0, *, right_key: bool = True) -> tuple[int, bool]:
        """The status of an answer, and whether a wrong clock explains it."""
        sent, signed = self.steady, int(self.clock.now("create"))
        self.passes(takes / 2)
        status = 201 if right_key and abs(signed - self.server) <= TOLERANCE else 401
        date = math.floor(self.server + self.edge)
        self.passes(takes / 2)
        return status, self.clock.learn("create", status, float(date), sent, self.steady, signed)


@given(st.floats(-1e6, 1e6), st.floats(0, 3), st.lists(st.floats(0, 5), max_size=5))
def test_a_wrong_clock_costs_one_401_at_most(offset, takes, gaps):
    machine = Machine(offset)
    refused = 0
    for gap in (0.0, *gaps):
        status, explains = machine.asks(takes)
        refused += status == 401
        assert explains == (status == 401)
        machine.passes(gap)
    assert refused <= 1
    assert not refused or machine.asks(takes)[0] == 201


@pytest.mark.parametrize("edge", [-600.0, 0.0, 600.0])
def test_the_date_alone_changes_nothing(edge):
    machine = Machine(0.0, edge)
    for _ in range(3):
        assert machine.asks() == (201, False)
    assert machine.clock.corrections == {}
    assert machine.clock.now("create") == pytest.approx(machine.server)


def test_a_clock_that_was_accepted_is_not_given_up_for_a_header():
    machine = Machine(0.0, 600.0)
    machine.asks()
    assert machine.asks(right_key=False) == (401, False)
    assert machine.asks() == (201, False)


def test_a_correction_that_is_refused_too_is_not_kept():
    machine = Machine(0.0, 600.0)
    assert machine.asks(right_key=False) == (401, True)
    assert machine.asks(right_key=False) == (401, False)
    assert machine.clock.corrections == {}
    assert machine.clock.now("create") == pytest.approx(machine.server)


@pytest.mark.parametrize("offset", [-60.0, -7.0, 7.0, 60.0])
def test_a_correction_that_is_accepted_is_kept_and_counts_for_its_kind_of_call_alone(offset):
    machine = Machine(offset)
    assert machine.asks() == (401, True)
    assert machine.asks() == (201, False)
    assert machine.clock.corrections == {"create": pytest.approx(offset, abs=1.0)}
    assert machine.clock.now("list") == pytest.approx(machine.wall)


def test_a_jump_of_the_wall_clock_is_noticed_and_corrected_again():
    machine = Machine(0.0)
    machine.asks()
    machine.wall += 45.0
    assert machine.asks() == (401, True)
    assert machine.clock.jumps == 1
    assert machine.asks() == (201, False)


def test_sleep_stops_the_steady_clock_and_the_time_is_right_all_the_same():
    machine = Machine(0.0)
    machine.asks()
    machine.wall += 3600.0
    machine.server += 3600.0
    machine.clock.now("create")
    assert "create" in machine.clock.unsettled
    assert machine.asks() == (201, False)
    assert "create" not in machine.clock.unsettled


def test_what_was_signed_before_a_jump_says_nothing_of_the_time_after_it():
    machine = Machine(0.0)
    signed = int(machine.clock.now("create"))
    machine.wall += 45.0
    machine.clock.learn("create", 201, machine.server, machine.steady, machine.steady, signed)
    assert machine.asks() == (401, True), "the new time may still be corrected"


def test_a_401_without_a_date_explains_nothing():
    machine = Machine(60.0)
    signed = int(machine.clock.now("create"))
    assert not machine.clock.learn("create", 401, None, machine.steady, machine.steady, signed)
