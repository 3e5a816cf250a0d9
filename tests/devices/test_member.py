from typing import Any

from simtel.core.clock import MS, SECOND, Ns
from simtel.core.events import Kind
from simtel.core.timers import TimerHeap
from simtel.devices.member import Member
from simtel.protocols.election import Advert, State, Times
from simtel.protocols.service import Check, Checked
from tests.devices.recorder import live

TIMES = Times(advert_interval=SECOND, promote_time=200 * MS, address_time=100 * MS)


class Recorder:
    def __init__(self) -> None:
        self.timers = TimerHeap()
        self.sent: list[tuple[str, object]] = []

    def send(self, to: str, message: object) -> None:
        self.sent.append((to, message))

    def emit(self, kind: Kind, call: str | None = None, subject: str | None = None, /, **fields: Any) -> None:
        """Evidence of the election is its own tests' matter."""


def member(active: bool) -> tuple[Member, Recorder]:
    out = Recorder()
    made = Member("server.2", out, TIMES, priority=100, peer="server.1", paths=("heartbeat",))
    made.start(Ns(0), active)
    return made, out


def answers(made: Member, out: Recorder, now: int) -> list[tuple[str, object]]:
    out.sent.clear()
    made.receive(Check("watch", 7), Ns(now))
    return out.sent


def test_active_member_answers_who_asked() -> None:
    assert answers(*member(active=True), 1) == [("watch", Checked("server.2", 7))]


def test_standby_does_not_answer() -> None:
    assert answers(*member(active=False), 1) == []


def test_it_answers_when_the_take_over_is_complete_and_not_before() -> None:
    made, out = member(active=False)
    seen: list[tuple[State, bool]] = []
    while made.election.state is not State.ACTIVE:
        due = out.timers.next()
        assert due is not None
        assert due < 5 * SECOND
        live(made.election, due)
        seen.append((made.election.state, bool(answers(made, out, due))))
    assert seen == [(State.PROMOTING, False), (State.MOVING, False), (State.ACTIVE, True)]


def test_it_stops_answering_when_it_steps_back() -> None:
    made, out = member(active=True)
    made.receive(Advert("server.1", 150, SECOND), Ns(1))
    assert answers(made, out, 2) == []


def test_adverts_put_the_take_over_off() -> None:
    made, out = member(active=False)
    before = out.timers.next()
    made.receive(Advert("server.1", 150, SECOND), Ns(SECOND))
    assert before is not None
    live(made.election, before + SECOND - 1)
    assert made.election.state is State.STANDBY
    live(made.election, before + SECOND)
    assert made.election.state is State.PROMOTING
