"""What a comparison reckons, as tables that go on reckoning: the costs of each year, and the ranking by weights.

costs      what falls due at the start and in each year, from the sheet of rates; worth at the start: start + NPV at
           the discount rate
ranking    the figure of each criterion lies between the buyer's worst (0) and best (1): that is its value. The score
           is the mean of the values by weight; the place follows from it. What was simulated stands as it is; costs,
           outages and growth follow what is changed
"""

from decimal import Decimal
from math import isfinite

from simtel.core.i18n import pick, told, translate
from simtel.quotes.compare import Comparison
from simtel.quotes.costs import HOURS_A_YEAR, LOSSES, MONTHS_A_YEAR, WATTS
from simtel.report.quotes.beyond import CRITERIA
from simtel.report.quotes.compare import ITEMS, grown
from simtel.report.quotes.sheets import Cell, Figure, Form, Sheet, at, column, count, money, ref, row_of, share

_FORMS = {"cost": Form.MONEY, "growth": Form.MONEY, "outage": Form.COUNT, "single": Form.COUNT}  # others are shares


def costs_sheet(made: Comparison, rates: Sheet, name: str, lang: str) -> Sheet:
    """Every item of every option, year by year, in its first reading and the smallest size. Its places are those of
    what an item is worth at the start, by the number of the option and the item."""
    years = [translate("year {year}", lang, year=year) for year in range(1, made.years + 1)]
    heads = (translate("option", lang), translate("item", lang), translate("at the start", lang), *years,
             translate("worth at the start", lang))  # fmt: skip
    width, last = len(heads), len(heads) - 1
    rate = share(made.buyer.figures["discount"].value, f"={ref(rates, 'discount')}", assumed=True)
    rows: list[tuple[Cell, ...]] = [row_of("", translate("discount rate", lang), rate, width=width)]
    bold: set[int] = set()
    places: dict[str, tuple[str, Figure]] = {}
    where = "$" + column(2) + "$" + at(2, 0)[1:]
    for number, one in enumerate(made.options):
        begin = len(rows)
        for cost in one.readings[0].costs:
            row, assumed = len(rows), cost.id != "price"
            start, yearly = _due(rates, number, cost.id)
            due = [(cost.start, start), *((each, yearly.format(year=year)) for year, each in enumerate(cost.yearly, 1))]
            spent = (money(each, formula, assumed=assumed) for each, formula in due)
            worth = money(cost.total, f"={at(2, row)}+NPV({where},{at(3, row)}:{at(last - 1, row)})")
            places[f"{number} {cost.id}"] = at(last, row), worth
            rows.append((one.option.id, told(ITEMS[cost.id], lang), *spent, worth))
        end = len(rows) - 1
        bold.add(len(rows))
        totals = [sum((row[col].value for row in rows[begin:] if isinstance(row[col], Figure)), Decimal(0))  # type: ignore[union-attr]
                  for col in range(2, width)]  # fmt: skip
        sums = (money(value, f"=SUM({at(col, begin)}:{at(col, end)})") for col, value in enumerate(totals, 2))
        rows.append((one.option.id, translate("together", lang), *sums))
    notes = (
        translate("with a star, or on yellow: assumed, for nobody stated it", lang),
        told(ITEMS["outages"], lang) + ", " + told(ITEMS["calls"], lang) + ": "
        + translate("at the mean time between failures that the profiles assume", lang),
    )  # fmt: skip
    title = translate("Cost over {years} years (estimate)", lang, years=made.years)
    return Sheet(name, title, heads, (14, 32, *[17] * (made.years + 2)), tuple(rows), made.buyer.currency,
                 notes if made.fitted is None else notes[:1], frozenset(bold), places=places)  # fmt: skip


def _due(rates: Sheet, number: int, item: str) -> tuple[str, str]:
    """How an item of an option follows from the rates, at the start and in each `{year}`; empty: it is put in by hand.
    What is reckoned is in `quotes.costs`."""

    def of(key: str) -> str:
        return ref(rates, key if key in rates.places else f"{number} {key}")

    def product(*factors: str) -> str:
        return "=" + "*".join(map(of, factors))

    new = f"{of('listed')}+{of('needed')}"
    rent = f"({of('spans')}*{of('span_rent')}+{of('lines')}*{of('line_rent')})"
    return {
        "price": (product("price"), ""),
        "needed": (product("needed"), ""),
        "spares": (f"{product('spares')}*({new}+{of('owned')})", ""),
        "support": ("", f"{product('support')}*({of('owned')}+({new})*MIN(1,MAX(0,{{year}}-{of('warranty')})))"),
        "power": ("", f"{product('watts', 'tariff')}*{HOURS_A_YEAR:g}/{WATTS:g}"),
        "lines": ("", f"={MONTHS_A_YEAR}*{rent}"),
        "outages": ("", product("outage", "outage_hour")),
        "calls": ("", product("lost", "lost_call")),
    }.get(item, ("", ""))


