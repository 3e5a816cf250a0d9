"""One figure of a quote: what is printed, how well it can be read, and what it rests on.

Written as a number that is printed plainly; as text that is no number, which is then unreadable; or as a mapping:

| key | meaning |
|---|---|
| `value` | the number; absent where it cannot be read |
| `legibility` | `printed` (the default), `read` (parts of the print are masked or cut), `unreadable` |
| `print` | the print, where it is not the number as it stands |
| `basis`, `source` | as everywhere: `quoted` unless said otherwise; what is `assumed` has `low` and `high` |
| `low`, `high` | the range of an assumed figure, or of all that an unreadable print can stand for |
| `currency` | where it is not the one of the quote |
| `cell` | where it stands in a spreadsheet |

What is read must be one of the numbers that its print can stand for. Nothing here guesses.
"""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

import msgspec

from simtel.core.document import Loc
from simtel.core.i18n import Message
from simtel.core.problems import did_you_mean, quoted
from simtel.core.quantity import Basis
from simtel.profiles.shape import Report, Text, Word, shown
from simtel.quotes.money import CURRENCIES
from simtel.quotes.printed import may_be, plain

MOST = Decimal(10) ** 12
_DIGITS = 6  # after the point
_TEXTS = ("print", "source", "cell")
KEYS = ("value", "legibility", "basis", "low", "high", "currency", *_TEXTS)


class Legibility(StrEnum):
    """How well a figure can be read, best first."""

    PRINTED = "printed"
    READ = "read"
    UNREADABLE = "unreadable"


class Amount(msgspec.Struct, frozen=True):
    """One figure. `value` is None where it is unreadable; `loc` is its place in the quote file."""

    value: Decimal | None
    legibility: Legibility = Legibility.PRINTED
    basis: Basis = Basis.QUOTED
    print: str = ""
    source: str = ""
    low: Decimal | None = None
    high: Decimal | None = None
    currency: str = ""  # empty: that of the quote
    cell: str = ""
    loc: Loc = ()

    @property
    def assumed(self) -> bool:
        """Whether nobody stated it."""
        return self.basis is Basis.ASSUMED

    @property
    def ends(self) -> tuple[Decimal, Decimal] | None:
        """The least and the most that it may be; None where nothing is known."""
        if self.low is not None and self.high is not None:
            return self.low, self.high
        return None if self.value is None else (self.value, self.value)


