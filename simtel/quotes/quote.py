"""Reading of a quote (`simtel: quote/1`): one option of one vendor, exactly as it is printed.

Lines stand in the order of the print. What is blank there is absent here. A line that names no part is the one that
its words mean, if they mean one only; a line below zero is a credit: money, and no part. `owned` is what the buyer has
already; it counts in a reading that says so, or, if it is not in any, in each. `readings` are the axes of what is
ambiguous: each has named alternatives, and each alternative says what it means (`Effect`). The print masks and cuts;
how well a figure can be read stands beside it (`simtel.quotes.amount`). No person's name and no telephone number
belongs here.
"""

import os
import re
from collections.abc import Mapping
from decimal import Decimal
from math import prod
from pathlib import Path
from typing import Any

import msgspec

from simtel.core import data
from simtel.core.document import Doc, Loc
from simtel.core.i18n import Message
from simtel.core.problems import BadInput, any_of, did_you_mean, nowhere, quoted
from simtel.core.quantity import Unit
from simtel.core.strict_yaml import load
from simtel.profiles.device import Profile, file_hash
from simtel.profiles.shape import (
    ListOf,
    Measure,
    Record,
    Report,
    Text,
    Word,
    both_languages,
    id_text,
    known_profile,
    requirements,
    shown,
)
from simtel.quotes.amount import Amount, AmountShape, fits_print
from simtel.quotes.digits import Run
from simtel.quotes.money import CURRENCIES
from simtel.quotes.optional import held
from simtel.quotes.parts import part_of
from simtel.scenario.schema import DIALECT

SCHEMA = "quote/1"
FIGURES = ("quantity", "price", "amount")  # of a line
TOTALS = ("list", "discount", "discount_percent", "offer", "tax_percent", "tax", "total")
HEADING = 0  # in place of a line's number
TERMS = ("tax", "delivery", "installation", "training", "acceptance", "payment", "response", "maintenance", "standards")
MOST_READINGS, MOST_ROWS = 4096, 100
_FORM_OF_DATE = r"20\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
_TELEPHONE = re.compile(r"(?<!\d)(1[3-9]\d{9}|0\d{2,3}[- ]\d{7,8}|\+\d[\d -]{8,16}\d)(?!\d)")


class Line(msgspec.Struct, frozen=True):
    """One line of a quote."""

    number: int  # from 1, in the order of the file
    item: str  # number in the print, such as "1.1"; may be empty
    name: dict[str, str]
    part: str  # id of a device profile; empty where none is known, and of a credit, which brings none
    by_words: bool  # the file names no part: its words mean this one
    unit: str
    quantity: Amount | None
    price: Amount | None
    amount: Amount | None
    brand: str
    section: str
    optional: bool
    by_buyer: bool  # supplied by the buyer
    cell: str
    loc: Loc

    def figure(self, name: str) -> Amount | None:
        """One of FIGURES."""
        found: Amount | None = getattr(self, name)
        return found

    @property
    def ordered(self) -> Decimal:
        """How many are ordered; none where nothing is printed or the print cannot be read."""
        return Decimal(0) if self.quantity is None or self.quantity.value is None else self.quantity.value

    @property
    def credit(self) -> bool:
        """Whether it is money back: an amount below zero, or without one a price below zero."""
        return _credit(self.amount, self.price)


class Owned(msgspec.Struct, frozen=True):
    """What the buyer has already: `kept` in use, or `traded-in` for what is bought."""

    id: str
    part: str
    quantity: Amount
    use: str
    note: dict[str, str]
    loc: Loc


class Effect(msgspec.Struct, frozen=True):
    """What one alternative means; None or empty: nothing is said about it."""

    platforms: str | None = None  # servers-and-gateways, gateways, servers
    spans: str | None = None  # one-each, all-on-first
    core_channel_counts: str | None = None  # trunks, trunks-and-agents
    owned: tuple[str, ...] = ()  # ids of what is owned and then counts
    offer: Amount | None = None


class Alternative(msgspec.Struct, frozen=True):
    """One way to mean what is ambiguous."""

    name: str
    says: dict[str, str]
    effect: Effect


class Axis(msgspec.Struct, frozen=True):
    """One thing that is ambiguous, and what to ask about it."""

    name: str
    question: dict[str, str]
    requirement: tuple[str, ...]
    alternatives: tuple[Alternative, ...]  # the first is taken unless another is asked for
    loc: Loc


class Printed(msgspec.Struct, frozen=True):
    """Columns that are printed without gaps, and the rows in them: numbers of lines, or HEADING."""

    rows: tuple[int, ...]
    run: Run
    loc: Loc


class Section(msgspec.Struct, frozen=True):
    """Lines under a heading of their own."""

    id: str
    name: dict[str, str]
    subtotal: Amount | None


