"""The management station: it collects the call records and the recordings that servers hand over."""

from typing import Any, ClassVar

from simtel.core.clock import Ns
from simtel.core.events import Kind
from simtel.devices.base import Device
from simtel.devices.messages.records import Record, Recording


class Station(Device):
    """Collects call records and recordings, and says which arrived."""

    def _record(self, record: Record, now: Ns) -> None:
        self.emit(
            Kind.RECORD_COLLECTED,
            record.call,
            server=record.server,
            answered=record.answered,
            duration=record.duration,
        )

    def _recording(self, recording: Recording, now: Ns) -> None:
        self.emit(Kind.CALL_RECORDED, recording.call, server=recording.server, length=recording.length)

    HANDLERS: ClassVar[dict[type, Any]] = {Record: _record, Recording: _recording}
