"""What a print can stand for: digits, with masks where a publisher struck some out, such as `201*` for any 20xx.

`masks` are a quote's own: what is printed -> digits with an x for each that may be any. A print is a pattern over
digits; what holds anything else (a unit, a letter) stands for no number.
"""

import re
from collections.abc import Mapping
from decimal import Decimal

_LOOSE = re.compile(r"[\s,，\u3000]")  # between groups of digits
_NUMBER = re.compile(r"\d+(\.\d+)?")
TEXT_AND_UNIT = re.compile(r"(\d+(?:\.\d+)?)\s*([^\d\s.,].*)")


def cells_of(print_: str, masks: Mapping[str, str]) -> list[str] | None:
    """The print as one entry a character of the number: a digit, "x" or "."; None where it is no number."""
    rest = _LOOSE.sub("", print_)
    cells: list[str] = []
    while rest:
        mask = next((mask for mask in masks if rest.startswith(mask)), None)
        if mask is not None:
            cells += masks[mask]
            rest = rest[len(mask) :]
        elif rest[0].isascii() and (rest[0].isdigit() or rest[0] == "."):
            cells.append(rest[0])
            rest = rest[1:]
        else:
            return None
    return cells or None


def may_be(print_: str, value: Decimal, masks: Mapping[str, str]) -> bool:
    """Whether a value, written out, could have been printed so."""
    cells = cells_of(print_, masks)
    if cells is None:
        return False
    pattern = "".join(r"\d" if cell == "x" else re.escape(cell) for cell in cells)
    return re.fullmatch(pattern, plain(value)) is not None or re.fullmatch(pattern, f"{value:.2f}") is not None


def plain(value: Decimal) -> str:
    """A number in digits, without zeros that say nothing."""
    return f"{value:f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{value:f}"


def number_in(print_: str) -> tuple[Decimal, str] | None:
    """The number that a text begins with, and the rest of it: "24 路" is 24 of 路; None where there is no such."""
    found = TEXT_AND_UNIT.fullmatch(_LOOSE.sub(" ", print_).strip())
    return (Decimal(found[1]), found[2]) if found else None


def below_zero(print_: str) -> bool:
    """Whether a print is a number with a minus before it."""
    return print_.strip()[:1] in {"-", "−"} and _NUMBER.fullmatch(_LOOSE.sub("", print_)[1:]) is not None
