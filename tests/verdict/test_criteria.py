"""Every criterion on hand-written logs, all four outcomes, and the rules that hold for every one of them."""

import msgspec
import pytest

from simtel.core.events import Kind
from simtel.core.log import EvidenceLog, Expectation
from simtel.verdict.criteria import ABOUT_SERVERS, ALWAYS, CRITERIA
from simtel.verdict.judge import Judgement, judge
from simtel.verdict.outcome import Outcome
from simtel.verdict.templates import templates
from tests.verdict.build import EVERYTHING, Build, ns, want
from tests.verdict.cases import CASES, failover, gap, kept, new, pair, quiet, stable, stable_only_ringing

# Each criterion stumbles over an event of this kind whose data are no mapping at all.
STUMBLES = {
    "stable-calls-preserved": Kind.CALL_ENDED, "media-gap": Kind.CALL_ENDED, "failover-time": Kind.SERVICE_LOST,
    "promoted-once": Kind.SERVER_SILENT, "new-calls-after": Kind.CALL_ENDED, "queue-kept": Kind.CALL_OFFERED,
    "cdr-exactly-once": Kind.RECORD_COLLECTED, "seat-isolation": Kind.SEAT_LEFT, "blocking": Kind.CALL_REFUSED,
    "agent-capacity": Kind.CALL_REFUSED, "conservation": Kind.TRUNK_SEIZED, "quiescence": Kind.DEVICE_HOLDS,
    "one-active": Kind.SERVER_SILENT,
    "priority-first": Kind.CALL_OFFERED, "recordings-kept": Kind.CALL_RECORDED,
    "outage-seconds-system": Kind.TIME_SKIPPED, "outage-seconds-user": Kind.TIME_SKIPPED,
    "overload": Kind.CALL_OFFERED, "set-up-delay": Kind.CALL_OFFERED, "post-dialling-delay": Kind.CALL_OFFERED,
    "cut-off-ratio": Kind.CALL_ENDED, "registration-recovery": Kind.REGISTRATION_MADE,
    "agent-state-kept": Kind.AGENT_STATE, "slip-rate": Kind.SPAN_SLIP, "timeslot-release": Kind.TRUNK_FREED,
    "loss-against-erlang-b": Kind.TRUNK_SEIZED, "clear-speech": Kind.MEDIA_NOISY,
    "right-seat": Kind.SEAT_RUNG_ELSEWHERE, "handled-attempts": Kind.CALL_REFUSED,
}  # fmt: skip
EVENTFUL = {
    "stable-calls-preserved": "stable_talk_queue_and_out", "media-gap": "gap_short", "failover-time": "failover_quick",
    "promoted-once": "pair_takes_over", "new-calls-after": "new_blocked", "queue-kept": "queue_in_order",
    "cdr-exactly-once": "records_right", "seat-isolation": "seats_apart", "blocking": "attempts_many_blocked",
    "agent-capacity": "agents_bound", "conservation": "kept_all", "quiescence": "quiet",
    "one-active": "active_one_after_the_other",
    "priority-first": "first_is_first", "recordings-kept": "recordings_whole",
    "outage-seconds-system": "outage_of_the_system", "outage-seconds-user": "outage_of_users",
    "overload": "rush_kept", "set-up-delay": "delays_short_and_enough", "post-dialling-delay": "dialled_quick",
    "cut-off-ratio": "cuts_none_of_enough", "registration-recovery": "registered_anew_in_time",
    "agent-state-kept": "agents_all_kept", "slip-rate": "slips_of_class_b",
    "timeslot-release": "slots_free_at_once",
    "loss-against-erlang-b": "erlang_as_many_lost_as_due", "clear-speech": "noise_in_two_talks",
    "right-seat": "rung_elsewhere", "handled-attempts": "handled_most",
}  # fmt: skip

KNOWN = templates()
each_case = pytest.mark.parametrize("name", CASES)
each_criterion = pytest.mark.parametrize("criterion", CRITERIA)


@each_case
def test_outcome(name: str) -> None:
    case = CASES[name]
    verdict = case.build().verdict(case.criterion)
    assert verdict.outcome is case.outcome, str(verdict.reason)
    assert case.words in str(verdict.reason)


@each_criterion
def test_all_four_outcomes_are_tested(criterion: str) -> None:
    outcomes = {case.outcome for case in CASES.values() if case.criterion == criterion}
    assert outcomes == {Outcome.PASS, Outcome.FAIL, Outcome.INCONCLUSIVE}
    assert criterion in STUMBLES  # ERROR: test_broken_log_is_an_error


