"""Clocks of an E1 that nobody keeps together: a frame slips whenever they have come apart by one."""

from simtel.core.clock import US, Ns
from simtel.core.faults import FaultKind
from simtel.core.timers import Timers
from simtel.devices.elements import Host
from simtel.devices.messages.physics import Slip
from simtel.devices.plane import PUBLIC
from simtel.devices.wiring import Wiring

FRAME = 125 * US  # of an E1
PARTS = 10**12  # of which clocks are off by so many
PULL_IN = 50 * 10**6  # 50 ppm: what the standard allows the line to be off (G.703)


class Clocks:
    """The clocks of spans; a slip is a timer, `slip`, of whoever owns the timers."""

    def __init__(self, wiring: Wiring, host: Host, timers: Timers) -> None:
        self.errors = (0, 0)  # of gateways and exchange, left to themselves: of PARTS
        self._wiring = wiring
        self._host = host
        self._timers = timers

    def begin(self, kind: FaultKind, span: str, now: Ns) -> None:
        """The clocks of both ends come apart from now on."""
        off = sum(self.errors) if kind is FaultKind.CLOCK_TWO_MASTERS else PULL_IN
        if off:
            self._timers.set(("slip", kind, span), now + FRAME * PARTS // off)

    def end(self, kind: FaultKind, span: str) -> None:
        """They go together again."""
        self._timers.cancel(("slip", kind, span))

    def slip(self, kind: FaultKind, span: str, now: Ns) -> None:
        """They are a frame apart; the next one begins."""
        self._told(kind, span)
        self.begin(kind, span, now)

    def _told(self, kind: FaultKind, span: str) -> None:
        gateway = self._wiring.spans()[span]
        if not self._wiring.framed(span):
            return
        for here, far in ((PUBLIC, gateway), (gateway, PUBLIC)):
            if kind is FaultKind.CLOCK_TWO_MASTERS or here == PUBLIC:
                self._host.tell(here, Slip(span, True))
                self._host.tell(far, Slip(span, False))
