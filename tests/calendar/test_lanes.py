"""What each place shows when."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from importer.calendar.lanes import (
    ALWAYS,
    FOREVER,
    MINUTE,
    Pin,
    Place,
    lanes_by_place,
    lanes_by_target,
    stretches,
)

DAY = 86_400_000
FIRST, SECOND, EVERYWHERE, BLOCKED = Place(0), Place(0, position=2), Place(0, position=-1), Place(0, position=0)


def pin(what, start, end, place=FIRST):
    return Pin(place, what, start * DAY, end * DAY)


def in_days(found):
    return [(one.start // DAY, one.end // DAY, one.what, one.clash) for one in found]


def test_one_pin_is_one_stretch():
    assert in_days(stretches([pin("a", 1, 5)])) == [(1, 5, "a", False)]


def test_a_pin_without_dates_is_always_there():
    (found,) = stretches([Pin(FIRST, "a")])
    assert (found.start, found.end) == (ALWAYS, FOREVER)


def test_two_pins_on_one_place_clash_while_both_last():
    assert in_days(stretches([pin("a", 1, 5), pin("b", 4, 9)])) == [
        (1, 4, "a", False),
        (4, 5, "a + b", True),
        (5, 9, "b", False),
    ]


def test_pins_that_follow_each_other_do_not_clash():
    assert in_days(stretches([pin("a", 1, 5), pin("b", 5, 9)])) == [(1, 5, "a", False), (5, 9, "b", False)]


def test_a_day_that_ends_with_its_last_second_leaves_no_gap():
    (lane,) = lanes_by_place([Pin(FIRST, "a", DAY, 2 * DAY - 1000), Pin(FIRST, "b", 2 * DAY, 3 * DAY)])
    assert not lane.gaps
    assert [one.end for one in lane.stretches] == [2 * DAY, 3 * DAY]


def test_a_pause_of_more_than_a_minute_is_a_gap():
    (lane,) = lanes_by_place([Pin(FIRST, "a", 0, DAY), Pin(FIRST, "b", DAY + MINUTE + 1, 2 * DAY)])
    assert lane.gaps == ((DAY, DAY + MINUTE + 1),)


def test_any_number_of_pins_shares_every_place():
    (lane,) = lanes_by_place([pin("a", 1, 5, EVERYWHERE), pin("b", 1, 5, EVERYWHERE)])
    assert not lane.overlaps
    assert lane.stretches[0].pins == 2


def test_what_is_blocked_leaves_no_gap():
    (lane,) = lanes_by_place([pin("a", 1, 5, BLOCKED), pin("b", 8, 9, BLOCKED)])
    assert lane.gaps == ()


def test_stretches_of_one_overlap_are_one():
    (lane,) = lanes_by_place([pin("a", 0, 9), pin("b", 2, 6), pin("c", 4, 8)])
    assert lane.overlaps == ((2 * DAY, 8 * DAY),)


def test_many_pins_of_a_stretch_are_named_in_part():
    (found,) = stretches([pin(letter, 1, 2, EVERYWHERE) for letter in "abcde"])
    assert found.what == "a + b + c + 2"


def test_places_stand_in_order_by_target():
    places = [Place(1), BLOCKED, EVERYWHERE, SECOND, FIRST, Place(0, "cart", 1)]
    lanes = lanes_by_place([pin("a", 1, 2, place) for place in places])
    assert [lane.place for lane in lanes] == [FIRST, SECOND, EVERYWHERE, BLOCKED, Place(0, "cart", 1), Place(1)]


def test_a_target_clashes_only_where_one_of_its_places_does():
    (lane,) = lanes_by_target([pin("a", 1, 5), pin("b", 1, 5, SECOND), pin("c", 3, 4, SECOND)])
    assert [(one.pins, one.clash) for one in lane.stretches] == [(2, False), (3, True), (2, False)]


def test_a_target_has_the_gaps_of_all_its_places():
    pins = [pin("a", 1, 5), pin("b", 8, 9), pin("c", 1, 4, SECOND), pin("d", 6, 7, SECOND), pin("e", 0, 20, EVERYWHERE)]
    (lane,) = lanes_by_target(pins)
    assert lane.gaps == ((4 * DAY, 8 * DAY),)


period = st.tuples(st.sampled_from([-1, 0, 1, 2]), st.integers(0, 40), st.integers(1, 20))
many = st.lists(period, max_size=12).map(
    lambda found: [pin("x", start, start + length, Place(0, position=position)) for position, start, length in found]
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(many)
def test_at_each_moment_a_lane_shows_the_pins_that_are_active(pins):
    """Told by asking each pin, day by day."""
    found = stretches(pins)
    for day in range(62):
        at = day * DAY + DAY // 2
        active = [each for each in pins if each.start <= at < each.end]
        here = [one for one in found if one.start <= at < one.end]
        assert sum(one.pins for one in here) == len(active)
        assert len(here) <= 1
        fixed = [each.place for each in active if each.place.is_fixed]
        assert any(one.clash for one in here) == (len(set(fixed)) < len(fixed))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(many)
def test_gaps_lie_between_stretches(pins):
    for lane in lanes_by_place(pins):
        for start, end in lane.gaps:
            assert start < end
            assert not [each for each in pins if each.place == lane.place and each.start < end and each.end > start]