@each_criterion
def test_broken_log_is_an_error(criterion: str) -> None:
    log = CASES[EVENTFUL[criterion]].build().log()
    broken = [msgspec.structs.replace(e, data=None) if e.kind == STUMBLES[criterion] else e for e in log.events]
    verdicts = judge(EvidenceLog(log.header, broken, log.footer)).verdicts
    (verdict,) = [v for v in verdicts if v.criterion == criterion]
    assert verdict.outcome is Outcome.ERROR
    assert "AttributeError" in str(verdict.reason)


@each_case
def test_rule_1_nothing_passes_without_a_footer(name: str) -> None:
    case = CASES[name]
    build = case.build()
    build.complete = False
    verdict = build.verdict(case.criterion)
    assert verdict.outcome in (Outcome.INCONCLUSIVE, Outcome.FAIL)
    if case.outcome is not Outcome.FAIL and not build.uncertainty:  # which stands in the footer
        assert verdict.outcome is Outcome.INCONCLUSIVE
    assert any("cut short" in str(words) for words in (verdict.reason, *verdict.notes))


@each_criterion
def test_rule_1_what_the_target_cannot_see_is_named(criterion: str) -> None:
    expect = CASES[EVENTFUL[criterion]].build()
    for kind in CRITERIA[criterion].needs:
        expect.observes = tuple(k for k in EVERYTHING if k != kind)
        verdict = expect.verdict(criterion)
        assert verdict.outcome is Outcome.INCONCLUSIVE
        assert kind.value in str(verdict.reason)


def test_rule_1_absence_fails_only_when_it_was_watched_to_the_end() -> None:
    for name in ("stable_no_end", "records_missing", "pair_nobody_takes_over", "kept_no_end", "queue_waits_for_ever",
                 "new_lost_without_trace"):  # fmt: skip
        build, criterion = CASES[name].build(), CASES[name].criterion
        assert build.verdict(criterion).outcome is Outcome.FAIL
        build.complete = False
        assert build.verdict(criterion).outcome is Outcome.INCONCLUSIVE


def test_rule_1_a_seen_failure_stays_one_in_a_log_that_was_cut_short() -> None:
    for name in ("stable_cut", "gap_long", "failover_slow", "pair_split_brain", "records_double", "kept_slot_twice"):
        build = CASES[name].build()
        build.complete = False
        assert build.verdict(CASES[name].criterion).outcome is Outcome.FAIL


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.outcome is not Outcome.PASS])
def test_rule_8_the_word_of_servers_turns_nothing_into_a_pass(name: str) -> None:
    build = CASES[name].build()
    for server in ("server.a", "server.b"):
        build.add(61, "server.promoted", server).add(61.1, "server.serving", server, calls=99)
        build.add(61.2, "server.advertised", server)
        build.add(61.3, "service.answered", server, server=server)
        for t in (61, 62, 63):
            build.add(t, "service.checked", server, sent=10, answered=10)
        for call in ("a", "b", "c", "c0", "open"):
            build.add(99, "call.connected", server, call=call)
            build.add(99, "dialog.request", server, call=call, method="bye", answer="ok")
            build.add(99, "call.ended", server, call=call, disposition="completed", cause="normal", gap=0, silent=0)
            build.add(99, "record.collected", server, call=call, server=server, answered=True, duration=ns(88))
        build.add(300, "device.holds", server, what="calls", count=0)
    case = CASES[name]
    assert build.verdict(case.criterion).outcome is not Outcome.PASS


def test_rule_8_a_record_that_only_the_server_saw_is_missing() -> None:
    build = CASES["records_missing"].build()
    build.add(101, "record.collected", "server.a", call="a", server="server.a", answered=True, duration=ns(89))
    assert "1 missing" in str(build.verdict("cdr-exactly-once").reason)


@each_case
def test_verdicts_travel_and_rest_on_events_that_exist(name: str) -> None:
    build = CASES[name].build()
    log = build.log()
    judgement = judge(log)
    assert msgspec.json.decode(msgspec.json.encode(judgement), type=Judgement) == judgement
    for verdict in judgement.verdicts:
        assert set(verdict.events) <= {event.seq for event in log.events}
        assert len(verdict.events) <= 50
        for words in (verdict.reason, *verdict.notes):
            assert words.template in KNOWN
            assert "{" not in str(words)
        if verdict.outcome is Outcome.FAIL:
            assert verdict.events


