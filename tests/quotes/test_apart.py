"""An offer beside the sum of its lines: the gap is told, optional lines that explain it are named and asked about."""

from decimal import Decimal

import pytest

from simtel.core.i18n import told
from simtel.profiles.catalogue import read_devices
from simtel.quotes.arithmetic import check
from simtel.quotes.finding import Kind
from simtel.quotes.questions import questions
from simtel.quotes.quote import Quote, read_quote

DEVICES = read_devices()
HEAD = "simtel: quote/1\nid: q\ntitle: {en: Q}\ncurrency: CNY\nfor: {seats: 20, spans: 2}\nlines:\n"
ABOUT = (Kind.SUM, Kind.OPTIONAL, Kind.APART)


def quote_of(amounts: list[int | str], totals: str) -> Quote:
    """Lines of these amounts; one that is written as text is optional."""
    lines = "".join(
        f"  - {{name: {{en: P{n}}}, unit: set, amount: {one}{', optional: true' if isinstance(one, str) else ''}}}\n"
        for n, one in enumerate(amounts, 1)
    )
    return read_quote(f"{HEAD}{lines}totals: {{{totals}}}\n".encode(), DEVICES)


def said(quote: Quote) -> list[tuple[str, str]]:
    return [(str(one.kind), told(one.said, "en")) for one in check(quote).findings if one.kind in ABOUT]


@pytest.mark.parametrize(
    ("amounts", "totals", "says"),
    [
        ([100, 50], "offer: 150", []),
        ([100, "50"], "offer: 100", []),
        ([100, "50"], "list: 150, offer: 150", []),
        ([100, "50", "20"], "list: 170", []),
        ([100, 50], "list: 150, offer: 120", []),  # a list and an offer below it: a discount, told as a share
        ([100, 50], "list: 150, discount: 30, offer: 120", []),
        ([100, 50], "offer: 120",
         [("apart", "the offer is CNY 30.00 (20.0 %) less than the lines come to, and no discount is stated")]),
        ([100, "50", "20"], "offer: 120",
         [("optional", "the offer is what the lines come to with these optional ones: 3 'P3'")]),
        ([100, "50", "20"], "list: 170, offer: 150",
         [("optional", "the offer is what the lines come to with these optional ones: 2 'P2'")]),
        ([100, "50"], "list: 150, offer: 100",
         [("optional", ("the offer is CNY 50.00 less than the list total, which is what the optional lines come to:"
           " 2 'P2'"))]),
        ([100, "50", "20"], "list: 120, offer: 120",
         [("optional", "the list total holds these optional lines and no other: 3 'P3'")]),
        ([100, "50", "50"], "offer: 150",
         [("apart", ("the offer is CNY 50.00 (50.0 %) more than the lines come to without the optional ones, and no one"
           " set of these comes to that"))]),
        ([100, "50"], "offer: 160", [("sum", "the offer is CNY 60.00 more than all lines come to")]),
        ([100, 50], "list: 150, offer: 160", [("sum", "the offer is CNY 10.00 more than all lines come to")]),
    ],
)  # fmt: skip
def test_an_offer_that_the_lines_do_not_come_to(
    amounts: list[int | str], totals: str, says: list[tuple[str, str]]
) -> None:
    assert said(quote_of(amounts, totals)) == says


@pytest.mark.parametrize("total", ["list", "offer"])
def test_what_cannot_be_read_or_is_of_another_currency_is_compared_with_nothing(total: str) -> None:
    for amount in ("{print: 50.., legibility: unreadable}", "{value: 50, currency: USD}"):
        lines = f"  - {{name: {{en: P}}, unit: set, amount: {amount}}}\n  - {{name: {{en: Q}}, unit: set, amount: 9}}\n"
        assert said(read_quote(f"{HEAD}{lines}totals: {{{total}: 120}}\n".encode(), DEVICES)) == []


def test_the_gap_is_asked_about_with_the_money_that_hangs_on_it() -> None:
    quote = quote_of([100, "50", "20"], "list: 170, offer: 150")
    (asked,) = [one for one in questions(quote, check(quote), DEVICES) if "optional ones" in str(one.asked)]
    assert asked.money.amount == 20
    assert str(asked.asked).endswith("what is in the offer, and what is the rest?")


def test_an_optional_line_is_bought_if_the_list_total_holds_it() -> None:
    quote = quote_of([100, "50", "20"], "list: 120")
    assert [quote.bought(line) for line in quote.lines] == [True, False, True]
    doubtful = quote_of([100, "50", "50"], "list: 150")
    assert [doubtful.bought(line) for line in doubtful.lines] == [True, False, False]


def test_of_many_optional_lines_none_and_all_are_tried() -> None:
    amounts: list[int | str] = [100, *(str(2**n) for n in range(20))]
    assert said(quote_of(amounts, f"list: {100 + 2**20 - 1}")) == []
    (found,) = said(quote_of(amounts, "offer: 101"))
    assert found[0] == "apart"
    assert Decimal(1) in {one.differs for one in check(quote_of(amounts, "offer: 101")).findings}
