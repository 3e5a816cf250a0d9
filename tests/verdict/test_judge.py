import msgspec
import pytest

from simtel.core.log import EvidenceLog, Expectation, Limit
from simtel.core.quantity import Unit
from simtel.verdict.criteria import ALWAYS, CRITERIA
from simtel.verdict.criterion import Criterion
from simtel.verdict.judge import judge
from simtel.verdict.outcome import Outcome
from simtel.verdict.verdict import Verdict, say
from tests.verdict.build import Build, ns, want
from tests.verdict.cases import gap, pair, quiet


def heard() -> Build:
    """Nothing left, and one of the pair heard all the time."""
    return quiet().advert(0, "server.a")


def test_those_that_are_always_judged_are_added_once() -> None:
    ids = [v.criterion for v in judge(quiet().log()).verdicts]
    assert ids == ["blocking", "conservation", "quiescence", "one-active"]
    asked = Build(*map(Expectation, ALWAYS)).call("a", 1, 2).holds()
    assert [v.criterion for v in judge(asked.log()).verdicts] == list(ALWAYS)


@pytest.mark.parametrize("roles", [{"servers": ("server.a",)}, {"servers": ("server.a",), "platforms": ("box.1",)}, {}])
def test_one_server_is_no_pair_unless_another_is_heard(roles: dict[str, tuple[str, ...]]) -> None:
    build = heard()
    build.roles = roles
    assert "one-active" not in [v.criterion for v in judge(build.log()).verdicts]
    assert build.advert(5, "server.b").verdict("one-active").outcome is Outcome.FAIL


def test_two_active_servers_fail_a_run_that_did_not_ask() -> None:
    judgement = judge(heard().advert(30, "server.b").log())
    assert judgement.outcome is Outcome.FAIL
    assert [v.criterion for v in judgement.verdicts if v.outcome is Outcome.FAIL] == ["one-active"]


def test_two_active_servers_are_judged_once() -> None:
    build = pair("server.a", "heartbeat-lost").advert(63, "server.b").silent(76, "server.a", 73)
    said = {v.criterion: v.outcome for v in judge(build.log()).verdicts}
    assert (said["one-active"], said["promoted-once"]) == (Outcome.FAIL, Outcome.PASS)


def test_the_worst_verdict_is_that_of_the_judgement_and_the_digest_is_that_of_the_events() -> None:
    judgement = judge(heard().log())
    assert judgement.outcome is Outcome.PASS
    assert judgement.complete
    log = quiet().holds("gateway.1", "ports", 1).log()
    assert judge(log).outcome is Outcome.FAIL
    assert log.footer is not None
    assert judge(log).digest == log.footer.digest == judge(EvidenceLog(log.header, log.events, None)).digest


def test_an_error_of_the_run_is_an_error_of_every_verdict() -> None:
    build = quiet()
    build.error = "RuntimeError in gateway.1"
    judgement = judge(build.log())
    assert {v.outcome for v in judgement.verdicts} == {Outcome.ERROR}
    assert "RuntimeError in gateway.1" in str(judgement.verdicts[0].reason)


def test_an_unknown_criterion_is_an_error_and_takes_no_other_along() -> None:
    build = quiet()
    build.expect = (*build.expect, Expectation("seamless"))
    outcomes = {v.criterion: v.outcome for v in judge(build.log()).verdicts}
    assert outcomes["seamless"] is Outcome.ERROR
    assert outcomes["blocking"] is Outcome.PASS


def _raises(log: EvidenceLog, expect: Expectation) -> Verdict:
    raise ZeroDivisionError("a share of nothing")


def _pass_for_another(log: EvidenceLog, expect: Expectation) -> Verdict:
    return Verdict("media-gap", Outcome.PASS, say("No call was offered"))


@pytest.mark.parametrize("broken", [_raises, _pass_for_another, lambda *_: None, lambda *_: True])
def test_a_criterion_that_breaks_is_an_error_for_it_alone(broken: object) -> None:
    table = dict(CRITERIA)
    table["blocking"] = msgspec.structs.replace(table["blocking"], judge=broken)
    outcomes = {v.criterion: v.outcome for v in judge(heard().log(), criteria=table).verdicts}
    assert outcomes == {"blocking": Outcome.ERROR, **dict.fromkeys(ALWAYS, Outcome.PASS)}


def test_the_text_of_the_exception_is_told() -> None:
    table: dict[str, Criterion] = CRITERIA | {"blocking": msgspec.structs.replace(CRITERIA["blocking"], judge=_raises)}
    reason = judge(heard().log(), criteria=table).verdicts[0].reason
    assert "ZeroDivisionError: a share of nothing" in str(reason)


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        ((), "lacks its limit at_most"),
        ((Limit("at_most", ns(2), Unit.TIME, "buyer"), Limit("per", "call", Unit.CHOICE, "buyer")), "has no limit per"),
        ((Limit("at_most", 2, Unit.COUNT, "buyer"),), "(count), not a time"),
        ((Limit("at_most", "soon", Unit.TIME, "buyer"),), "is soon"),
        ((Limit("at_most", True, Unit.TIME, "buyer"),), "not a time"),
    ],
)
def test_limits_that_are_wrong_are_an_error_and_named(limits: tuple[Limit, ...], words: str) -> None:
    build = Build(Expectation("media-gap", limits)).fault(60, "server.a").call("a", 10, 100, "seat.1")
    verdict = build.verdict("media-gap")
    assert verdict.outcome is Outcome.ERROR
    assert words in str(verdict.reason)


def test_rule_3_limits_from_outside_replace_and_bring_their_source() -> None:
    log = gap().call("a", 10, 100, "seat.1", gap=1).log()
    assert judge(log).verdicts[0].outcome is Outcome.PASS
    limit = Limit("at_most", ns(0.1), Unit.TIME, "contract", "clause 4")
    verdict = judge(log, {"media-gap": {"at_most": limit}}).verdicts[0]
    assert verdict.outcome is Outcome.FAIL
    assert verdict.limit == limit


def test_rule_3_a_limit_that_nobody_stated_is_an_assumed_one() -> None:
    build = Build(want("new-calls-after", within="5s")).fault(60, "server.a").call("a", 70, 80)
    limit = build.verdict("new-calls-after").limit
    assert limit is not None
    assert (limit.basis, bool(limit.source)) == ("assumed", True)


@pytest.mark.parametrize(("target", "words"), [("virtual", "estimate about a design"), ("loopback", "test of simtel")])
def test_rule_4_a_pass_says_what_it_is_worth(target: str, words: str) -> None:
    build = quiet()
    assert build.verdict("quiescence").notes == ()
    build.target = target
    assert any(words in str(note) for note in build.verdict("quiescence").notes)
    assert not any(words in str(note) for note in build.holds(count=1).verdict("quiescence").notes)


def test_rule_5_and_6_are_judged_without_being_asked() -> None:
    log = Build(want("blocking", at_most="0%")).call("a", 10, 100).offered(50, "lost").log()
    outcomes = {v.criterion: v.outcome for v in judge(log).verdicts}
    assert outcomes["conservation"] is Outcome.FAIL
    assert outcomes["quiescence"] is Outcome.INCONCLUSIVE


def test_the_subject_of_an_expectation_is_that_of_its_verdict() -> None:
    build = Build(want("promoted-once", "servers")).advert(0, "server.a").fault(60, "server.b")
    assert build.verdict("promoted-once").key == "promoted-once:servers"


def test_judging_twice_says_the_same() -> None:
    log = quiet().log()
    assert judge(log) == judge(log)
