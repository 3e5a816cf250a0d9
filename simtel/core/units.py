"""Figures as people write them, per unit: text to value at the edge, value to text in reports."""

import re
from decimal import Decimal

from simtel.core.clock import HOUR, MINUTE, MS, SECOND, US, parse_duration, show_duration
from simtel.core.i18n import Message
from simtel.core.quantity import Unit, Value

_RATE = re.compile(r"(\d+(?:\.\d+)?)\s*/\s*(s|min|h|day)")
_PER = {"s": 1.0, "min": 60.0, "h": 3600.0, "day": 86400.0}
_SHARE = re.compile(r"(\d+(?:\.\d+)?)\s*%")
_BITS = re.compile(r"(\d+(?:\.\d+)?)\s*(bit|kbit|Mbit|Gbit)/s")
_PPM = re.compile(r"(\d{1,12}(?:\.\d{1,6})?)\s*ppm")
_PARTS = 1_000_000  # in 10^12, of one in a million
_BIT = {"bit": 1, "kbit": 1_000, "Mbit": 1_000_000, "Gbit": 1_000_000_000}


def parse(raw: object, unit: Unit) -> Value:
    """A value of `unit` from what a YAML file holds. ValueError says how it should have been written."""
    if unit is Unit.FLAG:
        if isinstance(raw, bool):
            return raw
        raise ValueError(Message("{word} is neither true nor false", word=repr(raw)))
    if unit is Unit.COUNT:
        if isinstance(raw, int) and not isinstance(raw, bool) and raw >= 0:
            return raw
        raise ValueError(Message("{word} is not a count: write a whole number from 0", word=repr(raw)))
    if not isinstance(raw, str):
        raise ValueError(
            Message(
                "{word} is a bare value where a unit is due: write it as {example}",
                word=repr(raw),
                example=EXAMPLES[unit],
            )
        )
    if unit is Unit.TIME:
        return parse_duration(raw)
    if unit is Unit.CHOICE:
        return raw
    pattern = {Unit.RATE: _RATE, Unit.SHARE: _SHARE, Unit.BITRATE: _BITS, Unit.ACCURACY: _PPM}[unit]
    found = pattern.fullmatch(raw.strip())
    if found is None:
        raise ValueError(
            Message(
                "{word} is not a {unit}: write it as {example}",
                word=repr(raw),
                unit=UNITS[unit],
                example=EXAMPLES[unit],
            )
        )
    if unit is Unit.ACCURACY:
        return round(Decimal(found[1]) * _PARTS)
    number = float(found[1])
    if unit is Unit.RATE:
        return number / _PER[found[2]]
    if unit is Unit.SHARE:
        if number > 100:
            raise ValueError(Message("{word} is more than everything (100%)", word=repr(raw)))
        return number / 100
    return round(number * _BIT[found[2]])


EXAMPLES: dict[Unit, str] = {
    Unit.TIME: "50ms",
    Unit.RATE: "10/min",
    Unit.SHARE: "95%",
    Unit.BITRATE: "100Mbit/s",
    Unit.ACCURACY: "4.6ppm",
    Unit.COUNT: "4",
    Unit.FLAG: "true",
    Unit.CHOICE: Message("a word"),
}
UNITS: dict[Unit, Message] = {
    Unit.TIME: Message("time"),
    Unit.COUNT: Message("count"),
    Unit.FLAG: Message("flag"),
    Unit.CHOICE: Message("choice"),
    Unit.RATE: Message("rate"),
    Unit.SHARE: Message("share"),
    Unit.BITRATE: Message("bitrate"),
    Unit.ACCURACY: Message("clock accuracy"),
}


def show(value: Value, unit: Unit) -> str:
    """A value as people write it."""
    if isinstance(value, bool) or unit in (Unit.CHOICE, Unit.FLAG):
        return str(value).lower() if isinstance(value, bool) else str(value)
    if isinstance(value, str):
        return value
    if unit is Unit.TIME:
        return show_duration(round(value))
    if unit is Unit.SHARE:
        return f"{_short(value * 100)} %"
    if unit is Unit.RATE:
        for per, name in ((1.0, "s"), (60.0, "min"), (3600.0, "h")):
            if value * per >= 1 or name == "h":
                return f"{_short(value * per)}/{name}"
    if unit is Unit.ACCURACY:
        return f"{_short(value / _PARTS, 6)} ppm"
    if unit is Unit.BITRATE:
        for name in ("Gbit", "Mbit", "kbit"):
            if value >= _BIT[name]:
                return f"{_short(value / _BIT[name])} {name}/s"
        return f"{value} bit/s"
    return _short(value, 6) if isinstance(value, float) else str(value)


_ROUGH = ((90 * MINUTE, HOUR, "h"), (10 * MINUTE, MINUTE, "min"), (SECOND, SECOND, "s"), (MS, MS, "ms"), (0, US, "us"))


def show_rough(value: float, beside: float | None = None) -> str:
    """A duration (ns) of a sample, in three digits: '1.86 h'; in more where those would move it past `beside`."""
    if not value:
        return "0 s"
    unit, name = next((unit, name) for least, unit, name in _ROUGH if abs(value) >= least)
    for digits in range(3, 16):
        told = _short(value / unit, digits)
        if beside is None or (float(told) * unit <= beside) is (value <= beside):
            break
    return f"{told} {name}"


def _short(value: float, digits: int = 4) -> str:
    """So many significant digits, never with an exponent."""
    return f"{Decimal(f'{value:.{digits}g}'):f}"
