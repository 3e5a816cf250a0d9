"""A seat: an agent, a softphone console, and a phone or headset of its own, any of which can fail.

Rules:
 1. Each part registers for itself. Calls ring at the part that carries the audio: the phone when there is one, else
    the console.
 2. A part that dies takes the audio of a call on it along. When the other part lives, the agent takes the same call up
    there after `pick_up_time`; without another part, the call stays silent until somebody hangs up.
 3. An agent whose ringing part died is out until a part works; he then logs in with what he has.
 4. A call for a seat that has one already is refused as busy, and told as double delivery.
 5. After a call the agent writes it up and then reports ready.
 6. An agent who has dialled and is not put through gives up after a while, or when the server ends the call.
 7. An agent whose caller is gone, and whom no server tells so, hears silence and hangs up, or finds that the call
    cannot be resumed.
 8. Ready is a request as login is: repeated until the server answers; one that does not know the agent gets a login.
 9. A server that says it serves now and does not know the agents gets a new login - also from an agent who is talking.
10. A telephone that ails (see `telephone`) is trusted until a call comes to nothing on it: one that nobody heard ring,
    could answer, dial or hear. From then on the agent works with the other part; without one he is out until it is
    mended.
11. Who pulled his plug takes the call up on the other part. A loop that stays open in a talk is a hang-up.
12. An agent takes noise for the caller's, until `NOISY_TALKS` talks were noisy to their end: then he goes over.
13. A line that is crossed with another rings, and is answered, at that desk. Who moves lines opens their loops: that
    is a hang-up.
14. A line that is off-hook for good goes on with its call until the far end or the server ends it; its agent is silent.
"""

from typing import Any, ClassVar

import msgspec

from simtel.core.clock import MINUTE, SECOND, Ns
from simtel.core.events import Kind
from simtel.core.machine import Out
from simtel.core.streams import Streams
from simtel.core.timers import Key
from simtel.devices.base import Device
from simtel.devices.ears import Ears
from simtel.devices.messages.calls import Busy, Bye, Cancel, Dial, Done, Hold, PickUp, Reject, Ring, Through
from simtel.devices.messages.operation import TryAgain
from simtel.devices.messages.people import Dialled, DialOrder, GaveUp, Goodbye, Hello
from simtel.devices.messages.physics import Hushed, PartState, Sound, Trouble
from simtel.devices.messages.registration import Alive, LoggedIn, Login, Ready, Registered, Serving
from simtel.devices.messages.trunk import Proceeding
from simtel.devices.plane import PUBLIC, MediaPlane
from simtel.devices.port import HINDERS, Ail, PortTimes
from simtel.devices.telephone import Telephone
from simtel.devices.uplink import SPREAD, Uplink, UplinkTimes

DIAL_PATIENCE = 2 * MINUTE  # rule 6: shorter than T301, after which the exchange gives up; our own figure
PHONE = "phone"
NOISY_TALKS = 2  # rule 12: our own figure
HUSH = SECOND  # the end of a call is told at once, if it is told at all
HOLD_EARLIEST, HOLD_LATEST = 2 * SECOND, 20 * SECOND  # when an agent holds a call, and how long: our own figures

ENDS_WITH_THE_CALL: tuple[Key, ...] = (
    ("silence",), ("hold", True), ("hold", False), ("pick up",), ("answer",), ("dialled",), ("hushed",),
)  # fmt: skip


class AgentHabits(msgspec.Struct, frozen=True):
    """How agents behave; nanoseconds, share 0..1."""

    answer_time: int
    wrap_up: int
    pick_up_time: int
    silence_patience: int
    held: float


