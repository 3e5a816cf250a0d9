"""What the standby is told of calls and agents, and what it makes of that. Rule 5 of the folder."""

import msgspec

from simtel.core.clock import Ns
from simtel.devices.messages.replication import AgentChange, CallChange, CallGone
from simtel.devices.server.call import Call, Replicates


def describe(call: Call, kept: Replicates, now: Ns) -> CallChange:
    """What the standby is told of a call: durations, and only what is replicated."""
    return CallChange(
        call.id,
        call.phase,
        call.gateway,
        call.seat,
        call.contact,
        call.skill,
        call.place if kept.queue else -1,
        now - call.answered_at,
        call.recorded,
        kept.records,
        call.priority if kept.queue else 0,
        now - call.recorded_from if call.recording else -1,
        call.span,
        call.slot,
    )


def revive(change: CallChange, arrived: Ns, now: Ns) -> Call:
    """The call that was told, by the clock of who heard of it; it holds a channel, and nothing else yet."""
    call = Call(change.call, change.phase, change.gateway, change.skill, change.seat, change.contact)
    call.place, call.recorded, call.record_known = change.place, change.recorded, change.record_known
    call.priority = change.priority
    call.span, call.slot = change.span, change.slot
    call.answered_at, call.seen, call.channels = arrived - change.answered_ago, now, 1
    return call


class Shadow:
    """What a standby knows: calls with the instant at which it heard of them, agents with the longest idle first."""

    def __init__(self) -> None:
        self.calls: dict[str, tuple[CallChange, Ns]] = {}
        self.agents: dict[str, AgentChange] = {}

    def call_change(self, message: CallChange, now: Ns) -> None:
        """A call is as told now."""
        self.calls[message.call] = (message, now)

    def call_gone(self, message: CallGone) -> None:
        """The call is over."""
        self.calls.pop(message.call, None)

    def agent_change(self, message: AgentChange) -> None:
        """An agent is as told now, or has left. Who changed last comes last."""
        self.agents.pop(message.seat, None)
        if message.skills:
            self.agents[message.seat] = message

    def clock_set(self, by: int) -> None:
        """The clock of the day, with which calls are timed, shows `by` more than it would."""
        for name, (change, arrived) in self.calls.items():
            aged = msgspec.structs.replace(change, answered_ago=change.answered_ago + by)
            self.calls[name] = aged, arrived

    def clear(self) -> None:
        """Nothing is known."""
        self.calls.clear()
        self.agents.clear()
