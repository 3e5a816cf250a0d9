"""Recordings and call records of the active server, which the station keeps: rules 4 and 9 of the folder."""

from collections.abc import Iterable

from simtel.callcentre.licences import Licences
from simtel.core.clock import Ns
from simtel.core.events import Kind
from simtel.core.machine import Out
from simtel.devices.messages.records import Record, Recording
from simtel.devices.server.call import NEVER, RECORDING, Call, Settings

STATION = "station"
DISK = "disk"  # why there is no call, or no recording


class Records:
    """What is written, as long as the disk has room."""

    def __init__(self, name: str, out: Out, licences: Licences, settings: Settings) -> None:
        self._name = name
        self._send = out.send
        self._emit = out.emit
        self._licences = licences
        self._settings = settings
        self._full = False  # the disk
        self._unwritten: list[Record] = []

    @property
    def refuses_calls(self) -> bool:
        """No record could be written, and without one no call is taken."""
        return self._full and self._settings.refuses_unwritten

    def begin(self, call: Call, since: Ns) -> None:
        """Record a call, if it is not being recorded yet and there is a channel for it."""
        if not call.recording:
            call.recording = not self._full and self._licences.take(RECORDING)
            if call.recording:
                call.recorded_from = since
            else:
                self._emit(Kind.RECORDING_REFUSED, call.id, cause=DISK if self._full else "recording-channel")

    def end(self, call: Call, now: Ns) -> None:
        """The call is over."""
        if call.recording:
            self._licences.give(RECORDING)
            self._hand_over(call, now)
        if call.answered_at != NEVER and call.record_known:
            record = Record(call.id, self._name, True, now - call.answered_at)
            if not self._full:
                self._send(STATION, record)
            elif self._settings.refuses_unwritten:
                self._unwritten.append(record)

    def save(self, calls: Iterable[Call], now: Ns) -> None:
        """Hand over what this server alone has recorded: it steps back."""
        for call in calls:
            if call.recording and self._settings.recorded_through_server:
                self._hand_over(call, now)

    def disk_full(self, on: bool, calls: Iterable[Call], now: Ns) -> list[Call]:
        """Nothing can be written any more, or again; says whose recording has ended with that."""
        if on == self._full:
            return []
        self._full = on
        if not on:
            for record in self._unwritten:
                self._send(STATION, record)
            self._unwritten.clear()
            return []
        cut = [call for call in calls if call.recording]
        for call in cut:
            call.recording = False
            self._licences.give(RECORDING)
            self._hand_over(call, now)
        return cut

    def _hand_over(self, call: Call, now: Ns) -> None:
        self._send(STATION, Recording(call.id, self._name, now - call.recorded_from))
