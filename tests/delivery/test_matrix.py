"""The failure matrix, line by line, against a real server: what each fault ends in."""

from __future__ import annotations

import itertools
import json
import re
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections import Counter
from datetime import timedelta
from itertools import count
from pathlib import Path
from types import FrameType

import pytest

import importer.delivery
from importer.api.messages import seconds_of
from importer.api.signing import ServerClock
from importer.errors import StoppedError
from importer.ledger import Ledger
from importer.sandbox import Arrival, always, no_faults, scripted, together
from importer.settings import Tracker
from tests.delivery.shop import Few, scope, several


def test_a_good_day_creates_each_scope_once_and_says_so_when_it_is_durable(shop):
    scopes = several(30, pins=3)
    ran = shop.run(scopes)
    assert ran.words == ["Created"] * 30
    assert ran.watched == dict(ran.delivered.outcomes)
    assert ran.delivered.stop is None
    assert not ran.delivered.notices
    shop.check(ran, scopes)


def test_line_6_what_is_in_the_ledger_is_not_created_again(shop):
    first = shop.run(several(5))
    again = shop.run(several(5))
    assert again.words == ["AlreadyCreated"] * 5
    assert [again[n].id for n in range(5)] == [first[n].id for n in range(5)]
    assert shop.creates() == 5


def test_line_8_a_server_that_is_down_is_tried_a_few_times_then_the_run_stops(shop):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    ran = shop.run(several(20), tracker=Tracker("1234-5678", f"http://127.0.0.1:{port}"))
    assert ran.stop == "network"
    assert ran.delivered.stop is not None
    assert ran.delivered.stop.exit_code == 3
    assert set(ran.words) == {"NotSent"}
    assert len(ran.attempts) == 3
    assert {attempt.why for attempt in ran.attempts} == {"connect"}


def test_line_8_a_name_that_is_not_known_is_never_sent(shop):
    ran = shop.run(several(1), tracker=Tracker("1234-5678", "https://pin-importer.invalid"), connect_timeout=1.0)
    assert ran.words == ["NotSent"]
    assert ran.stop == "network"
    assert {attempt.why for attempt in ran.attempts} <= {"dns", "timeout"}


def test_line_32_a_server_that_answers_nothing_costs_five_creates_however_few_scopes_there_are(shop, monkeypatch):
    monkeypatch.setattr("importer.delivery.pacing.PROBING", 2.0)

    def closing(arrival: Arrival) -> str | None:
        return "503-before" if arrival.call != "list" and arrival.number > 0 else None

    shop.server.faults = closing
    ran = shop.run(several(6))
    assert ran.stop == "incident"
    assert shop.creates() == 5


def test_lines_11_to_13_no_answer_and_not_created_is_looked_up_then_sent_again(shop):
    faults = ["drop-before", "reset-before", "hang-before", "500-before", "502-before", "503-before", "408-before"]
    shop.server.faults = scripted(dict(zip(range(3, 30, 3), faults, strict=False)))
    scopes = several(30)
    ran = shop.run(scopes, timeout=0.3)
    assert ran.words == ["Created"] * 30
    assert shop.creates() == 30 + len(faults)
    shop.check(ran, scopes)


def test_lines_11_to_13_no_answer_but_created_is_looked_up_and_adopted(shop):
    faults = ["drop-after", "reset-after", "hang-after", "503-after", "504-after", "408-after", "html-502-after"]
    shop.server.faults = scripted(dict(zip(range(3, 30, 3), faults, strict=False)))
    scopes = several(30)
    ran = shop.run(scopes, timeout=0.3)
    assert ran.words == ["Created"] * 30
    assert sum(ran[number].adopted for number in range(30)) == len(faults)
    assert shop.creates() == 30
    shop.check(ran, scopes)


def test_line_11_the_only_answer_is_lost_and_an_empty_list_proves_nothing_so_a_person_is_asked(shop):
    shop.server.faults = scripted({1: "drop-before"})
    ran = shop.run(several(1))
    assert ran.words == ["Unknown"]
    assert "pin-importer ledger" in ran[0].comment
    assert shop.run(several(1)).words == ["Unknown"]
    assert shop.creates() == 1
    with Ledger.open(shop.path) as ledger:
        assert ledger.upkeep.forget_scope(ledger.upkeep.unknown()[0].fingerprint.hex()[:12]) == 1
    assert shop.run(several(1)).words == ["Created"]