class Seat(Device):
    """One seat with its agent."""

    def __init__(
        self,
        name: str,
        out: Out,
        *,
        parts: dict[str, UplinkTimes],
        servers: tuple[str, ...],
        skills: tuple[str, ...],
        habits: AgentHabits,
        streams: Streams,
        plane: MediaPlane,
        port: PortTimes | None = None,
    ) -> None:
        """`parts`: part -> how it registers; the first carries the audio while it works. `port`: of an analog set."""
        super().__init__(name, out)
        self._plane = plane
        self._skills = skills
        self._habits = habits
        self._stream = streams(name)
        self._ears = Ears("seat", out)
        self._uplinks = {
            part: Uplink(
                f"{name}/{part}", servers, times, self.timers, out, self._request_failed, name,
                streams(f"{name}/{part}/flows") if times.mode == "flows" else None,
            )
            for part, times in parts.items()
        }  # fmt: skip
        self._works = dict.fromkeys(parts, True)
        self._part: str | None = next(iter(parts))  # carries the audio
        self._server = ""  # where the agent is logged in
        self.state = "out"
        self.call = ""
        self._dialling = False
        self._orders: list[DialOrder] = []
        self._telephone = Telephone(f"{name}/{PHONE}", out, port)
        self._ails = self._telephone.ails  # the same set: looked at in every call
        self._unheard = ""  # a call that rang without a sound

    def start(self, now: Ns, streams: Streams) -> None:
        """Switch everything on, some time within the start of the site."""
        for uplink in self._uplinks.values():
            uplink.start(now, streams("start").uniform(0, SPREAD))

    def holds(self) -> dict[str, int]:
        """Calls."""
        return {"calls": int(bool(self.call))}

    def _set(self, state: str) -> None:
        if state != self.state:
            self.state = state
            self.emit(Kind.AGENT_STATE, self.call or None, state=state)

    @property
    def _contact(self) -> str:
        return f"{self.name}/{self._part}"

    @property
    def _uplink(self) -> Uplink:
        if self._part is None:
            raise ValueError(f"{self.name} has no part that works")
        return self._uplinks[self._part]

    # --- logging in

    def _registered(self, message: Registered, now: Ns) -> None:
        part = message.contact.partition("/")[2]
        self._uplinks[part].registered(message, now)
        if not message.active:
            self._uplinks[part].not_served(message.server, now)
        if part == self._part and message.active and (not message.agent_known or self.state == "out"):
            self._login(now)

    def _login(self, now: Ns) -> None:
        self._uplink.ask("login", Login(self.name, self._contact, self._skills, self.call), now)

    def _logged_in(self, message: LoggedIn, now: Ns) -> None:
        for uplink in self._uplinks.values():
            uplink.answered("login")
        self._server = message.server
        if message.refused:
            self._set("out")
        elif not self.call and self.state == "out":
            self._become_ready(now, told=True)

    def _try_again(self, message: TryAgain, now: Ns) -> None:
        if self.state == "out" and self._part is not None:
            self._login(now)

    def _serving(self, message: Serving, now: Ns) -> None:
        for uplink in self._uplinks.values():
            uplink.use(message.server)
        if message.server == self._server or self._part is None:
            return
        if self.state == "ringing" and not self._dialling:
            self._forget_ring(now)
        if not message.agents_known:
            self._login(now)
            return
        self._server = message.server
        if self.state == "ready":
            self._report(now)

    # --- incoming calls

    def _ring(self, message: Ring, now: Ns) -> None:
        if message.call == self.call:
            return
        if self.call or self.state != "ready":
            if self.call:
                self.emit(Kind.SEAT_DOUBLE, message.call, held=self.call)
            self.send(message.server, Busy(message.call, self.name))
            return
        if self._ails:
            if self._lacks("free"):
                self.send(message.server, Busy(message.call, self.name))
                return
            if self._lacks("ring"):
                self._unheard = message.call
                return
        self._uplink.use(message.server)
        self._server = message.server  # of two that serve at once, the one that knows us: told when the other is left
        for uplink in self._uplinks.values():
            if uplink.waiting:
                uplink.answered("ready/")
                uplink.answered("login")
        self.call = message.call
        self.emit(Kind.SEAT_RUNG, self.call)
        if self._ails and self._lacks("here"):
            self.emit(Kind.SEAT_RUNG_ELSEWHERE, self.call, at=self._telephone.neighbour)
        self._set("ringing")
        self.timers.set(("answer",), now + self._stream.exponential(self._habits.answer_time))

    def _answer(self, key: Key, now: Ns) -> None:
        if self._ails and self._lacks("answer"):
            self._part = self._other_part()
            if self._part is None:
                self._part = PHONE  # he lifts, and it rings on until the server gives up
            else:
                self.timers.set(("answer",), now + self._habits.pick_up_time)
            return
        self._uplink.ask(f"pickup/{self.call}", PickUp(self.call, self.name, self._contact), now)

    def _through(self, message: Through, now: Ns) -> None:
        self._settled(f"pickup/{message.call}")
        if message.call != self.call:
            return
        begins = self.state != "talking"
        if begins:
            self._dialling = False
            self.timers.cancel(("answer",))
            self.timers.cancel(("dialled",))
            self._set("talking")
            self.emit(Kind.SEAT_TALKING, self.call, part=self._part)
            if self._habits.held and self._stream.chance(self._habits.held):
                self.timers.set(("hold", True), now + self._stream.uniform(HOLD_EARLIEST, HOLD_LATEST))
        if self._ails:
            if begins and self._lacks("trip"):
                self._telephone.rings_on(now)
            if self._lacks("clear"):
                self._telephone.noise_begins(now)
        if self._plane.flows(self.call):
            self.send(PUBLIC, Hello(self.call, self.name))
        else:
            self._sound(Sound(self.call, False), now)

    def _cancel(self, message: Cancel, now: Ns) -> None:
        if message.call == self.call and self._dialling:
            self._give_up("gone", self._server, now)
        elif message.call == self.call and self.state == "ringing":
            if self._ails and self._lacks("answer"):
                self.timers.cancel(("answer",))
                self.call = ""
                self._go_over(now)
            else:
                self._forget_ring(now)
        elif self._ails and message.call == self._unheard and not self.call:
            self._go_over(now)
        elif message.call == self.call:
            self._leave("gone", now)  # it does not know the call that we took up again
        elif self.state == "ready":
            self._report(now)  # it thinks that we ring

    def _forget_ring(self, now: Ns) -> None:
        self.timers.cancel(("answer",))
        self._settled(f"pickup/{self.call}")
        self._ears.close(self.call, now)
        self.call = ""
        self._become_ready(now)

    # --- talking

    def _sound(self, message: Sound, now: Ns) -> None:
        if message.call != self.call or self.state != "talking":
            return
        if not self._ears.sound(self.call, message.on, now):
            return
        if message.on:
            self.timers.cancel(("silence",))
            self.send(PUBLIC, Hello(self.call, self.name))
        else:
            mean = self._habits.silence_patience
            self.timers.set(("silence",), now + self._stream.uniform(mean // 2, 3 * mean // 2))

    def _hushed(self, message: Hushed, now: Ns) -> None:
        holding = self.timers.at(("hold", False)) is not None
        if message.call == self.call and self.state == "talking" and not holding:
            self.timers.set(("hushed",), now + HUSH)

    def _still_hushed(self, key: Key, now: Ns) -> None:
        self._sound(Sound(self.call, False), now)

    def _goodbye(self, message: Goodbye, now: Ns) -> None:
        if message.call == self.call:
            self._hang_up("normal", now)

    def _silence(self, key: Key, now: Ns) -> None:
        if self.call:
            self._hang_up("silence", now)

    def _hang_up(self, cause: str, now: Ns) -> None:
        call = self.call
        if self._ails and self._lacks("release"):
            self._telephone.leave_open(call)
            self._leave(cause, now)
            return
        uplink = self._uplink if self._part is not None else next(iter(self._uplinks.values()))
        uplink.ask(f"bye/{call}", Bye(call, uplink.contact, cause), now)
        self._leave(cause, now)

    def _bye(self, message: Bye, now: Ns) -> None:
        if message.call == self.call and self._dialling:
            self._give_up(message.cause, message.sender, now)
        elif message.call == self.call:
            self._leave(message.cause, now)
        elif message.call == self._telephone.left_open:
            self._telephone.without_call(now)
        elif self.state == "ready":
            self._uplink.use(message.sender)
            self._report(now)  # it thinks that we talk

    def _leave(self, cause: str, now: Ns) -> None:
        self.timers.cancel_all(ENDS_WITH_THE_CALL)
        if self._ails:
            self._telephone.call_ends(self.call, self._part == PHONE, now)
            if self._lacks("clear") and self._telephone.noisy_talks >= NOISY_TALKS:
                self._part = self._other_part() or self._part  # rule 12
        for uplink in self._uplinks.values():
            if uplink.waiting:
                uplink.forget(self.call)
        gap, silent = self._ears.close(self.call, now)
        if silent and self._ails and self._lacks("speak"):
            self._part = self._other_part()  # rule 10
        if self.state == "talking":
            self.emit(Kind.SEAT_LEFT, self.call, cause=cause, gap=gap, silent=silent)
        self.call = ""
        self._dialling = False
        if self._part is None:
            self._set("out")
        else:
            self._set("wrap-up")
            self.timers.set(("wrap-up",), now + self._habits.wrap_up)

    def _hold(self, key: Key, now: Ns) -> None:
        if not self.call or self._part is None:
            return
        on = key[1]
        self._uplink.ask(f"{'hold' if on else 'resume'}/{self.call}", Hold(self.call, self._contact, on), now)
        if on:
            self.timers.set(("hold", False), now + self._stream.uniform(HOLD_EARLIEST, HOLD_LATEST))

    def _done(self, message: Done, now: Ns) -> None:
        if self._settled(f"{message.method}/{message.call}"):
            if message.method == "ready":
                if not message.known and self._part is not None:
                    self._login(now)
                return
            answer = "ok" if message.known else "unknown"
            self.emit(Kind.DIALOG_REQUEST, message.call, method=message.method, answer=answer)
            if message.method == "resume" and not message.known:
                self._hang_up("gone", now)  # on hold for ever
            elif message.method == "resume" and not self._plane.flows(message.call):
                self._sound(Sound(message.call, False), now)  # the caller went while he was on hold

    def _settled(self, key: str) -> bool:
        found = False
        for uplink in self._uplinks.values():
            if key in uplink.waiting:
                found = uplink.answered(key)
        return found

    # --- after the call

    def _wrapped_up(self, key: Key, now: Ns) -> None:
        if self._ails and self._lacks("free"):
            self._part = self._other_part()
        if self._part is None:
            self._set("out")
        else:
            self._become_ready(now)

    def _become_ready(self, now: Ns, told: bool = False) -> None:
        self._set("ready")
        while self._orders:
            order = self._orders.pop(0)
            if now < order.until:
                self._dial(order, now)
                return
        if not told:
            self._report(now)

    def _report(self, now: Ns) -> None:
        self._uplink.ask("ready/", Ready(self.name, self._contact), now)

    # --- dialling out

    def _dial_order(self, message: DialOrder, now: Ns) -> None:
        if self.state == "ready":
            self._dial(message, now)
        else:
            self._orders.append(message)

    def _dial(self, order: DialOrder, now: Ns) -> None:
        call = order.call
        self._settled("ready/")
        deaf = bool(self._ails) and self._lacks("dial")
        if deaf:
            self._part = self._other_part()
        self._dialling = True
        self.send(PUBLIC, Dialled(call, self.name))
        self._set("ringing")  # nothing is said of the call before the public side has seen it
        self.call = call
        if deaf and self._part is None:
            self._give_up("seat", self.name, now)
            return
        self._uplink.ask(f"dial/{call}", Dial(call, self.name, self._contact, order.recorded), now)
        self.timers.set(("dialled",), now + DIAL_PATIENCE)

    def _proceeding(self, message: Proceeding, now: Ns) -> None:
        self._settled(f"dial/{message.call}")

    def _reject(self, message: Reject, now: Ns) -> None:
        if message.cause == "attempts" and self._uplink.unavailable(f"dial/{message.call}", now):
            return
        self._settled(f"dial/{message.call}")
        if message.call == self.call and self._dialling:
            self._give_up(message.cause, message.by, now)

    def _not_put_through(self, key: Key, now: Ns) -> None:
        self.send(PUBLIC, GaveUp(self.call, "no-answer", self.name))
        self._hang_up("no-answer", now)

    def _give_up(self, cause: str, by: str, now: Ns) -> None:
        self.send(PUBLIC, GaveUp(self.call, cause, by))
        self._leave(cause, now)

    # --- parts

    def _part_state(self, message: PartState, now: Ns) -> None:
        part, on = message.part, message.on
        if self._works[part] == on:
            return
        self._works[part] = on
        self.emit(Kind.SEAT_PART, None, part=part, up=on)
        uplink = self._uplinks[part]
        if on:
            uplink.start(now, 0)
            if self._part is None:
                self._part = part
                if self.state == "talking":
                    self.timers.set(("pick up",), now + self._habits.pick_up_time)
            return
        uplink.stop()
        if part == PHONE:
            self._telephone.stop_ringing()
            self._telephone.noise_ends(self.call, now)
        if part != self._part:
            return
        self._part = next((p for p, works in self._works.items() if works), None)
        if self.state == "talking":
            if self._part is not None:
                self.timers.set(("pick up",), now + self._habits.pick_up_time)
        elif self.state == "ringing" and self._dialling:
            self._give_up("seat", self.name, now)
        else:
            self.timers.cancel(("answer",))
            self.timers.cancel(("wrap-up",))
            for method in ("pickup/" + self.call, "ready/"):
                self._settled(method)
            self.call = ""
            self._set("out")
            if self._part is not None:
                self._login(now)

    # --- a telephone that ails

    def _lacks(self, what: str) -> bool:
        """Whether the part in use is the telephone and cannot do this."""
        return self._part == PHONE and self._telephone.lacks(what)

    def _other_part(self) -> str | None:
        return next((part for part, works in self._works.items() if works and part != PHONE), None)

    def _go_over(self, now: Ns) -> None:
        """Rule 10: he has found out."""
        self._unheard = ""
        self._part = self._other_part()
        if self._part is None:
            self.timers.cancel(("wrap-up",))
            self._set("out")
        elif self.state != "wrap-up":
            self._set("out")
            self._login(now)

    def _trouble(self, message: Trouble, now: Ns) -> None:
        ail = Ail(message.ail)
        if ail is Ail.CROSSED and self._part == PHONE and self.state == "talking":
            self._hang_up("open-loop", now)
        if not message.on:
            self._mended(ail, now)
            return
        self._telephone.ails_with(ail, message.port, message.neighbour)
        if self._part != PHONE:
            return
        if self.state == "talking":
            if "hold" in HINDERS[ail]:
                if not self._telephone.opens(now):
                    self._loop_open((), now)  # a set of its own hangs up by itself
            elif ail is Ail.NOISY:
                self._telephone.noise_begins(now)
            elif ail is Ail.SILENT and self._other_part() is not None:
                self._telephone.noise_ends(self.call, now)
                self._part = self._other_part()
                self.timers.set(("pick up",), now + self._habits.pick_up_time)
        elif ail is Ail.OFF_HOOK and not self.call:
            self._telephone.without_call(now)
        elif ail is Ail.OFF_HOOK and not self._dialling:
            self.timers.set(("answer",), now)  # to the board he has lifted

    def _loop_open(self, key: Key, now: Ns) -> None:
        if self.state == "talking" and self._lacks("hold"):
            self._hang_up("open-loop", now)
            self._go_over(now)

    def _mended(self, ail: Ail, now: Ns) -> None:
        if ail is Ail.NOISY:
            self._telephone.noise_ends(self.call, now)
        left_open = self._telephone.mended(ail)
        if left_open:
            uplink = self._uplinks[PHONE]
            uplink.ask(f"bye/{left_open}", Bye(left_open, uplink.contact, "normal"), now)
        if not self._works[PHONE]:
            return
        if self._part is None and self.state == "out":
            self._part = PHONE
            self._uplink.register(now)
        elif self._part == PHONE and self.state == "ready":
            self._report(now)

    def _burst(self, key: Key, now: Ns) -> None:
        self._telephone.burst(self.state == "talking" and self._lacks("trip"), now)

    def _line_timer(self, key: Key, now: Ns) -> None:
        self._telephone.on_line_timer(key, now)

    def _pick_up(self, key: Key, now: Ns) -> None:
        if self.call and self._part is not None:
            self._uplink.ask(f"pickup/{self.call}", PickUp(self.call, self.name, self._contact), now)

    # --- helpers

    def _request_failed(self, message: object, key: str, now: Ns) -> None:
        method, _, call = key.partition("/")
        if method in ("bye", "hold", "resume"):
            self.emit(Kind.DIALOG_REQUEST, call, method=method, answer="timeout")
            if method == "resume":
                self._hang_up("gone", now)
        elif method in ("login", "ready") and self._part is not None:
            self._login(now)
        elif call and call == self.call:
            if method == "dial":
                self._give_up("no-server", self.name, now)
            elif method == "pickup" and self.state == "ringing":
                self._forget_ring(now)
            elif method == "pickup":
                self._pick_up((), now)

    def _alive(self, message: Alive, now: Ns) -> None:
        self._uplinks[message.contact.partition("/")[2]].alive(message, now)

    def _up_timer(self, key: Key, now: Ns) -> None:
        self._uplinks[key[1].partition("/")[2]].on_timer(key, now)

    HANDLERS: ClassVar[dict[type, Any]] = {
        Registered: _registered,
        LoggedIn: _logged_in,
        Serving: _serving,
        Ring: _ring,
        Through: _through,
        Cancel: _cancel,
        Sound: _sound,
        Goodbye: _goodbye,
        Hushed: _hushed,
        Bye: _bye,
        Done: _done,
        DialOrder: _dial_order,
        Proceeding: _proceeding,
        Reject: _reject,
        PartState: _part_state,
        Trouble: _trouble,
        TryAgain: _try_again,
        Alive: _alive,
    }
    TIMERS: ClassVar[dict[str, Any]] = {
        "answer": _answer,
        "dialled": _not_put_through,
        "silence": _silence,
        "hold": _hold,
        "wrap-up": _wrapped_up,
        "pick up": _pick_up,
        "open loop": _loop_open,
        "ring burst": _burst,
        "line": _line_timer,
        "hushed": _still_hushed,
        "up": _up_timer,
    }
