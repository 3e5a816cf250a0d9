"""Which optional lines a sum holds: the one set of them whose amounts, with those of all other lines, come to it."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import combinations
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simtel.quotes.quote import Line

MOST = 12  # optional lines of which every set is tried; of more, none and all of them


def amount(line: "Line") -> Decimal:
    """What a line comes to; nothing where nothing stands there or it cannot be read."""
    return Decimal(0) if line.amount is None or line.amount.value is None else line.amount.value


def priced(lines: Iterable["Line"]) -> list["Line"]:
    """The optional lines that cost something."""
    return [line for line in lines if line.optional and amount(line)]


def held(lines: Sequence["Line"], total: Decimal) -> "tuple[Line, ...] | None":
    """The optional lines in a sum; None where no set of them comes to it, or several do."""
    optional = priced(lines)
    rest = total - sum((amount(line) for line in lines if not line.optional), Decimal(0))
    sizes = range(len(optional) + 1) if len(optional) <= MOST else (0, len(optional))
    sets = (chosen for many in sizes for chosen in combinations(optional, many))
    found = [chosen for chosen in sets if sum(map(amount, chosen), Decimal(0)) == rest]
    return found[0] if len(found) == 1 else None
