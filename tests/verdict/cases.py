"""Hand-written logs, at least one for each criterion and outcome; a criterion without all of them fails the tests.

ERROR is made alike for all: see test_criteria.py.
"""

from collections.abc import Callable
from random import Random
from typing import NamedTuple

from simtel.verdict.outcome import Outcome
from tests.verdict.build import Build, ns, want

PASS, FAIL, OPEN = Outcome.PASS, Outcome.FAIL, Outcome.INCONCLUSIVE


class Case(NamedTuple):
    """A log, the criterion that judges it, what it must say, and words that the reason must contain."""

    criterion: str
    outcome: Outcome
    words: str
    build: Callable[[], Build]


CASES: dict[str, Case] = {}


def case(criterion: str, outcome: Outcome, words: str = "") -> Callable[[Callable[[], Build]], Callable[[], Build]]:
    def keep(build: Callable[[], Build]) -> Callable[[], Build]:
        assert build.__name__ not in CASES
        CASES[build.__name__] = Case(criterion, outcome, words, build)
        return build

    return keep


# --- stable-calls-preserved: the fault strikes at 60 s, the log ends at 300 s -------------------------------------


def stable(share: str = "100%", **limits: object) -> Build:
    build = Build(want("stable-calls-preserved", at_least=share, **limits)).fault(60, "server.a")
    build.ended = 300
    return build


@case("stable-calls-preserved", PASS, "1 of 1")
def stable_still_waits_when_the_run_is_over() -> Build:
    return stable().call("a", 20, 90, disposition="waiting", cause="run-over")


@case("stable-calls-preserved", PASS, "3 of 3")
def stable_talk_queue_and_out() -> Build:
    build = stable().call("talk", 10, 100, "seat.1", gap=0.3, seat_gap=1.5)
    build.call("gave-up", 20, 90, disposition="abandoned", cause="patience")
    return build.call("before", 1, 50, "seat.2", disposition="cut").call("ivr", 50, 80)


@case("stable-calls-preserved", OPEN, "No call was up")
def stable_only_ringing() -> Build:
    return stable().offered(59.5, "c").end(70, "c", "abandoned").call("later", 80, 90, "seat.1")


@case("stable-calls-preserved", OPEN, "No fault")
def stable_without_fault() -> Build:
    return Build(want("stable-calls-preserved", at_least="100%")).call("c", 10, 100, "seat.1")


@case("stable-calls-preserved", FAIL, "1 ended early for another reason")
def stable_cut() -> Build:
    return stable().call("a", 10, 60, "seat.1", disposition="cut").call("b", 10, 100, "seat.2")


@case("stable-calls-preserved", PASS, "1 of 2")
def stable_half_is_enough() -> Build:
    return stable("50%").call("a", 10, 60, "seat.1", disposition="cut").call("b", 10, 100, "seat.2")


@case("stable-calls-preserved", FAIL, "1 by silence over 2 s")
def stable_silent_seat() -> Build:
    return stable().call("a", 10, 100, "seat.1", seat_gap=2.5)


@case("stable-calls-preserved", PASS, "1 of 1")
def stable_silent_before_the_fault() -> Build:
    """A silence that was over before the fault is not charged to it."""
    build = stable().offered(10, "a").add(11, "call.connected", "exchange", call="a").hush(20, 50, "a")
    build.add(100, "call.ended", "exchange", call="a", disposition="completed", cause="normal", gap=ns(30), silent=0)
    return build.record(101, "a", 89)


@case("stable-calls-preserved", FAIL, "1 by silence")
def stable_hung_up_for_silence() -> Build:
    return stable().call("a", 10, 100, disposition="abandoned", cause="silence", gap=1)


@case("stable-calls-preserved", FAIL, "1 ended early for another reason")
def stable_abandoned_in_talk() -> Build:
    return stable().call("a", 10, 100, "seat.1", disposition="abandoned")


@case("stable-calls-preserved", FAIL, "1 with a dead dialog")
def stable_dialog_unknown() -> Build:
    return stable().call("a", 10, 100, "seat.1", answer="unknown")


@case("stable-calls-preserved", FAIL, "1 with a dead dialog")
def stable_dialog_never_asked() -> Build:
    build = stable().offered(10, "a").add(11, "call.connected", "exchange", call="a").talk(12, 100, "a", "seat.1")
    return build.end(100, "a").record(101, "a", 89)


@case("stable-calls-preserved", FAIL, "1 without record")
def stable_record_missing() -> Build:
    return stable().call("a", 10, 100, "seat.1", records=0)


@case("stable-calls-preserved", OPEN, "1 not proved")
def stable_record_may_come() -> Build:
    return stable().call("a", 10, 280, "seat.1", records=0)


@case("stable-calls-preserved", FAIL, "1 with more than one")
def stable_record_double() -> Build:
    return stable().call("a", 10, 100, "seat.1", records=2)


@case("stable-calls-preserved", FAIL, "1 without an end")
def stable_no_end() -> Build:
    return stable().offered(10, "a").add(11, "call.connected", "exchange", call="a")


@case("stable-calls-preserved", OPEN, "1 not proved")
def stable_seat_says_nothing() -> Build:
    build = stable().offered(10, "a").add(11, "call.connected", "exchange", call="a")
    return build.add(12, "seat.talking", "seat.1", call="a", part="phone").bye(90, "a").end(90, "a").record(91, "a", 79)


@case("stable-calls-preserved", OPEN, "1 not proved")
def stable_gap_within_uncertainty() -> Build:
    build = stable().call("a", 10, 100, "seat.1", seat_gap=1.95)
    build.uncertainty = {"seat.1": ns(0.1)}
    return build


@case("stable-calls-preserved", PASS, "over 3 s")
def stable_longer_gap_allowed() -> Build:
    return stable(gap_at_most="3s").call("a", 10, 100, "seat.1", seat_gap=2.5)


@case("stable-calls-preserved", FAIL, "1 ended early for another reason")
def stable_second_fault_cuts() -> Build:
    return stable().fault(80, "server.b").call("a", 10, 80, "seat.1", disposition="cut")


# --- media-gap ------------------------------------------------------------------------------------------------------


def gap() -> Build:
    return Build(want("media-gap", at_most="2s")).fault(60, "server.a")


@case("media-gap", PASS, "was 1.5 s")
def gap_short() -> Build:
    return gap().call("a", 10, 100, "seat.1", gap=1, seat_gap=1.5).call("earlier", 1, 50, gap=40)


@case("media-gap", FAIL, "was 3 s")
def gap_long() -> Build:
    return gap().call("a", 10, 100, "seat.1", gap=3)


@case("media-gap", FAIL, "1 of 1 calls that were up were cut")
def gap_of_a_cut_call() -> Build:
    return gap().call("a", 10, 60, "seat.1", disposition="cut")


@case("media-gap", FAIL, "1 of 1 calls that were up were cut")
def gap_of_a_call_that_failed() -> Build:
    return gap().call("a", 10, 61, "seat.1", disposition="failed", cause="restart")


@case("media-gap", OPEN, "off by at most 100 ms")
def gap_at_the_limit() -> Build:
    build = gap().call("a", 10, 100, "seat.1", gap=1.95)
    build.uncertainty = {"exchange": ns(0.1)}
    return build


@case("media-gap", PASS, "was 1.5 s")
def gap_before_the_fault() -> Build:
    """The longest silences were over by then: what the ends report of the whole call says nothing about the fault."""
    build = gap().offered(10, "a").add(11, "call.connected", "exchange", call="a")
    build.add(12, "seat.talking", "seat.1", call="a", part="headset")
    build.hush(20, 50, "a").hush(20, 55, "a", "seat.1", "seat").hush(70, 71.5, "a", "seat.1", "seat")
    build.add(99, "seat.left", "seat.1", call="a", cause="normal", gap=ns(35), silent=0)
    return build.add(100, "call.ended", "exchange", call="a", disposition="completed", cause="normal", gap=ns(30),
                     silent=0)  # fmt: skip


@case("media-gap", PASS, "was 1 s")
def gap_open_at_the_fault_counts_from_it() -> Build:
    build = gap().hush(20, 61, "a").offered(10, "a").add(11, "call.connected", "exchange", call="a")
    return build.add(100, "call.ended", "exchange", call="a", disposition="completed", cause="normal", gap=ns(41),
                     silent=0)  # fmt: skip


@case("media-gap", FAIL, "was 3 s")
def gap_open_at_the_fault_and_too_long_after_it() -> Build:
    build = gap().hush(59, 63, "a").offered(10, "a").add(11, "call.connected", "exchange", call="a")
    return build.add(100, "call.ended", "exchange", call="a", disposition="completed", cause="normal", gap=ns(4),
                     silent=0)  # fmt: skip


@case("media-gap", PASS, "was 1 s")
def gap_still_lasting_at_the_end() -> Build:
    return gap().offered(10, "a").add(11, "call.connected", "exchange", call="a").end(61, "a", gap=40, silent=40)


@case("media-gap", OPEN, "was 20 s (off by at most 20 s)")
def gap_that_nobody_dates() -> Build:
    build = gap().offered(10, "a").add(11, "call.connected", "exchange", call="a")
    return build.add(100, "call.ended", "exchange", call="a", disposition="completed", cause="normal", gap=ns(40),
                     silent=0)  # fmt: skip


@case("media-gap", FAIL, "off by at most")
def gap_that_nobody_dates_and_that_does_not_fit_before_the_fault() -> Build:
    build = gap().offered(50, "a").add(55, "call.connected", "exchange", call="a")
    return build.add(100, "call.ended", "exchange", call="a", disposition="completed", cause="normal", gap=ns(10),
                     silent=0)  # fmt: skip


@case("media-gap", OPEN, "does not report")
def gap_unheard() -> Build:
    return gap().call("a", 10, 100).add(20, "seat.talking", "seat.1", call="a", part="phone")


@case("media-gap", FAIL, "was 5 s")
def gap_interrupted_and_resumed() -> Build:
    build = gap().call("a", 10, 100, "seat.1").add(60, "media.interrupted", "seat.1", call="a", end="seat")
    return build.add(65, "media.resumed", "seat.1", call="a", end="seat", gap=ns(5))


@case("media-gap", OPEN, "No call was up")
def gap_nobody() -> Build:
    return gap().call("a", 70, 100, "seat.1")


@case("media-gap", OPEN, "No fault")
def gap_no_fault() -> Build:
    return Build(want("media-gap", at_most="2s")).call("a", 10, 100, "seat.1")


@case("media-gap", OPEN, "None of the 1 calls")
def gap_nobody_says() -> Build:
    return gap().offered(10, "a").add(11, "call.connected", "exchange", call="a")


# --- failover-time --------------------------------------------------------------------------------------------------


