"""Words that fit."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from importer.calendar.words import fitting, one_line, width


def test_a_long_name_keeps_its_beginning_and_its_end():
    assert fitting("https://shop.example/p/123456", 1.0, 8) == "https:/…123456"


def test_a_short_one_stays():
    assert fitting("/p/1", 1.0, 8) == "/p/1"


def test_what_has_no_room_at_all_is_left_out():
    assert fitting("/p/123", 0.1, 8, least=4) == ""


def test_letters_of_east_asia_are_wide():
    assert width("腕時計", 8) > 1.5 * width("abc", 8)


def test_line_breaks_and_controls_become_blanks():
    assert one_line("a\nb\x00\u202ec") == "a b  c"


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=60), st.floats(0, 3), st.integers(1, 6))
def test_what_is_given_back_fits(text, room, least):
    assert width(fitting(text, room, 8, least=least), 8) <= room
