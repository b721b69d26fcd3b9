"""Date cells: read in the one way that is possible, or the reason why not."""

import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.cells import Clock, Flag, Moment, Number
from importer.checking.date_texts import contradicting
from importer.checking.dates import read_date
from importer.checking.values import CellError, CellWarning, Instant

ZONE = ZoneInfo("Europe/Bratislava")


def read(cell, *, end=False, zone=ZONE, order=None):
    return read_date(cell, end=end, zone=zone, order=order)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("3.4.2026", "2026-04-03T00:00:00+02:00"),  # day first, never month first by guess
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
        ("1. 3. 2027.", "2027-03-01T00:00:00+01:00"),  # a point after the year
        ("2027. 03. 01. 14:00", "2027-03-01T14:00:00+01:00"),
        ("2027\u201103\u201101", "2027-03-01T00:00:00+01:00"),  # typographic hyphens and minus signs
        ("2027\u221203\u221201", "2027-03-01T00:00:00+01:00"),
        ("25\u20133\u20132027", "2027-03-25T00:00:00+01:00"),
        ("1.\u00a03.\u20092027", "2027-03-01T00:00:00+01:00"),
        ("1. marca 2027", "2027-03-01T00:00:00+01:00"),  # months by name
        ("1. března 2027", "2027-03-01T00:00:00+01:00"),
        ("1. brezna 2027", "2027-03-01T00:00:00+01:00"),
        ("1. März 2027", "2027-03-01T00:00:00+01:00"),
        ("1.MÁJA 2027", "2027-05-01T00:00:00+02:00"),
        ("1 Mar 2027", "2027-03-01T00:00:00+01:00"),
        ("1-Mar-2027", "2027-03-01T00:00:00+01:00"),
        ("01/Mar/2027", "2027-03-01T00:00:00+01:00"),
        ("2027-Mar-01", "2027-03-01T00:00:00+01:00"),
        ("March 1, 2027", "2027-03-01T00:00:00+01:00"),
        ("Mar. 1st, 2027", "2027-03-01T00:00:00+01:00"),
        ("1st of March 2027", "2027-03-01T00:00:00+01:00"),
        ("Mar 1, 2027, 6:05:00 PM", "2027-03-01T18:05:00+01:00"),
        ("Mon, 1 Mar 2027 18:00:00 +0100", "2027-03-01T18:00:00+01:00"),  # a weekday before
        ("pondelok 1. 3. 2027", "2027-03-01T00:00:00+01:00"),
        ("Po, 1.3.2027", "2027-03-01T00:00:00+01:00"),
        ("So 6.3.2027", "2027-03-06T00:00:00+01:00"),  # a Saturday in Slovak
        ("So. 7.3.2027", "2027-03-07T00:00:00+01:00"),  # a Sunday in German
        ("št 4.3.2027", "2027-03-04T00:00:00+01:00"),
        ("1.3.2027 10 AM", "2027-03-01T10:00:00+01:00"),  # times as people write them
        ("1.3.2027 2 p.m.", "2027-03-01T14:00:00+01:00"),
        ("1.3.2027 14h", "2027-03-01T14:00:00+01:00"),
        ("1.3.2027 14h30", "2027-03-01T14:30:00+01:00"),
        ("1.3.2027 14:00 hod.", "2027-03-01T14:00:00+01:00"),
        ("1.3.2027 o 14:00", "2027-03-01T14:00:00+01:00"),
        ("1.3.2027 v 14.30 hod", "2027-03-01T14:30:00+01:00"),
        ("1. März 2027 um 14 Uhr", "2027-03-01T14:00:00+01:00"),
        ("1.3.2027, 14 Uhr 30", "2027-03-01T14:30:00+01:00"),
        ("2026-12-24T08:00-05:00", "2026-12-24T08:00:00-05:00"),  # offsets, not spans
        ("2026-12-24T08:00-09:30", "2026-12-24T08:00:00-09:30"),
        ("2026-12-24 08:00:00-05:00", "2026-12-24T08:00:00-05:00"),
        ("2026-12-24 08:00 -0500", "2026-12-24T08:00:00-05:00"),
        ("2026-12-24 08:00+01:00", "2026-12-24T08:00:00+01:00"),
        (Moment(datetime(2026, 7, 1), has_time=False), "2026-07-01T00:00:00+02:00"),
        (Moment(datetime(2026, 7, 1, 17, 30), has_time=False), "2026-07-01T00:00:00+02:00"),  # a time below the day
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
    assert read(Moment(datetime(2026, 7, 31, 17), has_time=False), end=True).text == "2026-07-31T23:59:59+02:00"
    assert read(Moment(datetime(2026, 7, 31), has_time=True), end=True).text == "2026-07-31T00:00:00+02:00"
    assert read("9999-12-31", end=True, zone=ZoneInfo("America/New_York")).text == "9999-12-31T23:59:59-05:00"