def failover(*, fault: str = "crash") -> Build:
    return Build(want("failover-time", at_most="3s")).answered(0, "server.a").checks(1, 59).fault(60, "server.a", fault)


@case("failover-time", OPEN, "Nobody watched the service after the fault at 200 s")
def failover_second_fault_unwatched() -> Build:
    build = failover().lost(60.2, 59.9).answered(62.5, "server.b").checks(63, 200)
    return build.fault(200, "server.b").call("a", 210, 300)


@case("failover-time", OPEN, "not restored within 200 ms")
def failover_watch_breaks_off() -> Build:
    return failover().lost(60.2, 59.9).call("a", 210, 300)


@case("failover-time", PASS, "after 2.5 s")
def failover_quick() -> Build:
    build = failover().lost(60.2, 59.9).answered(62.5, "server.b").checks(63, 80)
    return build.add(61, "server.detected", "server.b").advert(61.5, "server.b")


@case("failover-time", FAIL, "after 10 s")
def failover_slow() -> Build:
    return failover(fault="hang").lost(60.2, 59.9).answered(70, "server.b")


@case("failover-time", FAIL, "not restored within 40 s")
def failover_never() -> Build:
    return failover().lost(60.2, 59.9).checks(61, 100, answered=0).add(63, "server.promoted", "server.b")


@case("failover-time", OPEN, "not restored within 2 s")
def failover_watch_stopped_early() -> Build:
    return failover().lost(60.2, 59.9).checks(61, 62, answered=0)


@case("failover-time", PASS, "never lost")
def failover_nothing_lost() -> Build:
    return failover().checks(61, 70)


@case("failover-time", OPEN, "No whole period")
def failover_no_period_after() -> Build:
    return failover().checks(60.5, 60.6)


@case("failover-time", OPEN, "stayed without answer")
def failover_unanswered_checks() -> Build:
    return failover().checks(61, 70, answered=9)


@case("failover-time", OPEN, "Nobody watched")
def failover_no_watch() -> Build:
    build = Build(want("failover-time", at_most="3s")).fault(60, "server.a")
    return build.add(63, "server.promoted", "server.b").add(64, "server.serving", "server.b", calls=3)


@case("failover-time", OPEN, "No fault")
def failover_without_fault() -> Build:
    return Build(want("failover-time", at_most="3s")).checks(1, 60)


@case("failover-time", OPEN, "already away")
def failover_already_away() -> Build:
    return Build(want("failover-time", at_most="3s")).lost(50, 49).fault(60, "server.a").answered(61, "server.b")


@case("failover-time", OPEN, "after 3.1 s (off by at most 200 ms)")
def failover_at_the_limit() -> Build:
    build = failover().lost(60.2, 59.9).answered(63.05, "server.b")
    build.uncertainty = {"watch": ns(0.1)}
    return build


@case("failover-time", FAIL, "after 20 s")
def failover_second_outage() -> Build:
    return failover().lost(60.2, 59.9).answered(62, "server.b").lost(80.2, 80).answered(100, "server.b")


@case("failover-time", FAIL, "after 10 s")
def failover_slow_and_lost_once_more() -> Build:
    return failover().lost(60.2, 59.9).answered(70, "server.b").lost(80.2, 80).checks(81, 82, answered=0)


@case("failover-time", OPEN, "not restored within 2 s")
def failover_quick_and_lost_once_more() -> Build:
    return failover().lost(60.2, 59.9).answered(62.5, "server.b").lost(80.2, 80).checks(81, 82, answered=0)


@case("failover-time", PASS, "after 2 s")
def failover_latent_before_crash() -> Build:
    build = Build(want("failover-time", at_most="3s")).checks(1, 59).fault(10, "server.b", "latent")
    return build.fault(60, "server.a").lost(60.2, 59.9).answered(62, "server.b")


# --- promoted-once --------------------------------------------------------------------------------------------------


def pair(subject: str = "server.a", fault: str = "crash", watched: bool = True) -> Build:
    build = Build(want("promoted-once", "servers"))
    build.ended = 300
    build = build.advert(0, "server.a").checks(1, 100, 10) if watched else build
    return build.fault(60, subject, fault)


@case("promoted-once", PASS, "server.b took over")
def pair_takes_over() -> Build:
    return pair().silent(63, "server.a", 59.9).advert(62.5, "server.b")


@case("promoted-once", PASS, "not struck")
def pair_standby_struck() -> Build:
    return pair("server.b")


@case("promoted-once", FAIL, "1 take-overs were seen where 0")
def pair_standby_struck_and_took_over() -> Build:
    return pair("server.b").advert(70, "server.b").silent(65, "server.a", 64)


@case("promoted-once", FAIL, "0 take-overs were seen where 1")
def pair_nobody_takes_over() -> Build:
    return pair(fault="hang").silent(63, "server.a", 59.9)


@case("one-active", FAIL, "active at once for 10 s")
def pair_split_brain() -> Build:
    return pair("server.a", "heartbeat-lost").advert(63, "server.b").silent(76, "server.a", 73)


@case("promoted-once", PASS, "called for 0 of the 1 take-overs and permitted the others")
def pair_fenced() -> Build:
    return pair("server.a", "heartbeat-lost").advert(63, "server.b").silent(66, "server.a", 62.5)


@case("promoted-once", PASS, "took over")
def pair_overlap_within_tolerance() -> Build:
    build = pair("server.a", "link-down").advert(63, "server.b").silent(66, "server.a", 63.05)
    build.uncertainty = {"watch": ns(0.1)}
    return build


@case("one-active", FAIL, "active at once for 1 s; the second was server.b")
def pair_standby_claims_once() -> Build:
    return pair("server.a", "heartbeat-lost").advert(63, "server.b").silent(66.5, "server.b", 63)


@case("one-active", FAIL, "active at once for 500 ms")
def pair_fenced_too_late() -> Build:
    build = pair("server.a", "heartbeat-lost").advert(63, "server.b").silent(67, "server.a", 63.5)
    build.uncertainty = {"watch": ns(0.1)}
    return build


@case("one-active", PASS, "heard were server.a, server.b")
def active_one_after_the_other() -> Build:
    return pair().silent(63, "server.a", 59.9).advert(62.5, "server.b")


@case("one-active", PASS, "heard were server.a")
def active_without_fault() -> Build:
    return Build().advert(0, "server.a").checks(1, 50)


@case("one-active", PASS, "Never")
def active_overlap_within_tolerance() -> Build:
    return pair_overlap_within_tolerance()


@case("one-active", FAIL, "active at once for")
def active_again_after_a_quick_restart() -> Build:
    """Back before the watch called it silent, and heard anew; its peer had taken over in the meantime."""
    return pair().advert(61.6, "server.b").advert(61.8, "server.a")


@case("one-active", OPEN, "did not hear server.a fall silent after the fault at 60 s")
def active_perhaps_again_at_once() -> Build:
    return pair().advert(62.5, "server.b")


@case("one-active", OPEN, "did not hear server.a fall silent after the fault at 60 s")
def active_again_and_silent_much_later() -> Build:
    return pair().advert(62.5, "server.b").silent(83.5, "server.a", 80)


@case("one-active", OPEN, "No server was heard")
def active_nobody_heard() -> Build:
    return pair(watched=False)


@case("promoted-once", FAIL, "0 take-overs were seen where 1 was called for; server.a came back by itself")
def pair_quick_restart() -> Build:
    return pair().advert(61.6, "server.a")


@case("promoted-once", OPEN, "No other server took over, and the watch did not hear server.a fall silent")
def pair_restart_that_nobody_could_hear() -> Build:
    return pair()


@case("promoted-once", FAIL, "3 take-overs")
def pair_flaps() -> Build:
    build = pair(fault="hang").silent(63, "server.a", 59.9).advert(62.5, "server.b").silent(73, "server.b", 70)
    return build.advert(71, "server.a").silent(83, "server.a", 80).advert(81, "server.b")


@case("promoted-once", FAIL, "without any fault")
def pair_without_reason() -> Build:
    return pair().silent(33, "server.a", 30).advert(31, "server.b")


@case("promoted-once", FAIL, "the watch never heard it")
def pair_lies() -> Build:
    return pair().silent(63, "server.a", 59.9).add(62, "server.promoted", "server.b")


@case("promoted-once", OPEN, "no watch looked")
def pair_own_word_only() -> Build:
    return pair(watched=False).add(62, "server.promoted", "server.b").add(63, "server.advertised", "server.b")


@case("promoted-once", OPEN, "No server was heard")
def pair_nobody_heard() -> Build:
    return pair(watched=False)


@case("promoted-once", OPEN, "No fault")
def pair_without_fault() -> Build:
    return Build(want("promoted-once")).advert(0, "server.a").checks(1, 50)


@case("promoted-once", PASS, "took over")
def pair_feed_of_the_active_fails() -> Build:
    return pair("feed.1", "power-lost").silent(63, "server.a", 59.9).advert(62.5, "server.b")


@case("promoted-once", PASS, "once for each fault")
def pair_struck_twice() -> Build:
    build = pair().silent(63, "server.a", 59.9).advert(62.5, "server.b").fault(90, "server.b")
    return build.silent(93, "server.b", 89.9).advert(92.5, "server.a")


# --- new-calls-after ------------------------------------------------------------------------------------------------


def new(blocked: int = 0, others: int = 0) -> Build:
    build = Build(want("new-calls-after", within="5s", blocked_at_most=blocked)).fault(60, "server.a")
    for n in range(others):
        build.call(f"other.{n}", 70 + n, 90 + n, f"seat.{n + 10}")
    return build


@case(
    "new-calls-after",
    PASS,
    "All 6 calls offered later than 5 s after the fault got through: 4 talked, 1 waited in vain",
)
def new_get_through() -> Build:
    build = new(others=3).refused(62, "early", "no-server").call("a", 66, 90, "seat.1").call("b", 70, 80)
    return build.offered(75, "c").add(76, "call.queued", "exchange", call="c").end(90, "c", "abandoned", "patience")


@case("new-calls-after", PASS, "All 6 calls offered later than 5 s after the fault got through: 5 talked, 1 waited")
def new_still_waits_while_others_are_served() -> Build:
    build = new(others=5).offered(70, "a").add(71, "call.queued", "exchange", call="a")
    return build.end(99, "a", "waiting", "run-over")


@case("new-calls-after", FAIL, "1 of 6 calls offered later than 5 s after the fault were blocked (run-over 1)")
def new_still_waits_while_nobody_is_served() -> Build:
    build = new(others=5).offered(95, "a").add(96, "call.queued", "exchange", call="a")
    return build.end(99, "a", "waiting", "run-over")


@case("new-calls-after", FAIL, "run-over 1")
def new_still_hears_the_ivr() -> Build:
    return new(others=5).offered(70, "a").end(90, "a", "waiting", "run-over")


