"""What a site costs, for people and for programs: each part with its number, price, amount, and on what the price
rests; the sum, with its ends where a price is assumed; and how many kinds of parts have no price.
"""

from typing import Any

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text as Line

from simtel.core.i18n import Message, told, translate
from simtel.profiles.prices import PARTS
from simtel.report.words import show_source
from simtel.sizing.design.answer import Answer
from simtel.sizing.design.prices import Line as Priced
from simtel.sizing.design.prices import cost, cost_ends, priced, unpriced

HEADS = (Message("part"), Message("number"), Message("price"), Message("amount"), Message("source"))


def costs_title(answer: Answer) -> Message:
    """Of which site, and in which currency."""
    return Message("What the site of {seats} seats costs, {currency}", seats=answer.parts.seats,
                   currency=answer.need.currency)  # fmt: skip


def cost_rows(answer: Answer, lang: str) -> list[tuple[list[str], bool]]:
    """The cells of each kind of part, those without a price last, and the sum; and whether a row rests on an assumed
    price."""
    need, parts = answer.need, answer.parts
    rows = [(_cells(line, lang), line.known is not None and line.known.assumed) for line in priced(need, parts)]
    rows += [([told(PARTS[part], lang), money(number), "-", "-", translate("no price", lang)], False)
             for part, number in unpriced(need, parts).items()]  # fmt: skip
    low, high = cost_ends(need, parts)
    rows.append(([translate("sum", lang), "", "", money(cost(need, parts)), ""], low != high))
    return rows


def _cells(line: Priced, lang: str) -> list[str]:
    known = line.known
    found = [told(line.name, lang), money(line.number), money(line.price), money(line.amount)]
    if known is None:
        return [*found, ""]
    source = show_source(known.basis, known.source, lang)
    if known.assumed:
        low, high = map(money, known.ends)
        source = translate("{source} ({low} to {high})", lang, source=source, low=low, high=high)
    return [*found, source]


def cost_lines(answer: Answer) -> list[Message]:
    """What must be read with the sum: between what it lies if prices are assumed, and how many parts it leaves out."""
    need, parts = answer.need, answer.parts
    low, high = cost_ends(need, parts)
    found = []
    if low != high:
        found.append(Message("the sum lies between {low} and {high} {currency}, for prices are assumed",
                             low=money(low), high=money(high), currency=need.currency))  # fmt: skip
    free = unpriced(need, parts)
    if free:
        found.append(Message("kinds of parts without a price, counted as nothing: {count}", count=len(free)))
    return found


def costs_table(answer: Answer, lang: str) -> list[RenderableType]:
    """The table, and what the sum leaves out."""
    table = Table(title=Line(told(costs_title(answer), lang)), title_justify="left")
    for head in HEADS:
        right = head in HEADS[1:4]
        table.add_column(told(head, lang), justify="right" if right else "left", overflow="fold")
    *rows, (total, open_) = cost_rows(answer, lang)
    for cells, assumed in rows:
        table.add_row(*map(Line, cells), style="yellow" if assumed else "")
    table.add_section()
    table.add_row(*map(Line, total), style="yellow" if open_ else "")
    return [table, *(Line(told(words, lang)) for words in cost_lines(answer))]


def costs_json(answer: Answer) -> dict[str, Any]:
    """Of each part that has a price its number, price, amount and on what the price rests."""
    return {line.part: {"number": line.number, "price": line.price, "amount": line.amount, **_known(line)}
            for line in priced(answer.need, answer.parts)}  # fmt: skip


def _known(line: Priced) -> dict[str, Any]:
    known = line.known
    return {} if known is None else {"basis": known.basis, "source": known.source, "low": known.low, "high": known.high}


def cost_json(answer: Answer) -> dict[str, Any] | None:
    """The sum, its ends, and the kinds of parts that it leaves out; None without prices."""
    need, parts = answer.need, answer.parts
    if not need.prices:
        return None
    low, high = cost_ends(need, parts)
    return {"currency": need.currency, "sum": cost(need, parts), "low": low, "high": high,
            "without_price": unpriced(need, parts)}  # fmt: skip


def rows_priced(answer: Answer) -> dict[str, dict[str, float | None]]:
    """Price and amount of each row of the bill; None where there is none."""
    by_row = {line.row: line for line in priced(answer.need, answer.parts)}
    found = {row.id: by_row.get(row.id) for row in answer.rows}
    return {
        row: {"price": None if line is None else line.price, "amount": None if line is None else line.amount}
        for row, line in found.items()
    }


def money(value: float) -> str:
    """An amount with its coins, if there are any."""
    text = f"{value:,.2f}".replace(",", " ")
    return text.removesuffix(".00")