RESTS_ON_SOUND = {"stable-calls-preserved", "media-gap", "seat-isolation"}


@each_case
def test_a_field_that_is_missing_is_no_error_and_no_evidence(name: str) -> None:
    case = CASES[name]
    alone = {case.criterion: CRITERIA[case.criterion]}
    log = case.build().log()
    for field in {field for event in log.events for field in event.data}:
        events = [
            msgspec.structs.replace(e, data={k: v for k, v in e.data.items() if k != field}) if field in e.data else e
            for e in log.events
        ]
        verdicts = judge(EvidenceLog(log.header, events, log.footer), criteria=alone).verdicts
        (verdict,) = [v for v in verdicts if v.criterion == case.criterion]
        optional = field in {"unit", "dialled"} or (field in {"gap", "silent"} and case.criterion not in RESTS_ON_SOUND)
        assert verdict.outcome in (Outcome.INCONCLUSIVE, Outcome.FAIL) or (optional and verdict.outcome is Outcome.PASS)


def test_a_field_of_another_type_is_no_evidence() -> None:
    log = CASES["kept_all"].build().log()
    events = [msgspec.structs.replace(e, data=e.data | {"gap": "0"}) if "gap" in e.data else e for e in log.events]
    verdicts = judge(EvidenceLog(log.header, events, log.footer)).verdicts
    verdict = next(found for found in verdicts if found.criterion == "conservation")
    assert verdict.outcome is Outcome.INCONCLUSIVE
    assert "does not say gap" in str(verdict.reason)


def test_ids_files_and_sets_agree() -> None:
    assert set(ALWAYS) | ABOUT_SERVERS <= set(CRITERIA)
    for id_, criterion in CRITERIA.items():
        assert criterion.judge.__module__.rsplit(".", 1)[1] == id_.replace("-", "_")


# --- figures that the reasons and reports rest on -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("slots", "counted"),
    [((1, 2, 3, 3, 4), 5), ((0, 4, 5), 31), ((), 1)],
    ids=["each once", "0 stands for the span", "of another span"],
)
def test_timeslots_out_of_service_are_counted_until_the_load_ends(slots: tuple[int, ...], counted: int) -> None:
    build = CASES["slots_stuck"].build().add(300, "load.ended", "exchange", offered=2)
    for span, slot, at in (*(("span.1", slot, 90) for slot in slots), ("span.2", 1, 91), ("span.2", 2, 301)):
        build.add(at - 1, "channel.state", span, "exchange", slot=slot + 9, state="maintenance")
        build.add(at, "channel.state", span, "exchange", slot=slot, state="out-of-service")
    verdict = build.verdict("timeslot-release")
    assert verdict.figures["out-of-service"].value == counted
    said = f"{counted} timeslots went out of service: nobody confirmed that they were reset"
    assert [str(note) for note in verdict.notes] == [said]
    none = CASES["slots_stuck"].build().verdict("timeslot-release")
    assert (none.figures["out-of-service"].value, none.notes) == (0, ())


def test_failover_stages_and_own_word_notes() -> None:
    verdict = CASES["failover_quick"].build().verdict("failover-time")
    assert {n: m.value for n, m in verdict.figures.items()} == {
        "detection": ns(1), "promotion": ns(1.5), "restoration": ns(2.5)
    }  # fmt: skip
    assert verdict.measured is not None
    assert verdict.measured.value == ns(2.5)
    assert [str(n) for n in verdict.notes] == ["Detection is the word of server.b about itself"]


def test_failover_that_waits_for_the_repair_is_noted() -> None:
    build = failover().lost(60.2, 59.9).add(100, "fault.cleared", "server.a", "harness", fault="crash", number=0)
    verdict = build.answered(101, "server.a").verdict("failover-time")
    assert verdict.outcome is Outcome.FAIL
    assert any("only after the fault at server.a was undone" in str(note) for note in verdict.notes)


def test_failover_promotion_by_own_word_is_marked() -> None:
    build = failover().lost(60.2, 59.9).answered(62.5, "server.b").add(61.5, "server.promoted", "server.b")
    verdict = build.verdict("failover-time")
    assert verdict.figures["promotion"].value == ns(1.5)
    assert "Promotion is the word of server.b about itself" in [str(note) for note in verdict.notes]


