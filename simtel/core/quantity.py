"""A figure with its unit, range, basis and source; or the honest absence of one.

`basis` says where a figure comes from. A figure that is `assumed` carries a range (or named alternatives for a choice):
what rests on it is tried over the whole range. What nobody stated is `Unknown`, with the reason.
Values are stored in base units: durations in nanoseconds (int), rates per second (float), shares 0..1 (float),
counts (int), flags (bool), choices (str), bits per second (int), accuracies of clocks in parts in
10^12 (int).
"""

from enum import StrEnum

import msgspec

Value = int | float | bool | str


class Basis(StrEnum):
    """Where a figure comes from, strongest first."""

    MEASURED = "measured"
    STANDARD = "standard"
    DATASHEET = "datasheet"
    QUOTED = "quoted"
    COMPUTED = "computed"
    BUYER = "buyer"
    ASSUMED = "assumed"


class Unit(StrEnum):
    """Dimension of a figure; `simtel.core.units` reads and writes them."""

    TIME = "time"
    RATE = "rate"
    SHARE = "share"
    COUNT = "count"
    FLAG = "flag"
    CHOICE = "choice"
    BITRATE = "bitrate"
    ACCURACY = "accuracy"


class Quantity(msgspec.Struct, frozen=True):
    """A stated figure. `low` and `high` are set for assumed figures, `alternatives` for assumed choices and flags."""

    value: Value
    unit: Unit
    basis: Basis
    source: str
    low: Value | None = None
    high: Value | None = None
    alternatives: tuple[Value, ...] = ()

    @property
    def spread(self) -> tuple[Value, ...]:
        """Other values that this figure may have: the ends of its range, or its alternatives."""
        ends = () if self.low is None or self.high is None else (self.low, self.high)
        return tuple(v for v in (*ends, *self.alternatives) if v != self.value)


class Unknown(msgspec.Struct, frozen=True):
    """What nobody stated, and why it is not known."""

    unit: Unit
    reason: str