def test_line_11_the_very_first_answer_is_lost_and_another_scope_goes_to_show_what_the_list_is_worth(
    shop,
):
    shop.server.faults = scripted({1: "drop-before"})
    scopes = several(3)
    ran = shop.run(scopes)
    assert ran.words == ["Created"] * 3
    assert shop.creates() == 4
    shop.check(ran, scopes)


def test_line_11_a_single_scope_is_sent_again_where_the_list_shows_what_was_there_before(shop):
    shop.server.seed(json.loads(scope(0, "/p/older").body), age=3600)
    shop.server.faults = scripted({1: "drop-before"})
    assert shop.run(several(1)).words == ["Created"]
    assert shop.creates() == 2


def test_line_10_what_waits_for_its_turn_is_signed_when_it_leaves(shop):
    """Two at a time, each as slow as an answer may be: the last one waits for three seconds, and its Date is fresh."""
    shop.server.behaviour.latency = 0.5
    ran = shop.run(several(12), concurrency=2)
    assert ran.words == ["Created"] * 12
    creates = shop.server.calls("create")
    assert creates[-1].at - creates[0].at > 2.0
    by_wall = time.time() - time.monotonic()
    late = [by_wall + seen.at - (seconds_of(seen.date) or 0.0) for seen in creates]
    assert max(late) < 2.0, "a Date has whole seconds"


def test_line_14_a_429_pauses_all_senders_and_counts_as_no_attempt(shop):
    shop.server.faults = scripted(dict.fromkeys(range(2, 9), "429"))
    shop.server.behaviour.retry_after = 0
    ran = shop.run(several(4))
    assert ran.words == ["Created"] * 4
    assert "throttled" in ran.codes


@pytest.mark.parametrize("offset", [-60.0, -7.0, 7.0, 60.0])
def test_line_15_a_wrong_clock_is_corrected_once_and_said(shop, offset):
    shop.server.behaviour.clock_offset = offset
    ran = shop.run(several(5))
    assert ran.words == ["Created"] * 5
    assert shop.creates() == 6
    assert "clock" in ran.codes
    assert ran.delivered.skew == pytest.approx(offset, abs=1.1)


def test_line_15_a_clock_that_cannot_be_compared_is_a_wrong_key(shop):
    shop.server.behaviour.clock_offset = 60.0
    shop.server.behaviour.sends_date = False
    ran = shop.run(several(3))
    assert ran.stop == "key"
    assert shop.creates() == 0


def test_line_16_a_wrong_key_costs_no_create_and_what_the_server_says_is_shown(shop):
    ran = shop.run(several(20), key="wrong")
    assert shop.creates() == 0
    assert ran.stop == "key"
    assert ran.delivered.stop is not None
    assert "Invalid signature" in ran.delivered.stop.text
    assert ran.words == ["NotSent"] * 20
    right = shop.run(several(20))
    assert right.words == ["Created"] * 20
    assert len(shop.server.calls("list")) <= 4, "what was never sent needs no looking up"


@pytest.mark.parametrize(("status", "code"), [("403", "forbidden"), ("404", "tracker"), ("401", "key")])
def test_line_16_a_no_to_everyone_stops_the_run(shop, status, code):
    shop.server.faults = always(status)
    ran = shop.run(several(9))
    assert ran.stop == code
    assert ran.words == ["Failed"] + ["NotSent"] * 8
    assert shop.creates() == 1


def test_line_17_a_refusal_is_of_its_scope_alone_with_reason_and_details(shop):
    scopes = several(3)
    bad = scope(1, "/p/1", pin_definitions=[{"pin_type": "item", "pin_identity": "x"}])
    scopes = Few([scopes[0], bad, scopes[2]])
    ran = shop.run(scopes)
    assert ran.words == ["Created", "Refused", "Created"]
    assert ran[1].status == 422
    assert ran[1].reason == "Invalid pin definition provided"
    assert "position" in json.dumps(ran[1].details)


