"""Break-evens, tornado and chances on rankings that can be solved by hand."""

from collections.abc import Mapping, Sequence

import pytest

from simtel.core.quantity import Basis
from simtel.quotes.ranged import Ranged, known
from simtel.quotes.turning import Bar, Judge, bar_of, chances, draws, tornado

FIGURES = {
    "tariff": Ranged(2.0, 1.0, 9.0, Basis.ASSUMED),
    "rent": Ranged(10.0, 5.0, 15.0, Basis.ASSUMED),
    "years": known(5),
}


def bars_of(judge: Judge, figures: Mapping[str, Ranged]) -> tuple[Bar, ...]:
    return tornado(bar_of(judge, figures, name) for name in figures)


def judged(figures: Mapping[str, float]) -> Sequence[float]:
    """The first wins while the tariff is below 4; the rent moves both alike."""
    return (-3 * figures["tariff"] - figures["rent"], -12.0 - figures["rent"])


def test_the_break_even_is_where_the_lines_cross() -> None:
    bars = {bar.figure: bar for bar in bars_of(judged, FIGURES)}
    turn = bars["tariff"].above
    assert turn is not None
    assert turn.at == pytest.approx(4.0, abs=1e-6)
    assert turn.best == (1,)
    assert bars["tariff"].below is None  # never
    assert bars["rent"].above is None
    assert bars["rent"].below is None
    assert "years" not in bars


def test_what_moves_all_options_alike_swings_nothing() -> None:
    first, second = bars_of(judged, FIGURES)
    assert (first.figure, second.figure) == ("tariff", "rent")
    assert first.swing == pytest.approx(24.0)
    assert second.swing == 0.0
    assert first.at_low == (-13.0, -22.0)


def test_the_nearest_of_two_turns_is_told() -> None:
    def twice(figures: Mapping[str, float]) -> Sequence[float]:
        x = figures["x"]
        return (1.0 if x < 3 or x > 7 else 0.0, 0.5)

    (bar,) = bars_of(twice, {"x": Ranged(1.0, 0.0, 10.0, Basis.ASSUMED)})
    assert bar.above is not None
    assert bar.above.at == pytest.approx(3.0, abs=1e-6)
    (bar,) = bars_of(twice, {"x": Ranged(10.0, 0.0, 10.0, Basis.ASSUMED)})
    assert bar.above is None
    assert bar.below is not None
    assert bar.below.at == pytest.approx(7.0, abs=1e-6)


def test_a_tie_that_breaks_at_once_turns_at_its_own_value() -> None:
    def tie(figures: Mapping[str, float]) -> Sequence[float]:
        return (figures["x"], 1.0)

    (bar,) = bars_of(tie, {"x": Ranged(1.0, 0.0, 2.0, Basis.ASSUMED)})
    assert bar.above is not None
    assert bar.above.at == pytest.approx(1.0, abs=1e-6)
    assert bar.above.best == (0,)
    assert bar.below is not None
    assert bar.below.best == (1,)


def test_lines_that_part_slowly_do_not_tie_beyond_where_they_cross() -> None:
    for slope in (4.6e-4, 3e-5):

        def crossing(figures: Mapping[str, float], slope: float = slope) -> Sequence[float]:
            return (0.6, 0.6 + slope * (figures["x"] - 14.14))

        (bar,) = bars_of(crossing, {"x": Ranged(8.0, 4.0, 15.0, Basis.ASSUMED)})
        assert bar.above is not None
        assert bar.above.best == (1,)
        assert bar.above.at == pytest.approx(14.14, abs=1e-3)


def test_options_that_catch_up_and_go_together_tie() -> None:
    def together(figures: Mapping[str, float]) -> Sequence[float]:
        return (0.6, min(0.6, figures["x"] / 10))

    (bar,) = bars_of(together, {"x": Ranged(1.0, 0.0, 9.0, Basis.ASSUMED)})
    assert bar.above is not None
    assert bar.above.best == (0, 1)


def test_the_chance_to_be_best_is_that_of_the_law() -> None:
    figures = {"x": Ranged(0.0, 0.0, 1.0, Basis.ASSUMED)}  # uniform
    made = [(one["x"], 0.3) for one in draws(figures, 4_000, 1)]
    first, second = chances(made)
    assert first.low < 0.7 < first.high
    assert first.best + second.best == 4_000
    assert second.low < 0.3 < second.high
    assert first.share == first.best / 4_000


def test_options_that_always_tie_are_always_best_and_never_alone() -> None:
    first, second = chances([(1.0, 1.0, 0.0)] * 50)[:2]
    assert (first.best, first.alone, second.best) == (50, 0, 50)
    assert first.low > 0.9
    with pytest.raises(ValueError, match="draw"):
        chances([])


def test_draws_are_seeded_and_each_figure_has_its_own_stream() -> None:
    made = draws(FIGURES, 20, 7)
    assert made == draws(dict(reversed(FIGURES.items())), 20, 7)
    assert made != draws(FIGURES, 20, 8)
    fewer = draws({"rent": FIGURES["rent"]}, 20, 7)
    assert [one["rent"] for one in fewer] == [one["rent"] for one in made]
    assert all(one["years"] == 5 and 1 <= one["tariff"] <= 9 for one in made)


def test_each_figure_is_drawn_by_itself() -> None:
    both = {name: Ranged(0.0, 0.0, 1.0, Basis.ASSUMED) for name in ("one", "other")}
    made = draws(both, 200, 3)
    assert sum(one["one"] == one["other"] for one in made) < 5


def test_what_is_alike_is_drawn_alike_whosever_it_is() -> None:
    alike, other = Ranged(1.0, 0.0, 2.0, Basis.ASSUMED), Ranged(1.0, 0.0, 3.0, Basis.ASSUMED)
    made = draws({"a: offer": alike, "b: offer (first)": alike, "c: offer": other, "a: owned": alike}, 50, 1)
    assert all(one["a: offer"] == one["b: offer (first)"] for one in made)
    assert all(one["a: offer"] not in (one["c: offer"], one["a: owned"]) for one in made)
