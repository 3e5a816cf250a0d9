"""Call control: trunk calls, IVR, queue and agents - while this server is the active one. Rules 1 to 5, 7 and 8 of the
folder.
"""

from simtel.callcentre.acd import Acd
from simtel.callcentre.licences import Licences
from simtel.core.clock import SECOND, Ns
from simtel.core.machine import Out
from simtel.core.streams import Stream
from simtel.core.timers import Timers, bring
from simtel.devices.fabric.build import build
from simtel.devices.messages.calls import (
    Answer,
    Busy,
    Bye,
    Cancel,
    Done,
    Hold,
    Invite,
    PickUp,
    Refresh,
    Refreshed,
    Reinvite,
    Reject,
    Ring,
    Through,
)
from simtel.devices.messages.people import Music
from simtel.devices.messages.registration import Login, Ready
from simtel.devices.messages.replication import CallGone
from simtel.devices.plane import PUBLIC, MediaPlane
from simtel.devices.server.agents import Agents, Standby
from simtel.devices.server.call import (
    AGENT,
    CORE,
    DIALLING,
    HELD,
    IVR,
    NEVER,
    QUEUED,
    RECORDING,
    RINGING,
    TALKING,
    Call,
    Settings,
)
from simtel.devices.server.records import DISK, Records
from simtel.devices.server.shadow import describe

