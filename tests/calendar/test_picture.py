"""What of a season a picture has room for."""

from importer.calendar.pins import season
from importer.scopes import Scopes
from tests.builders import checked
from tests.builders import pins as sheet_of
from tests.calendar.making import day, many, picture_of, pin, season_of


def names(found):
    return [(row.target, row.place) for row in found.rows]


def test_a_line_for_each_place_where_there_is_room_for_all():
    found = picture_of(
        pin("/p/1", 1), pin("/p/1", 2), pin("/p/2", -1), pin("/p/2", 0), pin("/p/2", 1, widget_id="cart")
    )
    assert names(found) == [("/p/2", "every place"), ("", "blocked"), ("", "cart 1"), ("/p/1", "1"), ("", "2")]
    assert found.title == "pins.xlsx: 2 targets, 5 pins"
    assert found.rest == ""


def test_else_a_line_for_each_target_the_busiest_first_and_the_rest_counted():
    rows = [
        pin(f"/p/{number}", place, start=day(1), end=day(3)) for number in range(9) for place in range(1, 2 + number)
    ]
    found = picture_of(*rows, most_lanes=4)
    assert names(found) == [("/p/8", ""), ("/p/7", ""), ("/p/6", ""), ("/p/5", "")]
    assert found.rest == "and 5 targets with 15 pins, by week"
    assert found.rest_counts == (15,)


def test_targets_beyond_all_bounds_are_counted_week_by_week_all_the_same():
    rows = [pin(f"/p/{number}", start=day(number), end=day(number)) for number in range(28)]
    found = picture_of(*rows, most_lanes=2, most_targets=3)
    assert found.rest == "and 26 targets with 26 pins, by week"
    assert sum(found.rest_counts) == 26


def test_the_title_counts_overlaps_and_gaps():
    found = picture_of(pin(end=day(5)), pin(start=day(4), end=day(8)), pin(start=day(12)))
    assert found.title == "pins.xlsx: 1 target, 3 pins, 1 overlap, 1 gap"


def test_a_target_of_all_and_one_of_criteria_have_names():
    everywhere = pin(target_type="all") | {"target_identity": ""}
    watches = pin(target_type="criteria", target_criteria='{"brand": "Lorient"}') | {"target_identity": ""}
    assert [name for name, _ in names(picture_of(everywhere, watches))] == ["(everywhere)", '{"brand":"Lorient"}']


def test_pinned_criteria_are_named_as_written():
    found = season_of(pin(pin_type="criteria", pin_criteria='{"brand": "Lorient"}') | {"pin_identity": ""})
    assert [each.what for each in found.pins] == ['{"brand":"Lorient"}']


def test_wrong_rows_are_left_out_and_counted_and_rows_beside_them_stay():
    found = checked(sheet_of(pin(), pin(position=2, product=""), pin("/p/2", position=0.5)))
    shown = season(found, Scopes(found))
    assert (len(shown.pins), shown.unplaced) == (1, 2)


def test_what_is_to_be_deleted_is_not_part_of_the_season():
    found = season_of(pin(), pin("/p/2") | {"Command": "delete"})
    assert ([target.name for target in found.targets], found.unplaced) == (["/p/1"], 0)


def test_a_customization_without_pins_is_no_row_left_out():
    bare = {"position": None, "pin_type": None, "pin_identity": None, "Customization ID": "id-1", "Live Version": "v1"}
    found = season_of(pin(), pin("/p/2") | bare)
    assert (len(found.pins), found.unplaced) == (1, 0)


def test_a_season_without_dates_says_so():
    assert not season_of(pin()).dated
    assert season_of(pin(), pin("/p/2", start=day(1))).dated


def test_one_busy_target_is_shown_however_many_pins_it_has():
    found = season_of(*(pin(position=place, product=f"/p/{place}") for place in range(1, 9)), pin("/p/2"), most_pins=5)
    assert (len(found.targets), len(found.pins), found.more_targets, found.more_pins) == (1, 8, 1, 1)


def test_a_season_of_500_targets_has_lines_for_60():
    found = picture_of(*many(500))
    assert len(found.rows) == 60
    assert found.rest.startswith("and 440 targets with ")