class Quote(msgspec.Struct, frozen=True):
    """One option of one vendor."""

    id: str
    title: dict[str, str]
    vendor: str
    date: str
    valid_days: Amount | None
    warranty_years: Amount | None
    currency: str
    seats: int
    seats_at_most: int
    spans: int
    lines: tuple[Line, ...]
    sections: tuple[Section, ...]
    totals: dict[str, Amount]  # by TOTALS
    tax_included: bool | None
    terms: dict[str, dict[str, str]]  # by TERMS: what is printed
    owned: tuple[Owned, ...]
    axes: tuple[Axis, ...]
    masks: dict[str, str]
    runs: tuple[Printed, ...]
    source: str
    path: str
    hash: str
    doc: Doc

    def bought(self, line: Line) -> bool:
        """Whether a line is part of the offer: one that is optional is if the list total needs it."""
        return not line.optional or line in self._held

    @property
    def _held(self) -> tuple[Line, ...]:
        """The optional lines that the list total holds."""
        listed = self.totals.get("list")
        if listed is None or listed.value is None or any(one.amount and one.amount.value is None for one in self.lines):
            return ()
        return held(self.lines, listed.value) or ()

    def place(self, loc: Loc) -> tuple[int, int]:
        """Line and column in the file."""
        return self.doc.place(loc)


class _Name:
    """Text in English, Chinese or both."""

    def read(self, raw: Any, loc: Loc, report: Report) -> dict[str, str] | None:
        found: dict[str, str] | None = _LANGUAGES.read(raw, loc, report)
        if found is not None and isinstance(raw, dict) and not raw:
            report.add(loc, Message("says nothing in 'en' or in 'zh'"), at_key=True)
        return found

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [{**_LANGUAGES.schema(), "required": [language]} for language in _LANGUAGES.fields]}


class _Masks:
    """What is printed -> digits, with x for each that may be any."""

    def read(self, raw: Any, loc: Loc, report: Report) -> dict[str, str] | None:
        if not isinstance(raw, dict):
            report.add(loc, Message("{found} where a mapping (key: value) is due", found=shown(raw)), at_key=True)
            return None
        form = Text(r"[0-9x]{1,12}", Message("digits, with x for each that may be any"))
        return {mask: form.read(digits, (*loc, mask), report) or "x" for mask, digits in raw.items() if mask.strip()}

    def schema(self) -> dict[str, Any]:
        return {"type": "object", "additionalProperties": {"type": "string", "pattern": "^[0-9x]{1,12}$"}}


class _RowName:
    """The number of a line, or the word `heading`, which is 0."""

    def read(self, raw: Any, loc: Loc, report: Report) -> int | None:
        if raw == "heading":
            return HEADING
        found: int | None = Measure(Unit.COUNT, 1, 10_000).read(raw, loc, report)
        return found

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [{"type": "integer", "minimum": 1}, {"const": "heading"}]}


_DIGITS = Text(r"[^\s]{1,400}", Message("digits and masks without a gap, in quotes"))
_LANGUAGES = Record({"en?": Text(), "zh?": Text()})
_AMOUNT, _NAME = AmountShape(), _Name()
_SIGNED = AmountShape(Decimal(-(10**12)))  # a credit is an amount below zero
_FLAG, _SEATS = Measure(Unit.FLAG), Measure(Unit.COUNT, 1, 1_000)
SHAPE = Record({
    "simtel": Word(SCHEMA),
    "id": id_text(),
    "title": _NAME,
    "vendor?": Text(),
    "date?": Text(_FORM_OF_DATE, Message('a date, such as "2026-03-31"')),
    "valid_days?": _AMOUNT,
    "warranty_years?": _AMOUNT,
    "currency": Word(*CURRENCIES),
    "source?": Text(),
    "for": Record({"seats": _SEATS, "at_most?": _SEATS, "spans": Measure(Unit.COUNT, 1, 64)}),
    "masks?": _Masks(),
    "runs?": ListOf(Record({
        "rows": ListOf(_RowName(), least=1), "quantities": _DIGITS, "prices": _DIGITS, "amounts": _DIGITS,
    })),
    "sections?": ListOf(Record({"id": id_text(), "name": _NAME, "subtotal?": _SIGNED})),
    "lines": ListOf(Record({
        "item?": Text(), "name": _NAME, "part?": id_text(), "unit?": Text(), "quantity?": _AMOUNT, "price?": _SIGNED,
        "amount?": _SIGNED, "brand?": Text(), "section?": id_text(), "optional?": _FLAG,
        "supplied_by?": Word("vendor", "buyer"), "cell?": Text(),
    })),
    "totals?": Record({f"{name}?": _AMOUNT for name in TOTALS}),
    "tax_included?": _FLAG,
    "terms?": Record({f"{name}?": _NAME for name in TERMS}),
    "owned?": ListOf(Record({
        "id": id_text(), "part": id_text(), "quantity": _AMOUNT, "use": Word("kept", "traded-in"), "note?": _NAME,
    })),
    "readings?": ListOf(Record({
        "axis": id_text(), "question": both_languages(), "requirement": requirements(),
        "alternatives": ListOf(Record({
            "name": id_text(), "says": both_languages(),
            "means": Record({
                "platforms?": Word("servers-and-gateways", "gateways", "servers"),
                "spans?": Word("one-each", "all-on-first"),
                "core_channel_counts?": Word("trunks", "trunks-and-agents"),
                "owned?": ListOf(id_text()), "offer?": _AMOUNT,
            }),
        }), least=2),
    })),
})  # fmt: skip