RING_TIME = 15 * SECOND  # rule 2; a usual default of distributors, from memory
IVR_LONGEST = 3  # times the mean; our own figure
TIMERS = {IVR: "ivr", RINGING: "ring", DIALLING: "out"}  # phase -> the timer that ends it
BY_CLOCK = (RINGING, DIALLING)  # rule 8: what the server measures; the time in a menu is the caller's


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
        self.settings = settings
        self.acd = Acd()
        self.licences = Licences(licences)
        self.fabric = build(settings.fabric)
        self.agents = Agents(name, out, self.acd, self.licences, settings, standby)
        self.records = Records(name, out, self.licences, settings)
        self.send = out.send
        self._timers = timers
        self._told = settings.replicates
        self._ivr = ivr
        self._plane = plane
        self._standby = standby

    def forget_all(self, now: Ns) -> None:
        """Step back: nothing is known any more, nobody is told; what this server alone has recorded is kept."""
        self.records.save(self.calls.values(), now)
        self._timers.cancel_all((TIMERS[call.phase], call.id) for call in self.calls.values() if call.phase in TIMERS)
        self.calls.clear()
        self.in_menu = 0
        self.agents.known.clear()
        self.fabric.clear()
        self.acd.clear()
        for name in (CORE, AGENT, RECORDING):
            self.licences.give(name, self.licences.in_use(name))

    # --- rule 1

    def invite(self, message: Invite, now: Ns) -> None:
        """A trunk call comes in; its turn at the processor has come."""
        call = self.calls.get(message.call)
        if call is not None:
            self.send(message.gateway, Answer(call.id, self.name, self.hops(call)))
            return
        if self.records.refuses_calls:
            self.send(message.gateway, Reject(message.call, DISK, self.name))
            return
        if not self.fabric.enter(message.call):
            self.send(message.gateway, Reject(message.call, self.fabric.cause, self.name))
            return
        direct = message.skill in self.agents.known
        if not direct and self.in_menu >= self.settings.ivr_limit:
            self.fabric.leave(message.call)
            self.send(message.gateway, Reject(message.call, "ivr-port", self.name))
            return
        if not self.licences.take(CORE):
            self.fabric.leave(message.call)
            self.send(message.gateway, Reject(message.call, CORE, self.name))
            return
        call = Call(message.call, IVR, message.gateway, message.skill, channels=1, answered_at=now, seen=now)
        call.priority, call.recorded = message.priority, message.recorded
        call.span, call.slot = message.span, message.slot
        self.calls[call.id] = call
        self.send(call.gateway, Answer(call.id, self.name, (self.name,)))
        if direct:
            self._distribute(call, now)
        else:
            self.start_ivr(call, now)

    def start_ivr(self, call: Call, now: Ns) -> None:
        """The call goes into the menu."""
        call.phase = IVR
        self.in_menu += 1  # also beyond the limit, for those who were inherited
        self._timers.set(("ivr", call.id), now + self._ivr_time())
        self.changed(call, now)

    def _ivr_time(self) -> int:
        """A menu has an end: no caller stays in it longer than three times the mean."""
        mean = self.settings.ivr_time
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
        elif self.acd.waiting() >= self.settings.queue_limit:
            self.end(call, now, "queue" if self.settings.queue_limit else "seat")
        else:
            self.queue(call, now)

    def queue(self, call: Call, now: Ns) -> None:
        """The call waits, at its place."""
        call.phase = QUEUED
        self.acd.enter(call.id, call.skill, call.place, call.priority)
        if self._plane.flows(call.id):
            self.send(PUBLIC, Music(call.id))
        self.changed(call, now)

    def _ring(self, call: Call, seat: str, now: Ns) -> None:
        if not self.fabric.join(call.id, call.span, call.slot, seat):
            self.free_agent(seat, now)
            self.end(call, now, self.fabric.cause)
            return
        if self.settings.channels_count_agents:
            if not self.licences.take(CORE):
                self.free_agent(seat, now)
                self.end(call, now, CORE)
                return
            call.channels += 1
        call.phase, call.seat, call.contact = RINGING, seat, self.agents.known[seat][0]
        self.agents.become(seat, "ringing")
        self.send(call.contact, Ring(call.id, self.name))
        self._timers.set(("ring", call.id), now + RING_TIME)
        self.changed(call, now)

    # --- rule 2

    def ring_over(self, name: str, now: Ns) -> None:
        """Nobody answered."""
        call = self.calls[name]
        seat = call.seat
        self.send(call.contact, Cancel(call.id))
        self._unring(call, now)
        self.agents.log_out(seat)

    def busy(self, message: Busy, now: Ns) -> None:
        """The seat has another call: our picture of the agent was wrong."""
        call = self.calls.get(message.call)
        if call is not None and call.phase == RINGING and call.seat == message.seat:
            self._unring(call, now)

    def _unring(self, call: Call, now: Ns) -> None:
        self._timers.cancel(("ring", call.id))
        if self.settings.channels_count_agents:
            self.licences.give(CORE)
            call.channels -= 1
        self.fabric.part(call.id)
        self.agents.become(call.seat, "busy")
        call.seat = call.contact = ""
        other = self.acd.seek(call.skill)
        if other is not None:
            self._ring(call, other, now)
        else:
            self.queue(call, now)

    # --- talking

    def pick_up(self, message: PickUp, now: Ns) -> None:
        """The agent answers, or takes the call up elsewhere."""
        call = self.calls.get(message.call)
        if call is None or call.seat != message.seat or call.phase not in (RINGING, TALKING, HELD):
            self.send(message.contact, Cancel(message.call))
            return
        self._timers.cancel(("ring", call.id))
        call.contact = message.contact
        if call.phase == RINGING:
            self.talk(call, now)
        call.phase = TALKING  # who takes up a call that was on hold talks
        self.send(call.gateway, Reinvite(call.id, self.name, self.hops(call)))
        self.send(call.contact, Through(call.id))
        self.changed(call, now)

    def talk(self, call: Call, now: Ns) -> None:
        """Caller and agent talk from now on."""
        call.phase = TALKING
        self.agents.become(call.seat, "talking")
        if call.recorded:
            self.records.begin(call, now)

    def hops(self, call: Call) -> tuple[str, ...]:
        """Rule 3: where speech of the call goes, as its gateway is told."""
        if call.phase != TALKING:
            return (self.name,)
        if self.through_server(call):
            return self.name, call.contact
        return (call.contact,)

    def through_server(self, call: Call) -> bool:
        """Whether the speech of a talk passes this server."""
        settings = self.settings
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
        self.send(message.sender, Done(message.call, method, talks))
        if call is not None and talks:
            call.phase = HELD if message.on else TALKING
            self.send(call.gateway, Reinvite(call.id, self.name, self.hops(call)))
            self.changed(call, now)

    # --- rule 4

    def bye(self, message: Bye, now: Ns) -> None:
        """One side hangs up."""
        call = self._of(message)
        self.send(message.sender, Done(message.call, "bye", call is not None))
        if call is not None:
            self.end(call, now, message.cause, message.sender)

    def end(self, call: Call, now: Ns, cause: str, sender: str = "") -> None:
        """The call is over; `sender` knows that already."""
        del self.calls[call.id]
        if call.phase in TIMERS:
            self._timers.cancel((TIMERS[call.phase], call.id))
        if call.phase == IVR:
            self.in_menu -= 1
        elif call.phase == QUEUED:
            self.acd.leave(call.id)
        if sender != call.gateway and call.gateway:
            self.send(call.gateway, Bye(call.id, self.name, cause))
        if call.contact and sender != call.contact:
            if call.phase == RINGING:
                self.send(call.contact, Cancel(call.id))
            else:
                self.send(call.contact, Bye(call.id, self.name, cause))
        self.licences.give(CORE, call.channels)
        self.fabric.leave(call.id)
        self.records.end(call, now)
        if self._told.dialogs:
            self._standby.tell(CallGone(call.id))
        if call.seat and call.seat in self.agents.known:
            if call.phase == RINGING:
                self.free_agent(call.seat, now)
            else:
                self.agents.become(call.seat, "wrap-up")

    # --- agents

    def log_in(self, message: Login, now: Ns) -> None:
        """An agent takes a seat, or comes back with another contact."""
        if not self.agents.log_in(message):
            return
        mine = self._call_at(message.seat)
        if mine is not None and mine.phase == RINGING:
            self._unring(mine, now)
        elif mine is not None and mine.id != message.call:
            self.end(mine, now, "agent-gone")
        if message.call:
            self.agents.become(message.seat, "talking")  # also in a call that is not known here
        else:
            self.free_agent(message.seat, now)

    def _call_at(self, seat: str) -> Call | None:
        return next((call for call in self.calls.values() if call.seat == seat), None)

    def ready(self, message: Ready, now: Ns) -> None:
        """The agent has written up his call. He has none: one that is still up here is over."""
        seat = message.seat
        self.send(message.contact, Done("", "ready", seat in self.agents.known))
        if seat not in self.agents.known:
            return
        if self.agents.known[seat][1] in ("ringing", "talking"):
            mine = self._call_at(seat)
            if mine is not None and mine.phase == RINGING:
                return  # it rings there by now
            if mine is not None:
                self.end(mine, now, "agent-gone")
        self.agents.known[seat] = (message.contact, "ready")
        self.free_agent(seat, now)

    def free_agent(self, seat: str, now: Ns) -> None:
        """The agent takes who waits, or is idle."""
        name = self.acd.free(seat)
        while name is not None and name not in self.calls:
            name = self.acd.free(seat)
        self.agents.become(seat, "ready")
        if name is not None:
            self._ring(self.calls[name], seat, now)

    # --- rule 5

    def changed(self, call: Call, now: Ns) -> None:
        """The standby is told how the call stands now."""
        call.seen = now
        if self._told.dialogs:
            self._standby.tell(describe(call, self._told, now))

    # --- rule 7

    def audit(self, now: Ns) -> None:
        """Ask after silent calls."""
        for call in list(self.calls.values()):
            if now - call.seen < self.settings.session_timer:
                continue
            if call.asked:
                self.end(call, now, "session-timer")
            else:
                call.asked = True
                self.send(call.gateway, Refresh(call.id, self.name))

    def gateway_restarted(self, gateway: str, now: Ns) -> None:
        """A gateway that has just started knows none of its calls any more."""
        for call in [call for call in self.calls.values() if call.gateway == gateway]:
            self.end(call, now, "gateway-restart", gateway)

    def refreshed(self, message: Refreshed, now: Ns) -> None:
        """The gateway knows the call, or does not."""
        call = self.calls.get(message.call)
        if call is None:
            return
        call.asked, call.seen = False, now
        if not message.known:
            self.end(call, now, "session-timer")

    # --- rule 8

    def clock_set(self, by: int, now: Ns) -> None:
        """The clock of the day shows `by` more than it would."""
        settings = self.settings
        for call in self.calls.values():
            if settings.records_by_day and call.answered_at != NEVER:
                call.answered_at -= by
            if settings.timers_by_day:
                call.seen -= by
                if call.phase in BY_CLOCK:
                    bring(self._timers, (TIMERS[call.phase], call.id), by, now)

    def disk_full(self, on: bool, now: Ns) -> None:
        """Rule 9: nothing can be written any more, or again."""
        for call in self.records.disk_full(on, self.calls.values(), now):
            if self._told.dialogs:
                self._standby.tell(describe(call, self._told, now))