@case("new-calls-after", OPEN, "Only 4 calls were offered")
def new_too_few() -> Build:
    return new(others=4)


@case("new-calls-after", PASS, "All 5 calls")
def new_just_enough() -> Build:
    return new(others=5)


@case("new-calls-after", FAIL, "1 of 6 calls offered later than 5 s after the fault were blocked (silence 1); 5 talked")
def new_cut() -> Build:
    return new(others=5).call("a", 66, 80, disposition="cut", cause="silence")


@case("new-calls-after", FAIL, "patience 1")
def new_rang_for_ever() -> Build:
    return new(others=5).offered(70, "a").end(90, "a", "abandoned", "patience")


@case("new-calls-after", FAIL, "silence 1")
def new_heard_nothing_in_the_ivr() -> Build:
    return new(others=5).call("a", 66, 80, disposition="abandoned", cause="silence")


@case("new-calls-after", FAIL, "silence 1")
def new_queue_fell_silent() -> Build:
    build = new(others=5).offered(70, "a").add(71, "call.queued", "exchange", call="a")
    return build.end(90, "a", "abandoned", "silence")


@case("new-calls-after", FAIL, "trunk 1, trunk-dead 1")
def new_blocked() -> Build:
    return new().call("a", 66, 90).refused(67, "b", "trunk").refused(68, "c", "trunk-dead", disposition="failed")


@case("new-calls-after", PASS, "1 of 6")
def new_one_may_be_blocked() -> Build:
    return new(1, others=4).call("a", 66, 90).refused(67, "b", "trunk")


@case("new-calls-after", OPEN, "No call was offered later than 5 s")
def new_nobody_calls() -> Build:
    return new().call("a", 10, 90).call("b", 64, 90)


@case("new-calls-after", FAIL, "5 of 5 calls")
def new_nobody_answered() -> Build:
    build = new()
    for call in "abcde":
        build.offered(70, call).add(71, "call.queued", "exchange", call=call).end(90, call, "abandoned", "patience")
    return build


@case("new-calls-after", FAIL, "5 of 5 calls")
def new_an_ivr_answers_and_nobody_serves() -> Build:
    build = new()
    for call in "abcde":
        build.offered(70, call).add(71, "call.connected", "exchange", call=call)
        build.add(72, "call.queued", "exchange", call=call).end(90, call, "abandoned", "patience")
    return build


@case("new-calls-after", OPEN, "reached a seat; 5 waited in vain")
def new_all_give_up_while_others_are_served() -> Build:
    build = new().call("z", 20, 95, "seat.1")
    for call in "abcde":
        build.offered(70, call).add(71, "call.connected", "exchange", call=call)
        build.add(72, "call.queued", "exchange", call=call).end(90, call, "abandoned", "patience")
    return build


@case("new-calls-after", FAIL, "6 of 6")
def new_one_may_be_blocked_and_nobody_serves() -> Build:
    build = new(1).refused(67, "x", "trunk")
    for call in "abcde":
        build.offered(70, call).add(71, "call.connected", "exchange", call=call)
        build.add(72, "call.queued", "exchange", call=call).end(90, call, "abandoned", "patience")
    return build


def new_beside_a_seat(ready: float, state: str = "ready") -> Build:
    """One who waits from 72 s to 90 s beside a seat of his group that was in `state` from `ready` to 100 s."""
    build = new(others=5).call("z", 20, 50, "seat.1")
    build.add(ready, "agent.state", "seat.1", state=state).add(100, "agent.state", "seat.1", state="out")
    build.offered(70, "a").add(71, "call.connected", "exchange", call="a")
    return build.add(72, "call.queued", "exchange", call="a").end(90, "a", "abandoned", "patience")


@case("new-calls-after", OPEN, "1 of 6 calls offered later than 5 s after the fault gave up in the queue while a seat")
def new_gives_up_beside_a_ready_seat() -> Build:
    return new_beside_a_seat(60)


@case("new-calls-after", PASS, "All 6 calls")
def new_gives_up_before_the_seat_could_ring() -> Build:
    return new_beside_a_seat(86)


@case("new-calls-after", PASS, "All 6 calls")
def new_gives_up_beside_an_agent_in_wrap_up() -> Build:
    return new_beside_a_seat(60, "wrap-up")


@case("new-calls-after", FAIL, "no end 1")
def new_lost_without_trace() -> Build:
    return new().call("a", 66, 90).offered(70, "b")


@case("new-calls-after", OPEN, "No fault")
def new_without_fault() -> Build:
    return Build(want("new-calls-after", within="5s")).call("a", 10, 20)


@case("new-calls-after", PASS, "All 6 calls")
def new_within_a_second_fault() -> Build:
    return new(others=4).call("a", 66, 90).fault(100, "server.b").refused(102, "b", "no-server").call("c", 106, 110)


# --- queue-kept -----------------------------------------------------------------------------------------------------


def queue(share: str = "100%") -> Build:
    return Build(want("queue-kept", at_least=share)).fault(60, "server.a")


def waits(build: Build, call: str, queued: float, served: float, seat: str = "seat.1", skill: str = "sales") -> Build:
    build.call(call, queued - 3, served + 20, skill=skill).add(queued, "call.queued", "exchange", call=call)
    build.add(served - 1, "seat.rung", seat, call=call)
    return build.talk(served, served + 20, call, seat)


@case("queue-kept", PASS, "2 of 2")
def queue_in_order() -> Build:
    build = waits(waits(queue(), "a", 40, 70), "b", 50, 75, "seat.2")
    return waits(waits(build, "after", 62, 80, "seat.3"), "other", 63, 65, "seat.4", skill="support")


@case("queue-kept", PASS, "1 of 1")
def queue_gave_up() -> Build:
    build = queue().call("a", 40, 90, disposition="abandoned", cause="patience")
    return waits(build.add(45, "call.queued", "exchange", call="a"), "later", 62, 95)


@case("queue-kept", PASS, "1 of 1")
def queue_still_waits_and_nobody_came_before_him() -> Build:
    build = queue().call("a", 40, 90, disposition="waiting", cause="run-over")
    return waits(build.add(45, "call.queued", "exchange", call="a"), "later", 62, 95)


@case("queue-kept", OPEN, "1 not proved")
def queue_nobody_served() -> Build:
    build = queue().call("a", 40, 90, disposition="abandoned", cause="patience")
    return build.add(45, "call.queued", "exchange", call="a")


@case("queue-kept", FAIL, "1 overtaken")
def queue_overtaken() -> Build:
    return waits(waits(queue(), "a", 40, 80), "after", 62, 65, "seat.3")


@case("queue-kept", FAIL, "1 overtaken")
def queue_forgotten() -> Build:
    build = queue().call("a", 40, 90, disposition="abandoned", cause="patience")
    return waits(build.add(45, "call.queued", "exchange", call="a"), "after", 62, 65)


@case("queue-kept", FAIL, "1 lost")
def queue_cut() -> Build:
    build = queue().call("a", 40, 60, disposition="cut", cause="server")
    return waits(build.add(45, "call.queued", "exchange", call="a"), "b", 50, 70)


@case("queue-kept", FAIL, "1 lost")
def queue_gave_up_for_silence() -> Build:
    build = queue().call("a", 40, 90, disposition="abandoned", cause="patience", gap=20)
    return build.add(45, "call.queued", "exchange", call="a")


@case("queue-kept", FAIL, "1 still waiting")
def queue_waits_for_ever() -> Build:
    build = queue().offered(40, "a").add(41, "call.connected", "exchange", call="a")
    return build.add(45, "call.queued", "exchange", call="a").add(200, "load.ended", "site", "harness", offered=1)


@case("queue-kept", PASS, "1 of 2")
def queue_half_is_enough() -> Build:
    build = queue("50%").call("a", 40, 60, disposition="cut")
    return waits(build.add(45, "call.queued", "exchange", call="a"), "b", 50, 70)


@case("queue-kept", PASS, "2 of 2")
def queue_slow_agent_is_no_overtaking() -> Build:
    build = queue()
    for call, queued, rung, talk, seat in (("a", 40, 65, 72, "seat.1"), ("b", 50, 66, 67, "seat.2")):
        build.call(call, queued - 3, 90).add(queued, "call.queued", "exchange", call=call)
        build.add(rung, "seat.rung", seat, call=call).talk(talk, 90, call, seat)
    return build


@case("queue-kept", OPEN, "1 not proved")
def queue_order_within_uncertainty() -> Build:
    build = waits(waits(queue(), "a", 40, 70.05), "b", 50, 70, "seat.2")
    build.uncertainty = {"seat.1": ns(0.1), "seat.2": ns(0.1)}
    return build


@case("queue-kept", OPEN, "Nobody waited")
def queue_empty() -> Build:
    return waits(queue(), "a", 40, 50)


@case("queue-kept", OPEN, "No fault")
def queue_without_fault() -> Build:
    return waits(Build(want("queue-kept", at_least="100%")), "a", 40, 50)


# --- priority-first -------------------------------------------------------------------------------------------------


def first(share: str = "100%") -> Build:
    return Build(want("priority-first", at_least=share))


def stands(
    build: Build, call: str, queued: float, rung: float, priority: int = 0, seat: str = "seat.1", skill: str = "sales"
) -> Build:
    build.offered(queued - 3, call, skill=skill, priority=priority).add(queued, "call.queued", "exchange", call=call)
    build.add(rung, "seat.rung", seat, call=call)
    return build.talk(rung + 2, rung + 20, call, seat).end(rung + 20, call)


@case("priority-first", PASS, "1 of 1")
def first_is_first() -> Build:
    build = stands(stands(first(), "a", 40, 75), "vip", 50, 70, 1, "seat.2")
    build = stands(build, "other group", 45, 60, 0, "seat.3", skill="support")
    build.call("out", 55, 65, "seat.4", direction="out")  # an agent dials
    return stands(build, "b", 52, 80, 0, "seat.5")


@case("priority-first", PASS, "2 of 2")
def first_among_equals() -> Build:
    build = stands(stands(first(), "vip", 40, 60, 1), "gold", 42, 58, 2, "seat.2")
    return stands(stands(build, "a", 39, 75, 0, "seat.3"), "b", 41, 75, 0, "seat.4")


@case("priority-first", PASS, "1 of 1")
def first_after_a_ring_under_way() -> Build:
    return stands(stands(stands(first(), "a", 40, 50.5), "vip", 50, 70, 1, "seat.2"), "b", 45, 80, 0, "seat.3")


@case("priority-first", PASS, "1 of 1")
def first_after_a_ring_for_the_dead() -> Build:
    build = stands(stands(first(), "a", 40, 75), "vip", 50, 70, 1, "seat.2")
    build.offered(30, "gone").add(33, "call.queued", "exchange", call="gone").end(55, "gone", "abandoned", "patience")
    return build.add(60, "seat.rung", "seat.3", call="gone")


