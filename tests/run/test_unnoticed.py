"""A stand-in answers like its value and strikes off every other value that would have answered otherwise."""

import math
import operator
from collections.abc import Callable
from typing import Any

import pytest

from simtel.core.clock import SECOND
from simtel.core.log import EvidenceWriter
from simtel.run.once import to_memory
from simtel.run.unnoticed import StandIn, unnoticed
from simtel.run.variants import basis_of, values_of
from simtel.target.plan import Plan
from tests.run.fake import DIALOGS, PROMOTE, FakeTarget
from tests.run.sites import item, site, stated

LOW, HIGH = ("figure", "low"), ("figure", "high")


def stand_in(plain: Any, low: Any, high: Any) -> StandIn:
    return StandIn(plain, {LOW: low, HIGH: high}, {LOW, HIGH})


@pytest.mark.parametrize(
    ("question", "answer", "left"),
    [
        (lambda x: bool(x < 9), True, {LOW}),
        (lambda x: x >= 5, True, {HIGH}),
        (bool, True, {LOW, HIGH}),
        (lambda x: bool(x - 4), True, {HIGH}),
        (lambda x: bool(20 - x), True, {LOW, HIGH}),
        (lambda x: bool(x == 5), True, set()),
        (lambda x: x in (4, 7), False, {HIGH}),
        (lambda x: max(x, 100), 100, {LOW, HIGH}),
        (int, 5, set()),
        (lambda x: int(x * 0), 0, {LOW, HIGH}),
        (lambda x: 10 // x, 2, {LOW}),
        (lambda x: bool(12 % x == 2), True, set()),
        (float, 5.0, set()),
        (lambda x: f"{x}", "5", set()),
        (lambda x: list(range(x)), [0, 1, 2, 3, 4], set()),
        ({5: "five"}.get, "five", set()),
        (lambda x: sorted([3, x, 30]) == [3, 5, 30], True, set()),
        (lambda x: (x, 1) < (10, 0), True, {LOW}),
        (lambda x: math.floor(x / 100), 0, {LOW, HIGH}),
        (lambda x: bool(1.5 * x > 4), True, {LOW, HIGH}),
    ],
)
def test_what_answers_otherwise_is_struck_off(
    question: Callable[[Any], Any], answer: object, left: set[object]
) -> None:  # fmt: skip
    value = stand_in(5, 4, 12)
    found = question(value)
    plain = found.ask(lambda one: one) if isinstance(found, StandIn) else found
    assert plain == question(5) == answer
    assert value.alive == left


def test_a_comparison_of_two_figures_strikes_off_values_of_either() -> None:
    alive = {LOW, HIGH}
    one, other = StandIn(5, {LOW: 1}, alive), StandIn(4, {HIGH: 6}, alive)
    assert (one - other).ask(operator.index) == 1
    assert alive == set()


def test_what_a_value_cannot_answer_strikes_it_off() -> None:
    value = stand_in(5, 0, 10)
    assert bool(10 // value)
    assert value.alive == {HIGH}


def test_a_word_is_asked_when_the_answer_is_used() -> None:
    value = stand_in("vip", "successive", "vip")
    same = value == "vip"
    assert value.alive == {LOW, HIGH}
    assert same
    assert value.alive == {HIGH}


def spread() -> dict[str, list[Any]]:
    return {path: values_of(given) for path, given in site().figures.items() if basis_of(given)}


def test_a_run_notices_the_figures_that_it_uses_and_no_other() -> None:
    spec = stated(site(), PROMOTE, SECOND, low=0, high=3 * SECOND)
    wanted = spread() | {PROMOTE: [0, 3 * SECOND], DIALOGS: [not site().value(DIALOGS)]}
    target = FakeTarget()
    digest = to_memory(item(spec), target).footer.digest  # type: ignore[union-attr]
    every = {(path, value) for path, values in wanted.items() for value in values}
    assert {path for path, _ in every - unnoticed(item(spec), target, digest, wanted)} == {PROMOTE, DIALOGS}


def test_a_run_of_other_evidence_proves_nothing() -> None:
    assert unnoticed(item(), FakeTarget(), "sha256:other", spread()) == frozenset()


def test_a_run_that_fails_proves_nothing() -> None:
    digest = to_memory(item(), FakeTarget(fail=True)).footer.digest  # type: ignore[union-attr]
    assert unnoticed(item(), FakeTarget(fail=True), digest, spread()) == frozenset()


class Peeping(FakeTarget):
    """Reads a figure past the questions, and counts another."""

    def run(self, plan: Plan, writer: EvidenceWriter) -> None:
        given = plan.site.figures["servers.boot_time"]
        if given.value > 3600 * SECOND:
            raise ValueError("never")
        super().run(plan, writer)


def test_a_figure_that_is_read_from_the_table_is_asked_too() -> None:
    digest = to_memory(item(), Peeping()).footer.digest  # type: ignore[union-attr]
    wanted = {"servers.boot_time": [SECOND, 7200 * SECOND]}
    assert unnoticed(item(), Peeping(), digest, wanted) == {("servers.boot_time", SECOND)}
