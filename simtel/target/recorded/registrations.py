"""Registrations of seats, from the SIP that was captured.

A registration is made with the server that answers it; at the service address that is the one whose adverts are heard
then. Refreshing it at the same server is no news. It is lost when the unit gives it up, when it is refused, and when
nobody answers.
"""

from simtel.core.events import Kind
from simtel.profiles.mapping import SERVICE
from simtel.protocols.sip.onlooker import Sip
from simtel.target.recorded.due import Due
from simtel.target.recorded.legs import TIMEOUT
from simtel.target.recorded.notes import Notes
from simtel.target.recorded.units import Units


class Registrations:
    """Who is registered with which server."""

    def __init__(self, units: Units, notes: Notes, due: Due) -> None:
        self._units, self._notes, self._due = units, notes, due
        self._registered: dict[tuple[str, str], str] = {}  # seat, address of the server -> server
        self._registering: dict[tuple[str, int, str], bool] = {}  # request -> whether it ends the registration

    def message(self, t: int, source: str, target: str, sip: Sip) -> None:
        """A REGISTER, or an answer to one."""
        if sip.request:
            key = (sip.call_id, sip.cseq, source)
            if self._units.inner(target) and key not in self._registering:
                self._registering[key] = sip.expires == 0
                seat = self._units.outer(source, sip.from_user)
                self._due.later(t, lambda when: self._unanswered(when, key, seat, target), TIMEOUT)
            return
        if sip.status < 200 or not self._units.inner(source):
            return
        leaves = self._registering.pop((sip.call_id, sip.cseq, target), None)
        seat = self._units.outer(target, sip.from_user)
        if leaves is None or not seat.startswith("seat."):
            return
        held = self._registered.get((seat, source))
        if sip.status < 300 and not leaves and sip.expires != 0:
            server = self._units.server(source)
            if server == SERVICE:
                self._notes.hidden |= {Kind.REGISTRATION_MADE, Kind.REGISTRATION_LOST}
            if server != held:
                self._registered[seat, source] = server
                self._notes.add(t, Kind.REGISTRATION_MADE, seat, server=server)
        elif held is not None and (sip.status < 300 or sip.status not in {401, 407, 423}):
            self._lose(t, seat, source)

    def _unanswered(self, t: int, key: tuple[str, int, str], seat: str, server: str) -> None:
        if self._registering.pop(key, None) is not None and (seat, server) in self._registered:
            self._lose(t, seat, server)

    def _lose(self, t: int, seat: str, address: str) -> None:
        self._notes.add(t, Kind.REGISTRATION_LOST, seat, server=self._registered.pop((seat, address)))