@case("priority-first", FAIL, "1 passed over")
def first_passed_over() -> Build:
    return stands(stands(first(), "a", 40, 60), "vip", 50, 70, 1, "seat.2")


@case("priority-first", FAIL, "1 passed over")
def first_passed_over_by_a_newcomer() -> Build:
    build = stands(first(), "vip", 50, 70, 1).offered(55, "new").add(60, "seat.rung", "seat.2", call="new")
    return build.end(80, "new")


@case("priority-first", FAIL, "1 passed over")
def first_gave_up_while_others_were_served() -> Build:
    build = stands(first(), "a", 40, 60).offered(45, "vip", priority=1).add(50, "call.queued", "exchange", call="vip")
    return build.end(90, "vip", "abandoned", "patience")


@case("priority-first", PASS, "1 of 2")
def first_half_is_enough() -> Build:
    build = stands(stands(first("50%"), "a", 40, 60), "vip", 50, 70, 1, "seat.2")
    return stands(stands(build, "b", 100, 130), "gold", 110, 120, 1, "seat.2")


@case("priority-first", OPEN, "1 not proved")
def first_within_uncertainty() -> Build:
    build = stands(stands(first(), "a", 40, 69.95), "vip", 50, 70, 1, "seat.2")
    build.uncertainty = {"seat.1": ns(0.1), "seat.2": ns(0.1)}
    return build


@case("priority-first", OPEN, "nobody else waited")
def first_alone() -> Build:
    return stands(stands(first(), "a", 40, 45), "vip", 50, 70, 1, "seat.2")


@case("priority-first", OPEN, "Nobody with priority")
def first_nobody() -> Build:
    return stands(first(), "a", 40, 45)


# --- recordings-kept ------------------------------------------------------------------------------------------------


def recordings(share: str = "100%", **limits: object) -> Build:
    build = Build(want("recordings-kept", at_least=share, **limits))
    build.ended = 300
    return build


def taped(
    build: Build, call: str, *lengths: float, begin: float = 10, end: float = 100, to_record: bool = True
) -> Build:
    """A call on which a seat talks from two seconds after its begin, and its recordings."""
    marks = {"recorded": True} if to_record else {}
    build.offered(begin, call, **marks).talk(begin + 2, end, call, f"seat.{call}").end(end, call)
    for length in lengths:
        build.add(end + 1, "call.recorded", "server.a", "station", call, server="server.a", length=ns(length))
    return build


@case("recordings-kept", PASS, "2 of 2")
def recordings_whole() -> Build:
    build = taped(taped(recordings(), "a", 88), "b", 40, 47.5)
    build.offered(20, "never answered", recorded=True).end(50, "never answered", "abandoned", "patience")
    return taped(build, "c", to_record=False)


@case("recordings-kept", FAIL, "1 of 2 recordings are whole")
def recordings_refused() -> Build:
    build = taped(taped(recordings(), "a", 88), "b")
    return build.add(12, "recording.refused", "server.a", call="b", cause="recording-channel")


@case("recordings-kept", PASS, "1 were refused")
def recordings_refused_as_often_as_they_may() -> Build:
    build = taped(taped(recordings(refused_at_most=1), "a", 88), "b")
    return build.add(12, "recording.refused", "server.a", call="b", cause="recording-channel")


@case("recordings-kept", FAIL, "1 of 2 talks were refused")
def recordings_too_many_refused() -> Build:
    build = taped(taped(recordings(refused_at_most=0), "a", 88), "b")
    return build.add(12, "recording.refused", "server.a", call="b", cause="recording-channel")


@case("recordings-kept", FAIL, "1 lost")
def recordings_lost() -> Build:
    return taped(taped(recordings(), "a", 88), "b")


@case("recordings-kept", FAIL, "1 with a part missing")
def recordings_short() -> Build:
    return taped(recordings(), "a", 85)


@case("recordings-kept", PASS, "1 of 1")
def recordings_short_by_what_is_allowed() -> Build:
    return taped(recordings(lacking_at_most="5s"), "a", 84)


@case("recordings-kept", OPEN, "1 may still come")
def recordings_late() -> Build:
    return taped(taped(recordings(), "a", 88), "b", end=290)


@case("recordings-kept", OPEN, "1 may still come")
def recordings_short_within_uncertainty() -> Build:
    build = taped(recordings(), "a", 85.9)
    build.uncertainty = {"seat.a": ns(0.2)}
    return build


@case("recordings-kept", OPEN, "No recording was due")
def recordings_none_due() -> Build:
    return taped(recordings(), "a", to_record=False)


# --- cdr-exactly-once -----------------------------------------------------------------------------------------------


def records() -> Build:
    build = Build(want("cdr-exactly-once"))
    build.ended = 300
    return build


@case("cdr-exactly-once", PASS, "2 answered calls ended")
def records_right() -> Build:
    build = records().call("a", 10, 100, "seat.1").call("b", 20, 50)
    return build.refused(60, "c").record(61, "c", 0, answered=False)


@case("cdr-exactly-once", FAIL, "1 missing")
def records_missing() -> Build:
    return records().call("a", 10, 100, records=0)


@case("cdr-exactly-once", OPEN, "1 may still come")
def records_late() -> Build:
    return records().call("a", 10, 290, records=0).call("b", 10, 50)


@case("cdr-exactly-once", FAIL, "1 double")
def records_double() -> Build:
    return records().call("a", 10, 100, records=2)


@case("cdr-exactly-once", FAIL, "1 surplus")
def records_of_nobody() -> Build:
    return records().call("a", 10, 100).record(50, "ghost", 3)


@case("cdr-exactly-once", FAIL, "1 surplus")
def records_without_call() -> Build:
    return records().call("a", 10, 100).record(50, None, 3)


@case("cdr-exactly-once", FAIL, "1 surplus")
def records_of_unanswered() -> Build:
    return records().call("a", 10, 100).refused(60, "c").record(61, "c", 5, answered=True)


@case("cdr-exactly-once", FAIL, "1 wrong")
def records_too_short() -> Build:
    return records().call("a", 10, 100, records=0).record(101, "a", 70)


@case("cdr-exactly-once", FAIL, "1 wrong")
def records_not_answered() -> Build:
    return records().call("a", 10, 100, records=0).record(101, "a", 89, answered=False)


@case("cdr-exactly-once", PASS)
def records_longer_after_a_cut() -> Build:
    return records().call("a", 10, 100, records=0, disposition="cut").record(120, "a", 95)


@case("cdr-exactly-once", FAIL, "1 wrong")
def records_shorter_after_a_cut() -> Build:
    return records().call("a", 10, 100, records=0, disposition="cut").record(120, "a", 30)


@case("cdr-exactly-once", OPEN, "No answered call")
def records_of_no_call() -> Build:
    return records().refused(10, "a")


# --- seat-isolation -------------------------------------------------------------------------------------------------


def seats(subject: str = "seat.1", fault: str = "console-crash", **limits: object) -> Build:
    build = Build(want("seat-isolation", **limits)).call("a", 10, 60, "seat.1", disposition="cut")
    return build.fault(60, subject, fault)


@case("seat-isolation", PASS, "0 of 2")
def seats_apart() -> Build:
    return (
        seats().call("b", 10, 100, "seat.2").call("c", 10, 100, "seat.3").call("later", 110, 120, "seat.2", seat_gap=5)
    )


@case("seat-isolation", FAIL, "1 of 2 other talking seats felt the fault at seat.1: seat.2")
def seats_neighbour_hears_a_gap() -> Build:
    return seats().call("b", 10, 100, "seat.2", seat_gap=0.2).call("c", 10, 100, "seat.3")


@case("seat-isolation", FAIL, "seat.2")
def seats_neighbour_interrupted() -> Build:
    return seats().call("b", 10, 100, "seat.2").add(61, "media.interrupted", "seat.2", call="b", end="seat")


@case("seat-isolation", FAIL, "seat.2")
def seats_neighbour_part_down() -> Build:
    return seats().call("b", 10, 100, "seat.2").add(60, "seat.part", "seat.2", part="console", up=False)


@case("seat-isolation", FAIL, "seat.2")
def seats_neighbour_dropped() -> Build:
    build = seats().offered(10, "b").add(11, "call.connected", "exchange", call="b")
    return build.talk(12, 61, "b", "seat.2", cause="server").end(61, "b", "cut")


@case("seat-isolation", OPEN, "No other seat")
def seats_alone() -> Build:
    return seats()


@case("seat-isolation", OPEN, "No fault")
def seats_without_fault() -> Build:
    return Build(want("seat-isolation")).call("a", 10, 60, "seat.1").call("b", 10, 60, "seat.2")


@case("seat-isolation", OPEN, "do not report")
def seats_silent_neighbour() -> Build:
    return seats().call("b", 10, 100).add(20, "seat.talking", "seat.2", call="b", part="phone")


@case("seat-isolation", OPEN, "do not report")
def seats_gap_within_uncertainty() -> Build:
    build = seats().offered(50, "b").add(51, "call.connected", "exchange", call="b")
    build.add(60, "seat.talking", "seat.2", call="b", part="phone")
    build.add(100, "seat.left", "seat.2", call="b", cause="normal", gap=ns(0.05), silent=0).end(100, "b")
    build.uncertainty = {"seat.2": ns(0.1)}
    return build


@case("seat-isolation", PASS, "1 of 2")
def seats_one_port() -> Build:
    build = Build(want("seat-isolation")).fault(60, "board.1", "port-dead", unit="port 3")
    return build.call("a", 10, 100, "seat.1", seat_gap=40).call("b", 10, 100, "seat.2")


@case("seat-isolation", FAIL, "2 of 3")
def seats_one_port_hits_two() -> Build:
    build = Build(want("seat-isolation")).fault(60, "board.1", "port-dead", unit="port 3")
    return (
        build.call("a", 10, 100, "seat.1", seat_gap=40)
        .call("b", 10, 100, "seat.2", seat_gap=1)
        .call("c", 9, 99, "seat.3")
    )


def board(**limits: object) -> Build:
    build = Build(want("seat-isolation", **limits)).fault(60, "board.1", "crash")
    return build.call("a", 10, 100, "seat.1", seat_gap=40).call("b", 10, 100, "seat.2")


@case("seat-isolation", OPEN, "does not say which seats")
def seats_board_unknown() -> Build:
    return board()


@case("seat-isolation", PASS, "0 of 1")
def seats_board_known() -> Build:
    build = board()
    build.roles["board.1"] = ("seat.1",)
    return build


@case("seat-isolation", FAIL, "1 of 1")
def seats_board_known_and_leaking() -> Build:
    build = board()
    build.roles["board.1"] = ("seat.2",)
    return build


