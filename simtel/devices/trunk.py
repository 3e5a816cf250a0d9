"""What gateway and exchange ask of one end of a span or of loop lines, whatever the signalling."""

from typing import Any, Protocol

from simtel.core.clock import Ns
from simtel.devices.alarms import LOS
from simtel.devices.messages.trunk import Release


class Trunk(Protocol):
    """One end of one span, whatever its signalling."""

    far: str

    @property
    def span(self) -> str:
        """Its name."""

    @property
    def in_service(self) -> bool:
        """It takes new calls."""

    @property
    def waits(self) -> bool:
        """What was said last has not left."""

    def send(self, message: object, now: Ns) -> None:
        """Say it to the far end."""

    def start(self, now: Ns) -> None:
        """Power-on: this end knows no call."""

    def release(self, message: Release, slot: int, now: Ns) -> None:
        """Say it: the call on that timeslot is over."""

    def released(self, call: str) -> None:
        """The far end has no such call any more."""

    def link_reset(self, now: Ns) -> None:
        """The far end has set layer 2 up anew."""

    def set_signal(self, on: bool, now: Ns, defect: str = LOS) -> None:
        """The signal went away, or is back."""

    def on_timer(self, what: Any, now: Ns) -> None:
        """One of its timers is due."""