class AmountShape:
    """A figure that is at least `least`."""

    def __init__(self, least: Decimal = Decimal(0)) -> None:
        self.least = least

    def read(self, raw: Any, loc: Loc, report: Report) -> Amount | None:
        if isinstance(raw, str) and raw.strip():
            return Amount(None, Legibility.UNREADABLE, print=raw, loc=loc)
        if not isinstance(raw, dict):
            value = self._number(raw, loc, report)
            return None if value is None else Amount(value, loc=loc)
        for key in raw:
            if key not in KEYS:
                hint = did_you_mean(key, set(KEYS) - raw.keys())
                report.add((*loc, key), Message("unknown key {key}", key=quoted(key)), hint, at_key=True)
        known = len(report.problems)
        texts = {key: Text().read(raw[key], (*loc, key), report) for key in _TEXTS if key in raw}
        words = {
            key: Word(*words).read(raw[key], (*loc, key), report)
            for key, words in (("legibility", tuple(Legibility)), ("basis", tuple(Basis)), ("currency", (*CURRENCIES,)))
            if key in raw
        }
        numbers = {
            key: self._number(raw[key], (*loc, key), report) for key in ("value", "low", "high") if key in raw
        }  # fmt: skip
        if len(report.problems) > known:
            return None
        amount = Amount(
            numbers.get("value"), Legibility(words.get("legibility") or Legibility.PRINTED),
            Basis(words.get("basis") or Basis.QUOTED), texts.get("print") or "", texts.get("source") or "",
            numbers.get("low"), numbers.get("high"), words.get("currency") or "", texts.get("cell") or "", loc,
        )  # fmt: skip
        self._fit(amount, report)
        return amount if len(report.problems) == known else None

    def _number(self, raw: Any, loc: Loc, report: Report) -> Decimal | None:
        if isinstance(raw, bool) or not isinstance(raw, int | float | str):
            report.add(loc, Message("{found} where a number is due", found=shown(raw)), at_key=True)
            return None
        try:
            value = Decimal(str(raw)) if isinstance(raw, int | float) or raw.isascii() else Decimal("nan")
        except InvalidOperation:
            value = Decimal("nan")
        if not value.is_finite():
            message = Message("{text} is no number: what cannot be read is 'legibility: unreadable' with its 'print'",
                              text=quoted(raw))  # fmt: skip
            report.add(loc, message)
        elif not self.least <= value <= MOST:
            message = Message("{value} is outside {least} to {most}, where it makes sense",
                              value=f"{value:g}"[:40], least=plain(self.least), most=plain(MOST))  # fmt: skip
            report.add(loc, message)
        elif value != round(value, _DIGITS):
            report.add(loc, Message("{value} has more than {most} digits after the point",
                                    value=str(value)[:40], most=_DIGITS))  # fmt: skip
        else:
            return value
        return None

    @staticmethod
    def _fit(amount: Amount, report: Report) -> None:
        """Whether the keys go together."""
        loc, unreadable = amount.loc, amount.legibility is Legibility.UNREADABLE
        if unreadable != (amount.value is None):
            message = (Message("what is unreadable has no value: it is 'read', or has a range")
                       if unreadable else Message("key {key} is missing", key="'value'"))  # fmt: skip
            report.add(loc, message, at_key=True)
        if amount.legibility is Legibility.READ and not amount.print:
            report.add(loc, Message("what is read has a 'print': what can be seen of it"), at_key=True)
        if (amount.low is None) != (amount.high is None):
            report.add(loc, Message("a range has both 'low' and 'high'"), at_key=True)
        elif amount.low is None and amount.assumed:
            report.add(loc, Message("an assumed figure needs a range: 'low' and 'high'"), at_key=True)
        elif amount.low is not None and not (amount.assumed or unreadable):
            report.add(loc, Message("a range belongs to an assumed or an unreadable figure only"), at_key=True)
        elif amount.ends is not None:
            low, high = amount.ends
            if low > high or not low <= (low if amount.value is None else amount.value) <= high:
                report.add(loc, Message("is not within its range, {low} to {high}", low=plain(low), high=plain(high)),
                           at_key=True)  # fmt: skip
            elif amount.low is not None and low == high:
                message = Message("is a range of one value: an assumed figure may be off by something")
                report.add((*loc, "low"), message)
        if amount.assumed and not amount.source:
            report.add(loc, Message("key {key} is missing", key="'source'"), at_key=True)

    def schema(self) -> dict[str, Any]:
        number = {"type": "number", "minimum": float(self.least)}
        text = {"type": "string", "minLength": 1}
        one = {
            "type": "object",
            "properties": {
                **dict.fromkeys(("value", "low", "high"), number),
                "legibility": {"enum": list(Legibility)},
                "basis": {"enum": list(Basis)},
                "currency": {"enum": list(CURRENCIES)},
                **dict.fromkeys(_TEXTS, text),
            },
            "additionalProperties": False,
        }
        return {"oneOf": [number, text, one]}


def fits_print(amount: Amount, masks: Mapping[str, str], report: Report) -> None:
    """Whether a figure that was read is one that its print can stand for."""
    value = amount.value if amount.legibility is Legibility.READ else None
    if value is not None and not may_be(amount.print, value, masks):
        message = Message("{value} cannot be what {print} stands for", value=plain(value), print=quoted(amount.print))
        report.add((*amount.loc, "value"), message)
