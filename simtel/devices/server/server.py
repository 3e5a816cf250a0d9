"""A call server: one of a pair, or alone.

It composes the election (who is active), the registrar (who can be reached), the processor (how fast it works), call
control (while active), the shadow of its peer's calls (while standby) and what befalls it when it stands still. Only
the active server answers calls and checks; both register devices that come to their own address. One that is behind
with its work sends its heartbeat late as well, unless that is a process of its own. A server that hands over says so
after all changes, on their path: its peer has them all before it serves. Until then it remembers, should the peer not
come. Where that path begins with a journal on the disk and the disk is full, the peer is told nothing, and nothing
later.
"""

from collections.abc import Callable
from typing import Any, ClassVar

import msgspec

from simtel.core.clock import Ns
from simtel.core.events import Kind
from simtel.core.machine import Out
from simtel.core.streams import Streams
from simtel.core.timers import Key, bring
from simtel.devices.base import Device
from simtel.devices.intake import Intake, Work
from simtel.devices.messages.calls import Answered, Busy, Bye, Dial, Hold, Invite, PickUp, Refreshed, Reject, Trying
from simtel.devices.messages.operation import Configure, HandOver
from simtel.devices.messages.physics import ClockSet, DiskFull, Hang, Slow, Stall
from simtel.devices.messages.registration import Alive, KeepAlive, Login, Ready, Register, Registered, Serving
from simtel.devices.messages.replication import (
    AgentChange,
    CallChange,
    CallGone,
    Changes,
    Configured,
    ContactChange,
    SyncRequest,
    TakeOver,
)
from simtel.devices.plane import MediaPlane
from simtel.devices.server.call import AGENT, DIALLING, Settings
from simtel.devices.server.configuration import Configuration
from simtel.devices.server.control import CallControl
from simtel.devices.server.outgoing import Outgoing
from simtel.devices.server.registrar import Registrar
from simtel.devices.server.shadow import Shadow, describe
from simtel.devices.server.standstill import Standstill
from simtel.devices.server.takeover import take_over
from simtel.protocols.election import ADDRESS, ADVERT, WAITS, Advert, Claim, Election, Signal, State, Times
from simtel.protocols.service import Check, Checked


class Rates(msgspec.Struct, frozen=True):
    """How fast the processor works; per second, backlog in nanoseconds."""

    attempts: float
    registrations: float
    backlog: int
    control: bool
    heartbeat_waits: bool = False  # it has its turn at the processor after what came before it


def _when_active(work: Callable[[CallControl, Any, Ns], None]) -> Callable[["Server", Any, Ns], None]:
    """What call control does with a message; a standby leaves it alone."""

    def handle(server: "Server", message: object, now: Ns) -> None:
        if server.active:
            work(server.control, message, now)

    return handle


def _alone(_change: object) -> None:
    """A server without a standby tells nobody."""


