import ast
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import simtel.verdict
from simtel.core.clock import parse_duration
from simtel.core.log import Expectation, Limit
from simtel.core.quantity import Unit
from simtel.verdict import templates as module
from simtel.verdict.criteria import CRITERIA
from simtel.verdict.outcome import Outcome
from simtel.verdict.templates import templates
from simtel.verdict.verdict import Text, about, against, need, number_of, numbers, say


def test_a_sentence_keeps_template_and_fields_apart() -> None:
    assert say("{n} of {all}", n=1, all=2) == Text("{n} of {all}", {"n": 1, "all": 2})
    assert str(say("{n} of {all}", n=1, all=2)) == "1 of 2"


@pytest.mark.parametrize("args", [{}, {"n": 1, "more": 2}])
def test_a_sentence_with_other_fields_is_refused(args: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="has the fields"):
        say("{n} calls", **args)


@pytest.mark.parametrize(
    ("measured", "off", "limit", "at_most", "outcome"),
    [
        (2, 0, 2, True, Outcome.PASS), (3, 0, 2, True, Outcome.FAIL), (1, 1, 2, True, Outcome.PASS),
        (1.5, 1, 2, True, Outcome.INCONCLUSIVE), (2.5, 1, 2, True, Outcome.INCONCLUSIVE), (4, 1, 2, True, Outcome.FAIL),
        (2, 0, 2, False, Outcome.PASS), (1, 0, 2, False, Outcome.FAIL), (2.5, 1, 2, False, Outcome.INCONCLUSIVE),
        (3, 1, 2, False, Outcome.PASS), (0, 1, 2, False, Outcome.FAIL),
    ],
)  # fmt: skip
def test_rule_7_a_limit_within_the_uncertainty_is_open(
    measured: float, off: float, limit: float, at_most: bool, outcome: Outcome
) -> None:
    assert against(measured, off, limit, at_most) is outcome


@given(st.integers(0, 1000), st.integers(0, 100), st.integers(0, 1000), st.booleans(), st.integers(-100, 100))
def test_whatever_the_true_value_the_comparison_does_not_lie(
    measured: int, off: int, limit: int, at_most: bool, error: int
) -> None:
    true = measured + max(-off, min(off, error))
    good = true <= limit if at_most else true >= limit
    assert against(measured, off, limit, at_most) is not (Outcome.FAIL if good else Outcome.PASS)


def test_a_missing_limit_and_a_word_as_limit_are_named() -> None:
    with pytest.raises(KeyError, match="at_most of media-gap"):
        need(Expectation("media-gap"), "at_most")
    with pytest.raises(TypeError, match="at_most"):
        number_of(Limit("at_most", "soon", Unit.CHOICE, "buyer"))


def test_numbers_of_nothing() -> None:
    assert numbers([None], []) == ()


def test_every_template_is_found_and_every_title_is_one() -> None:
    found = templates()
    assert {criterion.title.template for criterion in CRITERIA.values()} <= found
    assert "No call was up when the fault struck" in found
    assert len(found) > 60


def test_a_template_that_is_no_literal_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "bad.py").write_text("say(sentence, n=1)\n")
    monkeypatch.setattr(module, "HERE", tmp_path)
    with pytest.raises(TypeError, match=r"bad\.py:1"):
        templates()


def test_no_sentence_is_made_past_say() -> None:
    """`Text(...)` is built by `say` and `say_message` alone, or a sentence would escape translation."""
    for path in Path(simtel.verdict.__file__).parent.rglob("*.py"):
        made = [
            node.lineno for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Text"
        ]  # fmt: skip
        assert len(made) == 2 * (path.name == "verdict.py"), f"{path.name}: {made}"


@pytest.mark.parametrize(
    ("value", "off", "gap", "told"),
    [
        (2_513_456_789, 213_456_000, "2.5 s", "220 ms"),
        (3_050_000_000, 100_000_000, "3.1 s", "100 ms"),
        (521_875_000, 28_125_000, "520 ms", "29 ms"),
        (3_609_000_000, 0, "3.609 s", "0 s"),
        (7, 1, "0.007 us", "0.001 us"),
    ],
)
def test_a_duration_is_told_no_more_exactly_than_it_is_known(value: int, off: int, gap: str, told: str) -> None:
    assert about(value, off) == {"gap": gap, "off": told}


@given(st.integers(0, 10**13), st.integers(1, 10**12))
def test_a_rounded_duration_lies_within_its_uncertainty(value: int, off: int) -> None:
    told = str(about(value, off)["gap"])
    shown = parse_duration(told.replace(" ", ""))
    assert abs(shown - value) <= max(off, value // 1000)  # three decimals are shown of any unit
