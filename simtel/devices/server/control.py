"""Call control: trunk calls, IVR, queue, agents, licences, records - while this server is the active one.

Rules:
 1. An INVITE takes a core channel, room in the switching fabric and a port of the IVR, is answered by it and goes to an
    agent or into the queue; a full queue turns it away. Who asks for an agent by the name of his seat hears no menu.
    The fabric joins circuit and seat while it rings and talks; without a path the call is refused.
 2. A call that rings at a seat for too long goes back into the queue, at the place of its arrival, and the agent is
    logged out.
 3. Speech of a talk passes straight between gateway and seat, or through this server; IVR, queue, hold and recording
    in the path always pass through it.
 4. The end of a call gives everything back, writes one call record and hands the recording over. A recorder in the
    path of the speech has in it what this server heard; one beside the path goes on when another server takes over.
 5. Every change of a call is told to the standby, as far as it is replicated.
 6. At a take-over the calls that were replicated are continued: talks go on, speech that passed the dead server is
    sent here; callers in the queue keep their place if it is known and else begin again; ringing starts again. An
    agent whose seat is not entered here, or for whom no licence is left, is not known any more.
 7. A call that shows no sign of life for the session timer is asked after, and dropped when its gateway does not know
    it or does not answer until the next round. A gateway that registers after a restart knows none of its calls.
 8. The length of a call record is the difference of two readings of a clock. Taken from the clock of the day, it is
    wrong for calls that are up when that is set, and less than nothing where it is set back by more than they last.
    Timers of that clock are over too early or too late by as much.
 9. With the disk full, recordings that are under way end there, and none begins. Either no call is taken and the
    records of those that end wait for room, or calls go on and their records are lost.
"""

from typing import Protocol

from simtel.callcentre.acd import Acd
from simtel.callcentre.licences import Licences
from simtel.core.clock import SECOND, Ns
from simtel.core.events import Kind
from simtel.core.machine import Out
from simtel.core.streams import Stream
from simtel.core.timers import Timers, bring
from simtel.devices.fabric.build import build
from simtel.devices.messages import (
    AgentChange,
    Answer,
    Busy,
    Bye,
    CallChange,
    CallGone,
    Cancel,
    Dial,
    Done,
    Hold,
    Invite,
    InviteOut,
    LoggedIn,
    Login,
    Music,
    PickUp,
    Proceeding,
    Ready,
    Record,
    Recording,
    Refresh,
    Refreshed,
    Reinvite,
    Reject,
    Ring,
    Through,
    Trying,
)
from simtel.devices.plane import PUBLIC, MediaPlane
from simtel.devices.server.call import DIALLING, HELD, IVR, NEVER, QUEUED, RINGING, TALKING, Call, Settings

RING_TIME = 15 * SECOND  # rule 2; a usual default of distributors, from memory
OUT_TIME = 4 * SECOND  # a gateway that does not answer an outgoing INVITE: the next one is tried
IVR_LONGEST = 3  # times the mean; our own figure
STATION = "station"
TIMERS = {IVR: "ivr", RINGING: "ring", DIALLING: "out"}  # phase -> the timer that ends it
BY_CLOCK = (RINGING, DIALLING)  # rule 8: what the server measures; the time in a menu is the caller's
CORE, AGENT, RECORDING = "core-channel", "agent", "recording"
DISK = "disk"  # why there is no call, or no recording


class Standby(Protocol):
    """Where changes go, and what the operator has entered."""

    def entered(self, seat: str) -> bool:
        """Whether the operator has entered the seat."""

    def tell(self, change: object) -> None:
        """Send a change to the standby."""


