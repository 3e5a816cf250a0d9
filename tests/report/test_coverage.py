"""Coverage: a claim has its worst verdict, or is shown as without one."""

import json

import msgspec

from simtel.core.log import Header
from simtel.report.claims import CLAIMED, SPEAKS_OF
from simtel.report.coverage import Coverage, Result, cover, to_json
from simtel.report.coverage_table import render_coverage, render_page
from simtel.run.choose import scenarios_of
from simtel.scenario.spec import Scenario
from simtel.verdict.criteria import CRITERIA
from simtel.verdict.judge import Judgement
from simtel.verdict.outcome import Outcome
from simtel.verdict.verdict import Verdict, say
from tests.report.sample import HOSTILE, header


def result(
    outcome: Outcome, *, keeps: bool = True, applies: bool = True, run: str = "run", **how: object
) -> Result:  # fmt: skip
    head = msgspec.structs.replace(header(keeps), **how)
    found = Verdict(
        "failover-time", outcome, say("Not applicable: the site has no {unit}", unit="boards"), applies=applies
    )
    return Result(Judgement(head, (found,), outcome, "sha256:1", True), run)


def library() -> list[Scenario]:
    one = scenarios_of(["failover.active-server-crash"])[0]
    return [msgspec.structs.replace(one, id="failover.crash", requirement=("R1", "R2"))]


def covered(*results: Result, current: bool = True) -> Coverage:
    return cover(results, library(), lambda _: current)


def outcome(found: Coverage, claim: str) -> Outcome | None:
    return next(one.outcome for one in found.claims if one.id == claim)


def test_every_claim_is_there_with_or_without_a_verdict() -> None:
    found = covered(result(Outcome.PASS))
    assert [claim.id for claim in found.claims] == list(CLAIMED)
    assert outcome(found, "R1") is Outcome.PASS
    assert [claim.id for claim in found.open] == [id_ for id_ in CLAIMED if id_ not in ("R1", "R2")]
    assert found.outcome is Outcome.INCONCLUSIVE  # the others have no verdict


def test_the_worst_site_is_the_verdict_of_a_claim() -> None:
    found = covered(result(Outcome.PASS), result(Outcome.FAIL, keeps=False))
    assert outcome(found, "R2") is Outcome.FAIL
    assert found.outcome is Outcome.FAIL
    assert [column.site for column in found.columns] == ["proposal", "today"]


def judged(*found: tuple[str, Outcome], requirement: tuple[str, ...] = ("R1", "R12", "R16")) -> Coverage:
    """One result of a scenario that tries these claims."""
    verdicts = tuple(Verdict(criterion, outcome, say("No call was offered")) for criterion, outcome in found)
    head = msgspec.structs.replace(header(keeps=True), requirement=requirement, scenario="mine")
    return covered(Result(Judgement(head, verdicts, max(o for _, o in found), "sha256:1", True), "run"))


def test_a_claim_has_the_verdicts_of_the_criteria_that_speak_of_it_alone() -> None:
    found = judged(("stable-calls-preserved", Outcome.FAIL), ("cdr-exactly-once", Outcome.PASS))
    assert [outcome(found, claim) for claim in ("R1", "R16", "R12")] == [Outcome.FAIL, Outcome.PASS, None]
    (one,) = next(claim for claim in json.loads(to_json(found))["claims"] if claim["id"] == "R16")["scenarios"]
    assert one["results"][0]["criteria"] == {"cdr-exactly-once": "PASS"}


def test_a_broken_invariant_takes_every_claim_of_its_run_along() -> None:
    calls = ("stable-calls-preserved", Outcome.PASS)
    assert outcome(judged(calls, ("conservation", Outcome.FAIL)), "R1") is Outcome.FAIL
    assert outcome(judged(calls, ("conservation", Outcome.INCONCLUSIVE)), "R1") is Outcome.PASS
    assert outcome(judged(calls, ("conservation", Outcome.FAIL)), "R16") is None  # nothing was tried of it