def read_quote(
    source: str | os.PathLike[str] | bytes, parts: Mapping[str, Profile] | None, name: str | None = None
) -> Quote:
    """The quote that a file holds. BadInput holds everything that is wrong with it.

    `parts` are the device profiles by id; None: they are not known, and whether a part is one is not looked at.
    """
    doc = load(source, name)
    report = Report(doc)
    found = SHAPE.read(doc.data, (), report)
    if found is None:
        report.stop()
    _no_telephone(doc.data, (), report)
    masks = found.get("masks", {})
    _prints(found, masks, report)
    _names(found, parts, report)
    _axes(found, report)
    asked = found.get("for", {})
    if asked.get("seats", 0) > asked.get("at_most", asked.get("seats", 0)):
        report.add(("for", "seats"), Message("is more than 'at_most'"))
    report.done()
    return Quote(
        found["id"], found["title"], found.get("vendor", ""), found.get("date", ""), found.get("valid_days"),
        found.get("warranty_years"), found["currency"], asked["seats"], asked.get("at_most", asked["seats"]),
        asked["spans"], tuple(_line(index, line, parts or {}) for index, line in enumerate(found["lines"])),
        tuple(Section(one["id"], one["name"], one.get("subtotal")) for one in found.get("sections", ())),
        found.get("totals", {}), found.get("tax_included"), found.get("terms", {}),
        tuple(
            Owned(one["id"], one["part"], one["quantity"], one["use"], one.get("note", {}), ("owned", index))
            for index, one in enumerate(found.get("owned", ()))
        ),
        tuple(_axis(index, one) for index, one in enumerate(found.get("readings", ()))),
        masks, tuple(_run(index, one) for index, one in enumerate(found.get("runs", ()))),
        found.get("source", ""), doc.name, file_hash(doc), doc,
    )  # fmt: skip


def _credit(amount: Amount | None, price: Amount | None) -> bool:
    figure = amount or price
    return figure is not None and figure.value is not None and figure.value < 0


def _line(index: int, line: dict[str, Any], parts: Mapping[str, Profile]) -> Line:
    credit = _credit(line.get("amount"), line.get("price"))
    meant = "" if "part" in line or credit else part_of(" ".join(line["name"].values()), parts)
    return Line(
        index + 1, line.get("item", ""), line["name"], "" if credit else line.get("part", meant), bool(meant),
        line.get("unit", ""), line.get("quantity"), line.get("price"), line.get("amount"), line.get("brand", ""),
        line.get("section", ""), bool(line.get("optional")), line.get("supplied_by") == "buyer",
        line.get("cell", ""), ("lines", index),
    )  # fmt: skip


def _run(index: int, one: dict[str, Any]) -> Printed:
    return Printed(one["rows"], Run(one["quantities"], one["prices"], one["amounts"]), ("runs", index))


def _axis(index: int, axis: dict[str, Any]) -> Axis:
    alternatives = tuple(Alternative(one["name"], one["says"], Effect(**one["means"])) for one in axis["alternatives"])
    return Axis(axis["axis"], axis["question"], axis["requirement"], alternatives, ("readings", index))


def _no_telephone(raw: Any, loc: Loc, report: Report) -> None:
    """No text holds what looks like a telephone number."""
    if isinstance(raw, dict):
        for key, value in raw.items():
            _no_telephone(value, (*loc, key), report)
    elif isinstance(raw, list):
        for index, value in enumerate(raw):
            _no_telephone(value, (*loc, index), report)
    elif isinstance(raw, str) and _TELEPHONE.search(raw):
        report.add(loc, Message("holds what looks like a telephone number: none belongs in a quote"))


