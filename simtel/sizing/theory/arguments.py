"""What a formula takes: each argument is checked before anything is computed, and an error names it and its value.

A number that is no number (NaN) fails every comparison below, so each check is written as what must hold.
"""

from math import inf, isfinite
from numbers import Real
from reprlib import repr as shown

LARGEST_GROUP = 1_000_000  # servers: the recursions take a step for each, and no site comes near
_SHORTEST = 1e-300  # of a rate, load or time that is none: the reciprocal of less would overflow
LONGEST_PATIENCE = 1e100  # seconds: sums of longer waits would overflow


class Unstable(ValueError):  # noqa: N818  (it names the queue's state)
    """More work is offered than the servers can ever do, and nobody gives up: the queue grows without end."""


def number(name: str, value: float) -> float:
    """A number of any kind that a float can hold, NaN and infinity included; True and False are none."""
    if isinstance(value, bool) or not isinstance(value, int | float | Real):
        raise ValueError(f"{name} must be a number, not {shown(value)}")
    try:
        return float(value)
    except OverflowError:
        raise ValueError(f"{name} must be a number that a float can hold, not one beyond 1e308") from None


def load(name: str, value: float) -> float:
    """A load or a rate: finite, zero or more."""
    value = number(name, value)
    if not (0 <= value < inf):
        raise ValueError(f"{name} must be zero or more and finite, not {value!r}")
    return value


def duration(name: str, value: float) -> float:
    """A time, zero and infinity included."""
    value = number(name, value)
    if not (0 <= value <= inf):
        raise ValueError(f"{name} must be zero or more seconds, not {value!r}")
    return value


def patience(name: str, value: float) -> float:
    """A mean patience: any, but what is longer than any queue must be said to be infinite."""
    value = duration(name, value)
    if LONGEST_PATIENCE < value < inf:
        raise ValueError(f"{name} must be {LONGEST_PATIENCE:g} s at most, or infinite, not {value!r}")
    return value


def positive(name: str, value: float) -> float:
    """A rate, load or time that cannot be zero."""
    value = number(name, value)
    if not (0 < value < inf):
        raise ValueError(f"{name} must be above zero and finite, not {value!r}")
    if value < _SHORTEST:
        raise ValueError(f"{name} must be {_SHORTEST:g} at least, not {value!r}")
    return value


def share(name: str, value: float) -> float:
    """A probability or share, both ends included."""
    value = number(name, value)
    if not (0 <= value <= 1):
        raise ValueError(f"{name} must be from 0 to 1, not {value!r}")
    return value


def inner_share(name: str, value: float) -> float:
    """A share that no finite number of servers, or only an infinite one, would turn into 0 or 1."""
    value = number(name, value)
    if not (0 < value < 1):
        raise ValueError(f"{name} must lie between 0 and 1, both excluded, not {value!r}")
    return value


def whole(name: str, value: int, least: int = 1) -> int:
    """A number of servers, trunks or sources; 20.0 counts as 20."""
    value = count(name, value, least)
    if value > LARGEST_GROUP:
        raise ValueError(f"{name} must be {LARGEST_GROUP:,} at most, not {value!r}")
    return value


def count(name: str, value: int, least: int = 1) -> int:
    """How many of something that is not built, so that there may be any number: calls, replications."""
    if not isfinite(number(name, value)) or value != int(value) or value < least:
        raise ValueError(f"{name} must be a whole number, {least} or more, not {value!r}")
    return int(value)


def countable(name: str, value: float) -> float:
    """A load for which servers are counted up one by one."""
    if value > LARGEST_GROUP:
        raise ValueError(f"{name} must be {LARGEST_GROUP:,} erlang at most, not {value!r}")
    return value
