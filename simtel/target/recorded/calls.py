"""Calls and what seats do in them, from the SIP that was captured.

A leg is what passes between one unit outside (a gateway, a seat) and the servers under one Call-ID; the servers count
as one party, so that a leg goes on when another server takes over. A leg with a gateway is the public side of a call,
one with a seat is its delivery to an agent, or an agent who dials.

 1. An INVITE without a leg offers a call. The same INVITE again (retransmission), one with credentials after 401 or
    407, and one that follows a 3xx or 422 belong to the same attempt; one after the answer changes the call
    (hold, resume, refresh).
 2. 2xx answers. CANCEL abandons, any other final answer refuses. No answer of any kind for 32 s (64 T1) is a failure.
 3. A delivery to a seat belongs to the call with the same Call-ID, or the same value in the header that the mapping
    names; without one, to the only incoming call that has the same caller and no seat. Otherwise it belongs to no call
    that is known, and what seats do is not observed.
 4. BYE ends. From the gateway: the public side has finished. From a server: the agent had, if his leg ended first and
    by him; if a seat still talked, or the servers had ended its leg too, the call was cut; if no seat ever talked,
    nobody can tell who wanted it. An end after a silence that lasts longer than `DEAD` is a cut in any case.
 5. Dialogs that began before the recording, and calls that are up at its end, are known in part only.
"""

from collections.abc import Callable
from ipaddress import ip_address

from simtel.core.clock import SECOND
from simtel.core.events import Kind
from simtel.profiles.mapping import Mapping
from simtel.protocols.sip.onlooker import Media, Sip
from simtel.target.recorded.due import Due
from simtel.target.recorded.legs import TIMEOUT, Call, Leg
from simtel.target.recorded.notes import Notes
from simtel.target.recorded.registrations import Registrations
from simtel.target.recorded.sound import Ear
from simtel.target.recorded.units import Units

DEAD = 2 * SECOND  # people who hear nothing for so long hang up
_KEPT = 2 * TIMEOUT  # retransmissions may come so long after the end of a leg
_MOST = 100_000  # legs at once, and dialogs that began before the recording
_MOST_CALLS = 1_000_000
_AGAIN = frozenset({401, 407, 422, *range(300, 400)})
_BEFORE = frozenset({"trying", "ringing", "again"})  # the answer
_RINGING = (180, 183)
_QUEUED = 182
_ANSWERS = {481: "unknown", 408: "timeout"}
_COUNTED = frozenset({"INVITE", "UPDATE", "BYE", "CANCEL"})


