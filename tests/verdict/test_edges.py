"""Where exactly a criterion draws its line: instants, shares, and whose event counts."""

import pytest

from simtel.core.log import Figure, Header
from simtel.core.quantity import Unit
from simtel.verdict.census import calls
from simtel.verdict.criteria.agent_capacity import _peak
from simtel.verdict.outcome import Outcome
from simtel.verdict.variants import apply_variants
from simtel.verdict.verdict import Measured, Verdict
from tests.verdict.build import Build, ns, want
from tests.verdict.cases import agents, attempts, failover, pair, queue, records, seats, stable, waits
from tests.verdict.test_variants import nominal


def measured(verdict: Verdict) -> tuple[object, float]:
    assert isinstance(verdict.measured, Measured)
    return verdict.measured.value, verdict.measured.uncertainty


def test_a_share_that_is_partly_unproved_lies_between_its_bounds() -> None:
    build = stable("80%").call("a", 10, 100, "seat.1").call("b", 10, 280, "seat.2", records=0)
    verdict = build.verdict("stable-calls-preserved")
    assert measured(verdict) == (0.75, 0.25)
    assert verdict.outcome is Outcome.INCONCLUSIVE
    lost = stable("80%").call("a", 10, 60, disposition="cut").call("b", 10, 280, records=0).call("c", 9, 99)
    verdict = lost.verdict("stable-calls-preserved")
    assert measured(verdict) == pytest.approx((0.5, 1 / 6))
    assert verdict.outcome is Outcome.FAIL


def test_a_lost_call_is_shown_and_not_the_ones_that_went_on() -> None:
    build = stable().call("a", 10, 60, disposition="cut").call("b", 10, 100)
    events = build.verdict("stable-calls-preserved").events
    log = build.log()
    assert {log.events[n - 1].kind for n in events} == {"fault.injected", "call.ended"}
    assert [log.events[n - 1].call for n in events if log.events[n - 1].kind == "call.ended"] == ["a"]


def test_a_dialog_that_failed_before_the_fault_says_nothing_about_it() -> None:
    build = (
        stable()
        .call("a", 10, 100, "seat.1")
        .add(30, "dialog.request", "gateway.1", call="a", method="hold", answer="timeout")
    )
    assert build.verdict("stable-calls-preserved").outcome is Outcome.PASS


@pytest.mark.parametrize(("end", "outcome"), [(240, Outcome.FAIL), (240.001, Outcome.INCONCLUSIVE)])
def test_a_record_is_missing_a_minute_after_the_call(end: float, outcome: Outcome) -> None:
    assert stable().call("a", 10, end, "seat.1", records=0).verdict("stable-calls-preserved").outcome is (
        Outcome.FAIL if end == 240 else Outcome.INCONCLUSIVE
    )
    assert records().call("a", 10, end, records=0).verdict("cdr-exactly-once").outcome is outcome


def test_a_call_that_moved_from_seat_to_seat_and_back_has_three_stretches() -> None:
    build = Build().offered(1, "a").add(2, "call.connected", "exchange", call="a")
    build.talk(3, 10, "a", "seat.1").talk(10, 20, "a", "seat.2").talk(20, 30, "a", "seat.1")
    talks = calls(build.log())["a"].talks
    assert [(t.seat, t.begun.t, t.left and t.left.t) for t in talks] == [
        ("seat.1", ns(3), ns(10)), ("seat.2", ns(10), ns(20)), ("seat.1", ns(20), ns(30))
    ]  # fmt: skip


def test_a_ringing_call_is_not_up_and_one_that_ended_is_neither() -> None:
    build = Build().offered(1, "a").add(5, "call.connected", "exchange", call="a").end(9, "a")
    call = calls(build.log())["a"]
    assert [call.ringing_at(ns(t)) for t in (0.5, 1, 4, 5, 10)] == [False, True, True, False, False]
    assert [call.up_at(ns(t)) for t in (4, 5, 9, 9.1)] == [False, True, True, False]
    given_up = calls(Build().offered(1, "b").end(3, "b", "abandoned").log())["b"]
    assert [given_up.ringing_at(ns(t)) for t in (2, 3, 4)] == [True, True, False]


def test_an_outage_starts_at_the_fault_behind_it_and_not_at_a_later_one() -> None:
    build = failover().lost(60.2, 59.9).fault(61, "server.b", "replication-lost").answered(62.5, "server.b")
    assert measured(build.verdict("failover-time"))[0] == ns(2.5)


