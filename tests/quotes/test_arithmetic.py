"""Whether a quote adds up: the shipped options come to what their print says, and each planted mistake is found."""

import re
from decimal import Decimal
from pathlib import Path

import pytest

from simtel.core.i18n import told
from simtel.profiles.catalogue import read_devices
from simtel.quotes.arithmetic import Checked, check
from simtel.quotes.finding import Kind
from simtel.quotes.quote import Quote, find_quote, read_quote

DEVICES = read_devices()
PLANTED = Path(__file__).with_name("planted.yaml")
HEAD = "simtel: quote/1\nid: q\ntitle: {en: Q}\ncurrency: CNY\nfor: {seats: 20, spans: 2}\n"


def shipped(name: str) -> tuple[Quote, Checked]:
    quote = find_quote(name, DEVICES)
    return quote, check(quote)


def of(text: str) -> list[tuple[str, str, Decimal | None]]:
    """Kind, place and offered number of each finding in a quote with these lines."""
    quote = read_quote((HEAD + text).encode(), DEVICES)
    found = [one for one in check(quote).findings if one.kind is not Kind.UNKNOWN_PART]
    return [(str(one.kind), ".".join(map(str, one.loc)), one.offered) for one in found]


@pytest.mark.parametrize(("name", "total"), [("option-1", 392_000), ("option-2", 256_000), ("today", 0)])
def test_shipped_options_come_to_their_list_totals(name: str, total: int) -> None:
    quote, found = shipped(name)
    assert not found.wrong
    assert found.summed is not None
    assert found.summed.amount == quote.totals["list"].value == total


def test_what_of_the_shipped_options_is_confirmed_and_what_is_not() -> None:
    for name, confirmed in (("option-1", {"lines.7.price", "lines.9.amount", "totals.list"}),
                            ("option-2", {"lines.7.price", "lines.7.amount", "lines.9.amount"})):  # fmt: skip
        quote, found = shipped(name)
        assert {".".join(map(str, loc)) for loc in found.confirmed} == confirmed
        (open_,) = [one for one in found.findings if one.kind is Kind.UNCONFIRMED]
        assert open_.loc == ("lines", 0, "price")
        assert quote.lines[0].name["en"].startswith("LPT1000-ds")


def test_the_cut_offer_stays_unreadable_and_has_its_range() -> None:
    assert shipped("option-1")[0].totals["offer"].value == 250_000
    quote, found = shipped("option-2")
    offer = quote.totals["offer"]
    assert (offer.value, offer.print, offer.ends) == (None, "1664", (166_400, 166_499))
    (cut,) = [one for one in found.findings if one.kind is Kind.UNREADABLE]
    assert (cut.loc, cut.offered) == (("totals", "offer"), None)
    assert told(cut.said, "zh") == "优惠价 无法辨认，印作 '1664'：¥166,400.00 至 ¥166,499.00"
    (axis,) = [axis for axis in quote.axes if axis.name == "offer"]
    taken = axis.alternatives[0].effect.offer
    assert taken is not None
    assert (taken.value, taken.ends, taken.assumed) == (166_400, (166_400, 166_499), True)


def test_each_planted_mistake_is_found_at_its_cell_and_nothing_else() -> None:
    found = check(read_quote(PLANTED, DEVICES))
    assert {(str(one.kind), one.cell) for one in found.findings} == {
        ("sum", "F8"),  # 200,000 for 210,000
        ("product", "F4"),
        ("currency", "E5"),
        ("doubled", "A7"),  # line 3 is in another currency: line 5 repeats line 4
        ("number", "D9"),
        ("unit", "A10"),
        ("missing", "A12"),
        ("unknown-part", "A12"),  # installation is none
        ("discount", "F15"),  # 424,000 less 84,800 is 339,200
        ("tax", "F17"),
    }
    (text,) = [one for one in found.findings if one.kind is Kind.NUMBER]
    assert text.offered == 24
    assert str(text.said) == (
        "quantity of line 6: '24 路' is a text, a number with '路' behind it; by arithmetic it is 24"
    )


@pytest.mark.parametrize(
    ("old", "new", "gone"),
    [
        ("amount: {value: 66000, cell: F4}", "amount: {value: 60000, cell: F4}", ("product", "F4")),
        (", currency: USD", "", ("currency", "E5")),
        ("licence-agent, cell", "licence-agent, unit: 路, cell", ("unit", "A10")),
        ('{print: "24 路", legibility: unreadable, cell: D9}', "{value: 24, cell: D9}", ("number", "D9")),
        ("{value: 384000, cell: F17}", "{value: 384200, cell: F17}", ("tax", "F17")),
    ],
)
def test_a_mended_mistake_is_found_no_more(old: str, new: str, gone: tuple[str, str]) -> None:
    text = PLANTED.read_text(encoding="utf-8")
    assert old in text
    before = {(str(one.kind), one.cell) for one in check(read_quote(text.encode(), DEVICES)).findings}
    after = {(str(one.kind), one.cell) for one in check(read_quote(text.replace(old, new).encode(), DEVICES)).findings}
    assert gone in before
    assert gone not in after


def test_two_figures_that_were_read_do_not_confirm_each_other() -> None:
    line = ('masks: {"201*": 20xx}\nlines:\n  - {name: {en: a}, unit: set, quantity: 10,'
            " price: {value: 2000, legibility: read, print: '201*'},"
            " amount: {value: 20000, legibility: read, print: '201*0'}}\n")  # fmt: skip
    assert [kind for kind, _, _ in of(line)] == ["unconfirmed", "unconfirmed"]
    assert [kind for kind, _, _ in of(line + "totals: {list: 20000}\n")] == ["confirmed", "confirmed"]