@pytest.mark.parametrize(
    ("order", "text"), [("dmy", "2026-04-03T00:00:00+02:00"), ("mdy", "2026-03-04T00:00:00+01:00")]
)
def test_the_order_of_dates_is_asked_for_not_guessed(order, text):
    for cell in ("03/04/2026", "3-4-2026"):
        assert read(cell, order=order).text == text
        assert read(cell) == CellError("date-ambiguous", "2026-04-03 / 2026-03-04")
        assert read(cell, order="ymd") == CellError("date-ambiguous", "2026-04-03 / 2026-03-04")


@pytest.mark.parametrize("order", [None, "dmy", "mdy", "ymd"])
def test_dots_are_day_first_whatever_the_order(order):
    assert read("3.4.2026", order=order).text == "2026-04-03T00:00:00+02:00"


@pytest.mark.parametrize("order", [None, "ymd"])
def test_without_an_order_what_can_be_read_in_one_way_is_read(order):
    for cell in ("25/12/2026", "12/25/2026"):
        assert read(cell, order=order).text == "2026-12-25T00:00:00+01:00"


def test_a_date_that_only_fits_another_order_than_asked_for_is_never_turned_around():
    assert read("25/12/2026", order="dmy").text == read("12/25/2026", order="mdy").text == "2026-12-25T00:00:00+01:00"
    assert read("25/12/2026", order="mdy") == CellError("date-order-other", "day first")
    assert read("12-25-2026", order="dmy") == CellError("date-order-other", "month first")


@pytest.mark.parametrize(
    ("cells", "doubted"),
    [
        (["13/3/2027", "3/13/2027"], {0: 1, 1: 0}),
        (["3/4/2027", "13-3-2027 10:00", "3/13/2027", "5/14/2027"], {1: 2, 2: 1, 3: 1}),
        (["13.3.2027", "3/13/2027"], {1: 0}),  # points are day first, and evidence
        (["1.3.2027", "13/3/2027"], {}),
        (["3/13/2027", "3/4/2027", "5/5/2027", "2027-03-13", "13 Mar 2027"], {}),
        (["13.3.2027", Moment(datetime(2027, 3, 13), has_time=False)], {}),
        (["13/13/2027", "x", "3/13/2027"], {}),
    ],
)
def test_the_order_of_dates_is_one_for_a_column(cells, doubted):
    assert contradicting(cells) == doubted


