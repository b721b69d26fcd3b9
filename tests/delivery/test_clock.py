"""The server's time, from its Dates, on clocks that are given."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.delivery.clock import ServerClock


class Machine:
    """This machine's two clocks, and the true time of a server."""

    def __init__(self, offset: float) -> None:
        self.wall, self.steady, self.server = 1_000_000.25, 500.0, 1_000_000.25 + offset
        self.clock = ServerClock(lambda: self.wall, lambda: self.steady)

    def passes(self, seconds: float) -> None:
        self.wall += seconds
        self.steady += seconds
        self.server += seconds

    def asks(self, takes: float = 0.1) -> None:
        sent = self.steady
        self.passes(takes / 2)
        date = math.floor(self.server)
        self.passes(takes / 2)
        self.clock.learn(float(date), sent, self.steady)


@given(st.floats(-60, 60), st.floats(0, 3), st.lists(st.floats(0, 5), max_size=5))
def test_the_servers_time_is_known_well_enough_to_sign(offset: float, takes: float, gaps: list[float]) -> None:
    machine = Machine(offset)
    for gap in (0.0, *gaps):
        machine.asks(takes)
        machine.passes(gap)
    assert abs(machine.clock.now() - machine.server) <= 2.0 + 0.5 + takes / 2


@pytest.mark.parametrize("offset", [-1.4, 0.0, 1.4])
def test_a_small_difference_is_not_followed(offset: float) -> None:
    machine = Machine(offset)
    machine.asks()
    assert machine.clock.offset == 0.0
    assert machine.clock.corrections == 0
    assert machine.clock.measured


@pytest.mark.parametrize("offset", [-60.0, -3.0, 3.0, 60.0])
def test_a_difference_that_matters_is_followed_at_once(offset: float) -> None:
    machine = Machine(offset)
    machine.asks()
    assert machine.clock.now() == pytest.approx(machine.server, abs=0.6)
    assert machine.clock.corrections == 1


def test_a_jump_of_the_wall_clock_is_noticed_and_measured_again() -> None:
    machine = Machine(0.0)
    machine.asks()
    machine.wall += 45.0
    machine.clock.now()
    assert (machine.clock.jumps, machine.clock.settled, machine.clock.measured) == (1, False, False)
    machine.asks()
    assert machine.clock.settled
    assert machine.clock.now() == pytest.approx(machine.server, abs=0.6)


def test_sleep_stops_the_steady_clock_and_the_time_is_right_all_the_same() -> None:
    machine = Machine(30.0)
    machine.asks()
    machine.wall += 3600.0
    machine.server += 3600.0
    assert machine.clock.now() == pytest.approx(machine.server, abs=0.6)
    assert machine.clock.jumps == 1


def test_an_answer_without_a_date_settles_but_measures_nothing() -> None:
    machine = Machine(10.0)
    machine.wall += 9.0
    machine.clock.now()
    machine.clock.learn(None, 500.0, 500.1)
    assert machine.clock.settled
    assert not machine.clock.measured
    assert machine.clock.offset == 0.0
