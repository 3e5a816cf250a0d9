"""Rule 2: what rests on an assumed or unknown figure is tried with its other values."""

from pathlib import Path

import msgspec
import pytest

from simtel.core.clock import SECOND, Ns
from simtel.core.problems import BadInput
from simtel.core.quantity import Unit
from simtel.profiles.spec import SiteSpec
from simtel.run.once import to_memory
from simtel.run.plan import header
from simtel.run.sweep import LAG
from simtel.run.variants import (
    EVENTS,
    LONG,
    Runs,
    Together,
    basis_of,
    middle_of,
    read_variants,
    to_vary,
    values_of,
    vary,
    write_variants,
)
from simtel.scenario.spec import Random
from simtel.verdict.judge import Judgement, judge
from simtel.verdict.outcome import Outcome
from simtel.verdict.variants import Variant, apply_variants
from simtel.verdict.verdict import Verdict
from tests.run.fake import DIALOGS, PROMOTE, FakeTarget
from tests.run.sites import crash, item, site, stated

FAILOVER = "failover-time"  # at most 5 s in the scenario
YEARS = crash(random=Random(1, (), 1, Ns(0), Ns(0)))


def tried(spec: SiteSpec, *also: str, events: int = 1, **other: object) -> tuple[Judgement, list[Variant], FakeTarget]:
    """The nominal judgement, its variants when a run takes so many events, and the target that ran them."""
    target = FakeTarget(also=also)
    target.heap_events = events
    planned = msgspec.structs.replace(item(spec), **other)
    nominal = judge(to_memory(planned, target))
    return nominal, vary(planned, target, nominal), target


def verdict_of(spec: SiteSpec, *also: str, key: str = FAILOVER) -> Verdict:
    nominal, variants, _ = tried(spec, *also)
    return next(one for one in apply_variants(nominal, variants).verdicts if one.key == key)


def test_a_pass_over_the_whole_range_stays_a_pass() -> None:
    verdict = verdict_of(stated(site(), PROMOTE, SECOND, low=0, high=3 * SECOND))
    assert verdict.outcome is Outcome.PASS
    assert PROMOTE in verdict.rests_on


def test_a_pass_that_turns_within_the_range_is_inconclusive_and_says_where() -> None:
    verdict = verdict_of(stated(site(), PROMOTE, SECOND, low=0, high=60 * SECOND))
    assert verdict.outcome is Outcome.INCONCLUSIVE
    assert "it turns between" in str(verdict.reason)
    assert PROMOTE in str(verdict.reason)


def test_a_fail_that_turns_is_inconclusive_too() -> None:
    verdict = verdict_of(stated(site(), PROMOTE, 50 * SECOND, low=0, high=60 * SECOND))
    assert verdict.outcome is Outcome.INCONCLUSIVE


def test_where_it_turns_is_narrowed_by_halving() -> None:
    _, variants, _ = tried(stated(site(), PROMOTE, SECOND, low=0, high=64 * SECOND))
    found = {variant.value: variant.results[FAILOVER][0] for variant in variants if variant.figure == PROMOTE}
    last_pass = max(value for value, outcome in found.items() if outcome is Outcome.PASS)  # type: ignore[type-var]
    first_fail = min(value for value, outcome in found.items() if outcome is Outcome.FAIL)  # type: ignore[type-var]
    assert float(last_pass) < 4.99 * SECOND < float(first_fail)
    assert float(first_fail) - float(last_pass) <= 4 * SECOND
    assert len(found) <= 3 + 3


def test_the_ends_of_a_range_are_tried_and_the_middle_where_an_outcome_differs() -> None:
    spec = stated(site(), PROMOTE, SECOND, low=0, high=3 * SECOND)
    assert values_of(spec.figures[PROMOTE]) == [0, 3 * SECOND]
    assert middle_of(spec.figures[PROMOTE]) == 1_500_000_000
    _, variants, _ = tried(spec)
    assert [one.value for one in variants if one.figure == PROMOTE] == [0, 3 * SECOND]
    _, variants, _ = tried(stated(site(), PROMOTE, SECOND, low=0, high=64 * SECOND))
    assert 32 * SECOND in [one.value for one in variants if one.figure == PROMOTE]