def test_line_17_any_other_4xx_is_a_refusal(shop):
    shop.server.faults = scripted(dict(enumerate(["400", "422", "405", "409", "413", "418"], 2)))
    ran = shop.run(several(9))
    assert sorted(ran.words) == ["Created"] * 3 + ["Refused"] * 6
    assert shop.creates() == 9


@pytest.mark.parametrize("status", ["301", "302", "307", "308"])
def test_line_18_a_redirect_is_never_followed(shop, status):
    shop.server.faults = always(status)
    ran = shop.run(several(4))
    assert ran.stop == "redirect"
    assert ran.words == ["Failed"] + ["NotSent"] * 3
    assert shop.creates() == 1
    assert {seen.path.rpartition("/")[2] for seen in shop.server.log} == {"scope", "scopes"}


def test_line_19_an_odd_2xx_with_an_id_is_created_with_a_warning(shop):
    shop.server.faults = scripted({2: "200", 3: "202"})
    scopes = several(4)
    ran = shop.run(scopes)
    assert ran.words == ["Created"] * 4
    assert sum(bool(ran[number].warning) for number in range(4)) == 2
    shop.check(ran, scopes)


def test_lines_19_and_20_a_2xx_without_an_id_is_looked_up(shop):
    faults = ["no-id", "truncated", "unreadable", "200-no-id", "202-no-id", "204", "html-200"]
    shop.server.faults = scripted(dict(zip(range(3, 30, 3), faults, strict=False)))
    scopes = several(30)
    ran = shop.run(scopes)
    assert ran.words == ["Created"] * 30
    shop.check(ran, scopes)


def test_line_20_what_the_server_said_was_created_is_never_sent_again(shop):
    shop.server.faults = scripted({1: "no-id"})
    shop.server.behaviour.list_lag = 60.0
    ran = shop.run(several(1))
    assert ran.words == ["Unknown"]
    later = shop.run(several(1))
    assert later.words == ["Unknown"], "the ledger remembers that the server said so"
    assert shop.creates() == 1
    shop.server.behaviour.list_lag = 0.0


def test_line_28_an_edited_file_sends_what_is_new_and_holds_back_what_changed(shop):
    first = shop.run(several(3))
    edited = Few([scope(0, "/p/0"), scope(1, "/p/1", pins=2), scope(2, "/p/new")])
    ran = shop.run(edited)
    assert ran.words == ["AlreadyCreated", "HeldBack", "Created"]
    assert ran[1].id == first[1].id
    assert first[1].id in ran[1].comment
    beside = shop.run(edited, create_beside=True)
    assert beside.words == ["AlreadyCreated", "Created", "AlreadyCreated"]
    assert len(shop.truth()["/p/1"]) == 2


@pytest.mark.parametrize("status", ["404", "405"])
def test_line_29_no_list_at_all_is_unknown_at_once(shop, status):
    shop.server.faults = together(scripted({2: "drop-before"}), always(status, call="list"))
    ran = shop.run(several(3))
    assert sorted(ran.words) == ["Created", "Created", "Unknown"]
    assert len(shop.server.calls("list")) == 2
    assert "no-list" in ran.codes
    assert "cannot be found again" in ran.waits[0], "said before anything is sent"
    assert shop.creates() == 3


@pytest.mark.parametrize("fault", ["html-200", "unreadable"])
def test_line_29_a_list_that_cannot_be_read_is_unknown(shop, fault):
    shop.server.faults = together(scripted({2: "drop-before"}), always(fault, call="list"))
    ran = shop.run(several(3))
    assert sorted(ran.words) == ["Created", "Created", "Unknown"]
    assert shop.creates() == 3


@pytest.mark.parametrize("fault", ["429", "503-before", "drop-before"])
def test_line_29_a_list_in_trouble_is_asked_again_in_the_end_unknown(shop, fault, monkeypatch):
    monkeypatch.setattr("importer.delivery.transport.REFUSALS", 1.5)
    shop.server.behaviour.retry_after = 0
    trouble = scripted(dict.fromkeys(range(3, 100), fault), call="list")
    shop.server.faults = together(scripted({2: "drop-before"}), trouble)
    ran = shop.run(several(3))
    assert sorted(ran.words) == ["Created", "Created", "Unknown"]
    assert len(shop.server.calls("list")) >= 4
    assert shop.creates() == 3


