import io
from collections.abc import Callable

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simtel.core.clock import MS, SECOND, Ns
from simtel.core.events import Event, Kind
from simtel.core.log import EvidenceWriter, Header
from simtel.core.timers import Key
from simtel.devices.wiring import Wiring
from simtel.model.calendar import CHASERS_TOLD, Calendar, MachineError, NodeOut
from simtel.model.clock import AT_ONCE
from simtel.model.pages import PAGE
from simtel.model.timers import CalendarTimers

LAN, LAG = 2 * MS, 100 * MS
A, B = "server.a", "server.b"


class Peer:
    """A machine that keeps what arrives and does what it is told when something arrives or is due."""

    def __init__(self, timers: CalendarTimers) -> None:
        self.got: list[tuple[object, int]] = []
        self.woken: list[int] = []
        self.timers = timers
        self.on_message: Callable[[object, Ns], None] | None = None
        self.on_due: Callable[[Ns], None] = lambda _now: None

    def receive(self, message: object, now: Ns) -> None:
        self.got.append((message, now))
        if self.on_message is not None:
            self.on_message(message, now)

    def on_timer(self, _key: Key, now: Ns) -> None:
        self.woken.append(now)
        self.on_due(now)


class World:
    """Two servers on one switch, machines at both; `made` holds all machines that ever lived."""

    def __init__(self) -> None:
        self.wiring = Wiring(LAN, 20 * MS, LAG)
        for name in (A, B):
            self.wiring.hang(name, "switch.1")
        self.wiring.holder = A
        self.file = io.BytesIO()
        self.writer = EvidenceWriter(self.file, Header("s", "t", "virtual", 1, "0"))
        self.calendar = Calendar(self.wiring, self.writer)
        self.out: dict[str, NodeOut] = {}
        self.made: dict[str, list[Peer]] = {A: [], B: []}
        for name in (A, B):
            self.calendar.place(name, self.maker(name))
            self.calendar.start(name, Ns(0))

    def maker(self, name: str) -> Callable[[Ns], Peer]:
        def make(_now: Ns) -> Peer:
            out = self.out[name] = self.calendar.out(name)
            self.made[name].append(Peer(out.timers))
            return self.made[name][-1]

        return make

    def peer(self, name: str) -> Peer:
        return self.made[name][-1]

    def kill(self, name: str) -> None:
        self.calendar.stop(name)
        self.wiring.kill(name)
        self.wiring.changed()

    def revive(self, name: str) -> None:
        self.wiring.heal(name)
        self.wiring.changed()
        self.calendar.start(name, self.calendar.now)

    def at(self, instant: int, action: Callable[[], None]) -> None:
        self.calendar.at(instant, action)


def test_a_message_arrives_after_the_delay_of_its_route_and_never_within_the_step() -> None:
    world = World()
    world.at(SECOND, lambda: world.out[A].send(B, "lan"))
    world.at(SECOND, lambda: world.out[A].send(f"{B}/repl", "replication"))
    world.at(SECOND, lambda: world.calendar.tell(B, "felt"))
    world.calendar.run(SECOND + 1)
    assert world.peer(B).got == [("felt", SECOND)]
    world.calendar.run(2 * SECOND)
    assert world.peer(B).got[1:] == [("lan", SECOND + LAN), ("replication", SECOND + LAG)]


def test_messages_over_one_route_keep_their_order() -> None:
    world = World()

    def burst() -> None:
        for n in range(100):
            world.out[A].send(B, n)

    world.at(5, burst)
    world.calendar.run(SECOND)
    assert [message for message, _ in world.peer(B).got] == list(range(100))


def test_over_a_broken_route_nothing_arrives_and_over_a_mended_one_it_does() -> None:
    world = World()
    world.wiring.kill("switch.1")
    world.wiring.changed()
    world.out[A].send(B, "lost")
    world.calendar.run(SECOND)
    world.wiring.heal("switch.1")
    world.wiring.changed()
    world.out[A].send(B, "through")
    world.calendar.run(2 * SECOND)
    assert [message for message, _ in world.peer(B).got] == ["through"]


def test_what_is_under_way_arrives_although_the_cable_is_cut_behind_it() -> None:
    world = World()
    world.out[A].send(B, "under way")
    world.kill(A)
    world.calendar.run(SECOND)
    assert [message for message, _ in world.peer(B).got] == ["under way"]