@case("seat-isolation", PASS, "1 of 2")
def seats_board_bounded() -> Build:
    return board(at_most=1)


@case("seat-isolation", FAIL, "server.a: seat.1")
def seats_server() -> Build:
    build = Build(want("seat-isolation")).fault(60, "server.a", "crash")
    return build.call("a", 10, 100, "seat.1", seat_gap=1).call("b", 10, 100, "seat.2")


# --- blocking -------------------------------------------------------------------------------------------------------


def attempts(good: int, bad: int, most: str = "1%", cause: str = "trunk", **limits: object) -> Build:
    build = Build(want("blocking", at_most=most, **limits))
    for number in range(good):
        build.call(f"g{number}", number, number + 5)
    for number in range(bad):
        build.refused(number + 0.5, f"b{number}", cause)
    return build


@case("blocking", PASS, "0 of 60")
def attempts_all_through() -> Build:
    return attempts(60, 0, "10%")


@case("blocking", FAIL, "20 of 50 attempts were blocked (trunk 20)")
def attempts_many_blocked() -> Build:
    return attempts(30, 20)


@case("blocking", PASS, "0 of 60")
def attempts_that_nobody_made() -> Build:
    build = attempts(60, 0, "10%")
    for number in range(20):
        build.refused(70, f"n{number}", "not-dialled", "seat.1")
    return build


@case("blocking", OPEN, "too few attempts")
def attempts_too_few() -> Build:
    return attempts(20, 0)


@case("blocking", FAIL, "1 of 21")
def attempts_none_may_fail() -> Build:
    return attempts(20, 1, "0%")


@case("blocking", PASS, "0 of 20")
def attempts_none_failed() -> Build:
    return attempts(20, 0, "0%")


@case("blocking", OPEN, "No call was offered")
def attempts_nobody() -> Build:
    return attempts(0, 0)


@case("blocking", OPEN, "neither answer nor end")
def attempts_open() -> Build:
    return attempts(50, 0, "10%").offered(600, "open")


@case("blocking", FAIL, "had a circuit")
def attempts_refused_with_a_circuit() -> Build:
    build = attempts(60, 1, "10%", "fabric", with_free_resources_at_most=0)
    return build.add(0.5, "trunk.seized", "span.1", "exchange", "b0", slot=1)


def served(count: int, *, most: str = "10%", bad: int = 0) -> Build:
    """So many callers whom a seat answers at once, on circuits of their own."""
    build = attempts(0, bad, most, with_free_resources_at_most=0)
    for number in range(count):
        build.call(f"s{number}", 10, 100, f"seat.{number}")
        build.add(10, "trunk.seized", "span.1", "exchange", f"s{number}", slot=number + 1)
    return build


@case("blocking", PASS, "trunk 1")
def attempts_refused_without_a_circuit() -> Build:
    return served(60, bad=1)


@case("blocking", PASS, "10 had a free trunk and a free seat")
def attempts_just_enough_with_trunk_and_seat() -> Build:
    return served(10, most="0%")


@case("blocking", OPEN, "Only 9 of 10 attempts had a free trunk and a free seat")
def attempts_too_few_with_trunk_and_seat() -> Build:
    return served(9, most="0%").call("no-circuit", 20, 90, "seat.20")


@case("blocking", OPEN, "Only 9 of 10 attempts")
def attempts_whose_seat_was_taken_at_first() -> Build:
    build = served(9, most="0%").call("waited", 20, 90, "seat.20")
    build.add(20, "trunk.seized", "span.2", "exchange", "waited", slot=1)
    return build.add(21.5, "call.queued", "exchange", call="waited")


@case("blocking", PASS, "10 had")
def attempts_dialled_at_a_seat() -> Build:
    build = served(9, most="0%").call("out", 20, 90, direction="out")
    return build.add(20, "trunk.seized", "span.2", "gateway.a", "out", slot=1)


@case("blocking", OPEN, "Only 9 of 10 attempts")
def attempts_dialled_and_unanswered() -> Build:
    build = served(9, most="0%").offered(20, "out", "out").end(90, "out", "unanswered", "callee")
    return build.add(20, "trunk.seized", "span.2", "gateway.a", "out", slot=1)


def sought(found: bool, never: bool) -> Build:
    build = served(20, most="0%")
    return build.add(0, "fabric.searched", "switching", "harness", found=found, never=never, calls=20)


@case("blocking", PASS, "20 had")
def attempts_in_a_fabric_that_never_refuses() -> Build:
    return sought(found=False, never=True)


@case("blocking", OPEN, "no calls in an order that shows it")
def attempts_where_no_search_finds_and_no_figure_excludes() -> Build:
    return sought(found=False, never=False)


@case("blocking", OPEN, "The last of 20 calls is refused by the switching fabric on paper")
def attempts_whose_refusal_stayed_on_paper() -> Build:
    return sought(found=True, never=False)


@case("blocking", OPEN, "None of 60 attempts was answered")
def attempts_into_the_void() -> Build:
    build = Build(want("blocking", at_most="10%"))
    for number in range(60):
        build.offered(number, f"v{number}").end(number + 30, f"v{number}", "abandoned", "patience")
    return build


# --- agent-capacity -------------------------------------------------------------------------------------------------


def agents(count: int, least: int = 3) -> Build:
    build = Build(want("agent-capacity", at_least=least))
    for number in range(count):
        build.call(f"c{number}", 10 + number, 100 + number, f"seat.{number}")
    return build


@case("agent-capacity", PASS, "At most 3")
def agents_enough() -> Build:
    return agents(3)


@case("agent-capacity", PASS, "trunk (exchange) 1")
def agents_enough_and_a_limit() -> Build:
    return agents(3).refused(50, "x", "trunk")


@case("agent-capacity", FAIL, "core-channel (server.a) 1")
def agents_bound() -> Build:
    return agents(2).refused(50, "x", "core-channel", "server.a")


@case("agent-capacity", FAIL, "agent-licence (server.a) 1")
def agents_kept_out() -> Build:
    return agents(2).add(1, "agent.refused", "agent.3", "server.a", cause="agent-licence")


@case("agent-capacity", OPEN, "but at other times: trunk (exchange) 1")
def agents_bound_at_another_time() -> Build:
    return agents(2).refused(200, "x", "trunk")


@case("agent-capacity", OPEN, "demand ended first")
def agents_whom_nobody_gave_time_to_dial() -> Build:
    return agents(2).refused(50, "x", "not-dialled", "seat.1")


@case("agent-capacity", OPEN, "refused otherwise: glare (gateway.1) 1")
def agents_whose_calls_met_others_on_their_timeslots() -> Build:
    return agents(2).refused(50, "x", "glare", "gateway.1")


@case("agent-capacity", OPEN, "refused otherwise: 404 (server.a) 1")
def agents_and_a_reason_that_nobody_knows() -> Build:
    return agents(2).refused(50, "x", "404", "server.a")


@case("agent-capacity", FAIL, "refused then: core-channel (server.a) 1, setups (gateway.1) 1, trunk (exchange) 1")
def agents_bound_by_all_that_can_be_more() -> Build:
    build = agents(2).refused(50, "x", "trunk").refused(51, "y", "core-channel", "server.a")
    return build.refused(52, "z", "setups", "gateway.1").refused(53, "w", "trunk-dead")


@case("agent-capacity", OPEN, "demand ended first")
def agents_little_demand() -> Build:
    return agents(2)


@case("agent-capacity", OPEN, "refused otherwise: no-server (gateway.1) 1")
def agents_a_failure_is_no_limit() -> Build:
    return agents(2).refused(50, "x", "no-server", "gateway.1")


# --- conservation ---------------------------------------------------------------------------------------------------


def kept() -> Build:
    build = Build(want("blocking", at_most="0%")).call("a", 10, 100, "seat.1")
    build.add(10, "trunk.seized", "span.1", "exchange", "a", slot=1)
    return build.add(100, "trunk.freed", "span.1", "exchange", "a", slot=1)


@case("conservation", PASS, "Each of 2 calls")
def kept_all() -> Build:
    return (
        kept()
        .call("b", 100, 120, "seat.1")
        .add(100, "trunk.seized", "span.1", "exchange", "b", slot=1)
        .add(120, "trunk.freed", "span.1", "exchange", "b", slot=1)
    )


@case("conservation", OPEN, "no timeslot was seen")
def kept_without_trunks() -> Build:
    return Build(want("blocking", at_most="0%")).call("a", 10, 100, "seat.1")


@case("conservation", FAIL)
def kept_without_a_seizure() -> Build:
    return kept().call("b", 20, 90, "seat.2")


@case("conservation", OPEN, "No call was offered")
def kept_nothing() -> Build:
    return Build(want("blocking", at_most="0%"))


@case("conservation", FAIL)
def kept_no_end() -> Build:
    return kept().offered(50, "b")


@case("conservation", FAIL)
def kept_vanished() -> Build:
    return kept().add(200, "load.ended", "exchange", offered=2)


@case("conservation", FAIL)
def kept_two_ends() -> Build:
    return kept().end(120, "a", "cut")


@case("conservation", FAIL)
def kept_two_offers() -> Build:
    return kept().offered(11, "a")


@case("conservation", FAIL)
def kept_never_offered() -> Build:
    return kept().end(120, "b")


@case("conservation", FAIL)
def kept_before_the_offer() -> Build:
    return kept().add(5, "seat.rung", "seat.1", call="a")


@case("conservation", FAIL)
def kept_completed_unanswered() -> Build:
    return kept().offered(50, "b").end(60, "b", "completed")


@case("conservation", FAIL)
def kept_slot_twice() -> Build:
    build = kept().call("b", 20, 30).add(20, "trunk.seized", "span.1", "exchange", "b", slot=1)
    return build.add(30, "trunk.freed", "span.1", "exchange", "b", slot=1)


@case("conservation", FAIL)
def kept_slot_freed_by_another() -> Build:
    build = Build(want("blocking", at_most="0%")).call("a", 10, 100).refused(50, "b")
    build.add(10, "trunk.seized", "span.1", "exchange", "a", slot=1)
    return build.add(100, "trunk.freed", "span.1", "exchange", "b", slot=1)


@case("conservation", FAIL)
def kept_two_slots_for_one_call() -> Build:
    build = kept().add(11, "trunk.seized", "span.2", "exchange", "a", slot=7)
    return build.add(100, "trunk.freed", "span.2", "exchange", "a", slot=7)


@case("conservation", FAIL)
def kept_on_without_its_slot() -> Build:
    build = Build(want("blocking", at_most="0%")).call("a", 10, 100)
    build.add(10, "trunk.seized", "span.1", "exchange", "a", slot=1)
    return build.add(90, "trunk.freed", "span.1", "exchange", "a", slot=1)


