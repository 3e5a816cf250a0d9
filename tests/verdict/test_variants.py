import msgspec
import pytest

from simtel.core.clock import MS, SECOND
from simtel.core.log import Figure, Header
from simtel.core.quantity import Unit, Value
from simtel.verdict.judge import Judgement, judge
from simtel.verdict.outcome import Outcome
from simtel.verdict.variants import Setting, Variant, apply_variants, bisect, variant_of
from simtel.verdict.verdict import Measured, Verdict, say
from tests.verdict.cases import gap

DETECT = Figure("servers/detect", Unit.TIME, "assumed", 3 * SECOND, 1 * SECOND, 10 * SECOND)
ANCHOR = Figure("servers/anchor", Unit.CHOICE, "unknown", source="not stated")
GOOD, BAD, OPEN, BROKEN = Outcome.PASS, Outcome.FAIL, Outcome.INCONCLUSIVE, Outcome.ERROR


def nominal(
    outcome: Outcome = GOOD, value: int = 5, unknown: tuple[Figure, ...] = (), assumed: bool = True
) -> Judgement:
    header = Header("s", "p", "bench", 1, "0", assumed=(DETECT,) if assumed else (), unknown=unknown)
    verdict = Verdict("blocking", outcome, say("No call was offered"), Measured(value, Unit.COUNT))
    return Judgement(header, (verdict,), outcome, "sha256:0", True)


def variant(
    value: Value,
    outcome: Outcome = GOOD,
    measured: int = 5,
    figure: str = DETECT.path,
    basis: str = "assumed",
    unit: Unit = Unit.TIME,
) -> Variant:
    return Variant(figure, value, unit, basis, "sha256:1", {"blocking": (outcome, Measured(measured, Unit.COUNT))})


def applied(judgement: Judgement, *variants: Variant) -> Verdict:
    found = apply_variants(judgement, variants)
    assert found.outcome is found.verdicts[0].outcome
    return found.verdicts[0]


def test_rule_2_what_does_not_turn_passes_and_rests_on_nothing() -> None:
    verdict = applied(nominal(), variant(SECOND), variant(10 * SECOND))
    assert (verdict.outcome, verdict.rests_on, verdict.notes) == (GOOD, (), ())


def test_rule_2_a_figure_that_moves_the_measured_value_is_named() -> None:
    verdict = applied(nominal(), variant(SECOND), variant(10 * SECOND, measured=6))
    assert (verdict.outcome, verdict.rests_on) == (GOOD, (DETECT.path,))


@pytest.mark.parametrize(("stated", "turned"), [(GOOD, BAD), (BAD, GOOD), (GOOD, BROKEN), (BAD, OPEN)])
def test_rule_2_a_verdict_that_turns_is_open_and_says_where(stated: Outcome, turned: Outcome) -> None:
    verdict = applied(
        nominal(stated), variant(SECOND, stated), variant(10 * SECOND, turned), variant(6 * SECOND, turned)
    )
    assert verdict.outcome is OPEN
    assert verdict.rests_on == (DETECT.path,)
    words = f"{stated.name} with servers/detect = 3 s (assumed), but it turns between 3 s and 6 s to {turned.name}"
    assert str(verdict.reason) == words
    assert "No call was offered" in [str(note) for note in verdict.notes]


@pytest.mark.parametrize(
    ("same", "other", "words"),
    [
        (3 * SECOND, 3 * SECOND + 28_125_000, "between 3 s and 3.03 s"),
        (521_875_000, 550_000_000, "between 520 ms and 550 ms"),
        (550_000_000, 521_875_000, "between 550 ms and 520 ms"),
        (250 * MS, 600 * MS, "between 250 ms and 600 ms"),
        (0, 1, "between 0 s and 0.001 us"),
    ],
)
def test_rule_2_the_place_is_told_no_finer_than_the_step_that_found_it(same: int, other: int, words: str) -> None:
    verdict = applied(nominal(), variant(same), variant(other, BAD))
    assert words in str(verdict.reason)