def test_nothing_confirms_the_price_of_what_is_not_ordered() -> None:
    line = ("lines:\n  - {name: {en: a}, unit: set, quantity: 0, amount: 0,"
            " price: {value: 5, legibility: read, print: '5'}}\n")  # fmt: skip
    assert [kind for kind, _, _ in of(line)] == ["unconfirmed"]


@pytest.mark.parametrize(
    ("print_", "offered"),
    [("4?", None), ("201*", 2050), ("201*0", None), ("", 2050)],
)
def test_a_number_is_offered_only_where_the_print_allows_what_the_sum_gives(print_: str, offered: int | None) -> None:
    unreadable = f"{{legibility: unreadable, print: '{print_}'}}" if print_ else "{legibility: unreadable}"
    text = ('masks: {"201*": 20xx}\nlines:\n'
            f"  - {{name: {{en: a}}, unit: set, quantity: 2, price: {unreadable}, amount: 4100}}\n")  # fmt: skip
    ((kind, place, number),) = of(text)
    assert (kind, place) == ("number" if print_ == "4?" else "unreadable", "lines.0.price")
    assert number == offered


def test_two_sums_that_disagree_offer_nothing() -> None:
    text = ("lines:\n  - {name: {en: a}, unit: set, quantity: 2, price: 100, amount: {legibility: unreadable}}\n"
            "totals: {list: 300}\n")  # fmt: skip
    assert of(text) == [("unreadable", "lines.0.amount", None)]


@pytest.mark.parametrize(("percent", "offer", "kinds"), [
    ("30", 68_600, []), ("30", 68_601, ["discount"]), ("30.0", 68_551, []), ("30.0", 68_650, ["discount"]),
])  # fmt: skip
def test_a_share_with_a_fraction_is_held_to_its_digits(percent: str, offer: int, kinds: list[str]) -> None:
    text = ("lines:\n  - {name: {en: a}, unit: set, quantity: 1, price: 98000, amount: 98000}\n"
            f"totals: {{list: 98000, discount_percent: {percent}, offer: {offer}}}\n")  # fmt: skip
    assert [kind for kind, _, _ in of(text)] == kinds


def test_optional_lines_may_stand_outside_the_total() -> None:
    text = ("lines:\n  - {name: {en: a}, unit: set, quantity: 1, price: 100, amount: 100}\n"
            "  - {name: {en: b}, unit: set, quantity: 1, price: 50, amount: 50, optional: true}\n")  # fmt: skip
    assert of(text + "totals: {list: 100}\n") == []
    assert of(text + "totals: {list: 150}\n") == []
    assert [kind for kind, _, _ in of(text + "totals: {list: 50}\n")] == ["sum"]


def test_a_doubled_price_breaks_its_line_and_nothing_else() -> None:
    text = Path(find_quote("option-1", DEVICES).path).read_text(encoding="utf-8")
    found = check(read_quote(text.replace("price: 45000", "price: 90000").encode(), DEVICES))
    assert [(one.kind, one.loc) for one in found.findings if one.wrong] == [
        (Kind.RUN, ("runs", 0)), (Kind.PRODUCT, ("lines", 1, "amount")),
    ]  # fmt: skip
    assert found.summed is not None
    assert found.summed.amount == 392_000


RUN = ("runs: [{rows: [1, 2], quantities: '11', prices: '1111', amounts: '1111'}]\nlines:\n"
       "  - {name: {en: a}, unit: set, quantity: 1, price: 1, amount: 1}\n"
       "  - {name: {en: b}, unit: set, quantity: 1, price: 111, amount: 111}\n")  # fmt: skip


def test_columns_without_gaps_are_confirmed_only_where_they_can_be_cut_in_one_way() -> None:
    def found(text: str) -> tuple[Kind, str]:
        quote = read_quote((HEAD + text).encode(), DEVICES)
        (one,) = [one for one in check(quote).findings if one.loc == ("runs", 0)]
        return one.kind, str(one.said)

    two = "run 1: the columns can be cut in 2 ways that add up; in lines 1, 2"
    assert found(RUN + "totals: {list: 112}\n") == (Kind.UNCONFIRMED, two)
    assert found(RUN + "totals: {list: 113}\n")[0] is Kind.RUN
    changed = found(RUN.replace("quantity: 1, price: 1,", "quantity: 2, price: 1,") + "totals: {list: 112}\n")
    assert changed == (Kind.RUN, "run 1: the quantities of its lines would be printed 21, and 11 stands there")
    one = ("runs: [{rows: [1], quantities: '3', prices: '7', amounts: '21'}]\nlines:\n"
           "  - {name: {en: a}, unit: set, quantity: 3, price: 7, amount: 21}\ntotals: {list: 21}\n")  # fmt: skip
    assert found(one)[0] is Kind.CONFIRMED


def test_the_order_of_lines_changes_no_sum_and_no_finding() -> None:
    quote = find_quote("option-2", DEVICES)
    text = re.sub(r"runs:\n(  .*\n)+", "", Path(quote.path).read_text(encoding="utf-8"))  # they name lines by number
    quote = read_quote(text.encode(), DEVICES)
    head, _, rest = text.partition("lines:\n")
    lines, _, tail = rest.partition("totals:\n")
    items = [f"  - item{one}" for one in lines.split("  - item")[1:]]
    turned = check(read_quote(f"{head}lines:\n{''.join(reversed(items))}totals:\n{tail}".encode(), DEVICES))
    straight = check(quote)
    assert turned.summed == straight.summed
    assert sorted(one.kind for one in turned.findings) == sorted(one.kind for one in straight.findings)
