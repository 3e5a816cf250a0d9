"""A site, resolved: counts and figures for one number of seats, ready to be built by any target.

`figures` holds every figure by path: the role, a dot, the figure's name ("servers.election.advert_interval"). A path
names the figure in reports, in `rests on`, and for a site with one figure changed (`with_figure`).
"""

from typing import NamedTuple

import msgspec

from simtel.core.quantity import Basis, Quantity, Unknown, Value
from simtel.profiles.kinds import FigureSpec


class Given(NamedTuple):
    """A figure in use: what was stated, and what its kind of device says about it."""

    stated: Quantity | Unknown
    spec: FigureSpec

    @property
    def value(self) -> Value:
        """The value to work with; for an unknown, the stand-in."""
        return self.stated.value if isinstance(self.stated, Quantity) else self.spec.tries[0]

    @property
    def others(self) -> tuple[Value, ...]:
        """Values to try beside it: the spread of an assumption, the other tries of an unknown."""
        return self.stated.spread if isinstance(self.stated, Quantity) else self.spec.tries[1:]


class Layout(msgspec.Struct, frozen=True):
    """How many of what, and who is housed with whom."""

    servers: int
    gateways: int
    spans: tuple[int, ...]  # E1 spans in use at each gateway
    boards: int
    switches: int
    feeds: int
    housed: bool  # gateway n stands in the box of server n
    console: bool  # each seat has a softphone console
    phone: str  # "none", "ip" (a phone with its own registration) or "board" (an analog set on an agent board)
    ip_seats: int = 0  # the last so many seats have phones of their own registration, the others hang on boards
    loops: int = 0  # loop trunk modules
    spread: bool = False  # seats hang on all boards in turn, not on one until it is full
    cold_spare: bool = False  # spans sit on the first gateway; a person moves the cables to the second


class SiteSpec(msgspec.Struct, frozen=True):
    """One site of one size."""

    id: str
    title: dict[str, str]
    why: dict[str, str]
    requirement: tuple[str, ...]
    seats: int
    layout: Layout
    figures: dict[str, Given]
    licences: dict[str, int]  # core-channel, agent, recording
    profiles: dict[str, str]  # role -> profile id
    names: dict[str, dict[str, str]]  # role -> name by language
    hash: str

    def value(self, path: str) -> Value:
        """The figure at `path`. KeyError names a path that the site lacks."""
        return self.figures[path].value

    def time(self, path: str) -> int:
        """A duration in nanoseconds."""
        return int(self.figures[path].value)

    def number(self, path: str) -> float:
        """A rate or share."""
        return float(self.figures[path].value)

    def count(self, path: str) -> int:
        """A number of things."""
        return int(self.figures[path].value)

    def flag(self, path: str) -> bool:
        """A yes or no."""
        return bool(self.figures[path].value)

    def choice(self, path: str) -> str:
        """A choice."""
        return str(self.figures[path].value)

    def with_figure(self, path: str, value: Value) -> "SiteSpec":
        """The same site with one figure changed: a variant, a known-bad design, a test for dead figures."""
        given = self.figures[path]
        stated = given.stated
        changed: Quantity | Unknown
        if isinstance(stated, Quantity):
            changed = msgspec.structs.replace(stated, value=value)
        else:
            changed = Quantity(value, stated.unit, Basis.ASSUMED, f"stands in for an unknown: {stated.reason}")
        figures = {**self.figures, path: Given(changed, given.spec)}
        return msgspec.structs.replace(self, figures=figures)