def _prints(found: dict[str, Any], masks: dict[str, str], report: Report) -> None:
    """Every figure that was read is one that its print can stand for."""
    amounts = [found.get(name) for name in ("valid_days", "warranty_years")]
    amounts += [line.get(name) for line in found.get("lines", ()) for name in FIGURES]
    amounts += [*found.get("totals", {}).values(), *(one.get("subtotal") for one in found.get("sections", ()))]
    amounts += [one.get("quantity") for one in found.get("owned", ())]
    for amount in amounts:
        if amount is not None:
            fits_print(amount, masks, report)


def _names(found: dict[str, Any], parts: Mapping[str, Profile] | None, report: Report) -> None:
    """Parts, sections and what is owned are known, and named once."""
    sections = [one.get("id", "") for one in found.get("sections", ())]
    for index, line in enumerate(found.get("lines", ())):
        if parts is not None and "part" in line:
            known_profile(report, ("lines", index, "part"), line["part"], parts)
        if line.get("section", sections) not in (sections, *sections):
            message = Message("there is no section {name}", name=quoted(line["section"]))
            report.add(("lines", index, "section"), message, did_you_mean(line["section"], sections))
    for index, one in enumerate(found.get("owned", ())):
        if parts is not None and "part" in one:
            known_profile(report, ("owned", index, "part"), one["part"], parts)
        if one.get("quantity") is not None and one["quantity"].value is None:
            report.add(("owned", index, "quantity"), Message("what is owned has a number, if an assumed one"))
    for index, one in enumerate(found.get("runs", ())):
        if len(one.get("rows", ())) > MOST_ROWS:
            message = Message("{count} rows: at most {most} are taken apart", count=len(one["rows"]), most=MOST_ROWS)
            report.add(("runs", index, "rows"), message, at_key=True)
        for place, row in enumerate(one.get("rows", ())):
            if row > len(found.get("lines", ())):
                report.add(("runs", index, "rows", place), Message("there is no line {number}", number=row))
    for key, name in (("sections", "id"), ("owned", "id"), ("readings", "axis")):
        _once([one.get(name) for one in found.get(key, ())], (key,), name, report)


def _once(names: list[str | None], loc: Loc, key: str, report: Report) -> None:
    for index, name in enumerate(names):
        if name is not None and name in names[:index]:
            report.add((*loc, index, key), Message("{name} is given twice", name=quoted(name)))


def _axes(found: dict[str, Any], report: Report) -> None:
    """Each axis is about something of its own, and each alternative means something else than the others."""
    count = prod(len(axis.get("alternatives", ())) for axis in found.get("readings", ()))
    if count > MOST_READINGS:
        message = Message("{count} combinations: at most {most} are told apart", count=count, most=MOST_READINGS)
        report.add(("readings",), message, at_key=True)
    owned = [one.get("id", "") for one in found.get("owned", ())]
    about: dict[str, int] = {}
    for index, axis in enumerate(found.get("readings", ())):
        loc: Loc = ("readings", index, "alternatives")
        seen: list[Any] = []
        alternatives = axis.get("alternatives", ())
        _once([one.get("name") for one in alternatives], loc, "name", report)
        for number, one in enumerate(alternatives):
            means = one.get("means")
            if means in seen:
                report.add((*loc, number, "means"), Message("means the same as another alternative"), at_key=True)
            seen.append(means)
            for key in means or {}:
                if key != "owned" and about.setdefault(key, index) != index:
                    message = Message("{key} is decided by another axis already", key=quoted(key))
                    report.add((*loc, number, "means", key), message, at_key=True)
            for place, name in enumerate((means or {}).get("owned", ())):
                if name not in owned:
                    message = Message("nothing that is owned is called {name}", name=quoted(name))
                    report.add((*loc, number, "means", "owned", place), message, did_you_mean(name, owned))
            offer = (means or {}).get("offer")
            if offer is not None and offer.value is None:
                report.add((*loc, number, "means", "offer"), Message("an offer to reckon with has a value"))


def quote_names() -> list[str]:
    """Names of the shipped quotes."""
    return sorted(path.stem for path in data.quotes().glob("*.yaml"))


def find_quote(name: str, parts: Mapping[str, Profile]) -> Quote:
    """A quote by the name of a shipped one or a path. BadInput when there is none, or it is wrong."""
    if name in quote_names():
        return read_quote(data.quotes() / f"{name}.yaml", parts)
    if Path(name).suffix in (".yaml", ".yml"):
        return read_quote(name, parts)
    message = Message("there is no quote {name}", name=quoted(name))
    listed = Message("shipped are {names}; a file of one's own ends in .yaml", names=", ".join(quote_names()))
    raise BadInput([nowhere(message, any_of(name, quote_names()) or listed)])


def quote_schema() -> dict[str, Any]:
    """JSON Schema of a quote."""
    return {"$schema": DIALECT, "title": "simtel quote"} | SHAPE.schema()