def test_an_outage_long_after_its_fault_is_still_counted_from_it_and_a_second_one_from_its_own_beginning() -> None:
    build = failover(fault="heartbeat-lost").checks(61, 70).lost(72, 71).answered(73, "server.a")
    assert measured(build.verdict("failover-time"))[0] == ns(13)
    build.lost(80, 79).answered(95, "server.a")
    assert measured(build.verdict("failover-time"))[0] == ns(16)


def test_detection_before_the_fault_is_not_of_it_and_a_repair_before_the_loss_has_no_part_in_it() -> None:
    build = failover().add(20, "server.detected", "server.b").lost(60.2, 59.9).answered(62, "server.b")
    build.add(60.1, "fault.cleared", "server.a", "harness", fault="crash", number=0)
    verdict = build.verdict("failover-time")
    assert "detection" not in verdict.figures
    assert verdict.notes == ()


def test_an_unbroken_service_is_as_exact_as_fault_and_watch() -> None:
    build = failover().checks(61, 70)
    build.uncertainty = {"harness": ns(0.1), "watch": ns(0.2)}
    assert measured(build.verdict("failover-time")) == (0, ns(0.3))


def test_a_server_heard_first_at_the_instant_of_the_fault_was_struck() -> None:
    build = Build(want("promoted-once")).advert(60, "server.a").fault(60, "server.a").advert(63, "server.b")
    assert build.verdict("promoted-once").figures["called-for"].value == 1


def test_a_take_over_at_the_instant_of_the_fault_has_a_reason() -> None:
    build = pair().advert(60, "server.b")
    assert build.verdict("promoted-once").outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("length", "disposition", "outcome"),
    [
        (90, "completed", Outcome.PASS), (90.5, "completed", Outcome.FAIL), (88, "completed", Outcome.PASS),
        (87.5, "completed", Outcome.FAIL), (90.5, "cut", Outcome.PASS), (88, "cut", Outcome.PASS),
        (87.5, "cut", Outcome.FAIL),
    ],
)  # fmt: skip
def test_a_record_may_be_a_second_off(length: float, disposition: str, outcome: Outcome) -> None:
    build = records().call("a", 10, 100, records=0, disposition=disposition).record(110, "a", length)
    assert build.verdict("cdr-exactly-once").outcome is outcome


def test_the_share_of_right_records() -> None:
    build = records().call("a", 10, 100).call("b", 10, 100, records=2).call("c", 10, 100).call("d", 10, 100, records=0)
    assert measured(build.verdict("cdr-exactly-once"))[0] == 0.5


def test_a_neighbour_that_recovers_or_was_disturbed_before_did_not_feel_the_fault() -> None:
    build = seats().call("b", 10, 100, "seat.2")
    build.add(65, "seat.part", "seat.2", part="headset", up=True).add(
        30, "seat.part", "seat.2", part="headset", up=False
    )
    build.add(110, "seat.part", "seat.2", part="headset", up=False)
    build.add(65, "media.interrupted", "exchange", call="b", end="public")
    assert build.verdict("seat-isolation").outcome is Outcome.PASS


def test_a_part_of_a_seat_is_no_port_of_a_board() -> None:
    build = (
        Build(want("seat-isolation")).call("a", 10, 60, "seat.1").fault(60, "seat.1", "headset-lost", unit="headset")
    )
    build.call("b", 10, 100, "seat.2", seat_gap=3).call("c", 10, 100, "seat.3")
    assert build.verdict("seat-isolation").outcome is Outcome.FAIL


def test_a_port_needs_two_talking_seats_to_tell_anything() -> None:
    build = Build(want("seat-isolation")).fault(60, "board.1", "port-dead", unit="port 3").call("b", 10, 100, "seat.2")
    assert build.verdict("seat-isolation").outcome is Outcome.INCONCLUSIVE
    assert build.call("c", 10, 100, "seat.3").verdict("seat-isolation").outcome is Outcome.PASS


def test_a_seat_that_was_hit_is_the_evidence() -> None:
    build = seats().call("b", 10, 100, "seat.2", seat_gap=0.2).call("c", 10, 100, "seat.3")
    log = build.log()
    shown = [log.events[n - 1] for n in build.verdict("seat-isolation").events]
    assert [(e.kind, e.subject) for e in shown] == [("fault.injected", "seat.1"), ("media.interrupted", "seat.2")]