def test_what_is_still_to_come_stands_beside_its_claim() -> None:
    text = render_coverage(covered(result(Outcome.PASS)), width=200)
    assert "later: call lists and automatic" in text
    page = render_page(covered(result(Outcome.PASS)))
    assert "supervision of the real devices needs the bench" in page
    by_id = {claim["id"]: claim["later"] for claim in json.loads(to_json(covered(result(Outcome.PASS))))["claims"]}
    assert by_id["R14"]["zh"] == "对真实设备的网管要等实物台"
    assert by_id["R1"] == {}


def test_it_is_known_of_each_criterion_what_it_speaks_of() -> None:
    assert SPEAKS_OF.keys() == CRITERIA.keys()
    assert frozenset().union(*SPEAKS_OF.values()) <= CLAIMED.keys()


def test_what_does_not_apply_is_no_verdict() -> None:
    found = covered(result(Outcome.INCONCLUSIVE, applies=False))
    assert outcome(found, "R1") is None
    assert "not applicable: proposal-20" in render_coverage(found, width=160)


def test_a_scenario_without_a_result_is_shown_as_such() -> None:
    found = covered()
    assert outcome(found, "R1") is None
    text = render_coverage(found, width=160)
    assert "without verdict: no result" in text
    assert "without verdict: no scenario tries it" in text
    assert "27 claims: 27 without a verdict, 0 failed somewhere, 0 met wherever they were tried" in text


def test_the_newest_result_counts() -> None:
    found = covered(result(Outcome.FAIL, run="old"), result(Outcome.PASS, run="new"))
    assert outcome(found, "R1") is Outcome.PASS
    assert json.loads(to_json(found))["claims"][0]["scenarios"][0]["results"][0]["run"] == "new"


def test_a_sweep_is_one_scenario_with_its_worst_strike() -> None:
    found = covered(
        result(Outcome.FAIL, scenario="failover.crash@1"), result(Outcome.PASS, scenario="failover.crash@2")
    )
    assert outcome(found, "R1") is Outcome.FAIL
    assert len(found.claims[0].tried) == 1


def test_a_result_of_an_earlier_version_is_marked() -> None:
    assert "proposal-20†" in render_coverage(covered(result(Outcome.PASS), current=False), width=160)
    assert "†" not in render_coverage(covered(result(Outcome.PASS)), width=160)


def test_a_foreign_claim_is_shown_too() -> None:
    found = covered(result(Outcome.FAIL, requirement=("X1",), scenario="mine"))
    assert found.claims[-1].id == "X1"
    assert found.outcome is Outcome.FAIL
    assert "X1" in render_page(found)


def test_the_page_is_in_both_languages_and_loads_nothing() -> None:
    page = render_page(covered(result(Outcome.PASS), result(Outcome.FAIL, keeps=False)))
    assert "Call server 1+1" in page
    assert "呼叫服务器1+1热备" in page
    assert 'class="fail"' in page
    assert "http" not in page.replace("http-equiv", "")


def test_a_hostile_log_writes_no_markup() -> None:
    title = {"en": HOSTILE, "zh": HOSTILE}
    found = covered(result(Outcome.PASS, scenario=HOSTILE, title=title, site_title=title, requirement=(HOSTILE,)))
    assert "<script" not in render_page(found)
    assert "\x1b" not in render_coverage(found, width=160)


def test_results_on_disk_are_compared_with_the_files_of_today() -> None:
    from simtel.run.choose import sites_of  # noqa: PLC0415
    from simtel.run.current import current  # noqa: PLC0415
    from simtel.run.plan import header as head_of  # noqa: PLC0415
    from simtel.run.plan import items  # noqa: PLC0415

    scenarios = scenarios_of(["failover.active-server-crash"])
    (item,) = items(scenarios, sites_of(["today"], [30], "as-quoted"), 7)
    same, head = current(scenarios), head_of(item)
    assert same(head)
    assert same(msgspec.structs.replace(head, scenario=f"{head.scenario}@3"))
    assert not same(msgspec.structs.replace(head, scenario_hash="sha256:old"))
    assert not same(msgspec.structs.replace(head, site_hash="sha256:old"))
    assert not same(msgspec.structs.replace(head, seats=5000))
    mine: Header = msgspec.structs.replace(head, scenario="mine", site="mine", site_hash="x", scenario_hash="y")
    assert same(mine)  # nothing shipped to compare it with