def ranking_sheet(made: Comparison, rates: Sheet, costs: Sheet, name: str, lang: str) -> Sheet:
    """Weight, worst and best of each criterion, the figures of options, their values and what weights make of them."""
    scales, options = made.buyer.scales, [one.option for one in made.options]
    heads = (translate("option", lang), translate("what it is", lang), translate("place", lang),
             translate("score", lang), *(told(CRITERIA[each], lang) for each in scales))  # fmt: skip
    last, figures, begin = len(heads) - 1, 3, 3 + len(options)  # rows of the first figures and of the first values

    def fixed(row: int, col: int) -> str:
        return f"${column(col)}${at(col, row)[len(column(col)) :]}"

    weights = f"{fixed(0, 4)}:{fixed(0, last)}"
    rows: list[tuple[Cell, ...]] = [
        (translate("weight", lang), pick(made.buyer.title, lang), "", "",
         *(count(scale.weight, assumed=True) for scale in scales.values())),
        (translate("worst", lang), "", "", "",
         *(_figure(each, scale.worst, assumed=True) for each, scale in scales.items())),
        (translate("best", lang), "", "", "",
         *(_figure(each, scale.best, assumed=True) for each, scale in scales.items())),
    ]  # fmt: skip
    for number, one in enumerate(made.options):
        known = one.readings[0].figures
        found = (
            _figure(each, known[each], _follows(made, rates, costs, number, each)) if isfinite(known[each])
            else grown(one.readings[0], known[each], str, lang) for each in scales
        )  # fmt: skip
        rows.append((one.option.id, translate("figures", lang), "", "", *found))
    scores = f"{fixed(begin, 3)}:{fixed(begin + len(options) - 1, 3)}"
    for number, place in enumerate(sorted(made.places, key=lambda one: one.option)):
        option, row = options[place.option], begin + number
        score = f"=SUMPRODUCT({weights},{at(4, row)}:{at(last, row)})/SUM({weights})"
        values = (
            Figure(Decimal(repr(place.values[each])), Form.SCORE,
                   _value(at(col, figures + number), fixed(1, col), fixed(2, col)))
            for col, each in enumerate(scales, 4)
        )  # fmt: skip
        # Scores that are the same but for the last digits of a float share a place.
        ahead = f"=1+SUMPRODUCT(--(ROUND({scores},9)>ROUND({at(3, row)},9)))"
        rows.append((option.id, pick(dict(option.title), lang), count(place.place, ahead),
                     Figure(Decimal(repr(place.score)), Form.SCORE, score), *values))  # fmt: skip
    notes = (translate("weights, worst, best and figures may be changed: values, score and place follow", lang),)
    widths = (14, 44, 8, 9, *[15] * len(scales))
    title = translate("Ranking (estimate)", lang)
    return Sheet(name, title, heads, widths, tuple(rows), made.buyer.currency, notes)


def _value(figure: str, worst: str, best: str) -> str:
    """Where a figure lies between the worst and the best; what nothing reaches is no figure, and worth 0."""
    return f"=IF(ISNUMBER({figure}),MAX(0,MIN(1,({figure}-{worst})/({best}-{worst}))),0)"


def _figure(criterion: str, value: float, formula: str = "", *, assumed: bool = False) -> Figure:
    return Figure(Decimal(repr(value)), _FORMS.get(criterion, Form.SHARE), formula, assumed)


def _follows(made: Comparison, rates: Sheet, costs: Sheet, number: int, criterion: str) -> str:
    """How the figure of a criterion follows from costs and rates; empty: it was simulated or counted."""
    if criterion == "cost":
        return "=" + "+".join(ref(costs, f"{number} {cost.id}") for cost in made.options[number].readings[0].costs
                              if cost.id not in LOSSES)  # fmt: skip
    if criterion == "outage":
        return f"={ref(rates, f'{number} outage')}*60"
    if criterion == "growth" and f"{number} growth" in rates.places:
        grown, price, listed = (ref(rates, f"{number} {key}") for key in ("growth", "price", "listed"))
        return f"={grown}*IF({listed}=0,1,{price}/{listed})"
    return ""
