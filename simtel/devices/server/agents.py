"""Who is logged in, at which contact and in which state; the standby hears of every change."""

from typing import Protocol

from simtel.callcentre.acd import Acd
from simtel.callcentre.licences import Licences
from simtel.core.events import Kind
from simtel.core.machine import Out
from simtel.devices.messages.registration import LoggedIn, Login
from simtel.devices.messages.replication import AgentChange
from simtel.devices.server.call import AGENT, Settings


class Standby(Protocol):
    """Where changes go, and what the operator has entered."""

    def entered(self, seat: str) -> bool:
        """Whether the operator has entered the seat."""

    def tell(self, change: object) -> None:
        """Send a change to the standby."""


class Agents:
    """The agents of the active server. Of their calls nothing is known here."""

    def __init__(self, name: str, out: Out, acd: Acd, licences: Licences, settings: Settings, standby: Standby) -> None:
        self.known: dict[str, tuple[str, str]] = {}  # seat -> (contact, state)
        self._name = name
        self._send = out.send
        self._emit = out.emit
        self._acd = acd
        self._licences = licences
        self._limit = settings.seat_limit
        self._told = settings.replicates.agents
        self._standby = standby

    def log_in(self, message: Login) -> bool:
        """Let an agent take a seat, or come back with another contact; False when he is refused."""
        seat = message.seat
        if seat not in self.known:
            cause = ""
            if not self._standby.entered(seat):
                cause = "not-entered"
            elif len(self.known) >= self._limit:
                cause = "seats"
            elif not self._licences.take(AGENT):
                cause = "agent-licence"
            if cause:
                self._emit(Kind.AGENT_REFUSED, None, seat, cause=cause)
                self._send(message.contact, LoggedIn(seat, self._name, cause))
                return False
        self._acd.log_in(seat, message.skills)
        self.known[seat] = (message.contact, "ready")
        self._send(message.contact, LoggedIn(seat, self._name))
        return True

    def log_out(self, seat: str) -> None:
        """The agent is gone."""
        if self.known.pop(seat, None) is not None:
            self._acd.log_out(seat)
            self._licences.give(AGENT)
            if self._told:
                self._standby.tell(AgentChange(seat, "", (), "out"))

    def become(self, seat: str, state: str) -> None:
        """An agent, if he is known, is in that state now."""
        known = self.known
        if seat not in known:
            return
        contact, _ = known.pop(seat)  # who changed last comes last: so the standby hears of the longest idle first
        known[seat] = (contact, state)
        if state != "ready":
            self._acd.busy(seat)
        if self._told:
            self._standby.tell(AgentChange(seat, contact, self._acd.skills_of(seat), state))

    def told(self, seat: str) -> AgentChange:
        """What the standby is told of an agent who is known."""
        contact, state = self.known[seat]
        return AgentChange(seat, contact, self._acd.skills_of(seat), state)

    def inherit(self, agents: list[AgentChange]) -> list[AgentChange]:
        """Rule 6: keep those who are entered and licensed here; says whom."""
        agents = [a for a in agents if self._standby.entered(a.seat) and self._licences.take(AGENT)]
        for agent in agents:
            self._acd.log_in(agent.seat, agent.skills)
            self.known[agent.seat] = (agent.contact, agent.state)
        return agents
