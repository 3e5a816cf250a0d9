"""What a plain scalar of YAML means: text, number, flag or nothing; and which plain scalars are refused.

The core schema of YAML 1.2 says what is read. A scalar that a YAML 1.1 reader would understand differently is refused,
and so is a number beyond 64 bits: it is one to dial, not to count with.
"""

import math
import re

from simtel.core.i18n import Message
from simtel.core.problems import quoted

Scalar = str | int | float | bool | None

# The printable set of YAML 1.2 without tab, and without the breaks of Unicode, where readers differ.
_UNPRINTABLE = re.compile(r"[^\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_INT = re.compile(r"[-+]?[0-9]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_WORDS: dict[str, bool | None] = {
    "": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True,
    "false": False, "False": False, "FALSE": False,
}  # fmt: skip
_SURPRISES: tuple[tuple[re.Pattern[str], Message], ...] = (
    (re.compile(r"yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF"), Message(
        "plain {word} is true or false to some readers and text to others: write true or false, or put it in quotes")),
    (re.compile(r"~"), Message("plain {word} is not used for null here: write null, or put it in quotes")),
    (re.compile(r"<<"), Message(
        "plain {word} merges another mapping into this one, which is not allowed: write the keys out")),
    (re.compile(r"[-+]?[0-9][0-9_]*(:[0-9]+)+(\.[0-9_]*)?"), Message(
        "plain {word} counts in sixties to some readers: write a unit such as 90s, or put it in quotes")),
    (re.compile(r"[-+]?0[0-9_]+"), Message(
        "plain {word} is octal to some readers: "
        "write it without the leading zero, or in quotes if it is a number to dial")),
    (re.compile(r"[-+]?0[oO][0-7_]+|[-+]?0b[01_]+|[-+]0x[0-9a-fA-F_]+"), Message(
        "plain {word} is a number to some readers and text to others: write it in decimal, or put it in quotes")),
    (re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}"
                r"(([Tt]| +)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(\.[0-9]*)?( *(Z|[-+][0-9]{1,2}(:?[0-9]{2})?))?)?"), Message(
        "plain {word} is a date to some readers and text to others: put it in quotes")),
    (re.compile(r"(?=.*_)[-+]?(0x[0-9a-fA-F_]+|\.?[0-9][0-9_]*|[0-9][0-9_]*\.[0-9_]*([eE][-+]?[0-9]+)?)"), Message(
        "plain {word} is a number to some readers and text to others: "
        "leave the underscore out, or put it in quotes")),
    (re.compile(r"[-+]?(\.[0-9]+|[0-9]+)[eE][-+]?[0-9]+|[-+]?[0-9]+\.[0-9]*[eE][0-9]+|[-+]\.[0-9]+"), Message(
        "plain {word} is a number to some readers and text to others: write it out, or put it in quotes")),
    (re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)"), Message(
        "plain {word} is not a number that can be used here")),
)  # fmt: skip


def unprintable(text: str) -> re.Match[str] | None:
    """The first character that may stand in no file; a tab may."""
    return _UNPRINTABLE.search(text.replace("\t", " "))


def value_of(text: str) -> tuple[Scalar, Message | None]:
    """The value of a plain scalar, and what is wrong with it."""
    if text in _WORDS:
        return _WORDS[text], None
    for pattern, refusal in _SURPRISES:
        if pattern.fullmatch(text):
            return text, Message(refusal.template, word=quoted(text))
    if _INT.fullmatch(text):
        number = int(text, 0) if len(text) <= 20 else 1 << 64  # int() itself refuses 4,300 digits
        if -(1 << 63) <= number < 1 << 63:
            return number, None
        return number, Message(
            "{word} is too large to count with (64 bits); a number to dial belongs in quotes", word=quoted(text)
        )
    if _FLOAT.fullmatch(text):
        figure = float(text)
        return figure, Message("{word} is too large a number", word=quoted(text)) if math.isinf(figure) else None
    return text, None