def test_line_29_a_list_that_recovers_settles_it(shop):
    shop.server.faults = together(
        scripted({2: "drop-after"}), scripted({1: "503-before", 2: "drop-before"}, call="list")
    )
    scopes = several(3)
    ran = shop.run(scopes)
    assert ran.words == ["Created"] * 3
    shop.check(ran, scopes)


def test_line_31_an_equal_scope_of_someone_elses_from_before_is_not_adopted(shop):
    body = json.loads(scope(1, "/p/1").body)
    other = shop.server.seed(body, age=3600)
    shop.server.faults = scripted({2: "drop-before"})
    ran = shop.run(several(2), concurrency=1)
    assert ran.words == ["Created"] * 2
    assert ran[1].id != other.id
    assert len(shop.truth()["/p/1"]) == 2


def test_line_31_two_that_could_both_be_it_are_unknown(shop):
    def plan(arrival: Arrival) -> str | None:
        if arrival.call == "create" and arrival.number == 2:
            shop.server.seed(json.loads(scope(1, "/p/1").body))
            return "drop-after"
        return None

    shop.server.faults = plan
    ran = shop.run(several(2), concurrency=1)
    assert ran.words == ["Created", "Unknown"]
    assert all(scope_id in ran[1].comment for scope_id in shop.truth()["/p/1"])
    assert shop.run(several(2)).words == ["AlreadyCreated", "Unknown"]
    assert shop.creates() == 2


@pytest.mark.parametrize("fault", ["drop-after", "drop-before"])
def test_a_list_that_leaves_metadata_out_is_still_understood(shop, fault):
    shop.server.behaviour.omits = ("target_metadata",)
    shop.server.faults = scripted({2: fault})
    scopes = Few([scope(number, f"/p/{number}", target_metadata={"title": f"Watch {number}"}) for number in range(3)])
    ran = shop.run(scopes, concurrency=1)
    assert ran.words == ["Created"] * 3
    shop.check(ran, scopes)


def test_a_list_that_does_not_say_since_when_is_understood_by_what_was_there_before(shop):
    shop.server.behaviour.omits = ("created_at",)
    shop.server.faults = scripted({2: "drop-after", 3: "drop-before"})
    scopes = several(3)
    ran = shop.run(scopes, concurrency=1)
    assert ran.words == ["Created"] * 3
    shop.check(ran, scopes)


def test_line_32_five_failures_in_a_row_open_the_circuit_then_stop_the_run(shop):
    shop.server.faults = lambda arrival: "500-before" if arrival.call == "create" and arrival.number > 3 else None
    ran = shop.run(several(60), concurrency=4)
    assert ran.stop == "network"
    assert shop.creates() <= 3 + 5 + 1, "five, then one alone, for probes are answered"
    assert {"Created", "NotSent"} <= set(ran.words) <= {"Created", "Unknown", "Failed", "NotSent"}


def test_line_32_probes_change_nothing_come_one_at_a_time_and_are_followed_by_one_create_alone(shop):
    """Eight senders; from the fourth create on the service is down, until it has answered three probes with 503."""

    def plan(arrival: Arrival) -> str | None:
        probes = len(shop.server.calls("get"))
        down = len(shop.server.calls("create")) > 3 and probes < 4
        return "503-before" if down and arrival.call != "list" else None

    shop.server.faults, shop.server.behaviour.latency = plan, 0.05
    scopes = several(40)
    ran = shop.run(scopes, concurrency=8, hooks={"jitter": lambda: 1.0})
    probes = [seen.at for seen in shop.server.calls("get")]
    assert len(probes) == 4
    assert all(later - before >= 0.5 for before, later in itertools.pairwise(probes))
    meanwhile = [seen for seen in shop.server.calls("create") if probes[0] < seen.at < probes[-1]]
    assert not meanwhile, "nothing is created while it is not known whether the service is back"
    first, second, *_ = (seen.at for seen in shop.server.calls("create") if seen.at > probes[-1])
    assert second - first >= 0.05, "the first one's answer is waited for"
    assert ran.words == ["Created"] * 40
    shop.check(ran, scopes)


