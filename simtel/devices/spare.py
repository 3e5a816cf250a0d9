"""A spare gateway without cables: a person moves those of the one that died."""

from collections.abc import Callable

from simtel.devices.elements import Host
from simtel.devices.messages.operation import Cables
from simtel.devices.wiring import Wiring


class SpareCables:
    """The cables of two gateways of which one is the spare."""

    def __init__(self, wiring: Wiring, host: Host) -> None:
        self.move_time: int | None = None
        self.spare: tuple[str, str] | None = None  # (gateway that has the cables, gateway that gets them)
        self.recable: Callable[[str, str], None] = lambda _span, _gateway: None
        self._wiring = wiring
        self._host = host

    def wanted(self, dead: tuple[str, ...]) -> bool:
        """Whether the gateway that has the cables is among these."""
        return self.spare is not None and self.spare[0] in dead

    def move(self) -> None:
        """The person is done, unless the cables are of use where they are."""
        if self.spare is None:
            return
        old, new = self.spare
        if self._wiring.alive(old) or not self._wiring.alive(new):
            return
        spans = tuple(span for span, gateway in self._wiring.spans().items() if gateway == old)
        for span in spans:
            self._wiring.plug(span, new)
            self.recable(span, new)
        self.spare = (new, old)
        self._host.tell(new, Cables(spans))  # before it sees what is on them
        for span in spans:
            for message in self._wiring.undone(span):
                self._host.tell(new, message)
