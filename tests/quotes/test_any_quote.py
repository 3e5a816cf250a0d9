"""Quotes of any lines: what adds up is found to, what does not is found at its place, and order changes nothing."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from simtel.quotes.arithmetic import check
from simtel.quotes.finding import Kind
from simtel.quotes.quote import Quote, read_quote

COINS = st.decimals(min_value=1, max_value=99_999, places=2)
LINES = st.lists(st.tuples(st.integers(1, 99), COINS), min_size=1, max_size=8)


def quote(lines: list[tuple[int, Decimal]], wrong: int | None = None, discount: Decimal = Decimal(0)) -> Quote:
    """A quote of these quantities and prices that adds up, but for the amount of line `wrong`."""
    amounts = [number * price for number, price in lines]
    listed = sum(amounts)
    rows = "".join(
        f"  - {{name: {{en: line {n} of {price}}}, unit: set, quantity: {number}, price: '{{value}}',"
        f" amount: {{value: '{amount + (1 if n == wrong else 0)}'}}}}\n".replace("'{value}'", f"{{value: '{price}'}}")
        for n, ((number, price), amount) in enumerate(zip(lines, amounts, strict=True))
    )
    text = ("simtel: quote/1\nid: q\ntitle: {en: Q}\ncurrency: CNY\nfor: {seats: 20, spans: 2}\n"
            f"lines:\n{rows}totals: {{list: {{value: '{listed}'}}, discount: {{value: '{discount}'}},"
            f" offer: {{value: '{listed - discount}'}}}}\n")  # fmt: skip
    return read_quote(text.encode(), None)


def wrong(of: Quote) -> list[tuple[Kind, tuple[str | int, ...]]]:
    return [(one.kind, one.loc) for one in check(of).findings if one.wrong]


@settings(max_examples=12, deadline=None)
@given(LINES)
def test_what_adds_up_is_found_to_and_in_any_order(lines: list[tuple[int, Decimal]]) -> None:
    whole, turned = check(quote(lines)), check(quote(lines[::-1]))
    assert wrong(quote(lines)) == wrong(quote(lines[::-1])) == []
    assert whole.summed == turned.summed
    assert whole.summed is not None
    assert whole.summed.amount == sum(number * price for number, price in lines)


@settings(max_examples=12, deadline=None)
@given(LINES, st.integers(0, 7))
def test_one_wrong_amount_breaks_its_line_and_the_total(lines: list[tuple[int, Decimal]], at: int) -> None:
    at %= len(lines)
    assert wrong(quote(lines, wrong=at)) == [
        (Kind.PRODUCT, ("lines", at, "amount")), (Kind.SUM, ("totals", "list")),
    ]  # fmt: skip


@settings(max_examples=12, deadline=None)
@given(LINES, st.integers(2, 9))
def test_prices_times_so_much_come_to_so_much(lines: list[tuple[int, Decimal]], times: int) -> None:
    once, more = check(quote(lines)).summed, check(quote([(n, price * times) for n, price in lines])).summed
    assert once is not None
    assert more is not None
    assert more == once.times(times)
