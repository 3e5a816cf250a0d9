"""What stands on the ground: units that stop and start, lose their cable or their power, and whoever feels it.

An element is a device or a part of a seat. What shares a box stops with it and starts with it; what hangs on feeds goes
dark with the last of them. `Host` is whoever runs the devices; it can stop one and start it again.
"""

from typing import Protocol

from simtel.core.clock import Ns
from simtel.core.timers import Timers
from simtel.devices.messages.physics import PartState, Signal
from simtel.devices.plane import PUBLIC, MediaPlane
from simtel.devices.wiring import IN, OUT, Wiring


def signal_of(span: str, seen: str) -> Signal:
    """What an end feels that sees a defect, or none."""
    return Signal(span, False, seen) if seen else Signal(span, True)


class Host(Protocol):
    """Runs the devices."""

    def stop(self, device: str) -> None:
        """The device is gone, with all that it knew."""

    def start(self, device: str, now: Ns) -> None:
        """The device begins anew."""

    def tell(self, device: str, message: object) -> None:
        """Deliver at this instant, by no cable: the device feels it."""


class Elements:
    """How they stop, boot, are unplugged and go dark; boots are timers."""

    def __init__(self, wiring: Wiring, plane: MediaPlane, host: Host, timers: Timers) -> None:
        self._wiring = wiring
        self._plane = plane
        self._host = host
        self.timers = timers
        self.boxes: dict[str, tuple[str, ...]] = {}  # device -> all devices in its box
        self.feeds: dict[str, tuple[str, ...]] = {}  # element -> feeds on which it hangs
        self.boot: dict[str, int] = {}  # device -> boot time
        self.parts: dict[str, tuple[str, str]] = {}  # element -> (seat, part)
        self.hosted: frozenset[str] = frozenset()  # devices that are machines
        self.listening = 0  # a port of a switch that gets its link back forwards so much later
        self.hurried = False  # after the scenario: boots take no time, nobody waits for them any more
        self.booting = 0  # boots under way
        self._boots = 0
        self._plugs = 0
        self._dark: set[str] = set()  # feeds without power
        self.busless: set[str] = set()  # boards without bus
        self._seen: dict[str, tuple[str, str]] = {}  # span -> what exchange and gateway see of it
        self._parts_up: dict[str, bool] = {}

    def _box(self, device: str) -> tuple[str, ...]:
        return self.boxes.get(device, (device,))

    def _crash(self, subject: str) -> None:
        for element in self._elements(subject):
            self._stop(element)

    def _elements(self, subject: str) -> tuple[str, ...]:
        parts = tuple(e for e, (seat, _) in self.parts.items() if seat == subject)
        return parts or self._box(subject)

    def _stop(self, element: str) -> None:
        alive = self._wiring.alive(element)
        self._wiring.kill(element)
        if alive:
            if element in self.hosted:
                self._host.stop(element)
            self._plane.lost(element)

    def _boot_later(self, subject: str, now: Ns) -> None:
        self._boot(self._elements(subject), now)

    def _boot(self, elements: tuple[str, ...], now: Ns) -> None:
        self.booting += 1
        self._boots += 1  # each boot ends one trouble of these elements: two of them must not become one timer
        wait = 0 if self.hurried else max(self.boot.get(e, 0) + self._listens(e) for e in elements)
        self.timers.set(("boot", elements, self._boots), now + wait)

    def link(self, subject: str, on: bool) -> None:
        """The cable of a unit is cut, or whole."""
        for element in self._elements(subject):
            for parent in self._wiring.parents(element):
                self._wiring.cut(element, parent, on)

    def _plug(self, subject: str, now: Ns) -> None:
        """The link is back at once; a port of a switch listens first, and forwards when it knows of no loop."""
        for element in self._elements(subject):
            for parent in self._wiring.parents(element):
                wait = self._listens(parent)
                if wait:
                    self._plugs += 1
                    self.timers.set(("forward", element, parent, self._plugs), now + wait)
                else:
                    self._wiring.cut(element, parent, True)

    def _listens(self, element: str) -> int:
        return self.listening if element.startswith("switch.") and not self.hurried else 0

    def _power(self, feed: str, on: bool, now: Ns) -> None:
        before = {e for e, feeds in self.feeds.items() if self._dark.issuperset(feeds)}
        (self._dark.discard if on else self._dark.add)(feed)
        after = {e for e, feeds in self.feeds.items() if self._dark.issuperset(feeds)}
        for element in sorted(after - before):
            self._stop(element)
        returning = sorted(before - after)
        boxes = dict.fromkeys(tuple(e for e in self._box(element) if e in returning) for element in returning)
        for box in boxes:
            self._boot(box, now)

    def _looks_healthy(self, element: str) -> bool:
        """A telephone on a board that has lost its bus: it has battery, and nobody is told."""
        if not self.busless:
            return False
        wiring = self._wiring
        return wiring.alive(element) and any(b in self.busless and wiring.alive(b) for b in wiring.parents(element))

    def _settle(self) -> None:
        """Let the consequences reach those who feel them."""
        wiring = self._wiring
        wiring.changed()
        for span, gateway in wiring.spans().items():
            sees = wiring.sees(span, OUT), wiring.sees(span, IN)
            if sees != self._seen.get(span, ("", "")):
                self._seen[span] = sees
                self._host.tell(PUBLIC, signal_of(span, sees[0]))
                if wiring.alive(gateway):
                    self._host.tell(gateway, signal_of(span, sees[1]))
        for element, (seat, part) in self.parts.items():
            up = bool(wiring.lan(element)) or self._looks_healthy(element)
            if up != self._parts_up.get(element, True):
                self._parts_up[element] = up
                self._host.tell(seat, PartState(part, up))
        self._plane.changed(wiring.whole)