def test_an_end_in_use_is_no_inside() -> None:
    for value, runs in ((0, [SECOND, SECOND // 2]), (SECOND // 4, [0, SECOND])):
        _, found, _ = tried(stated(site(), LAG, value, low=0, high=SECOND), LAG)
        assert [one.value for one in found if one.figure == LAG] == runs


def test_values_for_which_no_time_is_left_are_told_as_not_tried() -> None:
    spec = pair(1, 2)
    for runs in (1, 3):
        nominal, variants, target = tried(spec, LAG, events=EVENTS // runs, scenario=YEARS)
        left = [one for one in variants if one.untried]
        assert target.runs == 2 + runs  # after the nominal one and the one that tells what would be noticed
        assert {one.figure for one in left} <= {PROMOTE, LAG}
        assert len(left) == 4 - runs
        found = {one.key: one for one in apply_variants(nominal, variants).verdicts}
        assert found[FAILOVER].outcome is Outcome.INCONCLUSIVE
        assert str(found[FAILOVER].reason).startswith(f"Not tried for want of time: {4 - runs} values of ")
        assert left[0].figure in found[FAILOVER].rests_on
    _, variants, target = tried(spec, LAG, events=EVENTS, exhaustive=True, scenario=YEARS)
    assert target.runs == 2 + 4 + 1  # and both together
    assert not any(one.untried for one in variants)


def test_an_item_that_lasts_for_days_is_bounded_too() -> None:
    nominal, variants, target = tried(pair(1, 2), LAG, events=LONG // 2)
    assert target.runs == 2 + 2
    assert sum(one.untried for one in variants) == 2
    found = {one.key: one for one in apply_variants(nominal, variants).verdicts}
    assert str(found[FAILOVER].reason).startswith("Not tried for want of time: 2 values of ")
    assert not any(one.untried for one in tried(pair(1, 2), LAG, events=LONG // 2, exhaustive=True)[1])
    assert not any(one.untried for one in tried(pair(1, 2), LAG, events=LONG // 300)[1])


def test_a_fail_stays_a_fail_and_says_what_was_not_tried() -> None:
    nominal, variants, _ = tried(pair(9, 10), LAG, events=2 * EVENTS, scenario=YEARS)
    (found,) = (one for one in apply_variants(nominal, variants).verdicts if one.key == FAILOVER)
    assert found.outcome is Outcome.FAIL
    assert "Not tried for want of time: 4 values of 2 assumed or unknown figures" in str(found.notes[-1])


def test_where_a_sample_turns_is_not_narrowed() -> None:
    _, variants, _ = tried(stated(site(), PROMOTE, SECOND, low=0, high=64 * SECOND), scenario=YEARS)
    assert [one.value for one in variants if one.figure == PROMOTE] == [0, 64 * SECOND]


def test_each_alternative_of_a_choice_is_tried() -> None:
    given = stated(site(), DIALOGS, True, alternatives=[False]).figures[DIALOGS]
    assert values_of(given) == [False]


def test_a_quoted_figure_is_not_varied() -> None:
    assert basis_of(stated(site(), PROMOTE, SECOND).figures[PROMOTE]) == ""


def test_an_unknown_is_tried_and_named() -> None:
    unknown = next(path for path, given in site().figures.items() if basis_of(given) == "unknown")
    _, variants, _ = tried(site())
    assert unknown in {variant.figure for variant in variants if variant.basis == "unknown"}


def test_of_unknown_figures_alone_no_assumed_one_is_tried() -> None:
    spec = stated(site(), PROMOTE, SECOND, low=0, high=3 * SECOND)
    assert {basis_of(given) for given in to_vary(item(spec)).values()} == {"assumed", "unknown"}
    assert {one.basis for one in tried(spec, unknown_alone=True)[1]} == {"unknown"}


def test_every_assumed_and_unknown_figure_of_the_header_has_its_variants() -> None:
    spec = site()
    head = header(item(spec))
    _, variants, _ = tried(spec)
    assert {variant.figure for variant in variants} == {figure.path for figure in (*head.assumed, *head.unknown)}


def test_only_values_that_the_run_would_notice_are_run() -> None:
    spec = stated(stated(site(), PROMOTE, SECOND, low=0, high=3 * SECOND), DIALOGS, True)
    _, variants, target = tried(spec)
    assert target.runs == 1 + 1 + 2  # the nominal run, the one that tells what would be noticed, the two ends
    assert len(variants) > 50
    assert len({variant.digest for variant in variants}) == 3


def pair(nominal: int, high: int) -> SiteSpec:
    """A promotion of `nominal` seconds and `high` at most, a lag of the same; every other figure does nothing."""
    spec = stated(stated(site(), DIALOGS, True), PROMOTE, nominal * SECOND, low=0, high=high * SECOND)
    return stated(spec, LAG, nominal * SECOND, low=0, high=high * SECOND)


def test_two_figures_that_each_pass_alone_and_fail_together_are_named() -> None:
    verdict = verdict_of(pair(1, 3), LAG)  # at most 5 s: 1 + 3 passes, 3 + 3 does not
    assert verdict.outcome is Outcome.INCONCLUSIVE
    assert str(verdict.reason) == (
        "PASS with each assumed figure alone, but FAIL with 2 of them together: "
        "servers.election.promote_time = 3 s, servers.replication.lag = 3 s"
    )
    assert {PROMOTE, LAG} <= set(verdict.rests_on)


def test_two_figures_that_pass_together_leave_the_pass() -> None:
    assert verdict_of(pair(1, 2), LAG).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("runs", "told"),
    [
        (0, "Not tried for want of time: 2 assumed or unknown figures together, servers.election.promote_time among"),
        (1, "PASS with each assumed figure alone, but FAIL with 2 of them together: "),
    ],
)
def test_figures_together_for_which_no_time_is_left_are_told_as_not_tried(runs: int, told: str) -> None:
    planned, target = item(pair(1, 3)), FakeTarget(also=(LAG,))
    nominal = judge(to_memory(planned, target))
    alone = [one for one in vary(planned, target, nominal) if not one.together]
    before = target.runs
    variants = alone + Together(planned, target, nominal, alone, Runs(runs)).tried()
    assert target.runs == before + runs
    (found,) = (one for one in apply_variants(nominal, variants).verdicts if one.key == FAILOVER)
    assert found.outcome is Outcome.INCONCLUSIVE
    assert str(found.reason).startswith(told)
    assert PROMOTE in found.rests_on


def test_a_fail_that_two_good_ends_together_would_lift_is_open_too() -> None:
    verdict = verdict_of(pair(5, 6), LAG)  # 5 + 0 is not below 5 s, 0 + 0 is
    assert verdict.outcome is Outcome.INCONCLUSIVE
    assert "PASS with 2 of them together" in str(verdict.reason)


def test_of_many_figures_the_first_that_are_enough_are_named() -> None:
    third = "servers.election.address_time"
    spec = stated(pair(1, 3), third, 0, low=0, high=SECOND // 10)
    _, variants, _ = tried(spec, LAG, third)
    sets = [{one.figure for one in variant.together} for variant in variants if variant.together]
    assert sets == [{PROMOTE, LAG, third}, {PROMOTE, LAG}]
    assert "2 of them together" in str(verdict_of(spec, LAG, third).reason)


def test_variants_survive_their_file_and_belong_to_one_log(tmp_path: Path) -> None:
    nominal, variants, _ = tried(stated(site(), PROMOTE, SECOND, low=0, high=3 * SECOND))
    path = tmp_path / "variants.jsonl"
    write_variants(path, nominal, variants)
    assert read_variants(path, nominal.digest) == variants
    path.write_bytes(path.read_bytes().replace(b"variants/3", b"variants/1", 1))
    assert read_variants(path, nominal.digest) == variants  # of an earlier version
    assert read_variants(path, "sha256:other") is None
    assert read_variants(tmp_path / "none", nominal.digest) is None


@pytest.mark.parametrize("content", [b"", b"{}\n", b"\xff\n", b'{"simtel":"variants/1","nominal":"d"}\n{"figure":1}\n'])
def test_a_bad_file_of_variants_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "variants.jsonl"
    path.write_bytes(content)
    with pytest.raises(BadInput, match="is not a file of variants"):
        read_variants(path, "d")


def test_a_number_stays_a_number_of_its_unit() -> None:
    for given in site().figures.values():
        if given.stated.unit in (Unit.TIME, Unit.COUNT):
            assert all(isinstance(value, int) for value in values_of(given))
