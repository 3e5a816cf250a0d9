"""What the ranking does not see is told, in both languages."""

from dataclasses import replace
from math import inf

import msgspec

from simtel.core.i18n import told
from simtel.quotes.compare import Comparison
from simtel.quotes.ranking import Scale
from simtel.report.quotes.beyond import beyond
from tests.report.quotes.compared import made


def scaled(scale: Scale, **figures: float) -> Comparison:
    """The comparison with a scale of the cost alone, and with other figures of the first option."""
    of = made()
    first, *others = of.options
    one, *readings = first.readings
    mine = replace(first, readings=(replace(one, figures={**one.figures, **figures}), *readings))
    buyer = msgspec.structs.replace(of.buyer, scales={"cost": scale})
    return replace(of, buyer=buyer, options=(mine, *others))


def said(of: Comparison, lang: str = "en") -> list[str]:
    return [told(line, lang) for line in beyond(of, lang)]


def test_a_cost_beyond_the_worst_is_told_with_its_option() -> None:
    found = scaled(Scale(1, worst=9e6, best=0.0), cost=9_500_000.0)
    (line,) = said(found)
    assert "option-1 (CNY 9,500,000) beyond the buyer's worst, CNY 9,000,000" in line
    (line,) = said(found, "zh")
    assert "最差值" in line


def test_within_the_scale_and_where_nothing_is_reached_there_is_nothing_to_tell() -> None:
    wide = Scale(1, worst=9e6, best=-1.0)
    assert said(scaled(wide)) == []
    assert said(scaled(wide, cost=9e6)) == []
    assert said(scaled(wide, cost=inf)) == []


def test_a_cost_beyond_the_best_is_told_apart() -> None:
    (line,) = said(scaled(Scale(1, worst=9e6, best=8e6)))
    assert "beyond the buyer's best, CNY 8,000,000" in line
    assert all(option.option.id in line for option in made().options)