def test_blocking_is_as_exact_as_its_sample() -> None:
    value, off = measured(attempts(30, 20).verdict("blocking"))
    assert value == 0.4
    assert off == pytest.approx(0.4 - 0.2761, abs=0.02)
    assert measured(attempts(30, 20, "0%").verdict("blocking")) == (0.4, 0.0)


def test_the_peak_lasts_as_long_as_it_lasts() -> None:
    build = agents(2, least=9)  # both talk from 13 to 100
    peak, stretches, first = _peak(build.log())
    assert (peak, stretches) == (2, [(ns(13), ns(100))])
    assert first is not None
    assert first.subject == "seat.1"
    for t, words in ((12.5, "at other times"), (50, "refused then"), (100.5, "at other times")):
        assert words in str(agents(2, 9).refused(t, "x").verdict("agent-capacity").reason)


def test_a_peak_that_is_reached_again_counts_again() -> None:
    build = agents(2, 9).call("x", 104, 120, "seat.0").call("y", 105, 121, "seat.1")
    assert _peak(build.log())[1] == [(ns(13), ns(100)), (ns(107), ns(120))]
    assert "refused then" in str(build.refused(110, "z").verdict("agent-capacity").reason)


def test_a_seat_that_was_ringing_at_the_fault_was_given_its_call_before() -> None:
    build = waits(queue(), "b", 50, 66, "seat.2")
    build.call("a", 37, 90).add(40, "call.queued", "exchange", call="a")
    build.add(58, "seat.rung", "seat.3", call="a").talk(70, 90, "a", "seat.3")
    assert build.verdict("queue-kept").outcome is Outcome.PASS
    # Another seat that had rung is not the one that answers.
    build = waits(queue(), "b", 50, 66, "seat.2")
    build.call("a", 37, 90).add(40, "call.queued", "exchange", call="a")
    build.add(58, "seat.rung", "seat.4", call="a").talk(70, 90, "a", "seat.3")
    assert build.verdict("queue-kept").outcome is Outcome.FAIL


def test_who_queues_at_the_instant_of_the_fault_waits_and_who_does_later_did_not() -> None:
    build = waits(waits(queue(), "a", 60, 70), "b", 60.001, 75, "seat.2")
    assert build.verdict("queue-kept").figures["waiting"].value == 1


@pytest.mark.parametrize(
    "figure",
    [
        Figure("x", Unit.COUNT, "assumed", 2, low=1), Figure("x", Unit.COUNT, "assumed", 2, high=3),
        Figure("x", Unit.CHOICE, "assumed", "a", alternatives=("b",)),
    ],
)  # fmt: skip
def test_any_spread_must_be_varied(figure: Figure) -> None:
    judgement = nominal(assumed=False)
    judgement.header = Header("s", "p", "bench", 1, "0", assumed=(figure,))
    assert apply_variants(judgement, ()).verdicts[0].outcome is Outcome.INCONCLUSIVE
    judgement.header = Header("s", "p", "bench", 1, "0", assumed=(Figure("x", Unit.COUNT, "assumed", 2),))
    assert apply_variants(judgement, ()).verdicts[0].outcome is Outcome.PASS


def test_a_record_is_as_exact_as_the_observers_of_its_call() -> None:
    build = records().call("a", 10, 100, records=0).record(110, "a", 90.4)
    assert build.verdict("cdr-exactly-once").outcome is Outcome.FAIL
    build.uncertainty = {"exchange": ns(0.25)}
    assert build.verdict("cdr-exactly-once").outcome is Outcome.PASS


def test_an_answer_that_the_watch_dates_late_does_not_hide_the_fault_behind_a_loss() -> None:
    build = (
        failover()
        .lost(60.5, 60.05)
        .answered(62, "server.b")
        .lost(80, 79.95)
        .fault(79.9, "server.b")
        .answered(84, "server.a")
    )
    build.uncertainty = {"watch": ns(0.1)}
    assert measured(build.verdict("failover-time"))[0] == ns(4.1)


@pytest.mark.parametrize(("length", "outcome"), [(90, Outcome.PASS), (78.5, Outcome.PASS), (77.5, Outcome.FAIL)])
def test_the_record_of_a_cut_call_may_be_short_by_the_silence_that_its_caller_heard(
    length: float, outcome: Outcome
) -> None:
    build = records().offered(10, "a").add(10, "call.connected", "exchange", call="a")
    build.end(100, "a", "cut", "silence", gap=10, silent=10.5).record(101, "a", length)
    assert build.verdict("cdr-exactly-once").outcome is outcome


