"""Agent boards with the lines that hang on them: what a fault does to a port, a group of ports or a whole board."""

from simtel.core.faults import FaultKind
from simtel.devices.elements import Elements, Host
from simtel.devices.messages.physics import Trouble
from simtel.devices.port import HINDERS, Ail
from simtel.devices.wiring import Wiring

AILS: dict[FaultKind, Ail] = {
    FaultKind.NO_DIAL_TONE: Ail.NO_DIAL_TONE,
    FaultKind.NO_LOOP_CURRENT: Ail.NO_CURRENT,
    FaultKind.STUCK_OFF_HOOK: Ail.OFF_HOOK,
    FaultKind.STUCK_ON_HOOK: Ail.ON_HOOK,
    FaultKind.RING_NO_TRIP: Ail.NO_TRIP,
    FaultKind.CODEC_NOISE: Ail.NOISY,
    FaultKind.LINES_CROSSED: Ail.CROSSED,
    FaultKind.DSP_DEAD: Ail.DSP,
    FaultKind.RING_DEAD: Ail.NO_RING,
    FaultKind.BUS_LOST: Ail.BUS,
}
PULLED = {"hang-up": Ail.OPEN, "silence": Ail.SILENT}


class Boards:
    """The boards of a site, and the telephones of its seats."""

    def __init__(self, elements: Elements, wiring: Wiring, host: Host) -> None:
        self.ports: dict[tuple[str, int], str] = {}  # (board, port) -> element
        self.group = 1  # ports that share a signal processor
        self.hot_swap = True  # a board can be changed while others work
        self.unplugged: dict[str, str] = {}  # seat -> what pulling the plug of its headset does
        self._elements = elements
        self._wiring = wiring
        self._host = host

    def seats(self, board: str) -> tuple[str, ...]:
        """Those that hang on the board; none on what is no board."""
        return tuple(self._elements.parts[element][0] for (b, _), element in self.ports.items() if b == board)

    def unplug(self, seat: str, on: bool) -> None:
        """The plug of a headset is pulled, or put back."""
        self._tell(PULLED[self.unplugged.get(seat, "silence")], (f"{seat}/phone",), on)

    def port(self, board: str, port: int | None, on: bool) -> None:
        """A port is dead, or works again."""
        element = self.ports.get((board, port or 1))
        if element is not None:  # nobody notices a dead port on which nothing hangs
            self._wiring.cut(element, board, on)

    def ail(self, ail: Ail, board: str, unit: int | None, on: bool) -> None:
        """Something is wrong with a port, two of them, a group of ports, or all, or no longer."""
        number = unit or 1
        if ail is Ail.CROSSED:
            self._cross(board, number, on)
            return
        if ail is Ail.DSP:
            ports = range((number - 1) * self.group + 1, number * self.group + 1)
            elements = tuple(self.ports[board, n] for n in ports if (board, n) in self.ports)
        elif ail in (Ail.NO_RING, Ail.BUS):
            elements = tuple(element for (b, _), element in self.ports.items() if b == board)
        else:
            elements = (self.ports[board, number],) if (board, number) in self.ports else ()
        if ail is Ail.BUS:
            (self._elements.busless.add if on else self._elements.busless.discard)(board)
            self._elements.link(board, not on)
        self._tell(ail, elements, on)

    def _cross(self, board: str, port: int, on: bool) -> None:
        here, there = (self.ports.get((board, n)) for n in (port, port + 1))
        for element, other in ((here, there), (there, here)):
            if element is not None and other is not None:
                self._tell(Ail.CROSSED, (element,), on, self._elements.parts[other][0])
            elif element is not None:
                self._tell(Ail.NOWHERE, (element,), on)

    def _tell(self, ail: Ail, elements: tuple[str, ...], on: bool, neighbour: str = "") -> None:
        on_port = {element: f"{board} port {port}" for (board, port), element in self.ports.items()}
        for element in elements:
            if "speak" in HINDERS[ail] and ail is not Ail.BUS:
                self._wiring.mute(element, on)
            self._host.tell(self._elements.parts[element][0], Trouble(ail, on, on_port.get(element, ""), neighbour))

    def swapped(self, board: str) -> tuple[str, ...]:
        """What is off while a board is changed."""
        return (board,) if self.hot_swap else tuple(dict.fromkeys(b for b, _ in self.ports))