def of_an_invariant(outcome: Outcome, *others: Outcome, together: tuple[Setting, ...] = ()) -> Verdict:
    """The verdict on quiescence, nominally and with other values of an assumed figure, the last with `together`."""
    judgement = nominal(outcome)
    judgement.verdicts = (msgspec.structs.replace(judgement.verdicts[0], criterion="quiescence"),)
    tried = [
        Variant(DETECT.path, (n + 4) * SECOND, Unit.TIME, "assumed", "sha256:1",
                {"quiescence": (other, Measured(9 + n, Unit.COUNT))})
        for n, other in enumerate(others)
    ]  # fmt: skip
    if together:
        tried[-1] = msgspec.structs.replace(tried[-1], figure="", together=together)
    return applied(judgement, *tried)


def test_rule_2_what_must_hold_with_any_figures_fails_where_one_breaks_it() -> None:
    verdict = of_an_invariant(GOOD, GOOD, BAD)
    assert (verdict.outcome, verdict.rests_on) == (BAD, (DETECT.path,))
    assert str(verdict.reason) == (
        "PASS with the figures as stated, but FAIL with servers/detect = 5 s: it must hold with any, so simtel itself "
        "is wrong there"
    )
    assert verdict.measured == Measured(10, Unit.COUNT)


def test_rule_2_what_must_hold_with_any_figures_fails_where_several_together_break_it() -> None:
    settings = (Setting("a", 1, Unit.COUNT), Setting("b", 2, Unit.COUNT))
    verdict = of_an_invariant(GOOD, GOOD, BAD, together=settings)
    assert (verdict.outcome, verdict.rests_on) == (BAD, ("a", "b"))
    assert "FAIL with a = 1, b = 2:" in str(verdict.reason)


def test_rule_2_what_must_hold_with_any_figures_is_not_mended_by_another_value() -> None:
    assert of_an_invariant(BAD, GOOD).outcome is BAD
    assert of_an_invariant(OPEN, BAD).outcome is BAD
    assert of_an_invariant(GOOD, OPEN).outcome is OPEN
    assert of_an_invariant(GOOD, GOOD).outcome is GOOD


def test_rule_2_a_share_is_rounded_as_well() -> None:
    stated = Figure("x", Unit.SHARE, "assumed", 0.1, 0.0, 0.2)
    judgement = nominal()
    judgement.header = Header("s", "p", "bench", 1, "0", assumed=(stated,))
    tried = (
        variant(value, outcome, 5, "x", "assumed", Unit.SHARE) for value, outcome in ((0.0, GOOD), (0.053125, BAD))
    )
    assert "between 10 % and 5 %" in str(applied(judgement, *tried).reason)


def test_rule_2_a_choice_that_turns_a_verdict_is_named_with_its_value() -> None:
    header = nominal().header
    figure = Figure("servers/anchor", Unit.CHOICE, "assumed", "direct", alternatives=("server",))
    judgement = msgspec.structs.replace(nominal(), header=msgspec.structs.replace(header, assumed=(figure,)))
    verdict = applied(judgement, variant("server", BAD, figure=figure.path, unit=Unit.CHOICE))
    assert str(verdict.reason) == "PASS with servers/anchor = direct (assumed), but FAIL with server"


@pytest.mark.parametrize(
    ("outcome", "measured", "said"),
    [
        (BAD, 5, "This rests on servers/anchor, which is unknown: with server it is FAIL"),
        (
            GOOD,
            6,
            "PASS with each value tried for servers/anchor, but that is unknown and moves the figure (as server does)",
        ),
    ],
)
def test_rule_2_an_unknown_that_matters_at_all_leaves_it_open(outcome: Outcome, measured: int, said: str) -> None:
    other = variant("server", outcome, measured, ANCHOR.path, "unknown", Unit.CHOICE)
    verdict = applied(nominal(unknown=(ANCHOR,)), variant(SECOND), other)
    assert verdict.outcome is OPEN
    assert str(verdict.reason) == said
    assert verdict.rests_on == (ANCHOR.path,)