@pytest.mark.parametrize("hidden", ["latent", "replication-lost", "replication-late"])
def test_the_census_is_taken_at_the_first_fault_that_anybody_can_feel(hidden: str) -> None:
    build = Build(want("stable-calls-preserved", at_least="100%")).fault(20, "server.b", hidden)
    build.call("early", 10, 40, "seat.1").fault(50, "server.a").call("a", 30, 60, disposition="cut")
    verdict = build.verdict("stable-calls-preserved")
    assert (verdict.outcome, measured(verdict)) == (Outcome.FAIL, (0.0, 0.0))
    alone = Build(want("stable-calls-preserved", at_least="100%")).fault(20, "server.b", hidden)
    assert alone.call("early", 10, 40, "seat.1").holds(t=200).verdict("stable-calls-preserved").outcome is Outcome.PASS


@pytest.mark.parametrize(("silent", "outcome"), [(25, Outcome.FAIL), (10, Outcome.PASS)])
def test_a_waiting_caller_who_never_hears_the_seat_that_is_found_for_him_is_not_kept(
    silent: float, outcome: Outcome
) -> None:
    build = queue().offered(40, "a").add(41, "call.connected", "exchange", call="a")
    build.add(42, "call.queued", "exchange", call="a").add(60, "seat.rung", "seat.1", call="a")
    build.talk(62, 80, "a", "seat.1").end(80, "a", "cut", "silence", gap=silent, silent=silent)
    assert build.verdict("queue-kept").outcome is outcome


def test_the_header_says_which_seat_hangs_on_a_port() -> None:
    build = Build(want("seat-isolation")).fault(50, "board.1", "port-dead", unit="port 3")
    build.roles = {**build.roles, "board.1": ("seat.1", "seat.2", "seat.3"), "board.1 port 3": ("seat.3",)}
    build.call("a", 10, 80, "seat.1").call("b", 10, 80, "seat.3", seat_gap=5)
    assert build.verdict("seat-isolation").outcome is Outcome.PASS
    build.call("c", 10, 80, "seat.2", seat_gap=5)
    assert build.verdict("seat-isolation").outcome is Outcome.FAIL


@pytest.mark.parametrize(("more", "outcome"), [(0, Outcome.PASS), (4200, Outcome.PASS), (4201, Outcome.FAIL)])
def test_the_record_of_a_cut_call_may_run_on_until_the_session_timers_end_it(more: float, outcome: Outcome) -> None:
    build = records().call("a", 10, 100, records=0, disposition="cut").record(5000, "a", 89 + more)
    assert build.verdict("cdr-exactly-once").outcome is outcome


def test_a_gap_at_a_seat_that_was_over_before_the_fault_is_not_felt() -> None:
    build = seats().call("b", 10, 100, "seat.2").offered(10, "c").add(11, "call.connected", "exchange", call="c")
    build.add(12, "seat.talking", "seat.3", call="c", part="phone").hush(20, 30, "c", "seat.3", "seat")
    build.add(100, "seat.left", "seat.3", call="c", cause="normal", gap=ns(10), silent=0).end(100, "c")
    assert build.verdict("seat-isolation").outcome is Outcome.PASS
    undated = seats().call("b", 10, 100, "seat.2").offered(10, "c").add(11, "call.connected", "exchange", call="c")
    undated.add(12, "seat.talking", "seat.3", call="c", part="phone")
    undated.add(100, "seat.left", "seat.3", call="c", cause="normal", gap=ns(10), silent=0).end(100, "c")
    assert undated.verdict("seat-isolation").outcome is Outcome.INCONCLUSIVE


def test_a_silence_before_the_fault_does_not_lose_a_waiting_caller() -> None:
    build = queue().offered(10, "a").add(11, "call.connected", "exchange", call="a").hush(20, 40, "a")
    build.add(12, "call.queued", "exchange", call="a")
    build.add(90, "call.ended", "exchange", call="a", disposition="abandoned", cause="patience", gap=ns(20), silent=0)
    assert waits(build, "later", 62, 95).verdict("queue-kept").outcome is Outcome.PASS


def test_the_uncertain_instant_of_a_stop_makes_no_second_reign() -> None:
    """An advert may be under way at the fault: within one interval the watch may date the last one after it."""
    build = pair().silent(63.6, "server.a", 60.1).advert(63.5, "server.b")
    assert build.verdict("one-active").outcome is Outcome.PASS