@pytest.mark.parametrize(
    ("cell", "code", "detail"),
    [
        ("31.02.2026", "date-impossible", ""),
        ("2026-13-01", "date-impossible", ""),
        ("13/13/2026", "date-impossible", ""),
        ("29.2.2026", "date-impossible", ""),
        ("01.03.27", "date-two-digits", "01.03.2027"),  # a year with two digits, and what to write instead
        ("1. 3. 27 14:00", "date-two-digits", "1. 3. 2027 14:00"),
        ("1-Mar-27", "date-two-digits", "1-Mar-2027"),
        ("25/12/40", "date-two-digits", "25/12/2040"),
        ("3/4/27", "date-two-digits", "2027-04-03 or 2027-03-04 or 2003-04-27"),
        ("26/03/04", "date-two-digits", "2004-03-26 or 2026-03-04"),
        ("31.2.27", "date-impossible", ""),
        ("1.3.0026", "date-year", "0026"),
        ("0026-03-01", "date-year", "0026"),
        ("1.3.126", "date-year", "126"),
        (Moment(datetime(1900, 1, 5), has_time=False), "date-year", "1900"),
        (Number(46115), "date-bare-number", "2026-04-03"),  # a bare serial number
        ("46115", "date-bare-number", "2026-04-03"),
        (Number(46115.5), "date-bare-number", "2026-04-03"),
        (Number(46115, "46,115"), "date-bare-number", "2026-04-03"),
        (Number(46115, "46115.00"), "date-bare-number", "2026-04-03"),
        (Number(46115, "2026"), "date-reformatted", "2026-04-03"),
        (Number(46115, "unlimited"), "date-reformatted", "2026-04-03"),
        (Number(46115.75, "2026-04-03 18:00 UTC"), "date-reformatted", "2026-04-03 18:00"),
        (Number(7, "soon"), "date-reformatted", "7"),
        (Number(46115, ""), "date-hidden", "2026-04-03"),
        (Number(20261224), "date-unreadable", ""),
        ("20261224", "date-unreadable", ""),
        (Number(float("nan")), "date-unreadable", ""),
        ("after Easter", "date-unreadable", ""),
        ("24.12.", "date-unreadable", ""),
        ("3.4/2026", "date-unreadable", ""),
        ("1.I.2027", "date-unreadable", ""),
        ("1. listopada 2027", "date-unreadable", ""),  # not a form of the four languages
        ("March 2027", "date-unreadable", ""),
        ("12/2027", "date-unreadable", ""),
        ("1.3.2027 14", "date-unreadable", ""),
        ("po 1.3.2027", "date-unreadable", ""),  # "po" says "after" as well
        ("mo mo 1.3.2027", "date-unreadable", ""),
        ("pondelok 2.3.2027", "date-weekday", "Tuesday"),
        ("Fri, Mar 5, 2026", "date-weekday", "Thursday"),
        ("2026-12-24 08:00-09:30", "date-span", ""),  # spans of time
        ("24.12.2026 08:00-09:30", "date-span", ""),
        ("24.12.2026 08:00 – 09:30", "date-span", ""),  # noqa: RUF001
        ("24.12.2026 8-10", "date-span", ""),
        ("1.12.2026 - 24.12.2026", "date-span", ""),
        ("2026-12-01 – 2026-12-24", "date-span", ""),  # noqa: RUF001
        ("2026-12-01/2026-12-24", "date-span", ""),
        ("1.–24.12.2026", "date-span", ""),  # noqa: RUF001
        ("1.12.-24.12.2026", "date-span", ""),
        ("24. - 26. decembra 2026", "date-span", ""),
        ("od 1.12. do 24.12.2026", "date-span", ""),
        ("1.12.2026 8:00 bis 24.12.2026 18:00", "date-span", ""),
        (Moment(datetime(2027, 3, 1), has_time=False, lacks="day"), "date-no-day", "2027-03-01"),
        (Flag(True), "date-unreadable", ""),
        (Clock("18:00"), "date-only-time", ""),
        ("2026-12-24 25:00", "date-time-impossible", ""),
        ("2026-12-24 24:00", "date-time-impossible", ""),
        ("2026-12-24 18:60", "date-time-impossible", ""),
        ("2026-12-24 13:00 PM", "date-time-impossible", ""),
        ("2026-12-24T18:00+25:00", "date-time-impossible", ""),
        ("2026-12-24T18:00+01:75", "date-time-impossible", ""),
        ("2026-03-29 02:30", "date-skipped", "Europe/Bratislava"),  # the clocks go forward
        ("2026-10-25 02:30", "date-twice", "2026-10-25T02:30:00+02:00 / 2026-10-25T02:30:00+01:00"),  # and back
        (Moment(datetime(2026, 3, 29, 2, 30), has_time=True), "date-skipped", "Europe/Bratislava"),
    ],
)
def test_what_is_wrong_with_a_date(cell, code, detail):
    assert read(cell) == CellError(code, detail)


def test_a_format_without_a_year_names_the_year_that_is_taken():
    read_ = read(Moment(datetime(2027, 3, 1), has_time=False, lacks="year"))
    assert read_ == CellWarning(
        Instant("2027-03-01T00:00:00+01:00", 0, zoneless=True, whole_day=True), "date-no-year", "2027"
    )
    assert read(Moment(datetime(1900, 3, 1), has_time=False, lacks="year")) == CellError("date-year", "1900")


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


