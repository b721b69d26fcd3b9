"""Which weeks are looked at."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from importer.calendar.window import milliseconds, window

BRATISLAVA = ZoneInfo("Europe/Bratislava")
NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)


def at(year, month, day):
    return milliseconds(datetime(year, month, day, tzinfo=BRATISLAVA))


def seen(*periods, now=NOW, zone=BRATISLAVA):
    return window([date for period in periods for date in period if date is not None], now, zone)


def test_whole_iso_weeks_around_all_dates_and_today():
    found = seen((at(2026, 12, 3), at(2027, 1, 2)))
    assert [week.name for week in found.weeks] == [
        "2026-W49", "2026-W50", "2026-W51", "2026-W52", "2026-W53",
    ]  # fmt: skip
    assert found.start == at(2026, 11, 30)
    assert found.end == at(2027, 1, 4)


def test_the_first_days_of_a_year_may_count_in_the_year_before():
    assert [
        week.name for week in seen((at(2027, 1, 1), at(2027, 1, 2)), now=datetime(2027, 1, 1, tzinfo=UTC)).weeks
    ] == ["2026-W53"]


def test_weeks_begin_at_midnight_whatever_clocks_do():
    found = seen((at(2026, 10, 20), at(2026, 11, 5)), now=datetime(2026, 10, 20, tzinfo=UTC))
    assert [datetime.fromtimestamp(week.start / 1000, BRATISLAVA).strftime("%a %H:%M") for week in found.weeks] == [
        "Mon 00:00"
    ] * 3


@pytest.mark.parametrize("period", [(None, None), (None, at(2999, 12, 31)), (None, at(9999, 12, 31))])
def test_without_dates_the_weeks_from_now_on(period):
    found = seen(period)
    assert found.weeks[0].name == "2026-W48"
    assert len(found.weeks) == 14


def test_an_end_in_2099_does_not_hide_the_season():
    season = [(at(2026, 12, 1 + day), at(2026, 12, 10 + day)) for day in range(12)]
    found = seen(*season, (at(2026, 12, 1), at(2036, 12, 31)))
    assert found.end == at(2026, 12, 28)
    assert found.outside == 1


def test_ten_years_are_shown_where_they_are_all_there_is():
    assert len(seen((at(2024, 1, 1), at(2034, 1, 1))).weeks) == 522


def test_a_season_long_ago_is_shown_without_today():
    found = seen((at(2024, 12, 1), at(2024, 12, 24)))
    assert found.end < milliseconds(NOW)


def test_a_season_next_month_is_shown_with_today():
    found = seen((at(2027, 1, 10), at(2027, 2, 20)), now=datetime(2027, 1, 1, tzinfo=UTC))
    assert found.start <= milliseconds(datetime(2027, 1, 1, tzinfo=UTC))


dates = st.datetimes(datetime(2000, 1, 1), datetime(9999, 12, 30), timezones=st.just(UTC)).map(milliseconds)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(dates, st.integers(1, 10**11)), max_size=6), st.sampled_from(["UTC", "Asia/Kathmandu"]))
def test_any_dates_give_a_window_of_whole_weeks_that_follow_each_other(periods, zone):
    found = seen(*((start, start + length) for start, length in periods), zone=ZoneInfo(zone))
    assert 0 < len(found.weeks) < 1700
    week = timedelta(weeks=1) // timedelta(milliseconds=1)
    for one, two in zip(found.weeks, found.weeks[1:], strict=False):
        assert one.end == two.start
        assert abs(one.end - one.start - week) <= 7_200_000