class Server(Device):
    """One call server."""

    def __init__(
        self,
        name: str,
        out: Out,
        *,
        peer: str | None,
        priority: int,
        times: Times,
        fencing: bool,
        preempt: bool,
        watched: bool,
        rates: Rates,
        settings: Settings,
        licences: dict[str, int],
        streams: Streams,
        plane: MediaPlane,
        configuration: Configuration | None = None,
    ) -> None:
        """`configuration`: what stands on its disk, where the operator enters something in service."""
        super().__init__(name, out)
        self._peer = peer
        self._replica = f"{peer}/repl"
        self._settings = settings
        self._heartbeat_waits = rates.heartbeat_waits
        self._advert_waits = False  # it is behind with this one
        self._intake = Intake(rates.attempts, rates.registrations, rates.backlog, rates.control, self.timers)
        paths = (f"{peer}/hb1", f"{peer}/hb2") if peer else ()
        if watched:
            paths = (*paths, "watch")
        self.election = Election(
            name,
            out,
            times,
            priority=priority,
            peer=peer,
            paths=paths,
            fencing=fencing,
            preempt=preempt,
            changed=self._role_changed,
        )
        self.control = CallControl(name, out, self.timers, settings, licences, streams("ivr"), plane, self)
        self.outgoing = Outgoing(self.control, self.timers)
        self.registrar = Registrar()
        self._shadow = Shadow()
        self._standstill = Standstill(self.timers)
        self._configuration = configuration or Configuration()
        self._agent_licences = licences[AGENT]
        self._obey_configuration()
        self._queued: set[str] = set()  # attempts that wait for the processor
        self._active = False
        self._asked = False  # the peer stepped down for us
        self._untold: list[object] = []  # changes of this step
        self.tell: Callable[[object], None] = self._untold.append if peer else _alone  # a change, to the standby
        self._journal_full = False  # what the standby is to be told cannot be written

    # --- machine

    def start(self, now: Ns, active: bool) -> None:
        """Power-on: active, or listening and asking the peer for what it knows."""
        self.election.start(now, active)
        if self.election.state is State.ACTIVE:
            self._active = True
            self.timers.set(("audit",), now + self._settings.session_timer)
        else:
            self.tell(SyncRequest(self.name))
            if self._untold:
                self._tell_peer()

    def receive(self, message: object, now: Ns) -> None:
        """A message arrived."""
        try:
            handler = self.HANDLERS[type(message)]
        except KeyError:
            raise TypeError(f"{self.name} cannot handle {message!r}") from None
        if self._standstill.still and not self._standstill.heeds(message):
            return
        handler(self, message, now)
        if self._untold:
            self._tell_peer()

    def on_timer(self, key: Key, now: Ns) -> None:
        """A timer is due: the election's, or the server's own, which wait while it hangs."""
        own = self.TIMERS.get(key[0])
        standstill = self._standstill
        if standstill.still and (own is not None or standstill.stalled):
            standstill.defers(key)
        elif own is None:
            if not (self._heartbeat_waits and key == ADVERT and self._late_advert(now)):
                self.election.on_timer(key, now)
        else:
            own(self, key, now)
        if self._untold:
            self._tell_peer()

    def holds(self) -> dict[str, int]:
        """Calls, licences of calls, callers who wait, and paths of the switching fabric."""
        control = self.control
        licences = control.licences.in_use("core-channel") + control.licences.in_use("recording")
        held = {"dialogs": len(control.calls), "licences": licences, "queue": control.acd.waiting()}
        paths = control.fabric.busy()  # told only when there are any
        return {**held, "paths": paths} if paths else held

    @property
    def active(self) -> bool:
        """Whether it serves."""
        return self._active

    @property
    def serves(self) -> bool:
        """Whether somebody who asks it is answered."""
        return self._active and not self._standstill.still

    def knows(self, contact: str, now: Ns) -> bool:
        """Whether the contact is registered here."""
        return self.registrar.reachable(contact, now)

    def _tell_peer(self) -> None:
        if not self._journal_full:
            self.send(self._replica, Changes(tuple(self._untold)))
        self._untold.clear()

    # --- role

    def _role_changed(self, state: State, now: Ns) -> None:
        if state is State.ACTIVE and not self._active:
            self._active = True
            self.timers.set(("audit",), now + self._settings.session_timer)
            if self._peer is not None and now > 0:
                self._take_over(now)
        elif state is State.STANDBY and self._active:
            self._active = False
            self._standstill.forget_timers()
            self.timers.cancel(("audit",))
            self._intake.forget()
            self._queued.clear()
            self.control.forget_all(now)
            self._shadow.clear()
            self.tell(SyncRequest(self.name))
        self._asked = self._asked and state is not State.STANDBY

    def _take_over(self, now: Ns) -> None:
        agents = list(self._shadow.agents.values())
        self._say_serving(bool(agents), now)  # before any call rings anew: seats drop what rang from the dead server
        take_over(self.control, list(self._shadow.calls.values()), agents, now)
        self._shadow.clear()
        self.emit(Kind.SERVER_SERVING, calls=len(self.control.calls))
        if self._asked:  # the peer is there, and was not served when it asked
            self._asked = False
            self._sync(SyncRequest(self.name), now)

    def _say_serving(self, agents_known: bool, now: Ns) -> None:
        serving = Serving(self.name, agents_known)
        for contact in self.registrar.known(now):
            self.send(contact, serving)

    # --- registrar

    def _register(self, message: Register, now: Ns) -> None:
        self._intake.take("registration", now, lambda at: self._registered(message, at))

    def _registered(self, message: Register, now: Ns) -> None:
        self.registrar.enter(message.contact, message.seat, now + message.expiry)
        if self.registrar.restarted(message):
            self.control.gateway_restarted(message.contact, now)
        known = message.seat in self.control.agents.known
        self.send(message.contact, Registered(self.name, message.contact, self._active, known))
        if self._active and self._settings.replicates.registrations:
            self.tell(ContactChange(message.contact, message.seat, message.expiry))

    def _keep_alive(self, message: KeepAlive, now: Ns) -> None:
        if self._active or message.flow:
            self.send(message.contact, Alive(self.name, message.contact))

    # --- calls, while active

    def _invite(self, message: Invite, now: Ns) -> None:
        if not self._active:
            return
        if not self.registrar.reachable(message.gateway, now):
            self.send(message.gateway, Reject(message.call, "not-registered", self.name))
        elif not self._attempt(message.call, now, lambda at: self.control.invite(message, at)):
            self.send(message.gateway, Reject(message.call, "attempts", self.name))

    def _dial(self, message: Dial, now: Ns) -> None:
        if not self._active:
            return
        self.registrar.turn()
        gateways = self.registrar.gateways
        if not self._attempt(message.call, now, lambda at: self.outgoing.dial(message, gateways(at), at)):
            self.send(message.contact, Reject(message.call, "attempts", self.name))

    def _attempt(self, call: str, now: Ns, work: Work) -> bool:
        """Queue a call attempt; one that is repeated while it waits costs its time and changes nothing."""
        if call in self._queued:
            self._intake.take("attempt", now, lambda _at: None)
            return True
        if call in self.control.calls:
            self._intake.take("attempt", now, work)  # it crossed our answer: answered again or lost, never refused
            return True

        def turn(at: Ns) -> None:
            self._queued.discard(call)
            work(at)

        self._queued.add(call)
        if self._intake.take("attempt", now, turn):
            return True
        self._queued.discard(call)
        return False

    def _reject(self, message: Reject, now: Ns) -> None:
        if message.call in self.control.calls:
            self.outgoing.dial_on(message.call, self.registrar.gateways(now), now, message.cause, message.by)

    def _answered(self, message: Answered, now: Ns) -> None:
        self.outgoing.answered(message.call, now, message.span, message.slot)

    def _login(self, message: Login, now: Ns) -> None:
        if self._active and self.registrar.reachable(message.contact, now):
            self.control.log_in(message, now)

    def _trying(self, message: Trying, now: Ns) -> None:
        self.outgoing.trying(message)

    def _check(self, message: Check, now: Ns) -> None:
        if self._active:
            answer = Checked(self.name, message.number)
            self._intake.take("check", now, lambda _at: self.send(message.watch, answer))

    # --- replication, while standby

    def _changes(self, message: Changes, now: Ns) -> None:
        for change in message.changes:
            self.CHANGES[type(change)](self, change, now)

    def _call_change(self, message: CallChange, now: Ns) -> None:
        if not self._active:
            self._shadow.call_change(message, now)

    def _call_gone(self, message: CallGone, now: Ns) -> None:
        self._shadow.call_gone(message)

    def _agent_change(self, message: AgentChange, now: Ns) -> None:
        if not self._active:
            self._shadow.agent_change(message)

    def _contact_change(self, message: ContactChange, now: Ns) -> None:
        self.registrar.enter(message.contact, message.seat, now + message.expiry)

    def _sync(self, message: SyncRequest, now: Ns) -> None:
        if not self._active:
            return
        self.send(ADDRESS, Claim(self.name))  # the peer may have claimed it last, while both served
        self._say_serving(bool(self.control.agents.known), now)  # the peer may have stepped back from serving as well
        kept = self._settings.replicates
        control = self.control
        if kept.registrations:
            for change in self.registrar.told(now):
                self.tell(change)
        if kept.agents:
            for seat in control.agents.known:
                self.tell(control.agents.told(seat))
        if kept.dialogs:
            for call in control.calls.values():
                if call.phase != DIALLING:
                    self.tell(describe(call, kept, now))
        if self._configuration.version and kept.configuration:
            self.tell(self._configuration.told())

    # --- configuration

    def entered(self, seat: str) -> bool:
        """Whether the operator has entered the seat here."""
        return seat not in self._configuration.missing_seats

    def _configure(self, message: Configure, now: Ns) -> None:
        if self._active:
            self._configuration.enter(message.seats, message.licences)
            self._obey_configuration()
            if self._settings.replicates.configuration:
                self.tell(self._configuration.told())

    def _configured(self, message: Configured, now: Ns) -> None:
        if self._configuration.take(message):
            self._obey_configuration()

    def _obey_configuration(self) -> None:
        left, missing = self._agent_licences, self._configuration.missing_licences
        self.control.licences.bought(AGENT, max(0, left - missing) if missing else left)

    # --- handing over

    def _hand_over(self, message: HandOver, now: Ns) -> None:
        if self._peer is None or self.election.state is not State.ACTIVE:
            return
        control = self.control
        kept = self._settings.replicates
        calls = [describe(call, kept, now) for call in control.calls.values() if call.phase != DIALLING]
        agents = [control.agents.told(seat) for seat in control.agents.known]
        self.tell(TakeOver(self.name))
        self.election.told(Signal.RELEASE, now)
        for call in calls:
            self._shadow.call_change(call, now)
        for agent in agents:
            self._shadow.agent_change(agent)

    def _asked_to_serve(self, message: TakeOver, now: Ns) -> None:
        self._asked = True
        self.election.told(Signal.ASKED, now)

    # --- faults and timers

    def _advert(self, message: Advert, now: Ns) -> None:
        self.election.receive(message, now)

    def _hang(self, message: Hang, now: Ns) -> None:
        standstill = self._standstill
        woken = standstill.hung and not message.on
        standstill.hang(message.on, now)
        # a peer that stepped back meanwhile, and seats that it served, asked a deaf server
        if woken and self._active and not standstill.stalled:
            self._sync(SyncRequest(self.name), now)

    def _stall(self, message: Stall, now: Ns) -> None:
        for late in self._standstill.stall(message.on, now):
            self.receive(late, now)

    def _slow(self, message: Slow, now: Ns) -> None:
        self._intake.slow(message.factor, now)

    def _late_advert(self, now: Ns) -> bool:
        """Whether an advert that is due waits for its turn; it does so once."""
        behind = 0 if self._standstill.hung or self._advert_waits else self._intake.behind(now)
        self._advert_waits = behind > 0
        if self._advert_waits:
            self.timers.set(ADVERT, now + behind)
        return self._advert_waits

    def _clock_set(self, message: ClockSet, now: Ns) -> None:
        by, settings = message.by, self._settings
        self.control.clock_set(by, now)
        if settings.records_by_day:
            self._shadow.clock_set(by)
        if settings.timers_by_day:
            self.registrar.clock_set(by)
            for key in (*WAITS, ("audit",)):
                bring(self.timers, key, by, now)
            self.election.clock_set(by)

    def _disk_full(self, message: DiskFull, now: Ns) -> None:
        self._journal_full = message.on and self._settings.replicates.journal
        self.control.disk_full(message.on, now)

    def _ivr_timer(self, key: Key, now: Ns) -> None:
        self.control.ivr_over(key[1], now)

    def _ring_timer(self, key: Key, now: Ns) -> None:
        self.control.ring_over(key[1], now)

    def _out_timer(self, key: Key, now: Ns) -> None:
        self.outgoing.dial_on(key[1], self.registrar.gateways(now), now)

    def _intake_timer(self, key: Key, now: Ns) -> None:
        self._intake.on_timer(now)

    def _audit_timer(self, key: Key, now: Ns) -> None:
        self.control.audit(now)
        self.timers.set(("audit",), now + self._settings.session_timer)

    HANDLERS: ClassVar[dict[type, Any]] = {
        Register: _register,
        KeepAlive: _keep_alive,
        Invite: _invite,
        Dial: _dial,
        Reject: _reject,
        Answered: _answered,
        Login: _login,
        Ready: _when_active(CallControl.ready),
        Bye: _when_active(CallControl.bye),
        Hold: _when_active(CallControl.hold),
        PickUp: _when_active(CallControl.pick_up),
        Busy: _when_active(CallControl.busy),
        Trying: _trying,
        Refreshed: _when_active(CallControl.refreshed),
        Check: _check,
        Changes: _changes,
        Advert: _advert,
        Hang: _hang,
        Stall: _stall,
        Slow: _slow,
        ClockSet: _clock_set,
        DiskFull: _disk_full,
        HandOver: _hand_over,
        Configure: _configure,
    }
    CHANGES: ClassVar[dict[type, Any]] = {
        CallChange: _call_change,
        CallGone: _call_gone,
        AgentChange: _agent_change,
        ContactChange: _contact_change,
        SyncRequest: _sync,
        TakeOver: _asked_to_serve,
        Configured: _configured,
    }
    TIMERS: ClassVar[dict[str, Any]] = {
        "ivr": _ivr_timer,
        "ring": _ring_timer,
        "out": _out_timer,
        "intake": _intake_timer,
        "audit": _audit_timer,
    }