class Calls:
    """All legs. `sinks` says at which address and port which end hears; `active` names the active server, if known."""

    def __init__(self, mapping: Mapping, notes: Notes, active: Callable[[], str]) -> None:
        self._map, self._notes = mapping, notes
        self.units = Units(mapping, notes, active)
        self._legs: dict[tuple[str, str], Leg] = {}
        self._calls: dict[str, Call] = {}  # by id, those that are not over
        self._due = Due()
        self._registrations = Registrations(self.units, notes, self._due)
        self.ids: dict[str, str] = {}  # Call-ID -> our name for the call
        self.sinks: dict[tuple[str, int], Ear] = {}

    # What comes in.

    def message(self, t: int, source: str, target: str, sip: Sip) -> None:
        """A message went from one address to another."""
        self._due.at(t)
        if self.units.inner(source) == self.units.inner(target):
            self._notes.unknown["between-servers" if self.units.inner(source) else "stranger"] += 1
            return
        outside = target if self.units.inner(source) else source
        if sip.method == "REGISTER":
            self._registrations.message(t, source, target, sip)
            return
        leg = self._legs.get((sip.call_id, outside))
        if leg is not None and leg.state == "over" and sip.method == "INVITE" and sip.request and (
            not sip.to_tag and sip.cseq > leg.cseq
        ):  # fmt: skip
            leg = None  # an attempt anew under the old name
        if sip.request and sip.method == "INVITE" and (leg is None or leg.state in _BEFORE):
            self._invite(t, source, outside, leg, sip)
        elif leg is None:
            if sip.to_tag and sip.method in {"BYE", "INVITE", "UPDATE"}:
                self._before(sip)
        elif sip.request:
            self._request(t, source, outside, leg, sip)
        else:
            self._answer(t, source, target, leg, sip)

    def _before(self, sip: Sip) -> None:
        """A dialog that began before the recording."""
        if len(self._notes.partial) < _MOST:
            self._notes.partial.add(sip.call_id)
        else:
            self._notes.cut["limit"] = None

    # Attempts.

    def _invite(self, t: int, source: str, outside: str, leg: Leg | None, sip: Sip) -> None:
        by_unit = source == outside
        if leg is None:
            if sip.to_tag:
                self._before(sip)
                return
            unit = self.units.outer(outside, sip.from_user if by_unit else sip.to_user)
            if not unit:
                self._notes.unknown["stranger"] += 1
                return
            if len(self._legs) >= _MOST or self._notes.counts["calls"] >= _MOST_CALLS:
                self._notes.cut["limit"] = None
                return
            leg = Leg(None, sip.call_id, outside, unit, by_unit, t, sip.cseq)
            self._legs[sip.call_id, outside] = leg
            self._offer(t, leg, sip)
            self._attempt(t, leg)
        elif sip.cseq > leg.cseq:
            leg.cseq, leg.state, leg.heard = sip.cseq, "trying", False
            self._attempt(t, leg)
        if by_unit:
            self._listen(leg, sip.media)

    def _attempt(self, t: int, leg: Leg) -> None:
        cseq = leg.cseq

        def given_up(when: int) -> None:
            if leg.cseq != cseq or leg.state not in _BEFORE:
                return
            if leg.cancelled is not None:
                self._failed(leg, leg.cancelled, "abandoned", self._who_cancels(leg))
            elif leg.state == "again" or not leg.heard:
                self._failed(leg, when, "failed", "no-answer")

        self._due.later(t, given_up, TIMEOUT)

    @staticmethod
    def _who_cancels(leg: Leg) -> str:
        return "caller" if leg.public and leg.invited_by_unit else "agent"

    def _offer(self, t: int, leg: Leg, sip: Sip) -> None:
        """Whose leg it is: that of a call that is known, or of a new one."""
        mark = sip.marks[0] if sip.marks else ""
        same = self._calls.get(self.ids.get(sip.call_id, ""))
        call = same or self._marked(mark)
        if leg.public and leg.invited_by_unit and call is None:
            call = self._new(t, leg, sip, mark, incoming=True)
        elif leg.public and call is None:
            waiting = [c for c in self._calls.values() if not c.incoming and c.public is None]
            alike = [c for c in waiting if c.called == sip.to_user]
            if len(alike) == 1:
                call = alike[0]
            elif waiting:
                self._loose()
            else:
                call = self._new(t, leg, sip, mark, incoming=False)
        elif not leg.public and leg.invited_by_unit and call is None:
            if self._map.numbers is not None and self._map.numbers.fullmatch(sip.to_user):
                self._notes.unknown["internal"] += 1
            else:
                call = self._new(t, leg, sip, mark, incoming=False)
        elif call is None:
            alike = [c for c in self._calls.values() if c.incoming and c.caller and c.caller == sip.from_user]
            free = [c for c in alike if not c.talks]
            if len(free) == 1:
                call = free[0]
            else:
                self._loose()
        leg.call = call
        if call is not None:
            self.ids.setdefault(sip.call_id, call.id)
            if leg.public:
                call.public = call.public or leg
            else:
                call.seats += 1
            leg.ear = Ear(self._notes, self._map.silence, call.id, "exchange" if leg.public else leg.unit)

    def _marked(self, mark: str) -> Call | None:
        return next((call for call in self._calls.values() if mark and call.mark == mark), None)

    def _loose(self) -> None:
        """A delivery that belongs to no call that is known: what seats do cannot be told."""
        self._notes.unknown["loose"] += 1
        self._notes.hidden |= {Kind.SEAT_RUNG, Kind.SEAT_TALKING, Kind.SEAT_LEFT}

    def _new(self, t: int, leg: Leg, sip: Sip, mark: str, *, incoming: bool) -> Call:
        self._notes.counts["calls"] += 1
        call = Call(f"c{self._notes.counts['calls']}", incoming, sip.from_user, sip.to_user, mark, offered=t)
        self._calls[call.id] = call
        self._notes.add(t, Kind.CALL_OFFERED, leg.unit, call.id, direction="in" if incoming else "out",
                        skill="", attempt=1)  # fmt: skip
        return call

    # Requests inside a leg.

    def _request(self, t: int, source: str, outside: str, leg: Leg, sip: Sip) -> None:
        key = (source, sip.cseq, sip.method)
        by_unit = source == outside
        again = sip.method == "INVITE" and by_unit == leg.invited_by_unit and sip.cseq <= leg.cseq
        if key in leg.seen or again or sip.method not in _COUNTED:
            return
        leg.seen.add(key)
        if sip.method == "CANCEL" and leg.state in {"trying", "ringing"}:
            leg.cancelled = t
        elif sip.method in {"INVITE", "UPDATE"} and leg.state == "answered":
            leg.asked[key] = sip.media
            self._due.later(t, lambda when: self._replied(when, leg, key, "timeout"), TIMEOUT)
        elif sip.method == "BYE":
            leg.asked[key] = None
            self._due.later(t, lambda when: self._replied(when, leg, key, "timeout"), TIMEOUT)
            self._bye(t, leg, by_unit=by_unit)

    def _answer(self, t: int, source: str, target: str, leg: Leg, sip: Sip) -> None:
        leg.heard = True
        key = (target, sip.cseq, sip.method)
        if key in leg.asked:
            if 200 <= sip.status < 300 and not self.units.inner(source) and sip.media is not None:
                leg.asked[key] = sip.media
            if sip.status in _ANSWERS or 200 <= sip.status < 300:
                self._replied(t, leg, key, _ANSWERS.get(sip.status, "ok"))
            elif sip.status >= 300:  # a challenge, or a no that leaves the dialog as it was (RFC 5057): nothing is said
                del leg.asked[key]
            return
        if sip.method != "INVITE" or sip.cseq != leg.cseq or leg.state not in _BEFORE:
            return
        if not self.units.inner(source):
            self._listen(leg, sip.media)
        if sip.status < 200:
            self._progress(t, leg, sip.status)
        elif sip.status < 300:
            self._answered(t, leg)
        elif sip.status in _AGAIN:
            leg.state = "again"
        elif leg.cancelled is not None:
            self._failed(leg, leg.cancelled, "abandoned", self._who_cancels(leg))
        else:
            self._refused(t, leg, source, sip.status)

    def _progress(self, t: int, leg: Leg, status: int) -> None:
        call = leg.call
        if call is None:
            return
        if status in _RINGING and leg.state == "trying":
            leg.state = "ringing"
            if not leg.public and not leg.invited_by_unit:
                self._notes.add(t, Kind.SEAT_RUNG, leg.unit, call.id)
        elif status == _QUEUED and leg.public and not call.queued:
            call.queued = True
            self._notes.add(t, Kind.CALL_QUEUED, leg.unit, call.id)

    def _answered(self, t: int, leg: Leg) -> None:
        leg.state = "answered"
        call = leg.call
        if call is None or call.over:
            return
        if leg.ear is not None:
            leg.ear.answered(t)
        if leg.public and call.answered is None:
            call.answered = t
            self._notes.add(t, Kind.CALL_CONNECTED, leg.unit, call.id)
        elif not leg.public:
            call.talks.add(leg.unit)
            call.talked, call.left_by_seat = True, False
            self._notes.add(t, Kind.SEAT_TALKING, leg.unit, call.id, part="phone")

    def _replied(self, t: int, leg: Leg, key: tuple[str, int, str], answer: str) -> None:
        """A request inside the dialog was answered, or never."""
        if key not in leg.asked:
            return
        media = leg.asked.pop(key)
        source, _, method = key
        held = media is not None and media.held
        was = leg.ear is not None and leg.ear.held
        word = "bye" if method == "BYE" else "hold" if held else "resume" if was else "refresh"
        if leg.call is not None and leg.call.public is not None:
            asker = self._map.units.get(source) or leg.unit
            self._notes.add(t, Kind.DIALOG_REQUEST, asker, leg.call.id, method=word, answer=answer)
        if answer == "ok" and method != "BYE" and media is not None and leg.ear is not None:
            leg.ear.hold(t, held)
            if not self.units.inner(source):
                self._listen(leg, media)

    def _listen(self, leg: Leg, media: Media | None) -> None:
        """The unit outside says where it hears."""
        if media is None or leg.ear is None or not media.port:
            return
        try:
            address = str(ip_address(media.address))
        except ValueError:
            return
        if len(self.sinks) >= 4 * _MOST:
            self._notes.cut["limit"] = None
            return
        self.sinks[address, media.port] = leg.ear
        leg.sinks.append((address, media.port))

    # Ends.

    def _failed(self, leg: Leg, t: int, disposition: str, cause: str) -> None:
        """An attempt came to nothing without anybody refusing it."""
        self._over(leg)
        if leg.call is not None and self._decides(leg):
            self._end(t, leg.call, disposition, cause)

    def _refused(self, t: int, leg: Leg, source: str, status: int) -> None:
        self._over(leg)
        call = leg.call
        if call is not None and self._decides(leg):
            unit = self._map.units.get(source) or leg.unit
            by = self.units.server(source) if self.units.inner(source) else unit
            self._notes.add(t, Kind.CALL_REFUSED, by, call.id, by=by, cause=str(status))
            self._end(t, call, "refused", str(status))

    def _decides(self, leg: Leg) -> bool:
        """Whether the end of this leg before its answer is the end of the call: a seat may be tried after another."""
        call = leg.call
        return call is not None and not call.over and (leg.public or (leg.invited_by_unit and call.public is None))

    def _bye(self, t: int, leg: Leg, *, by_unit: bool) -> None:
        if leg.state != "answered":
            return
        call = leg.call
        if call is None:
            self._over(leg)
            return
        if not leg.public:
            self._leave(t, leg, call, by_unit=by_unit)
        elif not call.over:
            self._hang_up(t, leg, call, by_unit=by_unit)
        self._over(leg)

    def _leave(self, t: int, leg: Leg, call: Call, *, by_unit: bool) -> None:
        """A seat is through with the call."""
        call.talks.discard(leg.unit)
        call.left_by_seat = by_unit
        heard = leg.ear.end(t) if leg.ear is not None else {}
        self._notes.add(t, Kind.SEAT_LEFT, leg.unit, call.id, cause="agent" if by_unit else "server", **heard)
        if leg.invited_by_unit and call.public is None and not call.over:
            self._end(t, call, "completed", "agent" if by_unit else "server")

    def _hang_up(self, t: int, leg: Leg, call: Call, *, by_unit: bool) -> None:
        """The public side is through with an answered call; see rule 4."""
        silent = max((ear.silent(t) for ear in self._ears(call)), default=0)
        if silent > DEAD:
            self._end(t, call, "cut", "silence")
        elif by_unit:
            self._end(t, call, "completed", "caller" if call.incoming else "callee")
        elif Kind.SEAT_LEFT in self._notes.hidden:
            self._unknown_end(call)
        elif call.talks or (call.talked and not call.left_by_seat):
            self._end(t, call, "cut", "server")
        elif call.talked:
            self._end(t, call, "completed", "agent")
        else:
            self._unknown_end(call)

    def _unknown_end(self, call: Call) -> None:
        self._notes.partial.add(call.id)
        self._forget(call)

    def _ears(self, call: Call) -> list[Ear]:
        found = [leg.ear for leg in self._legs.values() if leg.call is call and leg.state == "answered"]
        return [ear for ear in found if ear is not None]

    def _end(self, t: int, call: Call, disposition: str, cause: str) -> None:
        ear = call.public.ear if call.public is not None else None
        heard = ear.end(t) if ear is not None else {}
        if call.answered is None:
            heard = {"gap": 0, "silent": 0}  # there was nothing to hear yet
        self._notes.add(t, Kind.CALL_ENDED, "exchange", call.id, disposition=disposition, cause=cause, **heard)
        self._forget(call)

    def _forget(self, call: Call) -> None:
        call.over = True
        self._calls.pop(call.id, None)

    def _over(self, leg: Leg) -> None:
        leg.state = "over"

        def forget(_when: int) -> None:
            if self._legs.get((leg.call_id, leg.address)) is leg:
                del self._legs[leg.call_id, leg.address]
            self._count(leg)
            for sink in leg.sinks:
                if self.sinks.get(sink) is leg.ear:
                    del self.sinks[sink]

        self._due.later(self._due.now, forget, _KEPT)

    def _count(self, leg: Leg) -> None:
        """What arrived of the sound of a leg, and what did not."""
        if leg.ear is not None:
            self._notes.counts["lost"] += leg.ear.reception.lost
            self._notes.counts["double"] += leg.ear.reception.double
            self._notes.counts["restarts"] += leg.ear.reception.restarts

    def finish(self, t: int) -> None:
        """The recording ends at `t`: what is still up, or still waits for the answer to its BYE, is known in part."""
        self._due.at(t)
        for leg in self._legs.values():
            self._count(leg)
            if leg.call is not None and (not leg.call.over or any(key[2] == "BYE" for key in leg.asked)):
                self._notes.partial.add(leg.call.id)
            if leg.state == "answered" and leg.ear is not None:
                leg.ear.end(t)  # a silence that still lasts is an interruption without an end
