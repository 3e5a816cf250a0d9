"""What has been seen so far, not yet in order: events at absolute times, and what was not understood."""

from collections import Counter
from typing import Any

import msgspec

from simtel.core.events import Kind

CAPTURE = "capture"  # the observer of what packets show
HARNESS = "harness"  # the observer of what was done to the site


class Note(msgspec.Struct, frozen=True, gc=False):
    """One event; `t` in nanoseconds since 1970 by the capture's clock."""

    t: int
    kind: str
    subject: str
    observer: str
    call: str | None
    data: dict[str, Any]


class Notes:
    """Events and counts. `partial` names calls of which the recording holds only a part, `cut` why it is not whole."""

    def __init__(self) -> None:
        self.events: list[Note] = []
        self.counts: Counter[str] = Counter()
        self.unknown: Counter[str] = Counter()
        self.partial: set[str] = set()
        self.hidden: set[Kind] = set()  # kinds that the recording cannot show after all
        self.cut: dict[str, None] = {}

    def add(
        self, t: int, kind: Kind, subject: str, call: str | None = None, observer: str = CAPTURE, /, **data: Any
    ) -> None:
        """Something was seen."""
        self.events.append(Note(t, kind.value, subject, observer, call, data))