@case("conservation", PASS)
def kept_hunting_on() -> Build:
    build = kept().offered(20, "b", "out")
    build.add(21, "trunk.seized", "loop.1", "exchange", "b", slot=1)
    build.add(25, "trunk.freed", "loop.1", "exchange", "b", slot=1)
    return build.end(26, "b", "failed", "no-gateway")


@case("conservation", FAIL)
def kept_on_without_its_slot_once_answered() -> Build:
    build = kept().call("b", 20, 90, direction="out")
    build.add(20, "trunk.seized", "span.1", "exchange", "b", slot=2)
    return build.add(80, "trunk.freed", "span.1", "exchange", "b", slot=2)


@case("conservation", FAIL)
def kept_slot_for_ever() -> Build:
    return kept().call("b", 20, 30).add(20, "trunk.seized", "span.1", "exchange", "b", slot=2)


@case("conservation", FAIL)
def kept_slot_freed_while_free() -> Build:
    return kept().add(150, "trunk.freed", "span.1", "exchange", "a", slot=1)


@case("conservation", FAIL)
def kept_seat_on_two_calls() -> Build:
    return kept().call("b", 20, 90, "seat.1")


# --- quiescence -----------------------------------------------------------------------------------------------------


@case("quiescence", PASS, "Devices looked at: 3")
def quiet() -> Build:
    return kept().holds().holds("server.b").holds("gateway.1", "timeslots").holds("server.a", "calls", 3, t=200)


@case("quiescence", FAIL, "server.a: 2 dialogs")
def quiet_dialogs_left() -> Build:
    return kept().holds().holds("server.a", "dialogs", 2)


@case("quiescence", OPEN, "Nobody looked")
def quiet_nobody_looked() -> Build:
    return kept()


@case("quiescence", OPEN, "Nobody looked")
def quiet_own_word() -> Build:
    return kept().add(300, "device.holds", "gateway.1", what="calls", count=0)


@case("quiescence", OPEN, "server.b was not looked at")
def quiet_one_not_looked_at() -> Build:
    return kept().holds()


@case("quiescence", PASS, "Devices looked at: 1")
def quiet_without_roles() -> Build:
    build = kept().holds()
    build.roles = {}
    return build


@case("quiescence", OPEN, "gateway.1, seat.1, seat.2, seat.3, seat.4, seat.5, seat.6, seat.7, seat.8, seat.9, ...")
def quiet_many_not_looked_at() -> Build:
    build = kept().holds().holds("server.b")
    build.roles |= {"gateways": ("gateway.1",), "seats": tuple(f"seat.{n}" for n in range(1, 21))}
    return build


# --- outage-seconds -------------------------------------------------------------------------------------------------

YEAR = 365 * 24 * 3600


def years(criterion: str, most: str, count: int = 1, repair: float = 3600) -> Build:
    """So many years of a site of four seats and two spans, with one fault at noon of the first day."""
    build = Build(want(criterion, at_most=most))
    build.roles |= {"seats": tuple(f"seat.{n}" for n in range(1, 5)), "spans": ("span.1", "span.2")}
    build.fault(100, "server.a").add(200, "time.skipped", "site", "harness", seconds=round(repair))
    build.add(300, "fault.cleared", "server.a", "harness", fault="crash", number=0)
    return build.add(400, "time.skipped", "site", "harness", seconds=count * YEAR)


def without(build: Build, begin: float, end: float, *subjects: str) -> Build:
    for subject in subjects:
        build.add(begin, "access.lost", subject, "survey").add(end, "access.restored", subject, "survey")
    return build


@case(
    "outage-seconds-system",
    FAIL,
    "(of half of the trunks 0, of half of the seats 1; begun by: server.a 1); cuts of 30 s or less: 0; years seen: 1",
)
def outage_of_the_system() -> Build:
    return without(years("outage-seconds-system", "1s"), 101, 250, "seat.1", "seat.2")


@case("outage-seconds-system", FAIL, "(of half of the trunks 1, of half of the seats 0; begun by: server.a 1)")
def outage_of_half_the_trunks() -> Build:
    return without(years("outage-seconds-system", "1s"), 101, 250, "span.2")


@case("outage-seconds-system", PASS, "outages longer than 30 s: 0 (")
def outage_of_one_seat_in_four_is_none_of_the_system() -> Build:
    return without(years("outage-seconds-system", "3min", 200), 101, 250, "seat.1")


@case("outage-seconds-system", PASS, "cuts of 30 s or less: 1;")
def outage_of_thirty_seconds_is_a_cut() -> Build:
    return without(years("outage-seconds-system", "3min", 200), 101, 131, "seat.1", "seat.2", "seat.3")


@case("outage-seconds-system", OPEN, "too few years")
def outage_that_was_not_seen_in_one_year_may_come() -> Build:
    return years("outage-seconds-system", "3min")


@case("outage-seconds-system", OPEN, "No unit failed")
def outage_without_any_fault() -> Build:
    build = Build(want("outage-seconds-system", at_most="3min"))
    return build.add(1, "time.skipped", "site", "harness", seconds=1000 * YEAR)


@case("outage-seconds-user", FAIL, "outages of seats longer than 30 s: 1 (begun by: server.a 1);")
def outage_of_users() -> Build:
    return without(years("outage-seconds-user", "1s"), 101, 250, "seat.1")


@case("outage-seconds-user", PASS, "outages of seats longer than 30 s: 0 (begun by: -);")
def outage_of_trunks_alone_is_none_of_users() -> Build:
    return without(years("outage-seconds-user", "30min", 200), 101, 250, "span.1", "span.2")


@case("outage-seconds-user", OPEN, "too few years")
def outage_of_users_in_one_year_says_little() -> Build:
    return without(years("outage-seconds-user", "30min"), 101, 250, "seat.1")


# --- overload: rated from 0 s, overloaded from 1,000 s to 2,000 s ----------------------------------------------------


def rush(
    before: int = 500, after: int = 500, *, lost: int = 1000, cause: str = "attempts", redials: bool = False,
    **limits: object,
) -> Build:  # fmt: skip
    """`before` calls completed at rated load and `after` under overload, where `lost` more attempts are refused."""
    limits = {"at_least": "80%", "overloaded_from": "1000s", **limits}
    build = Build(want("overload", **limits))
    for phase, number in ((0, before), (1000, after)):
        for n in range(number):
            t = phase + 990 * n / number
            build.offered(t, f"c{phase}.{n}").talk(t + 1, t + 5, f"c{phase}.{n}", "seat.1").end(t + 5, f"c{phase}.{n}")
    for n in range(lost):
        t, call = 1000 + 990 * n / lost, f"x{n}"
        build.offered(t, call, attempt=1 + redials)
        build.add(t, "call.refused", "exchange", call=call, by="server.a", cause=cause).end(t, call, "refused", cause)
    return build.add(2000, "load.ended", "exchange", offered=before + after + lost)


@case("overload", PASS, "1000 attempts were refused at once")
def rush_kept() -> Build:
    return rush()


@case("overload", OPEN, "it was no rated load, for most agents were idle")
def rush_after_hours_of_idleness() -> Build:
    return rush(before=200, after=500)


@case("overload", PASS, "1000 attempts were refused at once")
def rush_perhaps_twice_the_rated_pace() -> Build:
    return rush(before=240, after=500)


@case("overload", FAIL, "Collapse: ")
def rush_collapses() -> Build:
    return rush(after=50, cause="no-server")


@case("overload", FAIL, "1000 attempts were refused at once, 0 got no answer")
def rush_refuses_too_much() -> Build:
    return rush(after=300)


@case("overload", OPEN, "too few calls to say")
def rush_of_too_few() -> Build:
    return rush(before=50, after=45, lost=100)


@case("overload", OPEN, "not 50 % more than")
def rush_that_is_none() -> Build:
    return rush(lost=100, load_beyond="10%")


@case("overload", OPEN, "Callers came at")
def rush_of_redials_alone() -> Build:
    return rush(lost=500, redials=True)


@case("overload", OPEN, "that was an overload already")
def rush_after_a_rush() -> Build:
    build = rush(before=400)
    for n in range(100):
        build.refused(10 * n, f"y{n}")
    return build


@case("overload", OPEN, "No call was completed at rated load")
def rush_from_nothing() -> Build:
    return rush(before=0)


@case("overload", OPEN, "No call was offered in the overloaded phase")
def rush_never_comes() -> Build:
    return rush(after=0, lost=0)


@case("overload", PASS, "of the rated 30/min")
def rush_against_a_stated_pace() -> Build:
    return rush(before=0, rated="0.5/s")


@case("overload", FAIL, "of the rated 1/s")
def rush_below_a_stated_pace() -> Build:
    return rush(before=0, lost=1500, rated="1/s")


@case("overload", PASS, "1000 attempts")
def rush_that_ends_before_the_load() -> Build:
    """What comes after `overloaded_until` is of no phase."""
    build = rush(overloaded_until="2000s")
    return build.add(4000, "load.ended", "exchange", offered=2000)


# --- handled-attempts -----------------------------------------------------------------------------------------------


def attempts_made(handled: int, *causes: str, **limits: object) -> Build:
    """So many calls that reach an agent, one each second, and one attempt lost by each of the causes."""
    build = Build(want("handled-attempts", at_least="95%", **limits))
    for n in range(handled):
        build.offered(n, f"c{n}").talk(n + 1, n + 5, f"c{n}", "seat.1").end(n + 5, f"c{n}")
    for n, cause in enumerate(causes):
        build.refused(n + 0.5, f"x{n}", cause)
    return build.add(handled + 5, "load.ended", "exchange", offered=handled + len(causes))


@case("handled-attempts", PASS, "990 of 1000 attempts were handled (5 refused for want")
def handled_most() -> Build:
    return attempts_made(990, *["attempts"] * 5, *["no-server"] * 5)


@case("handled-attempts", FAIL, "734 of 1000 attempts were handled (266 refused for want of processing, 0 without")
def handled_three_in_four() -> Build:
    return attempts_made(734, *["attempts"] * 266)


@case("handled-attempts", FAIL, "0 refused for want of processing, 100 without an answer")
def handled_by_nobody() -> Build:
    return attempts_made(400, *["no-answer"] * 100)


@case("handled-attempts", PASS, "66.67 % reached an agent")
def handled_though_no_circuit_or_seat_was_free() -> Build:
    """What processing lost is judged, not what circuits and agents lacked."""
    return attempts_made(400, *["trunk", "queue"] * 100)


@case("handled-attempts", OPEN, "too few attempts to say")
def handled_too_few() -> Build:
    return attempts_made(20)


@case("handled-attempts", OPEN, "None of 200 attempts reached an agent")
def handled_but_reached_nobody() -> Build:
    return attempts_made(0, *["trunk"] * 200, until="1h")


