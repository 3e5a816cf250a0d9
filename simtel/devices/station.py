"""The management station: it collects the call records that servers write."""

from typing import Any, ClassVar

from simtel.core.clock import Ns
from simtel.core.events import Kind
from simtel.devices.base import Device
from simtel.devices.messages import Record


class Station(Device):
    """Collects call records and says which arrived."""

    def _record(self, record: Record, now: Ns) -> None:
        self.emit(
            Kind.RECORD_COLLECTED,
            record.call,
            server=record.server,
            answered=record.answered,
            duration=record.duration,
        )

    HANDLERS: ClassVar[dict[type, Any]] = {Record: _record}
