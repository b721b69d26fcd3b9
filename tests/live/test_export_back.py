"""What is exported and imported again unchanged sends nothing, whatever is live."""

import contextlib
import csv
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import importer
from importer.model import Result
from importer.sandbox import running_sandbox

ZONES = ("Europe/Bratislava", "UTC", "America/St_Johns", "Pacific/Apia")
CHANGES = ("create", "replace", "delete")


@pytest.fixture(scope="module")
def sandbox():
    with running_sandbox() as found:
        yield found


def texts(least=1):
    """Names as shops have them, and what nobody would think of."""
    usual = st.sampled_from(
        ["/p/1", "/p/2/", "00042", "SKU-7", "Krása", "=1+1", "-5", "@x", "a, b", "1E5", "腕時計", "TRUE", "12.5"]
    )
    return usual | st.text(min_size=least, max_size=12)


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts(0),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts(0), inner, max_size=3),
    max_leaves=6,
)
criteria = st.dictionaries(texts(), json_values, min_size=1, max_size=3)
offsets = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
moments = st.datetimes(datetime(2000, 1, 3), datetime(2098, 12, 30), timezones=offsets | st.just(UTC))
dates = moments.map(lambda moment: moment.isoformat()) | st.sampled_from(
    ["2026-10-25T00:30:00Z", "2026-10-25T01:30:00.5Z", "2026-03-29T02:30:00+01:00", "2026-12-01", "2026-12-01T08:00:00",
     "2026-12-01T00:00:00.123456789Z", "9999-12-31T23:59:59Z", "1970-01-01T00:00:00Z"]
)  # fmt: skip
POSITIONS = st.sampled_from([1, 2, 3, 4, 10, -1])


def with_some(needed, more):
    """A dictionary with the needed fields and some of the others, null among their values."""
    return st.fixed_dictionaries(needed, optional={name: st.none() | values for name, values in more.items()})


pinned = st.one_of(
    st.fixed_dictionaries({"pin_type": st.just("item"), "pin_identity": texts()}),
    st.fixed_dictionaries({"pin_type": st.just("criteria"), "pin_criteria": criteria}),
)
about_pins = {
    "widget_id": texts(), "is_bundle_pin": st.booleans(), "active_from": dates, "active_to": dates, "note": json_values,
}  # fmt: skip
pins = st.builds(lambda one, what: one | what, with_some({"position": POSITIONS}, about_pins), pinned)
targets = st.one_of(
    st.fixed_dictionaries({"target_type": st.just("item"), "target_identity": texts()}),
    st.fixed_dictionaries({"target_type": st.just("criteria"), "target_criteria": criteria}),
    st.just({"target_type": "all"}),
)
about = {
    "tags": st.lists(texts(), max_size=3), "target_metadata": st.dictionaries(texts(), json_values, max_size=3),
    "channel": json_values,
}  # fmt: skip
customizations = st.builds(
    lambda one, target: one | target,
    with_some({"model": texts(), "pin_definitions": st.lists(pins, max_size=4)}, about),
    targets,
)


@st.composite
def odd_ones(draw):
    """A customization one field of which holds anything, or is missing."""
    found = draw(customizations)
    inside = found["pin_definitions"]
    where = draw(st.sampled_from([found, *inside]))
    name = draw(
        st.sampled_from(
            sorted({*where, "tags", "active_to", "is_block_pin", "target_identity"} - {"model", "target_type"})
        )
    )
    if draw(st.booleans()) or name == "pin_definitions":
        where[name] = draw(json_values)
    else:
        where.pop(name, None)
    return found


@contextlib.contextmanager
def live(sandbox, bodies):
    """A shop in which these are live, and what was changed in it."""
    for record in sandbox.store.records():
        sandbox.store.delete(record.id)
    for number, body in enumerate(bodies):
        sandbox.seed(body, age=1000 - number)
    before = [(record.id, record.raw) for record in sandbox.store.records()]
    calls = [len(sandbox.calls(call)) for call in CHANGES]
    yield
    assert [len(sandbox.calls(call)) for call in CHANGES] == calls
    assert [(record.id, record.raw) for record in sandbox.store.records()] == before


def there_and_back(sandbox, folder, bodies, ending, zone, **how):
    access = {"tracker_id": sandbox.tracker_id, "private_key": sandbox.private_key, "base_url": sandbox.url}
    path, ledger = folder / f"live{ending}", folder / "ledger.sqlite"
    with live(sandbox, bodies):
        exported = importer.run_export(path, timezone=zone, replace=True, ledger=ledger, **access)
        assert exported.complete
        assert exported.customizations == len(bodies)
        report = importer.run_import(path, timezone="Asia/Kathmandu", ledger=ledger, **how, **access)
    return exported, report