def test_rule_2_an_unknown_that_changes_nothing_leaves_the_pass() -> None:
    other = variant("server", GOOD, 5, ANCHOR.path, "unknown", Unit.CHOICE)
    assert applied(nominal(unknown=(ANCHOR,)), variant(SECOND), other).outcome is GOOD


def test_rule_2_a_pass_on_figures_that_nobody_varied_is_open() -> None:
    verdict = applied(nominal())
    assert verdict.outcome is OPEN
    assert "servers/detect among them" in str(verdict.reason)
    assert applied(nominal(unknown=(ANCHOR,), assumed=False)).outcome is OPEN
    assert applied(nominal(assumed=False)).outcome is GOOD
    assert applied(nominal(BAD)).outcome is BAD


def test_a_figure_that_was_left_out_is_noted() -> None:
    verdict = applied(nominal(unknown=(ANCHOR,)), variant(SECOND))
    assert [str(note) for note in verdict.notes] == ["Not varied: servers/anchor"]


def test_an_error_stays_an_error() -> None:
    assert applied(nominal(BROKEN), variant(SECOND, GOOD)).outcome is BROKEN


def test_an_open_verdict_keeps_its_reason() -> None:
    verdict = applied(nominal(OPEN), variant(SECOND, GOOD), variant(10 * SECOND, OPEN))
    assert str(verdict.reason) == "No call was offered"
    assert any("turns between" in str(note) for note in verdict.notes)


def test_a_variant_that_says_nothing_of_a_criterion_proves_nothing() -> None:
    silent = Variant(DETECT.path, SECOND, Unit.TIME, "assumed", "sha256:1", {})
    assert applied(nominal(), silent).outcome is OPEN


def test_every_figure_that_turns_the_outcome_is_told() -> None:
    other = variant(9, BAD, figure="seats/ports", unit=Unit.COUNT)
    verdict = applied(nominal(), variant(10 * SECOND, BAD), other)
    assert "servers/detect" in str(verdict.reason)
    assert any("seats/ports" in str(note) for note in verdict.notes)
    assert verdict.rests_on == ("seats/ports", "servers/detect")


@pytest.mark.parametrize(
    ("low", "high", "middle"),
    [
        (variant(SECOND), variant(3 * SECOND, BAD), 2 * SECOND),
        (variant(3 * SECOND, BAD), variant(SECOND), 2 * SECOND),
        (variant(SECOND), variant(3 * SECOND), None),
        (variant(SECOND), variant(SECOND + 10 * MS, BAD), None),
        (variant(1, unit=Unit.COUNT), variant(2, BAD, unit=Unit.COUNT), None),
        (variant(0.1, unit=Unit.SHARE), variant(0.3, BAD, unit=Unit.SHARE), 0.2),
        (variant("a", unit=Unit.CHOICE), variant("b", BAD, unit=Unit.CHOICE), None),
        (variant(SECOND), variant(3 * SECOND, BAD, figure="another"), None),
    ],
)
def test_bisecting_ends(low: Variant, high: Variant, middle: float | None) -> None:
    assert bisect(low, high) == (None if middle is None else pytest.approx(middle))


def test_bisecting_finds_the_place() -> None:
    low, high = variant(SECOND), variant(10 * SECOND, BAD)
    steps = 0
    while (value := bisect(low, high)) is not None:
        assert not isinstance(value, str)
        steps += 1
        if value < 4.2 * SECOND:
            low = variant(value)
        else:
            high = variant(value, BAD)
    assert low.value < 4.2 * SECOND <= high.value
    assert steps < 8


def test_a_judgement_becomes_a_variant_and_travels() -> None:
    judgement = judge(gap().call("a", 10, 100, "seat.1", gap=1).log())
    made = variant_of("servers/detect", SECOND, Unit.TIME, "assumed", judgement)
    assert made.results["media-gap"] == (GOOD, Measured(SECOND, Unit.TIME))
    assert msgspec.json.decode(msgspec.json.encode(made), type=Variant) == made
    assert apply_variants(judgement, [made]).verdicts == judgement.verdicts