MONTHS = {
    "en": "January February March April May June July August September October November December",
    "en short": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
    "sk": "január február marec apríl máj jún júl august september október november december",
    "sk of": "januára februára marca apríla mája júna júla augusta septembra októbra novembra decembra",
    "sk short": "jan feb mar apr máj jún júl aug sep okt nov dec",
    "cs": "leden únor březen duben květen červen červenec srpen září říjen listopad prosinec",
    "cs of": "ledna února března dubna května června července srpna září října listopadu prosince",
    "cs short": "led úno bře dub kvě čvn čvc srp zář říj lis pro",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "de short": "Jan Feb Mär Apr Mai Jun Jul Aug Sep Okt Nov Dez",
    "at": "Jänner Feber März April Mai Juni Juli August September Oktober November Dezember",
}
WEEKDAYS = {
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    "en short": "Mon Tue Wed Thu Fri Sat Sun",
    "sk": "pondelok utorok streda štvrtok piatok sobota nedeľa",
    "cs": "pondělí úterý středa čtvrtek pátek sobota neděle",
    "de": "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag",
    "sk short": "Po, Ut, St, Št, Pi, So, Ne,",
    "de short": "Mo. Di. Mi. Do. Fr. Sa. So.",
}
DAY_FORMS = (
    "{day}.{month}.{year}",
    "{day:02}.{month:02}.{year}",
    "{day}. {month}. {year}",
    "{day}. {month}. {year}.",
    "{year}-{month:02}-{day:02}",
    "{year}\u2011{month:02}\u2011{day:02}",
    "{year}/{month}/{day}",
    "{year}. {month:02}. {day:02}.",
    "{day}. {name} {year}",
    "{day} {name} {year}",
    "{day}-{name}-{year}",
    "{day:02}/{name}/{year}",
    "{name} {day}, {year}",
    "{name}. {day}. {year}",
    "{name} {day}th, {year}",
    "{year} {name} {day}",
    "{weekday} {day}. {month}. {year}",
    "{weekday} {day}. {name} {year}",
)
TIME_FORMS = (
    " {hour}:{minute:02}",
    "\u00a0{hour:02}:{minute:02}:00",
    ", {hour:02}:{minute:02}",
    " {hour}.{minute:02} hod.",
    " o {hour}:{minute:02}",
    " um {hour}:{minute:02} Uhr",
    " {hour}h{minute:02}",
    " {half}:{minute:02} {half_name}",
)


@pytest.mark.parametrize("language", MONTHS)
def test_every_month_and_weekday_is_known_by_name(language):
    for month, name in enumerate(MONTHS[language].split(), 1):
        for written in (name, name.upper(), unicodedata.normalize("NFD", name)):
            assert read(f"7. {written} 2027").text[:10] == f"2027-{month:02}-07"
    for names in WEEKDAYS.values():
        for day, name in enumerate(names.split(), 1):
            assert read(f"{name} {day}. 3. 2027").text[:10] == f"2027-03-0{day}"


DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))


def spelled(day, form, months, weekdays):
    return form.format(
        day=day.day,
        month=day.month,
        year=day.year,
        name=MONTHS[months].split()[day.month - 1],
        weekday=WEEKDAYS[weekdays].split()[day.weekday()],
    )


@given(DAYS, st.sampled_from(DAY_FORMS), st.sampled_from(sorted(MONTHS)), st.sampled_from(sorted(WEEKDAYS)))
def test_every_day_reads_back_from_every_form(day, form, months, weekdays):
    found = read(spelled(day, form, months, weekdays))
    assert isinstance(found, Instant)
    assert (found.text[:19], found.whole_day) == (f"{day}T00:00:00", True)


@given(MOMENTS, st.sampled_from(DAY_FORMS), st.sampled_from(TIME_FORMS), st.sampled_from(sorted(MONTHS)))
def test_every_time_reads_back_from_every_form(moment, form, clock, months):
    clock = clock.format(
        hour=moment.hour,
        minute=moment.minute,
        half=moment.hour % 12 or 12,
        half_name="PM" if moment.hour >= 12 else "AM",
    )
    found = read(spelled(moment.date(), form, months, "sk") + clock, zone=UTC)
    assert isinstance(found, Instant)
    assert (found.text[:19], found.whole_day) == (f"{moment:%Y-%m-%dT%H:%M}:00", False)


@given(st.text(alphabet="0123456789./-: TZ+apm,", max_size=24))
def test_no_text_is_too_strange(text):
    assert isinstance(read(text), Instant | CellError)


@pytest.mark.parametrize("text", ["1-" * 16_000, "mo " * 10_000, "1." * 16_000, "a" * 32_000, "1 - " * 19])
def test_no_text_takes_long(text):
    assert isinstance(read(text), CellError)
