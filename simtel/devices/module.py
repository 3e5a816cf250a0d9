"""Loop trunk module: a gateway whose trunks are analog loop lines; what its lines do stands in `loop`."""

from typing import Any, ClassVar

from simtel.core.clock import Ns
from simtel.core.machine import Out
from simtel.devices.gateway import Gateway
from simtel.devices.loop import LoopPort, LoopTimes
from simtel.devices.messages.trunk import LoopSign
from simtel.devices.plane import PUBLIC, MediaPlane
from simtel.devices.trunk import Trunk
from simtel.devices.uplink import UplinkTimes


class LoopModule(Gateway):
    """One module with its lines."""

    def __init__(
        self,
        name: str,
        out: Out,
        *,
        span: str,
        lines: int,
        loop: LoopTimes,
        hunting: str,
        uplink: UplinkTimes,
        servers: tuple[str, ...],
        plane: MediaPlane,
    ) -> None:
        self._loop, self._count = loop, lines
        self._ports: dict[str, LoopPort] = {}
        super().__init__(
            name, out, spans=(span,), hunting=hunting, line=None, uplink=uplink, servers=servers, plane=plane,
            lines={span: lines},
        )  # fmt: skip

    def _trunk(self, span: str) -> Trunk:
        port = self._ports[span] = LoopPort(span, PUBLIC, self._count, self._loop, self.timers, self._out, self)
        return port

    def _sign(self, message: LoopSign, now: Ns) -> None:
        self._ports[message.span].sign(message, now)

    HANDLERS: ClassVar[dict[type, Any]] = {**Gateway.HANDLERS, LoopSign: _sign}
