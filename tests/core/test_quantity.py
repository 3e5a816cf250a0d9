import pytest

from simtel.core.quantity import Basis, Quantity, Unit, Value


@pytest.mark.parametrize(
    ("low", "high", "alternatives", "spread"),
    [
        (None, None, (), ()),
        (1, 9, (), (1, 9)),
        (5, 9, (), (9,)),
        (1, 5, (), (1,)),
        (5, 5, (), ()),
        (1, None, (), ()),
        (None, None, (7, 5, 8), (7, 8)),
        (1, 9, (7,), (1, 9, 7)),
    ],
)
def test_the_spread_is_what_else_the_figure_may_be(
    low: Value | None, high: Value | None, alternatives: tuple[Value, ...], spread: tuple[Value, ...]
) -> None:
    figure = Quantity(5, Unit.COUNT, Basis.ASSUMED, "a test", low, high, alternatives)
    assert figure.spread == spread


def test_bases_are_listed_strongest_first() -> None:
    assert [basis.value for basis in Basis] == [
        "measured", "standard", "datasheet", "quoted", "computed", "buyer", "assumed",
    ]  # fmt: skip
