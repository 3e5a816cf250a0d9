"""The figures that costs are reckoned from, as a table that may be changed: the buyer's rates, and what each option
pays for, keeps running and loses. What a sheet of prices says is taken from there."""

from collections.abc import Sequence
from decimal import Decimal
from math import isclose

from simtel.core.i18n import Message, told, translate
from simtel.core.quantity import Basis
from simtel.quotes.compare import Comparison
from simtel.quotes.jury import RATES, Running, running
from simtel.report.quotes.beyond import CRITERIA
from simtel.report.quotes.compare import ITEMS
from simtel.report.quotes.names import FIGURES, OF_OPTIONS, counted_in
from simtel.report.quotes.sheets import Cell, Figure, Sheet, at, count, money, ref, row_of, share

_BUYER, _OPTIONS = 2, 3  # columns
_POWER = tuple(Running.__dataclass_fields__)
_LISTED, _OWNED = Message("new parts at list"), Message("owned parts that stay in use, at list")
_COUNTED = {
    "watts": (ITEMS["power"], "W"), "spans": (Message("E1 trunks"), ""), "lines": (Message("analog lines"), ""),
    "outage": (Message("outages a year*"), "h"), "lost": (Message("calls lost a year*"), ""),
}  # fmt: skip
_LOSSES = ("outage", "lost")


def rates_sheet(made: Comparison, prices: Sequence[Sheet], name: str, lang: str) -> Sheet:
    """The buyer's rates, then each option in its first reading and the smallest size; `prices`: a sheet for each.
    Its places are the rates, and of each option its number with what it uses."""
    table = _Table(made, prices, lang)
    table.rates()
    table.power()
    table.used()
    heads = (translate("figure", lang), translate("counted in", lang), translate("the buyer's", lang),
             *(one.option.id for one in made.options))  # fmt: skip
    notes = (translate("with a star, or on yellow: assumed, for nobody stated it", lang),
             translate("what is blue may be changed: costs and ranking follow", lang))  # fmt: skip
    return Sheet(name, translate("What costs are reckoned from", lang), heads, (44, 16, 15, *[17] * len(made.options)),
                 tuple(table.rows), made.buyer.currency, notes, places=table.places)  # fmt: skip


class _Table:
    """The rows, as they come."""

    def __init__(self, made: Comparison, prices: Sequence[Sheet], lang: str) -> None:
        self._made, self._prices, self._lang = made, prices, lang
        self.rows: list[tuple[Cell, ...]] = []
        self.places: dict[str, tuple[str, Figure]] = {}

    def _row(self, key: str, words: Message, unit: str, buyer: Cell, options: Sequence[Cell] = ()) -> None:
        row = len(self.rows)
        for place, figure, name in (
            (_BUYER, buyer, key),
            *((_OPTIONS + number, one, f"{number} {key}") for number, one in enumerate(options)),
        ):
            if isinstance(figure, Figure):
                self.places[name] = at(place, row), figure
        self.rows.append(row_of(told(words, self._lang), counted_in(unit, self._lang), buyer, *options,
                                width=_OPTIONS + len(self._made.options)))  # fmt: skip

    def rates(self) -> None:
        """Shares, and money for what it is paid for."""
        for name in RATES:
            unit = self._made.units[name]
            rate = (share if unit == "share" else money)(self._made.buyer.figures[name].value, assumed=True)
            self._row(name, FIGURES[name], unit, rate)

    def power(self) -> None:
        """What a device draws, and how many there are of it."""
        there = [running(one.readings[0].sizes[0].spec) for one in self._made.options]
        for name in _POWER:
            drawn = count(self._made.buyer.figures[name].value, assumed=True)
            self._row(name, FIGURES[name], "W", drawn, [count(getattr(one, name)) for one in there])

    def used(self) -> None:
        """What each option pays for, keeps running and loses."""
        firsts = [one.readings[0] for one in self._made.options]
        used = [one.used for one in firsts]
        currency = self._made.buyer.currency
        for key, words, wanted in (("price", ITEMS["price"], ("total", "offer")), ("listed", _LISTED, ("list",))):
            stars = [key == "listed" and one.reading.listed.basis is Basis.ASSUMED for one in firsts]
            money_ = [self._priced(number, getattr(one, key), wanted, stars[number]) for number, one in enumerate(used)]
            self._row(key, words, currency, "", money_)
        for key, words in (("owned", _OWNED), ("needed", ITEMS["needed"])):
            basis = [getattr(one.reading, key).basis for one in firsts]
            self._row(key, words, currency, "",
                      [money(getattr(one, key), assumed=of is Basis.ASSUMED)
                       for one, of in zip(used, basis, strict=True)])  # fmt: skip
        stated = [one.option.warranty is not None for one in self._made.options]
        self._row("warranty", OF_OPTIONS["warranty"], "years", "",
                  [count(one.warranty, assumed=not said) for one, said in zip(used, stated, strict=True)])  # fmt: skip
        for key, (words, unit) in _COUNTED.items():
            self._row(key, words, unit, "", [
                count(getattr(one, key), self._watts(number) if key == "watts" else "", assumed=key in _LOSSES)
                for number, one in enumerate(used)])  # fmt: skip
        if len(self._made.seats) > 1:
            self._row("growth", CRITERIA["growth"], currency, "",
                      [money(sum(step.listed for step in one.growth)) for one in firsts])  # fmt: skip

    def _priced(self, number: int, value: float, wanted: Sequence[str], assumed: bool) -> Figure:
        """Money, from the sheet of prices where that has the same."""
        prices = self._prices[number]
        for key in wanted:
            if key in prices.places and prices.places[key][1].value == Decimal(repr(value)):
                return money(value, f"={ref(prices, key)}", assumed=prices.places[key][1].assumed)
        if {"total", "offer"} <= {*prices.places} and wanted[0] in prices.places:  # or has it without the tax
            before, whole, net = (prices.places[key][1].value for key in (wanted[0], "total", "offer"))
            if net and isclose(before * whole / net, value):
                taxed = f"={ref(prices, wanted[0])}*{ref(prices, 'total')}/{ref(prices, 'offer')}"
                return money(value, taxed, assumed=assumed)
        return money(value, assumed=assumed)

    def _watts(self, number: int) -> str:
        each, there = (f"{at(col, len(RATES))}:{at(col, len(RATES) + len(_POWER) - 1)}"
                       for col in (_BUYER, _OPTIONS + number))  # fmt: skip
        return f"=SUMPRODUCT({each},{there})"