def test_what_a_dead_sender_still_kept_is_lost_also_when_it_is_back_in_time() -> None:
    world = World()
    world.out[A].send(f"{B}/repl", "kept")
    world.at(LAG // 3, lambda: world.kill(A))
    world.at(LAG // 2, lambda: world.revive(A))
    world.at(LAG // 2 + 1, lambda: world.out[A].send(f"{B}/repl", "of the next life"))
    world.calendar.run(SECOND)
    assert [message for message, _ in world.peer(B).got] == ["of the next life"]


def test_a_sender_that_starts_again_under_the_same_wiring_keeps_messages_of_its_own() -> None:
    world = World()
    world.out[A].send(f"{B}/repl", "kept")
    world.calendar.start(A, Ns(0))
    world.out[A].send(f"{B}/repl", "of the next life")
    world.calendar.run(SECOND)
    assert [message for message, _ in world.peer(B).got] == ["of the next life"]


def test_what_a_sender_keeps_reaches_the_next_life_of_its_receiver() -> None:
    world = World()
    world.out[A].send(f"{B}/repl", "kept")
    world.at(LAG // 3, lambda: world.calendar.stop(B))
    world.at(LAG // 2, lambda: world.calendar.start(B, world.calendar.now))
    world.calendar.run(SECOND)
    assert [[message for message, _ in peer.got] for peer in world.made[B]] == [[], ["kept"]]


def test_a_message_to_a_stopped_machine_is_lost_and_one_under_way_reaches_its_next_life() -> None:
    world = World()
    world.out[A].send(B, "to the first life")
    world.calendar.run(SECOND)
    world.kill(B)
    world.out[A].send(B, "lost")
    world.calendar.run(2 * SECOND)
    world.revive(B)
    world.out[A].send(B, "to the second life")
    world.calendar.run(3 * SECOND)
    first, second = world.made[B]
    assert [message for message, _ in first.got] == ["to the first life"]
    assert [message for message, _ in second.got] == ["to the second life"]
    assert world.calendar.machine(B) is second


def test_the_service_address_leads_to_its_holder_of_the_moment() -> None:
    world = World()
    world.out[A].send("service", 1)
    world.wiring.holder = B
    world.wiring.changed()
    world.out[A].send("service", 2)
    world.calendar.run(SECOND)
    assert [[m for m, _ in world.peer(name).got] for name in (A, B)] == [[1], [2]]


# --- deadlines


def test_a_machine_is_woken_at_its_deadline_each_time_it_has_one() -> None:
    world = World()
    peer = world.peer(A)
    peer.on_due = lambda now: peer.timers.set(("again",), now + SECOND) if now < 3 * SECOND else None
    peer.timers.set(("again",), SECOND)
    world.calendar.run(10 * SECOND)
    assert peer.woken == [SECOND, 2 * SECOND, 3 * SECOND]


def test_a_deadline_that_moves_later_wakes_once_and_one_that_moves_earlier_wakes_earlier() -> None:
    world = World()
    peer = world.peer(B)
    moves = {"later": 500 * MS, "earlier": 200 * MS}
    peer.on_message = lambda message, _now: peer.timers.set(("t",), moves[str(message)])
    world.out[A].send(B, "later")
    world.at(300 * MS, lambda: peer.timers.set(("t",), 800 * MS))
    world.calendar.run(SECOND)
    assert peer.woken == [800 * MS]
    moves = {"later": 1900 * MS, "earlier": 1200 * MS}
    world.out[A].send(B, "later")
    world.out[A].send(B, "earlier")
    world.calendar.run(2 * SECOND)
    assert peer.woken == [800 * MS, 1200 * MS]


def test_a_cancelled_deadline_wakes_nobody() -> None:
    world = World()
    peer = world.peer(A)
    peer.timers.set(("t",), SECOND)
    world.at(SECOND // 2, lambda: peer.timers.cancel(("t",)) and None)
    world.calendar.run(2 * SECOND)
    assert peer.woken == []


def test_a_stopped_machine_is_not_woken_and_its_next_life_has_its_own_deadlines() -> None:
    world = World()
    first = world.peer(A)
    first.timers.set(("t",), 5 * SECOND)
    world.at(SECOND, lambda: world.kill(A))
    world.at(2 * SECOND, lambda: world.revive(A))
    world.at(3 * SECOND, lambda: world.peer(A).timers.set(("t",), 7 * SECOND))
    world.calendar.run(10 * SECOND)
    assert first.woken == []
    assert world.peer(A).woken == [7 * SECOND]


def test_a_machine_that_stops_itself_in_its_step_is_not_armed_again() -> None:
    world = World()
    peer = world.peer(B)

    def die(_message: object, now: Ns) -> None:
        peer.timers.set(("t",), now + SECOND)
        world.calendar.stop(B)

    peer.on_message = die
    world.out[A].send(B, "stop")
    world.calendar.run(5 * SECOND)
    assert peer.woken == []
    assert world.calendar.machine(B) is None


def test_a_machine_that_is_gone_sets_timers_for_nobody() -> None:
    world = World()
    peer = world.peer(B)

    def die_and_start_again(_message: object, now: Ns) -> None:
        world.calendar.stop(B)
        world.calendar.start(B, now)
        peer.timers.set(("t",), now + SECOND)

    peer.on_message = die_and_start_again
    world.out[A].send(B, "restart")
    world.calendar.run(5 * SECOND)
    assert [p.woken for p in world.made[B]] == [[], []]


def test_no_timer_can_be_set_for_the_past() -> None:
    world = World()
    world.calendar.run(SECOND)
    with pytest.raises(ValueError, match="has passed"):
        world.peer(A).timers.set(("t",), SECOND - 1)


def test_actions_of_the_harness_happen_at_their_instant_never_in_the_past() -> None:
    world = World()
    seen: list[int] = []
    world.at(3 * SECOND, lambda: seen.append(world.calendar.now))
    world.calendar.run(2 * SECOND)
    world.at(SECOND, lambda: seen.append(world.calendar.now))
    world.calendar.run(5 * SECOND)
    assert seen == [2 * SECOND, 3 * SECOND]
    assert world.calendar.now == 5 * SECOND


# --- evidence


def test_evidence_has_the_instant_the_observer_and_the_subject() -> None:
    world = World()
    heard: list[int] = []
    world.calendar.heard[Kind.SERVER_DETECTED] = lambda: heard.append(world.calendar.now)
    world.at(SECOND, lambda: world.out[A].emit(Kind.SERVER_DETECTED))
    world.at(2 * SECOND, lambda: world.out[A].emit(Kind.CALL_QUEUED, "c1", "seat.9"))
    world.at(3 * SECOND, lambda: world.calendar.emit(Kind.LOAD_ENDED, "harness", offered=2))
    world.calendar.run(5 * SECOND)
    world.writer.close()
    lines = world.file.getvalue().splitlines()[1:-1]
    assert [msgspec.json.decode(line, type=Event) for line in lines] == [
        Event(1, SECOND, "server.detected", A, A, None, {}),
        Event(2, 2 * SECOND, "call.queued", "seat.9", A, "c1", {}),
        Event(3, 3 * SECOND, "load.ended", "harness", "harness", None, {"offered": 2}),
    ]
    assert heard == [SECOND]


# --- errors of machines


def failing(_message: object, _now: Ns) -> None:
    raise ZeroDivisionError("of our own making")


def test_a_machine_that_fails_on_a_message_is_named_with_message_and_instant() -> None:
    world = World()
    world.peer(B).on_message = failing
    world.at(SECOND, lambda: world.out[A].send(B, "the last straw"))
    said = rf"{B} failed on 'the last straw' at {SECOND + LAN} ns: ZeroDivisionError\('of our own making'\)"
    with pytest.raises(MachineError, match=said):
        world.calendar.run(5 * SECOND)


def test_a_machine_that_fails_on_a_deadline_is_named_with_the_instant() -> None:
    world = World()
    peer = world.peer(A)
    peer.timers.set(("t",), SECOND)
    peer.on_due = lambda now: failing(None, now)
    with pytest.raises(MachineError, match=rf"{A} failed on timer .* at {SECOND} ns: ZeroDivisionError"):
        world.calendar.run(5 * SECOND)


def test_an_interrupt_is_no_failure_of_a_machine() -> None:
    world = World()

    def interrupt(_message: object, _now: Ns) -> None:
        raise KeyboardInterrupt

    world.peer(B).on_message = interrupt
    world.calendar.tell(B, "x")
    with pytest.raises(KeyboardInterrupt):
        world.calendar.run(SECOND)


def chase(world: World, steps: int) -> None:
    """Each machine answers the other at once, `steps` times in all."""
    for name, other in ((A, B), (B, A)):
        world.peer(name).on_message = lambda message, _now, other=other: (
            world.calendar.tell(other, int(str(message)) + 1) if int(str(message)) < steps else None
        )
    world.calendar.tell(A, 1)
    world.calendar.run(SECOND)


def test_machines_that_chase_each_other_at_one_instant_are_an_error_with_their_next_messages() -> None:
    world = World()
    with pytest.raises(MachineError, match=r"chase each other at 0 ns: ") as caught:
        chase(world, 10**9)
    told = str(caught.value).partition("0 ns: ")[2].split("; ")
    first = int(told[0].partition(" <- ")[2])
    assert told == [f"{B if n % 2 == 0 else A} <- {n}" for n in range(first, first + CHASERS_TOLD)]
    assert AT_ONCE <= first <= 2 * AT_ONCE, "noticed within twice the bound"


def test_a_deadline_that_never_moves_on_is_such_a_chase() -> None:
    world = World()
    peer = world.peer(A)
    peer.timers.set(("t",), SECOND)
    peer.on_due = lambda now: peer.timers.set(("t",), now)
    with pytest.raises(MachineError, match=rf"chase each other at {SECOND} ns: {A} <- timer"):
        world.calendar.run(2 * SECOND)


def test_as_many_steps_as_that_are_none_when_time_passes_between_them() -> None:
    world = World()
    chase(world, AT_ONCE - 100)
    for again in (1, 2):
        world.calendar.tell(A, AT_ONCE - 300)
        world.calendar.run((1 + again) * SECOND)
    got = world.peer(A).got + world.peer(B).got
    assert len(got) > AT_ONCE
    assert [sum(at == n * SECOND for _, at in got) for n in (1, 2)] == [201, 201]


# --- pages


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from((A, B)),
            st.integers(0, 12),
            st.integers(0, 8 << PAGE) | st.integers(0, 8).map(lambda n: n << PAGE),
        ),
        max_size=40,
    ),
    st.lists(st.tuples(st.integers(0, 39), st.integers(0, 8 << PAGE)), max_size=10),
)
def test_timers_of_later_pages_are_due_in_the_order_of_instant_and_age(
    wanted: list[tuple[str, int, int]], again: list[tuple[int, int]]
) -> None:
    """As if all stood in one heap: set at the start, and some set anew, at any instant, when another is due."""
    world = World()
    seen: list[tuple[int, str, int]] = []
    model: dict[tuple[str, int], tuple[int, int]] = {}  # timer -> (instant, age)
    age = 0

    def set_timer(name: str, number: int, at: int) -> None:
        nonlocal age
        age += 1
        world.peer(name).timers.set((number,), at)
        model[name, number] = (at, age)

    def due(name: str) -> Callable[[Key, Ns], None]:
        def on_timer(key: Key, now: Ns) -> None:
            assert model.pop((name, key[0]))[0] == now
            assert all(now <= at for at, _ in model.values()), "another was due before"
            seen.append((now, name, key[0]))
            if again:
                place, later = again.pop()
                if place < len(wanted):
                    set_timer(*wanted[place][:2], now + later)

        return on_timer

    for name in (A, B):
        world.peer(name).timers.on_timer = due(name)
    for name, number, at in wanted:
        set_timer(name, number, at)
    expected = sorted(model, key=model.__getitem__)
    plain = not again
    world.calendar.run(20 << PAGE)
    assert not model, "one was never due"
    if plain:
        assert [(name, number) for _, name, number in seen] == expected


def test_timers_long_ahead_do_not_stand_in_the_heap_nor_what_was_taken_back() -> None:
    world = World()
    timers = world.peer(A).timers
    for number in range(1000):
        timers.set((number,), (2 + number % 3 << PAGE) + number)
    assert len(world.calendar.env.queue) == 1, "the page that comes next"
    for number in range(1000):
        if number % 3 == 0:
            timers.cancel((number,))
    world.calendar.run((2 << PAGE) + 1)
    assert len(world.calendar.env.queue) == 1
    world.calendar.run((3 << PAGE) + 1)
    assert len(world.calendar.env.queue) == 334


def test_a_timer_at_the_very_beginning_of_a_page_is_due_before_what_came_later_for_that_instant() -> None:
    world = World()
    timers = world.peer(A).timers
    seen: list[object] = []
    timers.on_timer = lambda key, _now: seen.append(key[0])
    timers.set(("first page",), (1 << PAGE) + 1)
    timers.set(("second page",), 2 << PAGE)
    world.at(2 << PAGE, lambda: seen.append("harness"))
    world.calendar.run(3 << PAGE)
    assert seen == ["first page", "second page", "harness"]