class CallControl:
    """Calls, queue and agents of the active server."""

    def __init__(
        self,
        name: str,
        out: Out,
        timers: Timers,
        settings: Settings,
        licences: dict[str, int],
        ivr: Stream,
        plane: MediaPlane,
        standby: Standby,
    ) -> None:
        self.name = name
        self.calls: dict[str, Call] = {}
        self.in_menu = 0  # calls that hold a port of the IVR
        self.agents: dict[str, tuple[str, str]] = {}  # seat -> (contact, state)
        self.acd = Acd()
        self.licences = Licences(licences)
        self._send = out.send
        self._emit = out.emit
        self._timers = timers
        self._settings = settings
        self._told = settings.replicates
        self._ivr = ivr
        self._plane = plane
        self._standby = standby
        self._full = False  # the disk
        self._unwritten: list[Record] = []
        self.fabric = build(settings.fabric)

    def forget_all(self, now: Ns) -> None:
        """Step back: nothing is known any more, nobody is told; what this server alone has recorded is kept."""
        for call in self.calls.values():
            if call.recording and self._settings.recorded_through_server:
                self._hand_over(call, now)
        self._timers.cancel_all((TIMERS[call.phase], call.id) for call in self.calls.values() if call.phase in TIMERS)
        self.calls.clear()
        self.in_menu = 0
        self.agents.clear()
        self.fabric.clear()
        self.acd = Acd()
        for name in (CORE, AGENT, RECORDING):
            self.licences.give(name, self.licences.in_use(name))

    # --- rule 1

    def invite(self, message: Invite, now: Ns) -> None:
        """A trunk call comes in; its turn at the processor has come."""
        call = self.calls.get(message.call)
        if call is not None:
            self._send(message.gateway, Answer(call.id, self.name, self._hops(call)))
            return
        if self._full and self._settings.refuses_unwritten:
            self._send(message.gateway, Reject(message.call, DISK, self.name))
            return
        if not self.fabric.enter(message.call):
            self._send(message.gateway, Reject(message.call, self.fabric.cause, self.name))
            return
        direct = message.skill in self.agents
        if not direct and self.in_menu >= self._settings.ivr_limit:
            self.fabric.leave(message.call)
            self._send(message.gateway, Reject(message.call, "ivr-port", self.name))
            return
        if not self.licences.take(CORE):
            self.fabric.leave(message.call)
            self._send(message.gateway, Reject(message.call, CORE, self.name))
            return
        call = Call(message.call, IVR, message.gateway, message.skill, channels=1, answered_at=now, seen=now)
        call.priority, call.recorded = message.priority, message.recorded
        call.span, call.slot = message.span, message.slot
        self.calls[call.id] = call
        self._send(call.gateway, Answer(call.id, self.name, (self.name,)))
        if direct:
            self._distribute(call, now)
        else:
            self._start_ivr(call, now)

    def _start_ivr(self, call: Call, now: Ns) -> None:
        call.phase = IVR
        self.in_menu += 1  # also beyond the limit, for those who were inherited
        self._timers.set(("ivr", call.id), now + self._ivr_time())
        self._changed(call, now)

    def _ivr_time(self) -> int:
        """A menu has an end: no caller stays in it longer than three times the mean."""
        mean = self._settings.ivr_time
        return min(self._ivr.exponential(mean), IVR_LONGEST * mean)

    def ivr_over(self, name: str, now: Ns) -> None:
        """The caller has chosen: an agent, or the queue."""
        call = self.calls[name]
        self.in_menu -= 1
        self._distribute(call, now)

    def _distribute(self, call: Call, now: Ns) -> None:
        call.phase = QUEUED
        call.place = self.acd.arrive()
        seat = self.acd.seek(call.skill)
        if seat is not None:
            self._ring(call, seat, now)
        elif self.acd.waiting() >= self._settings.queue_limit:
            self._end(call, now, "queue" if self._settings.queue_limit else "seat")
        else:
            self._queue(call, now)

    def _queue(self, call: Call, now: Ns) -> None:
        call.phase = QUEUED
        self.acd.enter(call.id, call.skill, call.place, call.priority)
        if self._plane.flows(call.id):
            self._send(PUBLIC, Music(call.id))
        self._changed(call, now)

    def _ring(self, call: Call, seat: str, now: Ns) -> None:
        if not self.fabric.join(call.id, call.span, call.slot, seat):
            self._free_agent(seat, now)
            self._end(call, now, self.fabric.cause)
            return
        if self._settings.channels_count_agents:
            if not self.licences.take(CORE):
                self._free_agent(seat, now)
                self._end(call, now, CORE)
                return
            call.channels += 1
        call.phase, call.seat, call.contact = RINGING, seat, self.agents[seat][0]
        self._agent(seat, "ringing")
        self._send(call.contact, Ring(call.id, self.name))
        self._timers.set(("ring", call.id), now + RING_TIME)
        self._changed(call, now)

    # --- rule 2

    def ring_over(self, name: str, now: Ns) -> None:
        """Nobody answered."""
        call = self.calls[name]
        seat = call.seat
        self._send(call.contact, Cancel(call.id))
        self._unring(call, now)
        self.log_out(seat)

    def busy(self, message: Busy, now: Ns) -> None:
        """The seat has another call: our picture of the agent was wrong."""
        call = self.calls.get(message.call)
        if call is not None and call.phase == RINGING and call.seat == message.seat:
            self._unring(call, now)

    def _unring(self, call: Call, now: Ns) -> None:
        self._timers.cancel(("ring", call.id))
        if self._settings.channels_count_agents:
            self.licences.give(CORE)
            call.channels -= 1
        self.fabric.part(call.id)
        self._agent(call.seat, "busy")
        call.seat = call.contact = ""
        other = self.acd.seek(call.skill)
        if other is not None:
            self._ring(call, other, now)
        else:
            self._queue(call, now)

    # --- talking

    def pick_up(self, message: PickUp, now: Ns) -> None:
        """The agent answers, or takes the call up elsewhere."""
        call = self.calls.get(message.call)
        if call is None or call.seat != message.seat or call.phase not in (RINGING, TALKING, HELD):
            self._send(message.contact, Cancel(message.call))
            return
        self._timers.cancel(("ring", call.id))
        call.contact = message.contact
        if call.phase == RINGING:
            self._talk(call, now)
        call.phase = TALKING  # who takes up a call that was on hold talks
        self._send(call.gateway, Reinvite(call.id, self.name, self._hops(call)))
        self._send(call.contact, Through(call.id))
        self._changed(call, now)

    def _talk(self, call: Call, now: Ns) -> None:
        call.phase = TALKING
        self._agent(call.seat, "talking")
        if call.recorded:
            self._record(call, now)

    def _record(self, call: Call, since: Ns) -> None:
        if not call.recording:
            call.recording = not self._full and self.licences.take(RECORDING)
            if call.recording:
                call.recorded_from = since
            else:
                self._emit(Kind.RECORDING_REFUSED, call.id, cause=DISK if self._full else "recording-channel")

    def _hand_over(self, call: Call, now: Ns) -> None:
        self._send(STATION, Recording(call.id, self.name, now - call.recorded_from))

    def _hops(self, call: Call) -> tuple[str, ...]:
        """Rule 3."""
        if call.phase != TALKING:
            return (self.name,)
        if self._through_server(call):
            return self.name, call.contact
        return (call.contact,)

    def _through_server(self, call: Call) -> bool:
        settings = self._settings
        return settings.talk_through_server or (call.recording and settings.recorded_through_server)

    def _of(self, message: Hold | Bye) -> Call | None:
        """The call of a request inside a dialog; None for a seat from which it was led away to another one, and for a
        gateway when another has it."""
        call = self.calls.get(message.call)
        if call is None:
            return None
        sender, part, _ = message.sender.partition("/")
        return call if (call.seat if part else call.gateway) in ("", sender) else None

    def hold(self, message: Hold, now: Ns) -> None:
        """Hold and resume."""
        call = self._of(message)
        method = "hold" if message.on else "resume"
        talks = call is not None and call.phase in (TALKING, HELD)  # here the caller may wait for another seat
        self._send(message.sender, Done(message.call, method, talks))
        if call is not None and talks:
            call.phase = HELD if message.on else TALKING
            self._send(call.gateway, Reinvite(call.id, self.name, self._hops(call)))
            self._changed(call, now)

    # --- rule 4

    def bye(self, message: Bye, now: Ns) -> None:
        """One side hangs up."""
        call = self._of(message)
        self._send(message.sender, Done(message.call, "bye", call is not None))
        if call is not None:
            self._end(call, now, message.cause, message.sender)

    def _end(self, call: Call, now: Ns, cause: str, sender: str = "") -> None:
        del self.calls[call.id]
        if call.phase in TIMERS:
            self._timers.cancel((TIMERS[call.phase], call.id))
        if call.phase == IVR:
            self.in_menu -= 1
        elif call.phase == QUEUED:
            self.acd.leave(call.id)
        if sender != call.gateway and call.gateway:
            self._send(call.gateway, Bye(call.id, self.name, cause))
        if call.contact and sender != call.contact:
            if call.phase == RINGING:
                self._send(call.contact, Cancel(call.id))
            else:
                self._send(call.contact, Bye(call.id, self.name, cause))
        self.licences.give(CORE, call.channels)
        self.fabric.leave(call.id)
        if call.recording:
            self.licences.give(RECORDING)
            self._hand_over(call, now)
        if call.answered_at != NEVER and call.record_known:
            record = Record(call.id, self.name, True, now - call.answered_at)
            if not self._full:
                self._send(STATION, record)
            elif self._settings.refuses_unwritten:
                self._unwritten.append(record)
        if self._told.dialogs:
            self._standby.tell(CallGone(call.id))
        if call.seat and call.seat in self.agents:
            if call.phase == RINGING:
                self._free_agent(call.seat, now)
            else:
                self._agent(call.seat, "wrap-up")

    # --- agents

    def log_in(self, message: Login, now: Ns) -> None:
        """An agent takes a seat, or comes back with another contact."""
        known = message.seat in self.agents
        if not known:
            if not self._standby.entered(message.seat):
                self._refuse_login(message, "not-entered")
                return
            if len(self.agents) >= self._settings.seat_limit:
                self._refuse_login(message, "seats")
                return
            if not self.licences.take(AGENT):
                self._refuse_login(message, "agent-licence")
                return
        self.acd.log_in(message.seat, message.skills)
        self.agents[message.seat] = (message.contact, "ready")
        self._send(message.contact, LoggedIn(message.seat, self.name))
        mine = self._call_at(message.seat)
        if mine is not None and mine.phase == RINGING:
            self._unring(mine, now)
        elif mine is not None and mine.id != message.call:
            self._end(mine, now, "agent-gone")
        if message.call:
            self._agent(message.seat, "talking")  # also in a call that is not known here
        else:
            self._free_agent(message.seat, now)

    def _call_at(self, seat: str) -> Call | None:
        return next((call for call in self.calls.values() if call.seat == seat), None)

    def _refuse_login(self, message: Login, cause: str) -> None:
        self._emit(Kind.AGENT_REFUSED, None, message.seat, cause=cause)
        self._send(message.contact, LoggedIn(message.seat, self.name, cause))

    def log_out(self, seat: str) -> None:
        """The agent is gone."""
        if self.agents.pop(seat, None) is not None:
            self.acd.log_out(seat)
            self.licences.give(AGENT)
            if self._told.agents:
                self._standby.tell(AgentChange(seat, "", (), "out"))

    def ready(self, message: Ready, now: Ns) -> None:
        """The agent has written up his call. He has none: one that is still up here is over."""
        seat = message.seat
        self._send(message.contact, Done("", "ready", seat in self.agents))
        if seat not in self.agents:
            return
        if self.agents[seat][1] in ("ringing", "talking"):
            mine = self._call_at(seat)
            if mine is not None and mine.phase == RINGING:
                return  # it rings there by now
            if mine is not None:
                self._end(mine, now, "agent-gone")
        self.agents[seat] = (message.contact, "ready")
        self._free_agent(seat, now)

    def _free_agent(self, seat: str, now: Ns) -> None:
        name = self.acd.free(seat)
        while name is not None and name not in self.calls:
            name = self.acd.free(seat)
        self._agent(seat, "ready")
        if name is not None:
            self._ring(self.calls[name], seat, now)

    def _agent(self, seat: str, state: str) -> None:
        agents, acd = self.agents, self.acd
        if seat not in agents:
            return
        contact, _ = agents.pop(seat)  # who changed last comes last: so the standby hears of the longest idle first
        agents[seat] = (contact, state)
        if state != "ready":
            acd.busy(seat)
        if self._told.agents:
            self._standby.tell(AgentChange(seat, contact, acd.skills_of(seat), state))

    # --- calls that agents dial

    def dial(self, message: Dial, gateways: list[str], now: Ns) -> None:
        """An agent dials; its turn at the processor has come."""
        if message.call in self.calls:
            self._send(message.contact, Proceeding(message.call))
            return
        cause = ""
        channels = 2 if self._settings.channels_count_agents else 1
        if self._full and self._settings.refuses_unwritten:
            cause = DISK
        elif not gateways:
            cause = "no-gateway"
        elif not self.fabric.enter(message.call):
            cause = self.fabric.cause
        elif not self.licences.take(CORE, channels):
            self.fabric.leave(message.call)
            cause = CORE
        if cause:
            self._send(message.contact, Reject(message.call, cause, self.name))
            return
        call = Call(message.call, DIALLING, "", "", message.seat, message.contact, channels=channels, seen=now)
        call.recorded = message.recorded
        self.calls[call.id] = call
        self._agent(call.seat, "talking")
        self._send(call.contact, Proceeding(call.id))
        self.dial_on(call.id, gateways, now)

    def dial_on(self, name: str, gateways: list[str], now: Ns, cause: str = "no-gateway", by: str = "") -> None:
        """Try the next gateway for an outgoing call."""
        call = self.calls[name]
        if call.phase != DIALLING or call.gateway not in ("", by):
            return  # a gateway has it: this is a late word of another
        call.gateway = ""  # who had taken it gives it back
        if call.tried >= len(gateways):
            self._abandon_dial(call, cause, by or self.name, now)
            return
        gateway = gateways[call.tried]
        call.tried += 1
        self._send(gateway, InviteOut(call.id, self.name))
        self._timers.set(("out", call.id), now + OUT_TIME)

    def trying(self, message: Trying, now: Ns) -> None:
        """A gateway has passed the call on. Where our clock was set ahead meanwhile, another may have it by then."""
        call = self.calls.get(message.call)
        if call is None or call.gateway not in ("", message.gateway):
            self._send(message.gateway, Bye(message.call, self.name, "gone"))
        elif call.phase == DIALLING:
            call.gateway = message.gateway
            self._timers.cancel(("out", call.id))

    def answered(self, call_id: str, now: Ns, span: str = "", slot: int = 0) -> None:
        """The called party lifted the receiver: from now on he needs a path to the seat."""
        call = self.calls.get(call_id)
        if call is not None and call.phase != DIALLING and call.gateway:  # it did not hear us the first time
            self._send(call.gateway, Reinvite(call.id, self.name, self._hops(call)))
        elif call is not None and call.phase == DIALLING:
            call.answered_at = call.seen = now
            call.span, call.slot = span, slot
            if not self.fabric.join(call.id, span, slot, call.seat):
                self._end(call, now, self.fabric.cause)
                return
            self._talk(call, now)
            self._send(call.gateway, Reinvite(call.id, self.name, self._hops(call)))
            self._send(call.contact, Through(call.id))
            self._changed(call, now)

    def _abandon_dial(self, call: Call, cause: str, by: str, now: Ns) -> None:
        self._send(call.contact, Reject(call.id, cause, by))
        contact, call.contact, call.gateway = call.contact, "", ""
        self._end(call, now, cause, contact)

    # --- rule 5

    def _changed(self, call: Call, now: Ns) -> None:
        call.seen = now
        if self._told.dialogs:
            self._standby.tell(self.describe(call, now))

    def describe(self, call: Call, now: Ns) -> CallChange:
        """What the standby is told of a call."""
        kept = self._told
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

    # --- rule 6

    def take_over(self, calls: list[tuple[CallChange, int]], agents: list[AgentChange], now: Ns) -> None:
        """Continue what is known of the dead server's calls and agents: (change, when it arrived)."""
        agents = [a for a in agents if self._standby.entered(a.seat) and self.licences.take(AGENT)]
        for agent in agents:
            self.acd.log_in(agent.seat, agent.skills)
            self.agents[agent.seat] = (agent.contact, agent.state)
        waiting: list[Call] = []
        for change, arrived in calls:
            call = Call(change.call, change.phase, change.gateway, change.skill, change.seat, change.contact)
            call.place, call.recorded, call.record_known = change.place, change.recorded, change.record_known
            call.priority = change.priority
            call.span, call.slot = change.span, change.slot
            call.answered_at, call.seen, call.channels = arrived - change.answered_ago, now, 1
            self.calls[call.id] = call
            self.licences.force(CORE)
            self.fabric.enter(call.id)  # as large as the dead server's, and empty: there is room
            if call.phase in (TALKING, HELD):
                beside = change.recording_for >= 0 and not self._settings.recorded_through_server
                self._continue_talk(call, Ns(arrived - change.recording_for) if beside else now, now)
            else:
                self._send(call.gateway, Reinvite(call.id, self.name, (self.name,)))
                call.seat = call.contact = ""
                waiting.append(call)
        waiting.sort(key=lambda c: c.place)
        for call in waiting:
            if call.phase == IVR or call.place < 0:
                self._start_ivr(call, now)
            else:
                self._queue(call, now)
        talking = {call.seat for call in self.calls.values() if call.seat}
        for agent in agents:
            if agent.state in ("ready", "ringing") and agent.seat not in talking:
                self._free_agent(agent.seat, now)

    def _continue_talk(self, call: Call, recorded_from: Ns, now: Ns) -> None:
        if not self.fabric.join(call.id, call.span, call.slot, call.seat):
            self._end(call, now, self.fabric.cause)
            return
        if self._settings.channels_count_agents:
            self.licences.force(CORE)
            call.channels += 1
        if call.recorded:
            self._record(call, recorded_from)
        if call.phase == HELD or self._through_server(call):
            self._send(call.gateway, Reinvite(call.id, self.name, self._hops(call)))

    # --- rule 7

    def audit(self, now: Ns) -> None:
        """Ask after silent calls."""
        for call in list(self.calls.values()):
            if now - call.seen < self._settings.session_timer:
                continue
            if call.asked:
                self._end(call, now, "session-timer")
            else:
                call.asked = True
                self._send(call.gateway, Refresh(call.id, self.name))

    def gateway_restarted(self, gateway: str, now: Ns) -> None:
        """A gateway that has just started knows none of its calls any more."""
        for call in [call for call in self.calls.values() if call.gateway == gateway]:
            self._end(call, now, "gateway-restart", gateway)

    def refreshed(self, message: Refreshed, now: Ns) -> None:
        """The gateway knows the call, or does not."""
        call = self.calls.get(message.call)
        if call is None:
            return
        call.asked, call.seen = False, now
        if not message.known:
            self._end(call, now, "session-timer")

    # --- rule 8

    def clock_set(self, by: int, now: Ns) -> None:
        """The clock of the day shows `by` more than it would."""
        settings = self._settings
        for call in self.calls.values():
            if settings.records_by_day and call.answered_at != NEVER:
                call.answered_at -= by
            if settings.timers_by_day:
                call.seen -= by
                if call.phase in BY_CLOCK:
                    bring(self._timers, (TIMERS[call.phase], call.id), by, now)

    # --- rule 9

    def disk_full(self, on: bool, now: Ns) -> None:
        """Nothing can be written any more, or again."""
        if on == self._full:
            return
        self._full = on
        if not on:
            for record in self._unwritten:
                self._send(STATION, record)
            self._unwritten.clear()
            return
        for call in self.calls.values():
            if call.recording:
                call.recording = False
                self.licences.give(RECORDING)
                self._hand_over(call, now)
                if self._told.dialogs:
                    self._standby.tell(self.describe(call, now))
