"""A call server: one of a pair, or alone.

It composes the election (who is active), the registrar (who can be reached), the processor (how fast it works), call
control (while active) and the shadow of its peer's calls (while standby). Only the active server answers calls and
checks; both register devices that come to their own address. A hung server does nothing but keep its heartbeat; one
that stalls does nothing at all, and then reads what arrived meanwhile. One that is behind with its work sends its
heartbeat late as well, unless that is a process of its own. A server that hands over says so after all
changes, on their path: its peer has them all before it serves. Until then it remembers, should the peer not come.
Where that path begins with a journal on the disk and the disk is full, the peer is told nothing, and nothing later.
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
from simtel.devices.messages import (
    AgentChange,
    Alive,
    Answered,
    Busy,
    Bye,
    CallChange,
    CallGone,
    Changes,
    ClockSet,
    Configure,
    Configured,
    ContactChange,
    Dial,
    DiskFull,
    HandOver,
    Hang,
    Hold,
    Invite,
    KeepAlive,
    Login,
    PickUp,
    Ready,
    Refreshed,
    Register,
    Registered,
    Reject,
    Serving,
    Slow,
    Stall,
    SyncRequest,
    TakeOver,
    Trying,
)
from simtel.devices.plane import MediaPlane
from simtel.devices.server.call import DIALLING, Settings
from simtel.devices.server.configuration import Configuration
from simtel.devices.server.control import AGENT, CallControl
from simtel.protocols.election import ADDRESS, ADVERT, WAITS, Advert, Claim, Election, Signal, State, Times
from simtel.protocols.service import Check, Checked


class Rates(msgspec.Struct, frozen=True):
    """How fast the processor works; per second, backlog in nanoseconds."""

    attempts: float
    registrations: float
    backlog: int
    control: bool
    heartbeat_waits: bool = False  # it has its turn at the processor after what came before it


FELT = (Hang, Stall, Slow, ClockSet, DiskFull)  # by nobody's will
HEARD_WHEN_HUNG = (Advert, *FELT)  # the heartbeat is a process of its own


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
        self._configuration = configuration or Configuration()
        self._agent_licences = licences[AGENT]
        self._obey_configuration()
        self._boots: dict[str, int] = {}  # gateway -> its last power-on that is known here
        self._queued: set[str] = set()  # attempts that wait for the processor
        self._contacts: dict[str, tuple[str, int]] = {}  # contact -> (seat, good until)
        self._shadow_calls: dict[str, tuple[CallChange, int]] = {}
        self._shadow_agents: dict[str, AgentChange] = {}
        self._active = False
        self._hung = False
        self._stalled = False
        self._still = False  # one of both
        self._unread: list[object] = []  # what arrived while it stalled
        self._asked = False  # the peer stepped down for us
        self._turn = 0
        self._untold: list[object] = []  # changes of this step
        self.tell: Callable[[object], None] = self._untold.append if peer else _alone  # a change, to the standby
        self._journal_full = False  # what the standby is to be told cannot be written
        self._late: dict[Key, None] = {}  # timers that were due while it stood still

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
        if self._still and not self._heeds(message):
            return
        handler(self, message, now)
        if self._untold:
            self._tell_peer()

    def on_timer(self, key: Key, now: Ns) -> None:
        """A timer is due: the election's, or the server's own, which wait while it hangs."""
        own = self.TIMERS.get(key[0])
        if self._still and (own is not None or self._stalled):
            self._late[key] = None
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

    def _heeds(self, message: object) -> bool:
        """Whether a server that stands still acts on a message."""
        if self._stalled and type(message) not in FELT:
            self._unread.append(message)
            return False
        return type(message) in HEARD_WHEN_HUNG or not self._hung

    @property
    def serves(self) -> bool:
        """Whether somebody who asks it is answered."""
        return self._active and not self._still

    def knows(self, contact: str, now: Ns) -> bool:
        """Whether the contact is registered here."""
        return self._reachable(contact, now)

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
            self._late.clear()
            self.timers.cancel(("audit",))
            self._intake.forget()
            self._queued.clear()
            self.control.forget_all(now)
            self._shadow_calls.clear()
            self._shadow_agents.clear()
            self.tell(SyncRequest(self.name))
        self._asked = self._asked and state is not State.STANDBY

    def _take_over(self, now: Ns) -> None:
        agents = list(self._shadow_agents.values())
        self._say_serving(bool(agents), now)  # before any call rings anew: seats drop what rang from the dead server
        self.control.take_over(list(self._shadow_calls.values()), agents, now)
        self._shadow_calls.clear()
        self._shadow_agents.clear()
        self.emit(Kind.SERVER_SERVING, calls=len(self.control.calls))
        if self._asked:  # the peer is there, and was not served when it asked
            self._asked = False
            self._sync(SyncRequest(self.name), now)

    def _say_serving(self, agents_known: bool, now: Ns) -> None:
        serving = Serving(self.name, agents_known)
        for contact, (_, until) in self._contacts.items():
            if now < until:
                self.send(contact, serving)

    # --- registrar

    def _register(self, message: Register, now: Ns) -> None:
        self._intake.take("registration", now, lambda at: self._registered(message, at))

    def _registered(self, message: Register, now: Ns) -> None:
        self._contacts[message.contact] = (message.seat, now + message.expiry)
        if message.fresh and not message.seat and self._boots.get(message.contact) != message.boot:
            self._boots[message.contact] = message.boot
            self.control.gateway_restarted(message.contact, now)
        known = message.seat in self.control.agents
        self.send(message.contact, Registered(self.name, message.contact, self._active, known))
        if self._active and self._settings.replicates.registrations:
            self.tell(ContactChange(message.contact, message.seat, message.expiry))

    def _keep_alive(self, message: KeepAlive, now: Ns) -> None:
        if self._active or message.flow:
            self.send(message.contact, Alive(self.name, message.contact))

    def _reachable(self, contact: str, now: Ns) -> bool:
        entry = self._contacts.get(contact)
        return entry is not None and now < entry[1]

    def _gateways(self, now: Ns) -> list[str]:
        known = [c for c, (seat, until) in self._contacts.items() if not seat and now < until]
        if not known:
            return []
        turn = self._turn % len(known)
        return known[turn:] + known[:turn]

    # --- calls, while active

    def _invite(self, message: Invite, now: Ns) -> None:
        if not self._active:
            return
        if not self._reachable(message.gateway, now):
            self.send(message.gateway, Reject(message.call, "not-registered", self.name))
        elif not self._attempt(message.call, now, lambda at: self.control.invite(message, at)):
            self.send(message.gateway, Reject(message.call, "attempts", self.name))

    def _dial(self, message: Dial, now: Ns) -> None:
        if not self._active:
            return
        self._turn += 1
        if not self._attempt(message.call, now, lambda at: self.control.dial(message, self._gateways(at), at)):
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
            self.control.dial_on(message.call, self._gateways(now), now, message.cause, message.by)

    def _answered(self, message: Answered, now: Ns) -> None:
        self.control.answered(message.call, now, message.span, message.slot)

    def _login(self, message: Login, now: Ns) -> None:
        if self._active and self._reachable(message.contact, now):
            self.control.log_in(message, now)

    def _ready(self, message: Ready, now: Ns) -> None:
        if self._active:
            self.control.ready(message, now)

    def _bye(self, message: Bye, now: Ns) -> None:
        if self._active:
            self.control.bye(message, now)

    def _hold(self, message: Hold, now: Ns) -> None:
        if self._active:
            self.control.hold(message, now)

    def _pick_up(self, message: PickUp, now: Ns) -> None:
        if self._active:
            self.control.pick_up(message, now)

    def _busy(self, message: Busy, now: Ns) -> None:
        self.control.busy(message, now)

    def _trying(self, message: Trying, now: Ns) -> None:
        self.control.trying(message, now)

    def _refreshed(self, message: Refreshed, now: Ns) -> None:
        self.control.refreshed(message, now)

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
            self._shadow_calls[message.call] = (message, now)

    def _call_gone(self, message: CallGone, now: Ns) -> None:
        self._shadow_calls.pop(message.call, None)

    def _agent_change(self, message: AgentChange, now: Ns) -> None:
        if self._active:
            return
        self._shadow_agents.pop(message.seat, None)  # the last one to change comes last: longest idle first
        if message.skills:
            self._shadow_agents[message.seat] = message

    def _contact_change(self, message: ContactChange, now: Ns) -> None:
        self._contacts[message.contact] = (message.seat, now + message.expiry)

    def _sync(self, message: SyncRequest, now: Ns) -> None:
        if not self._active:
            return
        self.send(ADDRESS, Claim(self.name))  # the peer may have claimed it last, while both served
        self._say_serving(bool(self.control.agents), now)  # the peer may have stepped back from serving as well
        kept = self._settings.replicates
        control = self.control
        if kept.registrations:
            for contact, (seat, until) in self._contacts.items():
                if now < until:
                    self.tell(ContactChange(contact, seat, until - now))
        if kept.agents:
            for seat in control.agents:
                self.tell(self._told_agent(seat))
        if kept.dialogs:
            for call in control.calls.values():
                if call.phase != DIALLING:
                    self.tell(control.describe(call, now))

        if kept.configuration and self._configuration.version:
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
        self.control.licences.bought(AGENT, max(0, self._agent_licences - self._configuration.missing_licences))

    # --- handing over

    def _hand_over(self, message: HandOver, now: Ns) -> None:
        if self._peer is None or self.election.state is not State.ACTIVE:
            return
        control = self.control
        calls: dict[str, tuple[CallChange, int]] = {
            c.id: (control.describe(c, now), now) for c in control.calls.values() if c.phase != DIALLING
        }  # fmt: skip
        agents = {seat: self._told_agent(seat) for seat in control.agents}
        self.tell(TakeOver(self.name))
        self.election.told(Signal.RELEASE, now)
        self._shadow_calls, self._shadow_agents = calls, agents

    def _asked_to_serve(self, message: TakeOver, now: Ns) -> None:
        self._asked = True
        self.election.told(Signal.ASKED, now)

    def _told_agent(self, seat: str) -> AgentChange:
        contact, state = self.control.agents[seat]
        return AgentChange(seat, contact, self.control.acd.skills_of(seat), state)

    # --- faults and timers

    def _advert(self, message: Advert, now: Ns) -> None:
        self.election.receive(message, now)

    def _hang(self, message: Hang, now: Ns) -> None:
        woken = self._hung and not message.on
        self._hung = message.on
        self._wake(now)
        # a peer that stepped back meanwhile, and seats that it served, asked a deaf server
        if woken and self._active and not self._stalled:
            self._sync(SyncRequest(self.name), now)

    def _stall(self, message: Stall, now: Ns) -> None:
        self._stalled = message.on
        self._wake(now)
        if not message.on:
            unread, self._unread = self._unread, []
            for late in unread:
                self.receive(late, now)

    def _wake(self, now: Ns) -> None:
        self._still = self._hung or self._stalled
        if not self._still:
            for key in self._late:
                self.timers.set(key, now)
            self._late.clear()

    def _slow(self, message: Slow, now: Ns) -> None:
        self._intake.slow(message.factor, now)

    def _late_advert(self, now: Ns) -> bool:
        """Whether an advert that is due waits for its turn; it does so once."""
        behind = 0 if self._hung or self._advert_waits else self._intake.behind(now)
        self._advert_waits = behind > 0
        if self._advert_waits:
            self.timers.set(ADVERT, now + behind)
        return self._advert_waits

    def _clock_set(self, message: ClockSet, now: Ns) -> None:
        by, settings = message.by, self._settings
        self.control.clock_set(by, now)
        if settings.records_by_day:
            for name, (change, arrived) in self._shadow_calls.items():
                aged = msgspec.structs.replace(change, answered_ago=change.answered_ago + by)
                self._shadow_calls[name] = aged, arrived
        if settings.timers_by_day:
            self._contacts = {contact: (seat, until - by) for contact, (seat, until) in self._contacts.items()}
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
        self.control.dial_on(key[1], self._gateways(now), now)

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
        Ready: _ready,
        Bye: _bye,
        Hold: _hold,
        PickUp: _pick_up,
        Busy: _busy,
        Trying: _trying,
        Refreshed: _refreshed,
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
