"""A draft as a quote file: every text in quotes, every figure with the cell where it stands, findings at the head."""

import json
import re
from decimal import Decimal

from simtel.core.i18n import Message, told
from simtel.quotes.money import CURRENCIES
from simtel.quotes.sheets.draft import Draft, DraftLine
from simtel.quotes.sheets.figures import Figure, State
from simtel.quotes.sheets.private import reaches
from simtel.quotes.sheets.sheet import plain, shown

_HAN = re.compile(r"[\u4e00-\u9fff]")
_SLUG = re.compile(r"[a-z0-9]+")
_SIGNS = {"¥": ("CNY", "JPY"), "$": ("USD", "HKD", "TWD", "SGD", "AUD", "CAD", "MOP")}


def quote_file(draft: Draft, name: str, seats: int, spans: int, lang: str) -> bytes:
    """The quote file. `name` becomes its id; `draft.currency` is a currency that quote files know."""
    title = draft.title or name
    lines = [
        *(f"# {finding.cell}: {_one_line(told(finding.message, lang))}" for finding in draft.findings),
        "simtel: quote/1",
        f"id: {slug(name)}",
        f"title: {_name(title)}",
    ]
    if draft.vendor:
        lines.append(f"vendor: {_text(draft.vendor)}")
    if draft.date:
        lines.append(f"date: {_text(draft.date)}")
    for key, figure in (("valid_days", draft.valid_days), ("warranty_years", draft.warranty_years)):
        if figure.given:
            lines.append(f"{key}: {_figure(figure, draft)}")
    lines += [f"currency: {draft.currency}", f"for: {{seats: {seats}, spans: {spans}}}"]
    if draft.sections:
        lines.append("sections:")
        for number, section in enumerate(draft.sections, 1):
            subtotal = f", subtotal: {_figure(section.subtotal, draft)}" if section.subtotal.given else ""
            lines.append(f"  - {{id: section-{number}, name: {_name(section.name)}{subtotal}}}")
    lines.append("lines:" if draft.lines else "lines: []")
    for line in draft.lines:
        lines += _line(line, draft)
    if draft.totals:
        lines.append("totals:")
        lines += [f"  {key}: {_figure(figure, draft)}" for key, figure in draft.totals.items()]
    if draft.tax_included is not None:
        lines.append(f"tax_included: {str(draft.tax_included).lower()}")
    if draft.terms:
        lines.append("terms:")
        lines += [f"  {key}: {_name(text)}" for key, text in draft.terms.items()]
    return ("\n".join(lines) + "\n").encode()


def resolve(draft: Draft) -> None:
    """Give every figure the currency that its sign stands for; what stands for none that is known is unreadable."""
    for index, line in enumerate(draft.lines):
        price, amount = (_resolved(one, draft) for one in (line.price, line.amount))
        draft.lines[index] = _with(line, price, amount)
    draft.totals = {key: _resolved(figure, draft) for key, figure in draft.totals.items()}
    for section in draft.sections:
        section.subtotal = _resolved(section.subtotal, draft)


def _with(line: DraftLine, price: Figure, amount: Figure) -> DraftLine:
    return DraftLine(line.cell, line.item, line.name, line.unit, line.brand, line.section, line.quantity, price, amount,
                     line.by_buyer, line.optional)  # fmt: skip


def _resolved(figure: Figure, draft: Draft) -> Figure:
    if not figure.currency or figure.currency == draft.currency or draft.currency in _SIGNS.get(figure.currency, ()):
        return figure._replace(currency="")
    if figure.currency in CURRENCIES:
        draft.say(figure.cell, Message("is in {currency}, the quote in {other}", currency=figure.currency,
                                       other=draft.currency))  # fmt: skip
        return figure
    draft.say(figure.cell, Message("has the sign of another currency, and of several"))
    return Figure(State.UNREADABLE, None, figure.print or "?", figure.cell)


def _line(line: DraftLine, draft: Draft) -> list[str]:
    keys = [("item", _text(line.item) if line.item else ""),
            ("section", f"section-{line.section + 1}" if line.section >= 0 else ""),
            ("name", _name(line.name)),
            ("unit", _text(line.unit) if line.unit else ""),
            *((key, _figure(figure, draft) if figure.given else "")
              for key, figure in (("quantity", line.quantity), ("price", line.price), ("amount", line.amount))),
            ("brand", _text(line.brand) if line.brand else ""),
            ("optional", "true" if line.optional else ""),
            ("supplied_by", "buyer" if line.by_buyer else ""),
            ("cell", _text(line.cell))]  # fmt: skip
    kept = [f"{key}: {value}" for key, value in keys if value]
    return [f"  - {kept[0]}", *(f"    {one}" for one in kept[1:])]


def _figure(figure: Figure, draft: Draft) -> str:
    keys = {}
    if figure.value is not None:
        keys["value"] = _number(figure.value * 100 if figure.percent else figure.value)
    else:
        keys["legibility"] = "unreadable"
    if figure.print:
        keys["print"] = _text(figure.print)
    if figure.currency and figure.currency != draft.currency:
        keys["currency"] = figure.currency
    keys["cell"] = _text(figure.cell)
    return "{" + ", ".join(f"{key}: {value}" for key, value in keys.items()) + "}"


def _number(value: Decimal) -> str:
    text = shown(value)
    return text if Decimal(repr(float(text))) == value else _text(text)


def _name(text: str) -> str:
    return f"{{{'zh' if _HAN.search(text) else 'en'}: {_text(text)}}}"


def _text(text: str) -> str:
    """A text in quotes, whatever it holds: nothing in it is ever taken for a figure, a formula or a key. What names a
    person has been left out before; should anything have been missed, it ends here."""
    if reaches(text):
        return '"?"'
    return json.dumps(text, ensure_ascii=False)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def slug(name: str) -> str:
    """A name as an id: small letters, digits and '-'."""
    return "-".join(_SLUG.findall(plain(name.replace(" ", "-"))))[:60].strip("-") or "quote"
