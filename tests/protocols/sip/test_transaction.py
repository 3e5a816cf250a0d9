"""The four transaction machines without clock, socket or message: when each sends, and what its user hears."""

from typing import Any

import pytest

from simtel.core.clock import MS, SECOND, Ns
from simtel.core.timers import TimerHeap
from simtel.protocols.sip.timers import Times
from simtel.protocols.sip.transaction import (
    CLIENT,
    INVITE_CLIENT,
    INVITE_SERVER,
    SERVER,
    Failure,
    Rules,
    Signal,
    State,
    Transaction,
)

S = SECOND
DOUBLING = (0, 0.5, 1.5, 3.5, 7.5, 15.5, 31.5)  # RFC 3261 17.1.1.2
BOUNDED = (0, 0.5, 1.5, 3.5, 7.5, 11.5, 15.5, 19.5, 23.5, 27.5, 31.5)  # 17.1.2.2
NAMES = {id(INVITE_CLIENT): "invite-client", id(CLIENT): "client", id(INVITE_SERVER): "invite-server",
         id(SERVER): "server"}  # fmt: skip


class Bench:
    """One transaction, its calendar, and everything it does: (seconds, what)."""

    def __init__(self, rules: Rules, *, reliable: bool = False, times: Times | None = None) -> None:
        self.timers = TimerHeap()
        self.now = 0
        self.done: list[tuple[float, str]] = []
        self.it = Transaction(
            rules, self, times or Times(), key="key", request=None, to=None, reliable=reliable, user=None
        )

    def transmit(self, data: bytes, transaction: Transaction, again: bool = False) -> None:
        self._note(f"send {data.decode()}")

    def acknowledge(self, response: Any, transaction: Transaction) -> bytes:
        return b"ACK of " + response

    def deliver(self, message: Any, transaction: Transaction, now: Ns) -> None:
        self._note(f"deliver {message.decode()}")

    def failed(self, why: Failure, transaction: Transaction, now: Ns) -> None:
        self._note(f"failed {why}")

    def over(self, transaction: Transaction, now: Ns) -> None:
        self._note("over")

    def _note(self, what: str) -> None:
        self.done.append((self.now / SECOND, what))

    def start(self, data: bytes = b"it") -> "Bench":
        self.it.start(data, Ns(0))
        return self

    def run(self, until: float = 1000) -> "Bench":
        end = round(until * SECOND)
        while (due := self.timers.next()) is not None and due <= end:
            self.now = due
            signal, transaction = self.timers.due(due) or ("", None)
            assert transaction is self.it
            self.it.step(Signal(signal), b"100" if signal == Signal.TRYING_DUE else None, Ns(due))
        self.now = end
        return self

    def step(self, signal: Signal, message: bytes = b"") -> "Bench":
        self.it.step(signal, message, Ns(self.now))
        return self

    def when(self, what: str) -> tuple[float, ...]:
        return tuple(at for at, done in self.done if done == what)

    def quiet(self) -> bool:
        return self.it.state is State.TERMINATED and not len(self.timers) and self.done[-1][1] == "over"


@pytest.mark.parametrize(("rules", "instants"), [(INVITE_CLIENT, DOUBLING), (CLIENT, BOUNDED)], ids=["invite", "other"])
def test_a_client_that_nobody_answers_repeats_and_gives_up_after_64_t1(
    rules: Rules, instants: tuple[float, ...]
) -> None:
    bench = Bench(rules).start().run()
    assert bench.when("send it") == instants
    assert bench.when("failed timeout") == (32,)
    assert bench.quiet()


@pytest.mark.parametrize("rules", [INVITE_CLIENT, CLIENT], ids=["invite", "other"])
def test_over_tcp_a_client_sends_once(rules: Rules) -> None:
    bench = Bench(rules, reliable=True).start().run()
    assert (bench.when("send it"), bench.when("failed timeout")) == ((0,), (32,))
    assert bench.quiet()


def test_all_follows_from_t1() -> None:
    bench = Bench(INVITE_CLIENT, times=Times(t1=100 * MS)).start().run()
    assert bench.when("send it") == tuple(pytest.approx(at / 5) for at in DOUBLING)
    assert bench.when("failed timeout") == (6.4,)


def test_an_invite_that_rings_waits_for_ever() -> None:
    bench = Bench(INVITE_CLIENT).start().run(1).step(Signal.PROVISIONAL, b"180").run(500)
    assert bench.when("send it") == (0, 0.5)
    assert bench.it.state is State.PROCEEDING
    bench.step(Signal.SUCCESS, b"200")
    assert bench.done[-1] == (500, "deliver 200")


def test_another_request_that_has_a_provisional_answer_is_repeated_each_t2_and_still_given_up() -> None:
    bench = Bench(CLIENT).start().run(1).step(Signal.PROVISIONAL, b"100").run()
    assert bench.when("send it") == (0, 0.5, 5, 9, 13, 17, 21, 25, 29)
    assert bench.when("failed timeout") == (32,)


def test_every_2xx_goes_to_the_user_for_64_t1_and_is_not_acknowledged_here() -> None:
    bench = Bench(INVITE_CLIENT).start().run(1).step(Signal.SUCCESS, b"200").run(20).step(Signal.SUCCESS, b"200").run()
    assert bench.when("deliver 200") == (1, 20)
    assert bench.when("over") == (33,)
    assert not [what for _, what in bench.done if "ACK" in what]


@pytest.mark.parametrize("before", [(), (Signal.PROVISIONAL,)], ids=["calling", "proceeding"])
def test_a_refused_invite_is_acknowledged_each_time_and_told_once(before: tuple[Signal, ...]) -> None:
    bench = Bench(INVITE_CLIENT).start().run(1)
    for signal in before:
        bench.step(signal, b"180")
    bench.step(Signal.FAILURE, b"486").run(3).step(Signal.FAILURE, b"486").run()
    assert bench.when("send ACK of 486") == (1, 3)
    assert bench.when("deliver 486") == (1,)
    assert bench.when("send it") == (0, 0.5)
    assert bench.when("over") == (33,)  # timer D: 32 s


