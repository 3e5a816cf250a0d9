"""What device tests share: an `Out` that records, a plane and a clock in the test's hand, figures as libpri has them.

Everything that a machine emits is checked against the vocabulary of evidence the moment it is said.
"""

from typing import Any, NamedTuple

from simtel.core.clock import HOUR, SECOND
from simtel.core.events import Event, Kind, field_errors
from simtel.core.timers import TimerHeap
from simtel.devices.clearing import ClearingTimes
from simtel.devices.line import LineTimes
from simtel.devices.plane import MediaPlane
from simtel.devices.uplink import UplinkTimes

LIBPRI = LineTimes(
    alarm_debounce=2_500_000_000,
    rai_debounce=500_000_000,
    alarm_settle=5 * SECOND,
    alarm_drops_dchannel=False,
    t200=SECOND,
    n200=3,
    t203=10 * SECOND,
    t309=6 * SECOND,
    window=7,
    status_enquiry=True,
    exclusive=True,
    clearing=ClearingTimes(t305=30 * SECOND, t308=4 * SECOND, restarts=True, t316=120 * SECOND, n316=2),
    delay=0,
    octet=0,  # so that a test may say many things at one instant; pacing has tests of its own
)
VIP = UplinkTimes(mode="vip", expiry=HOUR, keepalive=0, timeout=32 * SECOND, fallback=120 * SECOND)


class Said(NamedTuple):
    """One piece of evidence."""

    kind: Kind
    call: str | None
    subject: str | None
    fields: dict[str, Any]


class Recorder:
    """`Out` of one machine: what it sent and what it said, in order, and its timers."""

    def __init__(self) -> None:
        self.timers = TimerHeap()
        self.sent: list[tuple[str, object]] = []
        self.said: list[Said] = []

    def send(self, to: str, message: object) -> None:
        self.sent.append((to, message))

    def emit(self, kind: Kind, call: str | None = None, subject: str | None = None, /, **fields: Any) -> None:
        assert field_errors(Event(1, 0, kind.value, subject or "x", "x", call, fields)) == []
        self.said.append(Said(kind, call, subject, fields))

    def take(self) -> list[tuple[str, object]]:
        """What was sent since the last look."""
        taken = self.sent[:]
        self.sent.clear()
        return taken

    def of(self, kind: Kind) -> list[dict[str, Any]]:
        """The fields of all evidence of one kind."""
        return [said.fields for said in self.said if said.kind == kind]

    def calls(self, kind: Kind) -> list[str | None]:
        """The calls of all evidence of one kind."""
        return [said.call for said in self.said if said.kind == kind]


class Cables:
    """Which neighbours reach each other, for a plane: all, but for those in `broken`."""

    def __init__(self) -> None:
        self.broken: set[tuple[str, str]] = set()
        self.told: list[tuple[str, object]] = []
        self.plane = MediaPlane(self.reaches, lambda device, message: self.told.append((device, message)))

    def reaches(self, a: str, b: str) -> bool:
        return (a, b) not in self.broken and "gone" not in (a, b)

    def cut(self, *pairs: tuple[str, str]) -> None:
        """These neighbours, and no others, are cut from each other."""
        self.broken = set(pairs)
        self.plane.changed(not pairs)


def live(machine: Any, until: int) -> None:
    """Hand the machine each of its timers up to `until`, that instant included."""
    timers: TimerHeap = machine.timers
    while (due := timers.next()) is not None and due <= until:
        key = timers.due(due)
        assert key is not None
        machine.on_timer(key, due)
