"""E1 trunk gateway: trunk calls on one side, calls at a server on the other.

Rules:
 1. A SETUP from the exchange becomes an INVITE to the server in use; an answer, a refusal or a release goes back.
 2. A call for the public network takes a timeslot by hunting; when exchange and gateway seize the same one, one of
    the calls is told another, or is refused and hunts again (`glare`).
 3. The gateway sends speech where the server says, and goes on doing so when the server is gone: answered calls whose
    speech does not pass the server live on.
 4. Line supervision clears calls as in `line`; the server is told by BYE.
 5. A BYE that no server answers is given up after Timer F; the call is gone here all the same.
 6. A gateway that starts resets its channels (RESTART) and knows no call.
 7. An outgoing call that is answered is told to the server until the server says where its speech goes; when it does
    not for Timer B, the call is given up on both sides (RFC 3261 13.3.1.4).
 8. A gateway that is known to take so many calls a second (`setups`), of either direction, takes those that come
    faster one after the other; who would wait longer than `PATIENCE` is refused (cause setups), which costs a tenth
    of taking him (`intake`). Of a call that is to wait the server is told at once that it is being tried (RFC 3261
    17.2.1), so that it can end it. A call that ends before its turn has none.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

import msgspec

from simtel.core.causes import GLARE, RESTARTING, SETUPS
from simtel.core.clock import SECOND, Ns
from simtel.core.events import Kind
from simtel.core.machine import Out
from simtel.core.timers import Key
from simtel.devices.cas import CasTimes
from simtel.devices.circuits import Circuits
from simtel.devices.glare import GLARE_TRIES, keeps
from simtel.devices.intake import Intake
from simtel.devices.line import LineTimes
from simtel.devices.messages.calls import (
    Answer,
    Answered,
    Bye,
    Done,
    Invite,
    InviteOut,
    Refresh,
    Refreshed,
    Reinvite,
    Reject,
    Trying,
)
from simtel.devices.messages.operation import Cables
from simtel.devices.messages.registration import Alive, Registered, Serving
from simtel.devices.messages.trunk import Connect, Moved, Proceeding, Release, Setup
from simtel.devices.plane import PUBLIC, MediaPlane
from simtel.devices.trunk import Trunk
from simtel.devices.trunkside import TrunkSide
from simtel.devices.uplink import Uplink, UplinkTimes

PATIENCE = 2 * SECOND  # half of T303: whoever asks has an answer before he asks again; our own figure


class _Call(msgspec.Struct, gc=False):
    id: str
    span: str
    slot: int
    outbound: bool
    server: str = ""
    answered: bool = False
    tries: int = 0


class Gateway(TrunkSide[_Call]):
    """One trunk gateway with its E1 spans."""

    network = False

    def __init__(
        self,
        name: str,
        out: Out,
        *,
        spans: tuple[str, ...],
        hunting: str,
        line: LineTimes | CasTimes | None,
        uplink: UplinkTimes,
        servers: tuple[str, ...],
        plane: MediaPlane,
        lines: Mapping[str, int] | None = None,
        setups: float | None = None,
    ) -> None:
        """`line` says which signalling the E1s have; `lines`: of spans that are loop lines; `setups`: rule 8."""
        super().__init__(name, out, line, Circuits(spans, hunting, lines), {})
        self._plane = plane
        self._intake = None if setups is None else Intake(setups, setups, PATIENCE, True, self.timers)
        self.uplink = Uplink(name, servers, uplink, self.timers, out, self._request_failed)
        self._fit(spans)

    def start(self, now: Ns, delay: int) -> None:
        """Power-on; rule 6."""
        for line in self.lines.values():
            line.start(now)
        self.uplink.start(now, delay)

    def _fit(self, spans: tuple[str, ...]) -> None:
        self.circuits.fit(spans)
        for span in spans:
            if span not in self.lines:
                self.lines[span] = self._trunk(span)

    def _trunk(self, span: str) -> Trunk:
        return self._e1_end(span, PUBLIC)

    # --- from the exchange

    def _setup(self, message: Setup, now: Ns) -> None:
        if message.call in self._calls:
            self.lines[message.span].send(Proceeding(message.call), now)
            return
        slot = self._slot(message, now)
        if not slot:
            return
        self.circuits.seize(message.call, message.span, slot)
        call = self._calls[message.call] = _Call(message.call, message.span, slot, False)
        invite = Invite(message.call, self.name, message.skill, message.priority, message.recorded, message.span, slot)
        if self._intake is None:
            self._invite(invite, now)
        elif not self._intake.take("attempt", now, lambda at: self._invite(invite, at), call.id):
            self._release_to(call, SETUPS, self.name, now)

    def _invite(self, invite: Invite, now: Ns) -> None:
        self.uplink.ask(f"invite/{invite.call}", invite, now)

    def _free_for(self, message: Setup) -> bool:
        """Rule 2."""
        mine = self._calls.get(self.circuits.busy(message.span).get(message.slot, ""))
        lost = mine is not None and not mine.answered and keeps(False, self._exclusive, message.exclusive)
        return not lost and not self.circuits.held(message.span, message.slot)

    def _moved(self, message: Moved, now: Ns) -> None:
        call = self._calls.get(message.call)
        if call is None:
            self.lines[message.span].send(Release(message.call, "gone", self.name), now)
            return
        self.circuits.free(call.id, call.span, call.slot)
        self.circuits.seize(call.id, message.span, message.slot)
        call.slot = message.slot

    def _connect(self, message: Connect, now: Ns) -> None:
        call = self._calls.get(message.call)
        if call is None:
            self._unknown(message.call, now)
        elif call.outbound:
            call.answered = True
            self.uplink.ask(f"answered/{call.id}", Answered(call.id, self.name, call.span, call.slot), now)

    def _far_end_released(self, call: _Call, message: Release, now: Ns) -> None:
        if message.cause in (GLARE, RESTARTING) and call.outbound and call.tries < GLARE_TRIES:
            before = call.span, call.slot
            call.tries += 1
            found = self._seize(call, now)  # another than that, which is free here all the same
            self.circuits.free(call.id, *before)
            if found:
                return
        self._drop(call, message.cause, now)

    def _reset(self, span: str, slot: int, now: Ns) -> None:
        for call in self._on(span):
            if slot in (0, call.slot):
                self._drop(call, "line", now)

    def _cables(self, message: Cables, now: Ns) -> None:
        self._fit(message.spans)
        for span in message.spans:
            self.lines[span].start(now)

    # --- from the server

    def _answer(self, message: Answer, now: Ns) -> None:
        call = self._calls.get(message.call)
        self.uplink.answered(f"invite/{message.call}")
        if call is None:
            self.send(message.server, Bye(message.call, self.name, "gone"))
            return
        self.uplink.use(message.server)
        call.server = message.server
        self._plane.connect(call.id, (call.span, self.name, *message.hops))
        if not call.answered:
            call.answered = True
            self.lines[call.span].send(Connect(call.id), now)

    def _reinvite(self, message: Reinvite, now: Ns) -> None:
        call = self._calls.get(message.call)
        if call is None:
            self.send(message.server, Bye(message.call, self.name, "gone"))
            return
        self.uplink.use(message.server)
        if call.outbound:
            self.uplink.answered(f"answered/{call.id}")
        call.server = message.server
        self._plane.connect(call.id, (call.span, self.name, *message.hops))

    def _reject(self, message: Reject, now: Ns) -> None:
        call = self._calls.get(message.call)
        self.uplink.answered(f"invite/{message.call}")
        if call is not None:
            self._release_to(call, message.cause, message.by, now)
        if message.cause == "not-registered":
            self.uplink.register(now)

    def _bye(self, message: Bye, now: Ns) -> None:
        call = self._calls.get(message.call)
        if call is not None:
            self.uplink.answered(f"invite/{call.id}")
            self._release_to(call, message.cause, message.sender, now)
        elif self._intake is not None:
            self._intake.withdraw(message.call, now)

    def _invite_out(self, message: InviteOut, now: Ns) -> None:
        call, intake = message.call, self._intake
        if call in self._calls or (intake is not None and intake.waits(call)):
            return
        self.uplink.use(message.server)  # it serves now; when its order has its turn another may
        if intake is None:
            self._pass_on(message, now)
        elif not intake.take("attempt", now, lambda at: self._pass_on(message, at), call):
            self.send(message.server, Reject(call, SETUPS, self.name))
        elif intake.waits(call):
            self.send(message.server, Trying(call, self.name))

    def _pass_on(self, message: InviteOut, now: Ns) -> None:
        call = _Call(message.call, "", 0, True, message.server)
        if not self._seize(call, now):
            self.send(message.server, Reject(call.id, "trunk", self.name))
            return
        self._calls[call.id] = call
        self.send(message.server, Trying(call.id, self.name))

    def _refresh(self, message: Refresh, now: Ns) -> None:
        self.send(message.server, Refreshed(message.call, message.call in self._calls))

    def _done(self, message: Done, now: Ns) -> None:
        if self.uplink.answered(f"{message.method}/{message.call}"):
            self.emit(
                Kind.DIALOG_REQUEST, message.call, method=message.method, answer="ok" if message.known else "unknown"
            )

    def _registered(self, message: Registered, now: Ns) -> None:
        self.uplink.registered(message, now)
        if not message.active:
            self.uplink.not_served(message.server, now)

    def _alive(self, message: Alive, now: Ns) -> None:
        self.uplink.alive(message, now)

    def _serving(self, message: Serving, now: Ns) -> None:
        self.uplink.use(message.server)

    # --- line supervision (LineUser)

    def clear_unanswered(self, span: str, now: Ns) -> None:
        """Line rule 2."""
        for call in self._on(span):
            if not call.answered:
                self._drop(call, "dchannel", now)

    def clear_all(self, span: str, now: Ns) -> None:
        """Line rule 3."""
        for call in self._on(span):
            self._drop(call, "line", now)

    def calls_on(self, span: str) -> list[str]:
        """Line rules 5 and 6."""
        return [call.id for call in self._on(span)]

    def _on(self, span: str) -> list[_Call]:
        """Calls on a span; in a glare that is not settled yet, two may stand on one timeslot."""
        return sorted((call for call in self._calls.values() if call.span == span), key=lambda call: call.slot)

    # --- timers and helpers

    def _intake_timer(self, key: Key, now: Ns) -> None:
        if self._intake is not None:
            self._intake.on_timer(now)

    def _up_timer(self, key: Key, now: Ns) -> None:
        self.uplink.on_timer(key, now)

    def _request_failed(self, message: object, key: str, now: Ns) -> None:
        if isinstance(message, Invite):
            call = self._calls.get(message.call)
            if call is not None:
                self._release_to(call, "no-server", self.name, now)
        elif isinstance(message, Answered):
            call = self._calls[message.call]
            self.lines[call.span].release(Release(call.id, "timeout", self.name), call.slot, now)
            self._drop(call, "timeout", now)
        elif isinstance(message, Bye):
            self.emit(Kind.DIALOG_REQUEST, message.call, method="bye", answer="timeout")

    def _seize(self, call: _Call, now: Ns) -> bool:
        found = self.circuits.hunt(call.id, lambda span: self.lines[span].in_service)
        if found is None:
            return False
        call.span, call.slot = found
        self.lines[call.span].send(Setup(call.id, call.span, call.slot, exclusive=self._exclusive), now)
        return True

    def _release_to(self, call: _Call, cause: str, by: str, now: Ns) -> None:
        """The server is through with it: tell the public side."""
        self._free(call)
        self.lines[call.span].release(Release(call.id, cause, by), call.slot, now)

    def _drop(self, call: _Call, cause: str, now: Ns) -> None:
        """The public side is gone: tell the server, if it knows the call."""
        self._free(call)
        if self._intake is not None and self._intake.withdraw(call.id, now):
            return
        self.uplink.answered(f"invite/{call.id}")
        self.uplink.ask(f"bye/{call.id}", Bye(call.id, self.name, cause), now)

    def _free(self, call: _Call) -> None:
        del self._calls[call.id]
        if call.outbound:
            self.uplink.answered(f"answered/{call.id}")
        self.circuits.free(call.id, call.span, call.slot)
        self._plane.disconnect(call.id)

    HANDLERS: ClassVar[dict[type, Any]] = {
        **TrunkSide.HANDLERS,
        Setup: _setup,
        Connect: _connect,
        Moved: _moved,
        Cables: _cables,
        Answer: _answer,
        Reinvite: _reinvite,
        Reject: _reject,
        Bye: _bye,
        InviteOut: _invite_out,
        Refresh: _refresh,
        Done: _done,
        Registered: _registered,
        Alive: _alive,
        Serving: _serving,
    }
    TIMERS: ClassVar[dict[str, Any]] = {**TrunkSide.TIMERS, "up": _up_timer, "intake": _intake_timer}
