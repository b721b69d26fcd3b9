"""Date cells: read in the one way that is possible, or the reason why not."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.cells import Clock, Flag, Moment, Number
from importer.checking.dates import read_date
from importer.checking.values import Fault, Instant

ZONE = ZoneInfo("Europe/Bratislava")


def read(cell, *, end=False, zone=ZONE, order=None):
    return read_date(cell, end=end, zone=zone, order=order)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("3.4.2026", "2026-04-03T00:00:00+02:00"),  # H26: day first, never month first by guess
        ("03.04.2026 14:00", "2026-04-03T14:00:00+02:00"),
        ("3. 4. 2026", "2026-04-03T00:00:00+02:00"),
        ("3. 4. 2026 9:05:07", "2026-04-03T09:05:07+02:00"),
        ("2026-12-24", "2026-12-24T00:00:00+01:00"),
        ("2026-12-24T18:00", "2026-12-24T18:00:00+01:00"),
        ("2026-12-24 18:00:30", "2026-12-24T18:00:30+01:00"),
        ("2026-12-24T18:00:30.250", "2026-12-24T18:00:30.250+01:00"),
        ("2026/12/24", "2026-12-24T00:00:00+01:00"),
        ("2026-12-24T18:00Z", "2026-12-24T18:00:00+00:00"),
        ("2026-12-24 18:00 UTC", "2026-12-24T18:00:00+00:00"),
        ("2026-12-24T18:00:00-05:00", "2026-12-24T18:00:00-05:00"),
        ("2026-12-24T18:00:00+0530", "2026-12-24T18:00:00+05:30"),
        ("25/12/2026", "2026-12-25T00:00:00+01:00"),  # can be read in one way only
        ("12/25/2026", "2026-12-25T00:00:00+01:00"),
        ("12-25-2026 2:30 PM", "2026-12-25T14:30:00+01:00"),
        ("12/25/2026 12:05 am", "2026-12-25T00:05:00+01:00"),
        ("5/5/2026", "2026-05-05T00:00:00+02:00"),  # both ways are the same day
        ("24.12.2026\u00a018:00", "2026-12-24T18:00:00+01:00"),
        ("29.2.2028", "2028-02-29T00:00:00+01:00"),
        (Moment(datetime(2026, 7, 1), has_time=False), "2026-07-01T00:00:00+02:00"),
        (Moment(datetime(2026, 7, 1, 0, 0), has_time=True), "2026-07-01T00:00:00+02:00"),
        (Moment(datetime(9999, 12, 31), has_time=False), "9999-12-31T00:00:00+01:00"),
    ],
)
def test_dates(cell, text):
    found = read(cell)
    assert isinstance(found, Instant)
    assert found.text == text
    since_epoch = datetime.fromisoformat(text) - datetime(1970, 1, 1, tzinfo=UTC)
    assert found.at == since_epoch // timedelta(milliseconds=1)


def test_a_day_alone_ends_with_its_last_second():
    assert read("31.7.2026", end=True).text == "2026-07-31T23:59:59+02:00"
    assert read("31.7.2026 12:00", end=True).text == "2026-07-31T12:00:00+02:00"
    assert read("9999-12-31", end=True, zone=ZoneInfo("America/New_York")).text == "9999-12-31T23:59:59-05:00"


@pytest.mark.parametrize(
    ("order", "text"), [("dmy", "2026-04-03T00:00:00+02:00"), ("mdy", "2026-03-04T00:00:00+01:00")]
)
def test_the_order_of_dates_is_asked_for_not_guessed(order, text):
    for cell in ("03/04/2026", "3-4-2026"):
        assert read(cell, order=order).text == text
        assert read(cell) == Fault("date-ambiguous", "2026-04-03 / 2026-03-04")
        assert read(cell, order="ymd") == Fault("date-ambiguous", "2026-04-03 / 2026-03-04")


@pytest.mark.parametrize("order", [None, "dmy", "mdy", "ymd"])
def test_dots_are_day_first_and_single_readings_are_read_in_any_order(order):
    assert read("3.4.2026", order=order).text == "2026-04-03T00:00:00+02:00"
    assert read("25/12/2026", order=order).text == "2026-12-25T00:00:00+01:00"


@pytest.mark.parametrize(
    ("cell", "code", "detail"),
    [
        ("31.02.2026", "date-impossible", ""),  # H27
        ("2026-13-01", "date-impossible", ""),
        ("13/13/2026", "date-impossible", ""),
        ("29.2.2026", "date-impossible", ""),
        ("1.3.26", "date-year", "26"),  # H27: year 26, 0026
        ("1.3.0026", "date-year", "0026"),
        ("0026-03-01", "date-year", "0026"),
        ("26/03/04", "date-year", "04"),
        (Moment(datetime(1900, 1, 5), has_time=False), "date-year", "1900"),
        (Number(46115), "date-bare-number", "2026-04-03"),  # H27: a bare serial number
        ("46115", "date-bare-number", "2026-04-03"),
        (Number(46115.5), "date-bare-number", "2026-04-03"),
        (Number(20261224), "date-unreadable", ""),
        ("20261224", "date-unreadable", ""),
        (Number(float("nan")), "date-unreadable", ""),
        ("after Easter", "date-unreadable", ""),
        ("24.12.", "date-unreadable", ""),
        ("3.4/2026", "date-unreadable", ""),
        (Flag(True), "date-unreadable", ""),
        (Clock("18:00"), "date-only-time", ""),
        ("2026-12-24 25:00", "date-time-impossible", ""),
        ("2026-12-24 24:00", "date-time-impossible", ""),
        ("2026-12-24 18:60", "date-time-impossible", ""),
        ("2026-12-24 13:00 PM", "date-time-impossible", ""),
        ("2026-12-24T18:00+25:00", "date-time-impossible", ""),
        ("2026-12-24T18:00+01:75", "date-time-impossible", ""),
        ("2026-03-29 02:30", "date-skipped", "Europe/Bratislava"),  # H27: the clocks go forward
        ("2026-10-25 02:30", "date-twice", "2026-10-25T02:30:00+02:00 / 2026-10-25T02:30:00+01:00"),  # and back
        (Moment(datetime(2026, 3, 29, 2, 30), has_time=True), "date-skipped", "Europe/Bratislava"),
    ],
)
def test_what_is_wrong_with_a_date(cell, code, detail):
    assert read(cell) == Fault(code, detail)


def test_an_offset_settles_an_hour_that_happens_twice():
    assert read("2026-10-25T02:30:00+02:00").text == "2026-10-25T02:30:00+02:00"
    for written in read("2026-10-25 02:30").detail.split(" / "):
        assert isinstance(read(written), Instant)


def test_a_day_whose_midnight_is_skipped_starts_when_it_starts():
    cairo = ZoneInfo("Africa/Cairo")
    assert read("2026-04-24", zone=cairo).text == "2026-04-24T01:00:00+03:00"


def test_a_day_whose_last_hour_happens_twice_ends_with_the_second():
    cairo = ZoneInfo("Africa/Cairo")
    assert read("2026-10-29", end=True, zone=cairo).text == "2026-10-29T23:59:59+02:00"


def test_what_took_the_zone_and_what_named_no_time_is_told():
    assert (read("2026-12-24").zoneless, read("2026-12-24").whole_day) == (True, True)
    assert (read("2026-12-24 18:00").zoneless, read("2026-12-24 18:00").whole_day) == (True, False)
    assert (read("2026-12-24T18:00Z").zoneless, read("2026-12-24T18:00Z").whole_day) == (False, False)
    assert read("2026-12-24 18:00", zone=None) == Instant("2026-12-24T18:00:00+00:00", 0, zoneless=True)


MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2099, 12, 31)).map(lambda at: at.replace(microsecond=0))


@given(MOMENTS)
def test_however_a_moment_is_written_it_is_one_instant(moment):
    zone = timezone(timedelta(hours=3))
    written = [
        Moment(moment, has_time=True),
        moment.isoformat(),
        moment.strftime("%d.%m.%Y %H:%M:%S"),
        f"{moment.day}. {moment.month}. {moment:%Y %H:%M:%S}",
        moment.strftime("%Y/%m/%d %I:%M:%S %p"),
        f"{moment.isoformat()}+03:00",
    ]
    found = {read(cell, zone=zone).at for cell in written}
    assert found == {(moment - datetime(1970, 1, 1) - timedelta(hours=3)) // timedelta(milliseconds=1)}


@given(MOMENTS, st.sampled_from(["Europe/Bratislava", "America/Sao_Paulo", "Australia/Lord_Howe", "UTC"]))
def test_what_is_read_is_the_local_time_that_was_written(moment, name):
    found = read(Moment(moment, has_time=True), zone=ZoneInfo(name))
    if isinstance(found, Instant):
        assert datetime.fromisoformat(found.text).replace(tzinfo=None) == moment
        assert datetime.fromisoformat(found.text).astimezone(ZoneInfo(name)).replace(tzinfo=None) == moment
    else:
        assert found.code in ("date-skipped", "date-twice")


@given(st.text(alphabet="0123456789./-: TZ+apm,", max_size=24))
def test_no_text_is_too_strange(text):
    assert isinstance(read(text), Instant | Fault)
