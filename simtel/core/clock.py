"""Time as whole nanoseconds since the start of a run, and the one place where text becomes time.

Every machine, scenario and log speaks `Ns`. Durations are parsed once, at the edge ("50ms" -> 50_000_000); inside
simtel no float carries a time. Values stay below 2**53 (104 days) so that any reader of JSON keeps them exact.
"""

import re
from typing import NewType

from simtel.core.i18n import Message

Ns = NewType("Ns", int)

US = Ns(1_000)
MS = Ns(1_000_000)
SECOND = Ns(1_000_000_000)
MINUTE = Ns(60 * SECOND)
HOUR = Ns(60 * MINUTE)
LIMIT = Ns(2**53)

_UNITS: dict[str, int] = {"us": US, "ms": MS, "s": SECOND, "min": MINUTE, "h": HOUR}
_DURATION = re.compile(r"(\d{1,40}(?:\.\d{1,9})?)\s*(us|ms|s|min|h)")


def parse_duration(text: str) -> Ns:
    """'50ms', '1.5s', '3min', '48h' -> nanoseconds. ValueError says what a duration looks like."""
    found = _DURATION.fullmatch(text.strip())
    if found is None:
        raise ValueError(
            Message("{word} is not a duration: write a number and us, ms, s, min or h, such as 50ms", word=repr(text))
        )
    whole, _, part = found[1].partition(".")
    scale = _UNITS[found[2]]
    value = int(whole) * scale + (int(part) * scale // 10 ** len(part) if part else 0)
    if value >= LIMIT:
        raise ValueError(Message("{word} is longer than a run may be (104 days)", word=repr(text)))
    return Ns(value)


def show_duration(value: int) -> str:
    """Nanoseconds as people write them: the largest unit that needs at most three decimals ('3.609 s')."""
    sign, rest = ("-", -value) if value < 0 else ("", value)
    if rest == 0:
        return "0 s"
    if rest < MS:
        return f"{sign}{_trim(rest, US)} us"
    if rest < SECOND:
        return f"{sign}{_trim(rest, MS)} ms"
    if rest < 10 * MINUTE or rest % MINUTE:
        return f"{sign}{_trim(rest, SECOND)} s"
    if rest < 10 * HOUR or rest % HOUR:
        return f"{sign}{_trim(rest, MINUTE)} min"
    return f"{sign}{_trim(rest, HOUR)} h"


def _trim(value: int, unit: int) -> str:
    return f"{value / unit:.3f}".rstrip("0").rstrip(".")
