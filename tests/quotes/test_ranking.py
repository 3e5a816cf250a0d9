"""Ranking under weights, by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simtel.quotes.ranking import Scale, best_of, rank, score

SCALES = {"cost": Scale(3, worst=600_000, best=200_000), "outage": Scale(1, worst=20.0, best=0.0)}
OPTIONS = [{"cost": 400_000, "outage": 5.0}, {"cost": 300_000, "outage": 20.0}, {"cost": 400_000, "outage": 5.0}]


def test_scores_by_hand() -> None:
    places = rank(OPTIONS, SCALES)
    assert [place.score for place in places] == pytest.approx([(3 * 0.5 + 0.75) / 4, (3 * 0.75 + 0) / 4, 0.5625])
    assert [place.place for place in places] == [1, 1, 1]  # 0.5625 all of them
    assert places[0].values == {"cost": 0.5, "outage": 0.75}


def test_options_alike_share_a_place_and_the_next_one_is_behind_both() -> None:
    places = rank([OPTIONS[0], {"cost": 600_000, "outage": 20.0}, OPTIONS[0]], SCALES)
    assert [place.place for place in places] == [1, 3, 1]


def test_beyond_the_scale_nothing_is_gained_or_lost() -> None:
    assert SCALES["cost"].value(100_000) == 1
    assert SCALES["cost"].value(900_000) == 0


@pytest.mark.parametrize(("figure", "end"), [(100_000, 200_000), (200_000, None), (600_000, None), (600_001, 600_000)])
def test_the_end_that_is_passed_is_told(figure: float, end: float | None) -> None:
    assert SCALES["cost"].passed(figure) == end
    assert Scale(1, worst=0.0, best=0.95).passed(0.97) == 0.95
    assert Scale(1, worst=0.5, best=0.95).passed(0.4) == 0.5


@given(st.permutations(range(3)), st.floats(0.1, 100))
def test_neither_order_nor_the_size_of_all_weights_changes_a_score(order: list[int], by: float) -> None:
    scales = {name: Scale(by * one.weight, one.worst, one.best) for name, one in SCALES.items()}
    turned = rank([OPTIONS[n] for n in order], dict(reversed(scales.items())))
    straight = rank(OPTIONS, SCALES)
    assert [place.score for place in turned] == pytest.approx([straight[n].score for n in order])


@given(st.lists(st.fixed_dictionaries({"cost": st.floats(0, 1e6), "outage": st.floats(0, 50)}), min_size=2, max_size=5))
def test_one_more_offer_never_turns_the_others(options: list[dict[str, float]]) -> None:
    few, more = rank(options[:-1], SCALES), rank(options, SCALES)
    assert [one.score for one in few] == [one.score for one in more[:-1]]


def test_nonsense_is_refused() -> None:
    with pytest.raises(ValueError, match="worst and best"):
        Scale(1, 5, 5)
    with pytest.raises(ValueError, match="weight"):
        Scale(-1, 5, 6)
    with pytest.raises(ValueError, match="nothing counts"):
        score(OPTIONS[0], {"cost": Scale(0, 1, 2)})
    with pytest.raises(KeyError):
        score({"cost": 1.0}, SCALES)
    assert best_of([0.5, 0.5 + 1e-12, 0.4]) == (0, 1)