def test_own_word_that_the_watch_contradicts_is_noted() -> None:
    build = pair().silent(63, "server.a", 59.9).advert(62.5, "server.b").add(63, "server.serving", "server.b", calls=1)
    verdict = build.verdict("promoted-once")
    assert verdict.outcome is Outcome.PASS
    assert any("server.b says that it serves" in str(note) for note in verdict.notes)
    assert not build.answered(64, "server.b").verdict("promoted-once").notes


def test_a_server_that_comes_back_makes_no_take_over() -> None:
    build = pair().silent(63, "server.a", 59.9).advert(200, "server.a")
    assert "0 take-overs" in str(build.verdict("promoted-once").reason)


def test_a_change_back_after_the_repair_is_one_too_many() -> None:
    build = pair().silent(63, "server.a", 59.9).advert(62.5, "server.b")
    build.add(100, "fault.cleared", "server.a", "harness", fault="crash", number=0)
    build.silent(113, "server.b", 109.9).advert(110, "server.a")
    assert build.verdict("promoted-once").outcome is Outcome.FAIL


def test_ringing_calls_are_counted_apart() -> None:
    build = stable_only_ringing().call("up", 10, 100, "seat.1")
    figures = build.verdict("stable-calls-preserved").figures
    assert (figures["up"].value, figures["ringing"].value) == (1, 1)


def test_a_call_cut_at_the_instant_of_the_fault_was_up() -> None:
    """Observers are merged by name, so the consequence may stand before its cause."""
    log = stable().call("a", 10, 60, "seat.1", disposition="cut").log()
    ordered = sorted(log.events, key=lambda e: (e.t, e.observer))
    events = [msgspec.structs.replace(e, seq=n) for n, e in enumerate(ordered, 1)]
    assert [e.kind for e in events if e.t == ns(60)].index("call.ended") < [
        e.kind for e in events if e.t == ns(60)
    ].index("fault.injected")
    verdict = judge(EvidenceLog(log.header, events, log.footer)).verdicts[0]
    assert "1 ended early" in str(verdict.reason)


def test_the_longest_gap_is_measured_with_its_uncertainty() -> None:
    build = gap().call("a", 10, 100, "seat.1", gap=1.2).call("b", 10, 100, "seat.2", seat_gap=0.4)
    build.uncertainty = {"exchange": ns(0.1)}
    measured = build.verdict("media-gap").measured
    assert measured is not None
    assert (measured.value, measured.uncertainty) == (ns(1.2), ns(0.1))


def test_first_success_after_a_fault() -> None:
    figures = (
        new().refused(62, "early", "no-server").call("a", 63, 90).call("b", 70, 90).verdict("new-calls-after").figures
    )
    assert figures["first_success"].value == ns(4)
    assert (figures["offered-within"].value, figures["blocked-within"].value) == (2, 1)


def test_unrecorded_calls_are_noted_and_bind_nothing() -> None:
    build = (
        CASES["agents_enough"].build().add(50, "recording.refused", "server.a", call="c0", cause="recording-channel")
    )
    verdict = build.verdict("agent-capacity")
    assert verdict.outcome is Outcome.PASS
    assert [str(note) for note in verdict.notes] == ["1 calls were not recorded: recording-channel 1"]


def test_blocking_counts_each_cause() -> None:
    build = (
        Build(want("blocking", at_most="0%"))
        .refused(1, "a", "trunk")
        .refused(2, "b", "fabric")
        .refused(3, "c", "fabric")
    )
    figures = build.verdict("blocking").figures
    assert (figures["cause.trunk"].value, figures["cause.fabric"].value) == (1, 2)


def test_conservation_names_the_breach() -> None:
    notes = [str(note) for note in CASES["kept_slot_twice"].build().verdict("conservation").notes]
    assert "timeslot 1 of span.1 is seized while seized" in notes


def test_what_is_still_held_is_named_by_the_last_census() -> None:
    assert quiet().holds("server.a", "calls", 1, t=400).verdict("quiescence").outcome is Outcome.FAIL


def test_servers_alone_have_no_calls_to_conserve() -> None:
    build = Build(want("promoted-once", "servers")).advert(0, "server.a").fault(60, "server.a").advert(63, "server.b")
    build.observes = ("server.advertised", "server.silent")
    assert [v.criterion for v in judge(build.log()).verdicts] == ["promoted-once", "quiescence", "one-active"]
    build.expect = (*build.expect, Expectation("cdr-exactly-once"))
    assert "conservation" in [v.criterion for v in judge(build.log()).verdicts]
    assert "conservation" in [v.criterion for v in judge(kept().log()).verdicts]