def test_timer_d_is_at_least_32_s_though_t1_is_short() -> None:
    bench = Bench(INVITE_CLIENT, times=Times(t1=MS)).start().step(Signal.FAILURE, b"486").run()
    assert bench.when("over") == (32,)


def test_a_final_answer_to_another_request_is_told_once_and_absorbed_for_t4() -> None:
    bench = Bench(CLIENT).start().run(1).step(Signal.FAILURE, b"404").run(3).step(Signal.FAILURE, b"404").run()
    assert bench.when("deliver 404") == (1,)
    assert bench.when("over") == (6,)


@pytest.mark.parametrize("signal", [Signal.FAILURE, Signal.SUCCESS])
def test_over_tcp_nothing_is_absorbed(signal: Signal) -> None:
    bench = Bench(CLIENT, reliable=True).start().run(1).step(signal, b"x").run()
    assert bench.when("over") == (1,)


def test_an_invite_server_says_100_by_itself_after_200_ms() -> None:
    bench = Bench(INVITE_SERVER).start(b"").run(10)
    assert bench.done == [(0.2, "send 100")]
    assert Bench(INVITE_SERVER).start(b"").run(0.1).step(Signal.PROVISIONAL, b"180").run(10).done == [(0.1, "send 180")]


def test_an_invite_server_answers_a_repeated_request_with_its_last_word() -> None:
    bench = Bench(INVITE_SERVER).start(b"").step(Signal.REQUEST).step(Signal.PROVISIONAL, b"180").run(1)
    assert bench.step(Signal.REQUEST).when("send 180") == (0, 1)
    bench.step(Signal.FAILURE, b"486").run(1.2).step(Signal.REQUEST)
    assert bench.when("send 486") == (1, 1.2)


def test_a_refusal_is_repeated_until_it_is_acknowledged() -> None:
    bench = Bench(INVITE_SERVER).start(b"").step(Signal.FAILURE, b"486").run()
    assert bench.when("send 486") == BOUNDED
    assert bench.when("failed timeout") == (32,)
    assert bench.quiet()
    bench = Bench(INVITE_SERVER).start(b"").step(Signal.FAILURE, b"486").run(2).step(Signal.ACK).run()
    assert bench.when("send 486") == (0, 0.5, 1.5)
    assert bench.when("failed timeout") == ()
    assert bench.when("over") == (7,)  # timer I: T4


def test_after_a_2xx_the_invite_server_swallows_repeated_requests_and_hands_the_ack_on() -> None:
    bench = Bench(INVITE_SERVER).start(b"").step(Signal.SUCCESS, b"200").run(1).step(Signal.REQUEST)
    bench.step(Signal.ACK, b"ACK").step(Signal.SUCCESS, b"200").run()
    assert bench.when("send 200") == (0, 1)
    assert bench.when("deliver ACK") == (1,)
    assert bench.when("over") == (32,)  # timer L


def test_a_transport_that_breaks_after_a_2xx_is_told_and_ends_nothing() -> None:
    bench = Bench(INVITE_SERVER).start(b"").step(Signal.SUCCESS, b"200").step(Signal.BROKEN)
    assert bench.done[-1] == (0, "failed transport")
    assert bench.it.state is State.ACCEPTED


def test_another_server_repeats_its_answer_when_asked_for_64_t1() -> None:
    bench = Bench(SERVER).start(b"").step(Signal.REQUEST)
    assert bench.done == []  # trying: there is nothing to repeat
    bench.step(Signal.SUCCESS, b"200").run(31).step(Signal.REQUEST).run()
    assert bench.when("send 200") == (0, 31)
    assert bench.when("over") == (32,)
    assert Bench(SERVER, reliable=True).start(b"").step(Signal.SUCCESS, b"200").run().when("over") == (0,)


def test_a_second_final_answer_of_the_user_is_not_sent() -> None:
    bench = Bench(SERVER).start(b"").step(Signal.SUCCESS, b"200").step(Signal.FAILURE, b"500")
    assert bench.done == [(0, "send 200")]


@pytest.mark.parametrize("rules", [INVITE_CLIENT, CLIENT, INVITE_SERVER, SERVER], ids=lambda r: NAMES[id(r)])
def test_each_state_can_be_reached_and_left_and_a_broken_transport_is_told(rules: Rules) -> None:
    first = next(iter(rules))[0]
    reached, before = {first}, set[State]()
    while reached != before:
        before = set(reached)
        reached |= {after for (state, _), (after, _) in rules.items() if state in before}
    states = {state for state, _ in rules} | {after for after, _ in rules.values()}
    assert reached == states
    assert {state for (state, _), (after, _) in rules.items() if after != state} == states - {State.TERMINATED}
    for (_, signal), (_, actions) in rules.items():
        assert ("complain" in actions) == (signal is Signal.BROKEN)


@pytest.mark.parametrize("rules", [INVITE_CLIENT, CLIENT], ids=["invite", "other"])
def test_a_client_whose_transport_breaks_is_over(rules: Rules) -> None:
    bench = Bench(rules).start().step(Signal.BROKEN)
    assert [what for _, what in bench.done] == ["send it", "failed transport", "over"]
    assert bench.quiet()


@pytest.mark.parametrize("wrong", [{"t1": 0}, {"t1": 5 * S}, {"t4": -1}, {"trying": -1}])
def test_times_that_cannot_be_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"T1 is|lasts"):
        Times(**wrong)