@pytest.mark.parametrize("shape", ["paged", "list"])
def test_both_shapes_of_the_list_other_spellings_and_small_pages_are_read(shop, shape):
    behaviour = shop.server.behaviour
    behaviour.shape, behaviour.respells, behaviour.page_cap = shape, True, 2  # type: ignore[assignment]
    more = {"active_from": "2027-01-01T00:00:00+01:00", "position": 2, "pin_type": "item", "pin_identity": "7"}
    one = scope(0, "/p/0", tags=["a", "b"], target_metadata={"n": 1}, pin_definitions=[more])
    for age in (100, 200, 300, 400, 500):
        shop.server.seed(json.loads(one.body), age=age)
    shop.server.faults = scripted({1: "drop-after"})
    ran = shop.run(Few([one]))
    assert ran.words == ["Created"]
    assert ran[0].adopted


def test_a_total_that_lies_does_not_end_the_paging(shop):
    shop.server.behaviour.page_cap, shop.server.behaviour.total = 1, 1
    one = scope(0, "/p/0")
    for age in (100, 200):
        shop.server.seed(json.loads(one.body), age=age)
    shop.server.faults = scripted({1: "drop-before"})
    assert shop.run(Few([one])).words == ["Unknown"], "a list that says another number than it shows is not believed"
    assert shop.creates() == 1


@pytest.mark.parametrize("headers", [{}, {"Age": "30"}])
def test_no_date_is_needed_to_prove_an_absence(shop, headers):
    shop.server.behaviour.sends_date = False
    shop.server.behaviour.headers = headers
    shop.server.faults = scripted({2: "drop-before"})
    assert shop.run(several(3), concurrency=1).words == ["Created"] * 3
    assert shop.creates() == 4


def test_a_list_that_lags_is_waited_for(shop):
    shop.server.behaviour.list_lag = 1.0
    shop.server.faults = scripted({2: "drop-after"})
    scopes = several(4)
    ran = shop.run(scopes, settle_time=1.5)
    assert ran.words == ["Created"] * 4
    shop.check(ran, scopes)


def test_more_than_24_hours_later_the_service_is_asked_first(shop):
    shop.run(several(3))
    gone = shop.truth()["/p/1"][0]
    shop.server.store.delete(gone)
    ran = shop.run(several(3), later=timedelta(hours=25))
    assert ran.words == ["AlreadyCreated", "Created", "AlreadyCreated"]
    assert gone in ran[1].warning
    assert "gone" in ran.codes
    assert len(shop.server.calls("get")) == 3
    assert shop.creates() == 4


def test_more_than_24_hours_later_no_answer_is_already_created_with_a_warning(shop):
    shop.run(several(2))
    shop.server.faults = always("503-before", call="get")
    ran = shop.run(several(2), later=timedelta(hours=25))
    assert ran.words == ["AlreadyCreated"] * 2
    assert ran[0].warning
    assert shop.creates() == 2


def test_again_sends_what_the_ledger_knows_as_created(shop):
    first = shop.run(several(2))
    again = shop.run(several(2), again=True)
    assert again.words == ["Created"] * 2
    assert {first[0].id, again[0].id} == set(shop.truth()["/p/0"])


def test_again_never_sends_what_is_of_unknown_fate(shop):
    shop.server.faults = together(scripted({2: "drop-after"}), always("404", call="list"))
    assert sorted(shop.run(several(2)).words) == ["Created", "Unknown"]
    ran = shop.run(several(2), again=True)
    assert sorted(ran.words) == ["Created", "Unknown"]
    assert shop.creates() == 3


def test_line_27_a_second_run_on_the_same_ledger_and_tracker_is_refused(shop):
    with Ledger.open(shop.path) as ledger, ledger.claim(shop.tracker):
        with pytest.raises(StoppedError, match="process") as caught:
            shop.run(several(1))
        assert caught.value.exit_code == 3
        with ledger.claim(Tracker("9999-0000", shop.server.url)):
            pass
    assert shop.run(several(1)).words == ["Created"]