@case("handled-attempts", OPEN, "No call was offered in this time")
def handled_before_the_time() -> Build:
    return attempts_made(10, since="1h")


@case("handled-attempts", PASS, "200 of 200 attempts")
def handled_within_the_time() -> Build:
    """What was lost before `since` and after `until` is of another time."""
    return attempts_made(300, *["attempts"] * 100, since="100s", until="300s")


# --- cut-off-ratio --------------------------------------------------------------------------------------------------


def talks(number: int, cut: int = 0, at_most: str = "1%") -> Build:
    build = Build(want("cut-off-ratio", at_most=at_most))
    for n in range(number):
        build.call(f"c{n}", n, n + 50, "seat.1", disposition="cut" if n < cut else "completed")
    return build


@case("cut-off-ratio", PASS, "0 of 368 answered calls")
def cuts_none_of_enough() -> Build:
    return talks(368)


@case("cut-off-ratio", OPEN, "368 without a single cut would be enough")
def cuts_none_of_one_too_few() -> Build:
    return talks(367)


@case("cut-off-ratio", FAIL, "12 of 200")
def cuts_many() -> Build:
    return talks(200, 12)


@case("cut-off-ratio", FAIL, "1 of 500")
def cuts_where_none_is_allowed() -> Build:
    return talks(500, 1, "0%")


@case("cut-off-ratio", OPEN, "No answered call ended")
def cuts_of_nothing() -> Build:
    return Build(want("cut-off-ratio", at_most="1%")).refused(5, "a")


# --- loss-against-erlang-b ------------------------------------------------------------------------------------------


def trunked(lost: int, attempts: int = 400, circuits: int = 2, held: float = 5, cause: str = "trunk") -> Build:
    """An attempt every ten seconds, `lost` of each forty at random places; the circuits in turn, each held as long."""
    build = Build(want("loss-against-erlang-b", excess_at_most="5%", circuits=circuits))
    for n in range(attempts):
        t, name = 10.0 * n, f"c{n}"
        if n * lost % 40 < lost:
            build.refused(t, name, cause)
        else:
            build.offered(t, name).add(t, "trunk.seized", "span.1", "exchange", call=name, slot=1 + n % 2)
            build.add(t + held, "trunk.freed", "span.1", "exchange", call=name, slot=1 + n % 2).end(t + held, name)
    return build.add(10.0 * attempts, "load.ended", "exchange", offered=attempts)


@case("loss-against-erlang-b", PASS, "0.5 E on 2 circuits lose 7.692 %")
def erlang_as_many_lost_as_due() -> Build:
    return trunked(3)


@case("loss-against-erlang-b", FAIL, "lose 7.692 % (Erlang B)")
def erlang_more_lost_than_due() -> Build:
    return trunked(12, cause="core-channel")


def at_random(wait: float = 0.0) -> Build:
    """Four hundred attempts at random, one in ten seconds, of which none is lost; each may wait for its circuit."""
    build, t, draw = Build(want("loss-against-erlang-b", excess_at_most="5%", circuits=2)), 0.0, Random(3)
    for n in range(400):
        t, name, slot = t + draw.expovariate(0.1), f"c{n}", 1 + n % 2
        build.offered(t, name).add(t + wait, "trunk.seized", "span.1", "exchange", call=name, slot=slot)
        build.add(t + wait + 5, "trunk.freed", "span.1", "exchange", call=name, slot=slot).end(t + wait + 5, name)
    return build.add(t + 10, "load.ended", "exchange", offered=400)


def of_few_sources() -> Build:
    """Four sources that do not call while they talk, a call of a minute in five minutes each, on two circuits."""
    build, draw = Build(want("loss-against-erlang-b", excess_at_most="2%", circuits=2)), Random(3)
    idle, busy = [draw.expovariate(1 / 240) for _ in range(4)], [0.0, 0.0]
    t = 0.0
    for n in range(4_000):
        source = min(range(4), key=lambda s: idle[s])
        t, name = idle[source], f"c{n}"
        slot = next((s for s in (0, 1) if busy[s] <= t), None)
        idle[source] = t + draw.expovariate(1 / 240)
        if slot is None:
            build.refused(t, name)
            continue
        busy[slot] = over = t + draw.expovariate(1 / 60)
        idle[source] += over - t
        build.offered(t, name).add(t, "trunk.seized", "span.1", "exchange", call=name, slot=slot)
        build.add(over, "trunk.freed", "span.1", "exchange", call=name, slot=slot).end(over, name)
    return build.add(t, "load.ended", "exchange", offered=4_000)


@case("loss-against-erlang-b", FAIL, "0 of 364 attempts were lost")
def erlang_fewer_lost_than_due() -> Build:
    return at_random()


@case("loss-against-erlang-b", OPEN, "more evenly than at random")
def erlang_of_calls_at_even_intervals() -> Build:
    return trunked(0)


@case("loss-against-erlang-b", OPEN, "waited for a circuit")
def erlang_of_calls_that_wait() -> Build:
    return at_random(wait=3)


@case("loss-against-erlang-b", OPEN, "more evenly than at random")
def erlang_of_few_sources() -> Build:
    return of_few_sources()


@case("loss-against-erlang-b", OPEN, "0.5 E on 2 circuits")
def erlang_too_little_seen_to_say() -> Build:
    return trunked(5, 240)


@case("loss-against-erlang-b", OPEN, "Too few attempts")
def erlang_too_few_attempts() -> Build:
    return trunked(3, 190)


@case("loss-against-erlang-b", OPEN, "Calls used 2 circuits, more than the 1")
def erlang_of_more_circuits_than_stated() -> Build:
    return trunked(3, circuits=1)


# --- slip-rate ------------------------------------------------------------------------------------------------------


def slipping(length: float, *slips: float, at_most: str = "5/day") -> Build:
    """Slips at one end of span.1 until the load ends; at the other end one less, and one more after the load."""
    build = Build(want("slip-rate", at_most=at_most))
    for n, t in enumerate(slips):
        build.add(t, "span.slip", "span.1", "exchange", slips=1)
        if n:
            build.add(t, "span.slip", "span.1", "gateway.a", slips=1)
    build.add(length, "load.ended", "exchange", offered=0)
    return build.add(length + 5, "span.slip", "span.1", "exchange", slips=1)


@case("slip-rate", PASS, "No frame slipped in 19 h")
def slips_none_in_nineteen_hours() -> Build:
    return slipping(19 * 3600)


@case("slip-rate", OPEN, "No frame slipped in 18 h")
def slips_none_in_eighteen_hours() -> Build:
    return slipping(18 * 3600)


@case("slip-rate", FAIL, "exchange of span.1 in 60 min: 3, class b")
def slips_of_class_b() -> Build:
    return slipping(3600, 10, 1800, 3000)


@case("slip-rate", OPEN, "exchange of span.1 in 60 min: 1, class b")
def slips_once() -> Build:
    return slipping(3600, 10)


@case("slip-rate", FAIL, "exchange of span.1 in 60 min: 31, class c")
def slips_of_class_c() -> Build:
    return slipping(3600, *(100 * n for n in range(31)))


@case("slip-rate", PASS, "exchange of span.1 in 48 h: 3, class a")
def slips_of_class_a() -> Build:
    return slipping(48 * 3600, 10, 4000, 90000)


@case("slip-rate", FAIL, "gateway.a of span.2 in 60 min: 40, class c")
def slips_counted_by_a_device() -> Build:
    """A device that is asked now and then tells several at once."""
    return slipping(3600, 10).add(3000, "span.slip", "span.2", "gateway.a", slips=40)


@case("slip-rate", PASS, "in 60 min: 31, class c")
def slips_that_the_buyer_allows() -> Build:
    return slipping(3600, *(100 * n for n in range(31)), at_most="100/h")


# --- timeslot-release -----------------------------------------------------------------------------------------------


def slot_of(call: str, begin: float, end: float, freed: float | None, build: Build | None = None) -> Build:
    """One call on a timeslot of span.1; two more that have none, or lost it before they ended."""
    build = build or Build(want("timeslot-release", within="5s")).refused(1, "x")
    build.call(call, begin, end).add(begin, "trunk.seized", "span.1", "exchange", call, slot=1)
    return build if freed is None else build.add(freed, "trunk.freed", "span.1", "exchange", call, slot=1)


@case("timeslot-release", PASS, "Of the timeslots of 1 calls, 0 stayed busy")
def slots_free_at_once() -> Build:
    build = Build(want("timeslot-release", within="5s")).offered(5, "y", "out")
    build.add(5, "trunk.seized", "span.1", "exchange", "y", slot=1)
    build.add(6, "trunk.freed", "span.1", "exchange", "y", slot=1).end(9, "y", "failed", "glare")
    return slot_of("a", 10, 100, 100, build)


@case("timeslot-release", FAIL, "1 stayed busy too long after the call, 0 of them to the end; the longest 38 s")
def slots_stuck() -> Build:
    return slot_of("b", 110, 120, 121, slot_of("a", 10, 50, 88))


@case("timeslot-release", FAIL, "1 stayed busy too long after the call, 1 of them to the end")
def slots_for_ever() -> Build:
    return slot_of("a", 10, 100, None).add(103, "load.ended", "exchange", offered=2)


@case("timeslot-release", OPEN, "1 of them to the end")
def slots_still_busy_in_a_log_cut_short() -> Build:
    build = slot_of("a", 10, 100, None).add(103, "trunk.seized", "span.2", "exchange", "n", slot=1)
    build.complete = False
    return build


@case("timeslot-release", OPEN, "No call ended that had a timeslot")
def slots_after_the_load() -> Build:
    return slot_of("a", 10, 100, 190).add(90, "load.ended", "exchange", offered=2)


# --- clear-speech, right-seat -------------------------------------------------------------------------------------


def noise(*lengths: float | None, uncertainty: float = 0, foreign: bool = False) -> Build:
    """One talk ends at 50 s, before the fault at 60 s, and two after it; noise of these lengths was heard in them."""
    build = Build(want("clear-speech", at_most="10s"), foreign=foreign).fault(60, "board.1", "codec-noise")
    build.uncertainty = {"seat.3/media.noisy": ns(uncertainty)}
    build.call("before", 1, 50, "seat.3").add(50, "media.noisy", "seat.3", call="before", end="seat", length=ns(40))
    for n, length in enumerate(lengths):
        build.call(f"c{n}", 61 + 30 * n, 80 + 30 * n, "seat.3")
        if length is None:
            build.add(80 + 30 * n, "media.noisy", "seat.3", call=f"c{n}", end="seat")
        elif length:
            build.add(80 + 30 * n, "media.noisy", "seat.3", call=f"c{n}", end="seat", length=ns(length))
    return build


