"""Who was active and whether there was service, as the packets of others show it.

1. A server is active when it sends VRRP adverts; three and a half silent intervals end that, as for the watch of
   `simtel.protocols.service`. Priority 0 gives the address up at once. One that is heard again after another has begun
   is reported again.
2. Every request to the service address that opens a transaction (OPTIONS, INVITE, REGISTER), sent again or not, is a
   service check; any answer is an answer. One that stays without answer for `answer_within`, while no other was
   answered since it was sent, is a loss.
3. Nobody asked on our behalf, so the checks come as they come: between two of them the service may have been away
   without anybody noticing. The longest time between two checks is the uncertainty of all that is said about service.
"""

from collections import OrderedDict

from simtel.core.clock import SECOND
from simtel.core.events import Kind
from simtel.profiles.mapping import SERVICE
from simtel.protocols.vrrp import Advert
from simtel.target.recorded.notes import Notes

_PERIOD = SECOND
_MOST = 10_000  # requests that wait for an answer at once


class Watch:
    """Adverts and service checks. Times in nanoseconds."""

    def __init__(self, notes: Notes, answer_within: int) -> None:
        self._notes, self._within = notes, answer_within
        self._claims: dict[str, tuple[int, int, int]] = {}  # server -> first advert, last advert, interval
        self._beside: set[str] = set()  # those not heard since another began
        self._open: OrderedDict[tuple[str, ...], int] = OrderedDict()  # check -> when sent
        self._periods: OrderedDict[int, list[int]] = OrderedDict()  # begin of a second -> sent, answered
        self._up: bool | None = None
        self._server = ""
        self._answered_at: int | None = None
        self._asked_at: int | None = None
        self.spacing = 0  # the longest time between two checks

    @property
    def active(self) -> str:
        """The server that claims to be active; empty when there is none, or another was heard since it began."""
        for server, (first, _, _) in self._claims.items():
            if all(last < first for other, (_, last, _) in self._claims.items() if other != server):
                return server
        return ""

    def advert(self, t: int, server: str, advert: Advert) -> None:
        """A server advertised itself."""
        self._notes.counts["adverts"] += 1
        if (server not in self._claims or server in self._beside) and advert.priority:
            self._notes.add(t, Kind.SERVER_ADVERTISED, server)
            self._beside.discard(server)
            if server not in self._claims:
                self._beside |= self._claims.keys()
        if advert.priority or server in self._claims:
            self._claims[server] = (self._claims.get(server, (t,))[0], t, advert.interval)
        if not advert.priority and server in self._claims:
            self._silent(server)

    def request(self, t: int, check: tuple[str, ...]) -> None:
        """Somebody asked the service address."""
        if self._asked_at is not None:
            self.spacing = max(self.spacing, t - self._asked_at)
        self._asked_at = t
        if check not in self._open:  # sent again: the same question
            self._open[check] = t
            self._periods.setdefault(t - t % _PERIOD, [0, 0])[0] += 1
            if len(self._open) > _MOST:
                self._notes.cut["limit"] = None
                self._open.popitem(last=False)

    def answer(self, t: int, check: tuple[str, ...], server: str) -> None:
        """Somebody answered from there."""
        asked = self._open.pop(check, None)
        if asked is None:
            return
        if t - asked <= self._within:
            self._periods.setdefault(asked - asked % _PERIOD, [1, 0])[1] += 1
        self._answered_at = t
        if not self._up or server != self._server:
            self._up, self._server = True, server
            self._notes.add(t, Kind.SERVICE_ANSWERED, server, server=server)

    def at(self, t: int) -> None:
        """Time has come to `t`."""
        for server, (_, last, interval) in list(self._claims.items()):
            if t > last + 3 * interval + interval // 2:
                self._silent(server)
        while self._open:
            check, asked = next(iter(self._open.items()))
            if t - asked <= self._within:
                break
            del self._open[check]
            if self._up is not False and (self._answered_at is None or self._answered_at <= asked):
                self._up = False
                since = asked if self._answered_at is None else self._answered_at
                self._notes.add(asked + self._within, Kind.SERVICE_LOST, SERVICE, since=since)
        while self._periods and t > next(iter(self._periods)) + _PERIOD + self._within:
            begin, (sent, answered) = self._periods.popitem(last=False)
            self._notes.add(begin + _PERIOD, Kind.SERVICE_CHECKED, SERVICE, sent=sent, answered=answered)

    def _silent(self, server: str) -> None:
        _, last, interval = self._claims.pop(server)
        self._notes.add(last + 3 * interval + interval // 2, Kind.SERVER_SILENT, server, since=last)