def test_line_26_a_wall_clock_that_jumps_in_mid_run(shop):
    ticks = count()
    clock = ServerClock(wall=lambda: time.time() + (45.0 if next(ticks) > 40 else 0.0))
    scopes = several(20)
    ran = shop.run(scopes, hooks={"clock": lambda: clock}, concurrency=2)
    assert ran.words == ["Created"] * 20
    assert "clock-jump" in ran.codes
    shop.check(ran, scopes)


def test_line_9_a_bad_certificate_stops_at_once(shop, tmp_path):
    made = subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost",
         "-keyout", tmp_path / "key.pem", "-out", tmp_path / "cert.pem"],
        capture_output=True, check=False,
    )  # fmt: skip
    if made.returncode:
        pytest.skip("openssl cannot make a certificate here")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            raw, _ = listener.accept()
            with raw, pytest.raises((ssl.SSLError, OSError)):
                context.wrap_socket(raw, server_side=True)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        ran = shop.run(several(3), tracker=Tracker("1234-5678", f"https://localhost:{listener.getsockname()[1]}"))
        thread.join(5)
    assert ran.stop == "certificate"
    assert ran.words == ["NotSent"] * 3
    assert len(ran.attempts) == 1


def test_a_wrong_key_costs_one_request_even_where_old_scopes_are_asked_for_first(shop):
    shop.run(several(9))
    ran = shop.run(several(12), key="wrong", later=timedelta(hours=25), concurrency=1)
    assert ran.stop == "key"
    assert [attempt.call for attempt in ran.attempts] == ["list", "get"]
    assert set(ran.words) == {"NotSent"}


def test_a_wrong_clock_hides_no_list(shop):
    shop.server.faults = together(scripted({1: "drop-after"}), always("404", call="list"))
    assert shop.run(several(1)).words == ["Unknown"]
    shop.server.faults = no_faults
    shop.server.behaviour.clock_offset = 30.0
    ran = shop.run(several(1))
    assert ran.words == ["Created"]
    assert ran[0].adopted
    assert ran.attempts[0].status == 401
    assert {attempt.status for attempt in ran.attempts[1:]} == {200}
    assert shop.creates() == 1


def test_odd_texts_cannot_stop_the_ledger(shop):
    odd = Few([scope(0, "/p/\ud800"), scope(1, "/p/\x00\u202e"), scope(2, "/p/" + "x" * 5000)])
    shop.server.faults = scripted({1: "drop-after"})
    ran = shop.run(odd, timeout=2.0)
    assert ran.words == ["Created"] * 3
    assert shop.run(odd).words == ["AlreadyCreated"] * 3


def test_a_good_day_of_a_scope_enters_half_of_the_files_of_delivery(shop):
    """What is called at least once for each scope; what a run needs once is left aside."""
    calls: Counter[str] = Counter()
    folder = Path(importer.delivery.__file__).parent

    def entered(frame: FrameType, event: str, _: object) -> None:
        path = Path(frame.f_code.co_filename)
        if event == "call" and path.parent == folder:
            calls[f"{path.name} {frame.f_code.co_qualname}"] += 1

    count = 30
    before = sys.getprofile()
    threading.setprofile(entered)
    sys.setprofile(entered)
    try:
        assert shop.run(several(count)).words == ["Created"] * count
    finally:
        sys.setprofile(before)
        threading.setprofile(None)  # type: ignore[arg-type]
    files = {name.split()[0] for name, times in calls.items() if times >= count}
    assert len(files) <= len(list(folder.glob("*.py"))) / 2, sorted(files)


def test_every_line_of_the_failure_matrix_of_creates_has_a_test_that_bears_its_number():
    page = (Path(importer.delivery.__file__).parent / "README.md").read_text("utf-8")
    cells = re.findall(r"^\| (\d[\d, ]*) \|", page.partition("| 40 |")[0], re.MULTILINE)
    wanted = {int(number) for cell in cells for number in cell.split(",")}
    found: set[int] = set()
    for path in Path(__file__).parents[1].rglob("test_*.py"):
        for name in re.findall(r"def test_lines?_((?:\d+_|to_|and_)+)", path.read_text("utf-8")):
            words = name.strip("_").split("_")
            numbers = [int(word) for word in words if word.isdigit()]
            found |= set(range(numbers[0], numbers[-1] + 1)) if "to" in words else set(numbers)
    assert len(wanted) > 30
    assert wanted - found == set()