@case(
    "clear-speech", FAIL, "in 2 talks that ended after the fault lasted 17 s (off by at most 0 s), at seat.3; 2 calls"
)
def noise_in_two_talks() -> Build:
    return noise(17, 5)


@case("clear-speech", PASS, "No noise was told in 2 talks")
def noise_in_none() -> Build:
    return noise(0, 0)


@case("clear-speech", PASS, "lasted 10 s")
def noise_as_long_as_it_may_be() -> Build:
    return noise(10, 3)


@case("clear-speech", OPEN, "lasted 10 s (off by at most 1 s)")
def noise_near_the_limit() -> Build:
    return noise(9.5, uncertainty=1)


@case("clear-speech", OPEN, "not for how long")
def noise_of_no_length() -> Build:
    return noise(None, foreign=True)


@case("clear-speech", OPEN, "lasted 5 s")
def noise_of_which_one_has_no_length() -> Build:
    return noise(5, None, foreign=True)


@case("clear-speech", OPEN, "No talk ended")
def noise_without_a_talk() -> Build:
    return noise()


@case("clear-speech", OPEN, "No fault")
def noise_without_a_fault() -> Build:
    return Build(want("clear-speech", at_most="10s")).call("c", 10, 100, "seat.1")


def rings(*elsewhere: float, own: tuple[float, ...] = (70,)) -> Build:
    """Calls for seat.3: after the fault at 60 s some ring at seat.4."""
    build = (
        Build(want("right-seat")).fault(60, "board.1", "lines-crossed").add(50, "seat.rung", "seat.3", call="before")
    )
    build.add(50, "seat.rung-elsewhere", "seat.3", call="before", at="seat.4")
    for t in (*own, *elsewhere):
        build.add(t, "seat.rung", "seat.3", call=f"c{t}")
    for t in elsewhere:
        build.add(t, "seat.rung-elsewhere", "seat.3", call=f"c{t}", at="seat.4")
    return build


@case("right-seat", FAIL, "2 of 3 calls that rang after the fault rang at another seat; the first was meant for seat.3")
def rung_elsewhere() -> Build:
    return rings(80, 90)


@case("right-seat", PASS, "Each of 2 calls")
def rung_at_home() -> Build:
    return rings(own=(70, 80))


@case("right-seat", OPEN, "No call rang")
def rung_nowhere() -> Build:
    return rings(own=())


@case("right-seat", OPEN, "No fault")
def rung_without_a_fault() -> Build:
    return Build(want("right-seat")).add(10, "seat.rung", "seat.3", call="c")


# --- set-up-delay, post-dialling-delay --------------------------------------------------------------------------------


def delays(number: int, slow: int = 0, silent: int = 0) -> Build:
    """`slow` incoming calls are answered after 2 s, the others after 0.1 s; `silent` ones never."""
    build = Build(want("set-up-delay", at_most="600ms"))
    for n in range(number + silent):
        build.offered(n, f"c{n}").add(n, "trunk.seized", "span.1", "exchange", f"c{n}", slot=1)
        if n < number:
            build.add(n + (2 if n < slow else 0.1), "call.connected", "exchange", call=f"c{n}")
            build.end(n + 50, f"c{n}")
        else:
            build.end(n + 14, f"c{n}", "failed", "no-answer")
    return build


@case("set-up-delay", PASS, "0 of 72 delays exceeded 600 ms")
def delays_short_and_enough() -> Build:
    return delays(72)


@case("set-up-delay", OPEN, "too few calls to say")
def delays_short_and_one_too_few() -> Build:
    return delays(71)


@case("set-up-delay", FAIL, "20 of 100")
def delays_long() -> Build:
    return delays(100, 20)


@case("set-up-delay", FAIL, "20 of 100")
def delays_without_an_answer_are_long() -> Build:
    return delays(80, silent=20)


@case("set-up-delay", OPEN, "too few calls to say")
def delays_that_may_be_long() -> Build:
    build = delays(100)
    build.uncertainty = {"exchange": ns(0.4)}
    return build


@case("set-up-delay", OPEN, "No call shows this delay")
def delays_of_nobody() -> Build:
    return Build(want("set-up-delay", at_most="600ms")).refused(5, "a")


def dialled(number: int, slow: int = 0, lost: int = 0) -> Build:
    build = Build(want("post-dialling-delay", at_most="600ms"))
    for n in range(number + lost):
        build.offered(n, f"c{n}", "out")
        if n < number:
            build.add(n + (2 if n < slow else 0.1), "trunk.seized", "span.1", "exchange", f"c{n}", slot=1)
        build.end(n + 20, f"c{n}", *(() if n < number else ("failed", "no-answer")))
    return build


@case("post-dialling-delay", PASS, "0 of 100")
def dialled_quick() -> Build:
    return dialled(100)


@case("post-dialling-delay", FAIL, "15 of 100")
def dialled_slow_or_in_vain() -> Build:
    return dialled(90, slow=5, lost=10)


def looped(dialled_after: float, moved: bool = False) -> Build:
    """Outgoing calls on loop lines, seized at once; or given up there for an E1 (glare)."""
    build = Build(want("post-dialling-delay", at_most="600ms"))
    for n in range(100):
        build.offered(n, f"c{n}", "out")
        build.add(n + 0.1, "trunk.seized", "loop.1", "exchange", f"c{n}", slot=1, dialled=False)
        if moved:
            build.add(n + 0.2, "trunk.freed", "loop.1", "exchange", f"c{n}", slot=1)
            build.add(n + dialled_after, "trunk.seized", "span.1", "exchange", f"c{n}", slot=1)
        else:
            build.add(n + dialled_after, "call.dialled", "exchange", call=f"c{n}")
        build.end(n + 20, f"c{n}")
    return build


@case("post-dialling-delay", FAIL, "100 of 100")
def dialled_on_a_line_that_takes_the_digits_slowly() -> Build:
    return looped(2.1)


@case("post-dialling-delay", PASS, "0 of 100")
def dialled_on_a_line_that_takes_the_digits_quickly() -> Build:
    return looped(0.5)


@case("post-dialling-delay", FAIL, "100 of 100")
def dialled_on_another_circuit_after_a_glare() -> Build:
    return looped(2.1, moved=True)


@case("post-dialling-delay", OPEN, "too few calls to say")
def dialled_seldom() -> Build:
    return dialled(20)


@case("post-dialling-delay", OPEN, "No call shows this delay")
def dialled_never() -> Build:
    return Build(want("post-dialling-delay", at_most="600ms")).call("in", 1, 50, "seat.1")


# --- registration-recovery: the fault strikes server.a at 60 s, the log ends at 300 s -------------------------------


def registered(*servers: str, fault: bool = True) -> Build:
    build = Build(want("registration-recovery", within="30s"))
    build.roles = {**build.roles, "seats": ("seat.1", "seat.2")}
    build.ended = 300
    for seat in ("seat.1", "seat.2"):
        for server in servers:
            build.add(1, "registration.made", f"{seat}/phone", seat, server=server)
    return build.fault(60, "server.a") if fault else build


@case("registration-recovery", PASS, "All 2 seats stayed registered")
def registered_with_both() -> Build:
    return registered("server.a", "server.b")


@case("registration-recovery", PASS, "All 2 seats stayed registered")
def registrations_of_which_one_flow_failed() -> Build:
    """Both flows were up; the one with the dead server is noticed and made anew long after, the other stays."""
    build = registered("server.a", "server.b")
    for seat in ("seat.1", "seat.2"):
        build.add(75, "registration.lost", f"{seat}/phone", seat, server="server.a")
        build.add(200, "registration.made", f"{seat}/phone", seat, server="server.a")
    return build


@case("registration-recovery", PASS, "the last was back after 20 s")
def registered_anew_in_time() -> Build:
    build = registered("server.a").add(70, "registration.made", "seat.1/phone", "seat.1", server="server.b")
    return build.add(80, "seat.rung", "seat.2", call="c")


@case("registration-recovery", FAIL, "the last was back after 90 s")
def registered_anew_too_late() -> Build:
    build = registered("server.a").add(70, "registration.made", "seat.1/phone", "seat.1", server="server.b")
    return build.add(150, "registration.made", "seat.2/phone", "seat.2", server="server.b")


@case("registration-recovery", FAIL, "1 of 2 seats were not heard to register again")
def registered_never_again() -> Build:
    return registered("server.a").add(70, "registration.made", "seat.1/phone", "seat.1", server="server.b")


@case("registration-recovery", FAIL, "1 of 2 seats")
def registered_with_both_and_noticed_a_loss() -> Build:
    build = registered("server.a", "server.b")
    return build.add(70, "registration.lost", "seat.1/phone", "seat.1", server="server.b")


@case("registration-recovery", OPEN, "2 of 2 seats were not heard to register again within 20 s")
def registered_and_the_log_ends() -> Build:
    build = registered("server.a")
    build.ended = 80
    return build


@case("registration-recovery", OPEN, "No seat was seen")
def registered_was_nobody() -> Build:
    return registered()


@case("registration-recovery", OPEN, "No fault")
def registered_without_fault() -> Build:
    return registered("server.a", fault=False)


# --- agent-state-kept: the fault strikes at 60 s --------------------------------------------------------------------


def logins(fault: bool = True) -> Build:
    build = Build(want("agent-state-kept", at_least="100%"))
    build.ended = 300
    build.add(1, "agent.state", "seat.1", state="ready").add(1, "agent.state", "seat.2", state="ready")
    build.add(30, "agent.state", "seat.2", state="talking").add(1, "agent.state", "seat.3", state="out")
    return build.fault(60, "server.a") if fault else build


@case("agent-state-kept", PASS, "2 of 2 agents")
def agents_all_kept() -> Build:
    return logins().add(90, "agent.state", "seat.2", state="wrap-up").add(95, "agent.state", "seat.3", state="out")


@case("agent-state-kept", FAIL, "1 of 2 agents kept their state: 1 were out")
def agents_go_out() -> Build:
    return logins().add(62, "agent.state", "seat.1", state="out").add(99, "agent.state", "seat.1", state="ready")


@case("agent-state-kept", FAIL, "1 were refused a login")
def agents_are_refused() -> Build:
    return logins().add(62, "agent.refused", "seat.1", "server.b", cause="agent-licence")


@case("agent-state-kept", FAIL, "1 got a second call")
def agents_get_a_second_call() -> Build:
    return logins().add(62, "seat.double-delivery", "seat.2", call="new", held="old")


@case("agent-state-kept", OPEN, "No agent was logged in")
def agents_were_none() -> Build:
    return Build(want("agent-state-kept", at_least="100%")).fault(60, "server.a")


@case("agent-state-kept", OPEN, "No fault")
def agents_without_fault() -> Build:
    return logins(fault=False)
