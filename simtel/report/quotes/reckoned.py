"""What a comparison reckons, as tables that go on reckoning: the costs of each year, and the ranking by weights.

costs      what falls due at the start and in each year; worth at the start: start + NPV at the discount rate, which
           stands in the first row and may be changed
ranking    the score is the mean of the values weighted by the second row; the place follows from it
"""

from decimal import Decimal

from simtel.core.i18n import pick, told, translate
from simtel.quotes.compare import Comparison
from simtel.report.quotes.compare import CRITERIA, ITEMS
from simtel.report.quotes.sheets import Cell, Figure, Form, Sheet, at, column, count, money, row_of, share


def costs_sheet(made: Comparison, name: str, lang: str) -> Sheet:
    """Every item of every option, year by year, in its first reading and the smallest size."""
    years = [translate("year {year}", lang, year=year) for year in range(1, made.years + 1)]
    heads = (translate("option", lang), translate("item", lang), translate("at the start", lang), *years,
             translate("worth at the start", lang))  # fmt: skip
    width, last = len(heads), len(heads) - 1
    rate = made.buyer.figures["discount"].value
    rows: list[tuple[Cell, ...]] = [
        row_of("", translate("discount rate", lang), share(rate, assumed=True), width=width)
    ]
    bold: set[int] = set()
    where = "$" + column(2) + "$" + at(2, 0)[1:]
    for one in made.options:
        begin = len(rows)
        for cost in one.readings[0].costs:
            row, assumed = len(rows), cost.id != "price"
            worth = f"={at(2, row)}+NPV({where},{at(3, row)}:{at(last - 1, row)})"
            spent = (money(each, assumed=assumed) for each in (cost.start, *cost.yearly))
            rows.append((one.option.id, told(ITEMS[cost.id], lang), *spent, money(cost.total, worth)))
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
                 notes if made.fitted is None else notes[:1], frozenset(bold))  # fmt: skip


def ranking_sheet(made: Comparison, name: str, lang: str) -> Sheet:
    """The value of each criterion, from 0 (the buyer's worst) to 1 (the best), and what the weights make of them."""
    scales = made.buyer.scales
    heads = (translate("option", lang), translate("what it is", lang), translate("place", lang),
             translate("score", lang), *(told(CRITERIA[each], lang) for each in scales))  # fmt: skip
    last = len(heads) - 1
    weights = f"${column(4)}${at(4, 0)[1:]}:${column(last)}${at(4, 0)[1:]}"
    rows: list[tuple[Cell, ...]] = [
        (translate("weight", lang), pick(made.buyer.title, lang), "", "",
         *(count(scale.weight, assumed=True) for scale in scales.values()))
    ]  # fmt: skip
    scores = f"${column(3)}${at(3, 1)[1:]}:${column(3)}${at(3, len(made.places))[1:]}"
    for number, place in enumerate(sorted(made.places, key=lambda one: one.option), 1):
        option = made.options[place.option].option
        score = f"=SUMPRODUCT({weights},{at(4, number)}:{at(last, number)})/SUM({weights})"
        values = (Figure(Decimal(repr(place.values[each])), Form.SCORE) for each in scales)
        # Scores that are the same but for the last digits of a float share a place.
        ahead = f"=1+SUMPRODUCT(--(ROUND({scores},9)>ROUND({at(3, number)},9)))"
        rows.append((option.id, pick(dict(option.title), lang), count(place.place, ahead),
                     Figure(Decimal(repr(place.score)), Form.SCORE, score), *values))  # fmt: skip
    notes = (translate("the weights may be changed: score and place follow", lang),)
    widths = (14, 44, 8, 9, *[12] * len(scales))
    title = translate("Ranking (estimate)", lang)
    return Sheet(name, title, heads, widths, tuple(rows), made.buyer.currency, notes)
