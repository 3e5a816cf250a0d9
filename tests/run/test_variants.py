"""Rule 2: what rests on an assumed or unknown figure is tried with its other values."""

from pathlib import Path

import pytest

from simtel.core.clock import SECOND
from simtel.core.problems import BadInput
from simtel.core.quantity import Unit
from simtel.profiles.spec import SiteSpec
from simtel.run.once import to_memory
from simtel.run.plan import header
from simtel.run.sweep import LAG
from simtel.run.variants import (
    Looked,
    basis_of,
    middle_of,
    read_variants,
    values_of,
    vary,
    watched,
    write_variants,
)
from simtel.verdict.judge import Judgement, judge
from simtel.verdict.outcome import Outcome
from simtel.verdict.variants import Variant, apply_variants
from simtel.verdict.verdict import Verdict
from tests.run.fake import DIALOGS, PROMOTE, FakeTarget
from tests.run.sites import item, site, stated

FAILOVER = "failover-time"  # at most 5 s in the scenario


def tried(spec: SiteSpec) -> tuple[Judgement, list[Variant], FakeTarget]:
    """The nominal judgement, its variants, and the target that ran them."""
    target = FakeTarget()
    shown, looked = watched(spec)
    nominal = judge(to_memory(item(spec), target, shown))
    return nominal, vary(item(spec), target, nominal, frozenset(looked.at)), target


def verdict_of(spec: SiteSpec, key: str = FAILOVER) -> Verdict:
    nominal, variants, _ = tried(spec)
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
    assert float(first_fail) - float(last_pass) <= 2 * SECOND
    assert len(found) <= 3 + 4


def test_the_ends_of_a_range_are_tried_and_the_middle_where_an_outcome_differs() -> None:
    spec = stated(site(), PROMOTE, SECOND, low=0, high=3 * SECOND)
    assert values_of(spec.figures[PROMOTE]) == [0, 3 * SECOND]
    assert middle_of(spec.figures[PROMOTE]) == 1_500_000_000
    _, variants, _ = tried(spec)
    assert [one.value for one in variants if one.figure == PROMOTE] == [0, 3 * SECOND]
    _, variants, _ = tried(stated(site(), PROMOTE, SECOND, low=0, high=64 * SECOND))
    assert 32 * SECOND in [one.value for one in variants if one.figure == PROMOTE]


def test_an_end_in_use_is_no_inside() -> None:
    # A figure that is looked at and changes nothing: the middle is tried, for nothing else lies inside.
    for value, runs in ((0, [SECOND, SECOND // 2]), (SECOND // 4, [0, SECOND])):
        spec = stated(site(), LAG, value, low=0, high=SECOND)
        target = FakeTarget()
        nominal = judge(to_memory(item(spec), target))
        found = vary(item(spec), target, nominal, frozenset({LAG}))
        assert [one.value for one in found if one.figure == LAG] == runs


def test_each_alternative_of_a_choice_is_tried() -> None:
    given = stated(site(), DIALOGS, True, alternatives=[False]).figures[DIALOGS]
    assert values_of(given) == [False]


def test_a_quoted_figure_is_not_varied() -> None:
    assert basis_of(stated(site(), PROMOTE, SECOND).figures[PROMOTE]) == ""


def test_an_unknown_is_tried_and_named() -> None:
    unknown = next(path for path, given in site().figures.items() if basis_of(given) == "unknown")
    _, variants, _ = tried(site())
    assert unknown in {variant.figure for variant in variants if variant.basis == "unknown"}


def test_every_assumed_and_unknown_figure_of_the_header_has_its_variants() -> None:
    spec = site()
    head = header(item(spec))
    _, variants, _ = tried(spec)
    assert {variant.figure for variant in variants} == {figure.path for figure in (*head.assumed, *head.unknown)}


def test_only_figures_that_were_looked_at_are_run_again() -> None:
    spec = stated(stated(site(), PROMOTE, SECOND, low=0, high=3 * SECOND), DIALOGS, True)
    _, variants, target = tried(spec)
    assert target.runs == 1 + 2
    assert len(variants) > 50


def test_without_an_account_every_figure_is_run_again() -> None:
    target = FakeTarget()
    nominal = judge(to_memory(item(), target))
    variants = vary(item(), target, nominal)
    assert target.runs == 1 + len(variants)


@pytest.mark.parametrize("how", [dict, list, lambda figures: {**figures}, lambda figures: [*figures.items()]])
def test_whoever_walks_over_all_figures_has_looked_at_all(how: object) -> None:
    looked = Looked(site().figures)
    how(looked)  # type: ignore[operator]
    assert looked.at == set(site().figures)


def test_asking_whether_a_figure_is_there_is_looking_at_it() -> None:
    looked = Looked(site().figures)
    assert PROMOTE in looked
    looked.get("no.such")
    assert looked.at == {PROMOTE, "no.such"}


def test_variants_survive_their_file_and_belong_to_one_log(tmp_path: Path) -> None:
    nominal, variants, _ = tried(stated(site(), PROMOTE, SECOND, low=0, high=3 * SECOND))
    path = tmp_path / "variants.jsonl"
    write_variants(path, nominal, variants)
    assert read_variants(path, nominal.digest) == variants
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
