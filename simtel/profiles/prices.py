"""Reading of prices (`simtel: prices/1`, and `prices` of a demand): what the parts of a site cost, in one currency.

Each price has a basis and a source. `printed` stands plainly in a quote; `read` was made out where the print is masked
or cut; the other words are those of all figures. An assumed price has a range, and nothing else has. Of a part without
a price nothing is known here: who adds up says so.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

import msgspec

from simtel.core.document import Loc
from simtel.core.i18n import Message
from simtel.core.problems import did_you_mean, quoted
from simtel.core.quantity import Basis
from simtel.core.strict_yaml import load
from simtel.profiles.shape import Record, Report, Text, Word, both_languages, id_text, shown

SCHEMA = "prices/1"
PRINTED, READ = "printed", "read"
BASES: Final = (PRINTED, READ, Basis.QUOTED, Basis.DATASHEET, Basis.COMPUTED, Basis.BUYER, Basis.ASSUMED)
MOST: Final = 999_999_999.99
# Parts that may have a price, and what they are called.
PARTS: Final[Mapping[str, Message]] = {
    "agent": Message("agents on duty"), "seat": Message("seats"), "e1": Message("E1 spans"),
    "loop-module": Message("4-line loop modules"), "ivr-port": Message("IVR ports"),
    "core-channel": Message("core channels"), "agent-licence": Message("agent licences"),
    "recording-licence": Message("recording licences"), "board": Message("24-port boards"),
    "server": Message("servers"), "switch": Message("LAN switches"),
    "headset": Message("analog telephones or headsets"), "ip-telephone": Message("IP telephones"),
}  # fmt: skip
_KEYS = ("value", "basis", "source", "low", "high", "currency")


@dataclass(frozen=True, slots=True)
class Price:
    """Of one part (of `PARTS`). `low` and `high` are set where it is assumed."""

    part: str
    value: float
    basis: str  # of BASES
    source: str
    low: float | None = None
    high: float | None = None

    @property
    def assumed(self) -> bool:
        """Whether nobody stated it."""
        return self.basis == Basis.ASSUMED

    @property
    def ends(self) -> tuple[float, float]:
        """The least and the most that it may be; twice the price where it is stated."""
        return (self.value, self.value) if self.low is None or self.high is None else (self.low, self.high)


class Prices(msgspec.Struct, frozen=True):
    """Prices of one currency, in the order of `PARTS`."""

    currency: str
    of: tuple[Price, ...]


class PriceList(msgspec.Struct, frozen=True):
    """One file of prices."""

    path: str
    id: str
    title: dict[str, str]
    prices: Prices


class _PriceShape:
    """One price."""

    def __init__(self, part: str) -> None:
        self.part = part

    def read(self, raw: Any, loc: Loc, report: Report) -> Price | None:
        if not isinstance(raw, dict):
            form = "{value: 18000, basis: quoted, source: ...}"
            report.add(loc, Message("{found} where a price is due: {form}", found=shown(raw), form=form), at_key=True)
            return None
        known = len(report.problems)
        for key in raw:
            if key not in _KEYS:
                hint = did_you_mean(key, set(_KEYS) - raw.keys())
                report.add((*loc, key), Message("unknown key {key}", key=quoted(key)), hint, at_key=True)
        for key in ("value", "basis", "source"):
            if key not in raw:
                report.add(loc, Message("key {key} is missing", key=quoted(key)), at_key=True)
        numbers = {key: _amount(raw[key], (*loc, key), report) for key in ("value", "low", "high") if key in raw}
        basis = Word(*BASES).read(raw["basis"], (*loc, "basis"), report) if "basis" in raw else None
        source = Text().read(raw["source"], (*loc, "source"), report) if "source" in raw else None
        if "currency" in raw:
            _CURRENCY.read(raw["currency"], (*loc, "currency"), report)
        if len(report.problems) > known:
            return None
        found = Price(self.part, numbers["value"] or 0.0, basis or "", source or "", numbers.get("low"),
                      numbers.get("high"))  # fmt: skip
        _fit(found, loc, report)
        return found if len(report.problems) == known else None

    def schema(self) -> dict[str, Any]:
        number = {"type": "number", "minimum": 0, "maximum": MOST}
        return {
            "type": "object",
            "description": PARTS[self.part],
            "properties": {
                "value": number, "basis": {"enum": list(BASES)}, "source": Text().schema(),
                "low": number, "high": number, "currency": _CURRENCY.schema(),
            },
            "required": ["value", "basis", "source"],
            "additionalProperties": False,
        }  # fmt: skip


def _amount(raw: Any, loc: Loc, report: Report) -> float | None:
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        report.add(loc, Message("{found} where a number is due", found=shown(raw)))
    elif not 0 <= raw <= MOST:  # not a number either
        report.add(loc, Message("{value} is no price: write 0 to {most}", value=f"{raw:g}"[:40], most=f"{MOST:.2f}"))
    elif (exact := Decimal(str(raw))) != round(exact, 2):
        report.add(loc, Message("{value} has more than {most} digits after the point", value=str(raw)[:40], most=2))
    else:
        return float(raw)
    return None


def _fit(price: Price, loc: Loc, report: Report) -> None:
    """Whether the range belongs to the price."""
    low, high = price.low, price.high
    if not price.assumed:
        for key, end in (("low", low), ("high", high)):
            if end is not None:
                message = Message("{key} belongs to an assumed figure only", key=quoted(key))
                report.add((*loc, key), message, at_key=True)
    elif low is None or high is None:
        report.add(loc, Message("an assumed figure needs a range: 'low' and 'high'"), at_key=True)
    elif not low <= price.value <= high:
        message = Message("{value} is not within its range, {low} to {high}", value=f"{price.value:g}", low=f"{low:g}",
                          high=f"{high:g}")  # fmt: skip
        report.add((*loc, "value"), message)
    elif low == high:
        report.add((*loc, "low"), Message("is a range of one value: an assumed figure may be off by something"))


def _one_currency(found: dict[str, Any], loc: Loc, report: Report) -> None:
    """Prices of two currencies have no sum; and a list has a price at least."""
    data: Any = report.doc.data
    for key in loc:
        data = data[key]
    if not data.keys() & PARTS.keys():
        words = Message("has no price; these parts have one: {parts}", parts=", ".join(PARTS))
        report.add(loc, words, at_key=True)
    for part in data.keys() & PARTS.keys() if "currency" in found else ():
        own = data[part].get("currency") if isinstance(data[part], dict) else None
        if isinstance(own, str) and own != found["currency"]:
            words = Message("is in {own}, and the others in {currency}: they have no sum", own=own,
                            currency=found["currency"])  # fmt: skip
            report.add((*loc, part, "currency"), words)


_CURRENCY = Text(r"[A-Z]{3}", Message("a currency, such as CNY"))
BLOCK = Record({"currency": _CURRENCY, **{f"{part}?": _PriceShape(part) for part in PARTS}}, _one_currency)
SHAPE = Record({"simtel": Word(SCHEMA), "id": id_text(), "title": both_languages(), "prices": BLOCK})


def prices_of(block: Mapping[str, Any]) -> Prices:
    """What a block holds that was read without a problem."""
    return Prices(block["currency"], tuple(block[part] for part in PARTS if part in block))


def read_prices(source: str | os.PathLike[str] | bytes, name: str | None = None) -> PriceList:
    """The prices that a file holds. BadInput holds everything that is wrong with the file."""
    doc = load(source, name)
    report = Report(doc)
    found = SHAPE.read(doc.data, (), report)
    if found is None:
        report.stop()
    report.done()
    return PriceList(doc.name, found["id"], found["title"], prices_of(found["prices"]))