FEW = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
endings = st.sampled_from([".xlsx", ".csv"])


@FEW
@given(st.lists(customizations | odd_ones(), min_size=1, max_size=5), endings, st.sampled_from(ZONES), st.booleans())
def test_nothing_is_sent(sandbox, tmp_path_factory, bodies, ending, zone, update):
    there_and_back(sandbox, tmp_path_factory.mktemp("back"), bodies, ending, zone, update=update)


# ── What shops really have ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("ending", [".xlsx", ".csv"])
@pytest.mark.parametrize("update", [False, True])
@pytest.mark.parametrize("zone", ZONES)
def test_a_shop_comes_back_as_unchanged(tmp_path, ending, update, zone):
    """Everything that a sheet can hold is known again, customizations without pins among it."""
    with running_sandbox() as shop:
        shop.fill(150, seed=4)
        bodies = [record.body | {"channel": {"id": 1}} for record in shop.store.records()]
        assert any(not body["pin_definitions"] for body in bodies)
        exported, report = there_and_back(shop, tmp_path, bodies, ending, zone, update=update)
    assert (exported.odd, exported.unknown_fields) == (0, {"channel": 150})
    done = {Result.UNCHANGED} if update else {Result.ALREADY_CREATED}
    assert (set(report.scope_results), report.exit_code) == (done, 0)
    assert sum(report.scope_results.values()) == 150


def test_a_shop_of_many_pages_is_confirmed_too(tmp_path):
    """What an export speaks of may be looked at, however little there is to create."""
    with running_sandbox() as shop:
        shop.fill(300)
        shop.behaviour.page_cap = 12
        path = export(shop, tmp_path)
        report = importer.run_import(path, **options(shop, tmp_path))
    assert report.scope_results == {Result.ALREADY_CREATED: 300}
    assert 20 < report.requests <= 50


def test_a_customization_without_pins_can_be_deleted_by_its_row(tmp_path):
    with running_sandbox() as shop:
        kept, gone = shop.seed(body("/p/1", [PIN])), shop.seed(body("/p/2", []))
        path = export(shop, tmp_path)
        edit(path, lambda row: row | {"Command": "delete" if row["Customization ID"] == gone.id else ""})
        report = again(shop, path)
        assert report.row_results == {Result.UNCHANGED: 1, Result.DELETED: 1}
        assert [record.id for record in shop.store.records()] == [kept.id]


def test_a_customization_without_pins_gets_one_by_its_row(tmp_path):
    with running_sandbox() as shop:
        empty = shop.seed(body("/p/2", [], note={"kept": [1]}, target_metadata={"title": "Watch"}))
        path = export(shop, tmp_path)
        edit(path, lambda row: row | {"position": "1", "pin_type": "item", "pin_identity": "/p/9"})
        assert again(shop, path).row_results == {Result.REPLACED: 1}
        (record,) = shop.store.records()
        assert (record.id, record.body) == (empty.id, empty.body | {"pin_definitions": [PIN]})


def test_a_new_end_date_keeps_all_else(tmp_path):
    with running_sandbox() as shop:
        shop.fill(40, seed=2)
        before = [record.body for record in shop.store.records()]
        path = export(shop, tmp_path)
        edit(path, lambda row: row | {"active_to": "2027-06-30 12:00:00+02:00"} if row["position"] else row)
        report = again(shop, path)
        assert set(report.row_results) <= {Result.REPLACED, Result.UNCHANGED}
        for old, record in zip(before, shop.store.records(), strict=True):
            pins = [pin | {"active_to": "2027-06-30T12:00:00+02:00"} for pin in old["pin_definitions"]]
            assert record.body == old | {"pin_definitions": pins}


PIN = {"position": 1, "pin_type": "item", "pin_identity": "/p/9"}


def body(target, pins, **more):
    found = {"model": "basket", "target_type": "item", "target_identity": target}
    return {**found, "pin_definitions": pins, **more}


def options(shop, folder):
    access = {"tracker_id": shop.tracker_id, "private_key": shop.private_key, "base_url": shop.url}
    return access | {"ledger": folder / "ledger.sqlite", "timezone": "UTC"}


def export(shop, folder):
    path = folder / "live.csv"
    assert importer.run_export(path, **options(shop, folder)).complete
    return path


def edit(path, change):
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = [change(row) for row in csv.DictReader(stream, delimiter=";")]
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]), delimiter=";")
        writer.writeheader()
        writer.writerows(rows)


def again(shop, path):
    return importer.run_import(path, update=True, yes_delete=1000, **options(shop, path.parent))
