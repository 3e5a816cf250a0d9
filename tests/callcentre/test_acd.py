"""Who gets whom: the three rules of the distributor, and what holds under any order of events."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from simtel.callcentre.acd import Acd

SALES, SERVICE = ("sales",), ("service",)


def acd(*agents: str, skills: tuple[str, ...] = SERVICE) -> Acd:
    """These agents are logged in, none is free."""
    made = Acd()
    for agent in agents:
        made.log_in(agent, skills)
    return made


def wait(queue: Acd, call: str, skill: str = "service", priority: int = 0) -> int:
    """A caller comes and waits; his place."""
    place = queue.arrive()
    queue.enter(call, skill, place, priority)
    return place


# --- rule 1


def test_callers_wait_in_order_of_arrival() -> None:
    queue = acd("anna")
    assert [wait(queue, call) for call in ("c1", "c2", "c3")] == [1, 2, 3]
    assert [queue.free("anna") for _ in range(4)] == ["c1", "c2", "c3", None]


def test_callers_with_priority_are_before_the_others_and_in_order_among_themselves() -> None:
    queue = acd("anna")
    for number, priority in enumerate((0, 1, 0, 2, 1), 1):
        wait(queue, f"c{number}", priority=priority)
    assert [queue.free("anna") for _ in range(6)] == ["c4", "c2", "c5", "c1", "c3", None]


def test_a_place_can_be_taken_up_again() -> None:
    queue = acd("anna")
    queue.enter("c9", "service", 9)
    queue.enter("c4", "service", 4)
    assert wait(queue, "new") == 10  # behind all that were restored
    assert [queue.free("anna") for _ in range(3)] == ["c4", "c9", "new"]


def test_who_was_served_at_once_and_comes_back_is_before_those_who_came_later() -> None:
    queue = acd("anna")
    first = queue.arrive()
    wait(queue, "second")
    queue.enter("first", "service", first)
    assert [queue.free("anna") for _ in range(2)] == ["first", "second"]


def test_who_leaves_is_not_served() -> None:
    queue = acd("anna")
    wait(queue, "c1")
    wait(queue, "c2")
    assert queue.leave("c1")
    assert not queue.leave("c1")
    assert queue.waiting() == 1
    assert queue.free("anna") == "c2"


def test_who_comes_back_has_one_place() -> None:
    queue = acd("anna")
    wait(queue, "c1")
    wait(queue, "c2")
    queue.leave("c1")
    wait(queue, "c1")
    assert [queue.free("anna") for _ in range(3)] == ["c2", "c1", None]


# --- rule 2


def test_the_agent_who_is_idle_longest_gets_the_call() -> None:
    queue = acd("anna", "bert", "cleo")
    for agent in ("bert", "anna", "cleo"):
        assert queue.free(agent) is None
    assert [queue.seek("service") for _ in range(4)] == ["bert", "anna", "cleo", None]


def test_reporting_free_again_begins_the_idle_time_anew() -> None:
    queue = acd("anna", "bert")
    for agent in ("anna", "bert", "anna"):
        queue.free(agent)
    assert queue.seek("service") == "bert"


def test_only_agents_of_the_group_are_sought() -> None:
    queue = acd("anna", skills=SALES)
    queue.log_in("bert", ("service", "sales"))
    queue.free("anna")
    queue.free("bert")
    assert queue.seek("service") == "bert"
    assert queue.seek("service") is None
    assert queue.seek("sales") == "anna"


def test_a_busy_agent_is_not_sought() -> None:
    queue = acd("anna")
    queue.free("anna")
    queue.busy("anna")
    assert queue.seek("service") is None


def test_who_logs_out_is_gone() -> None:
    queue = acd("anna", "bert")
    queue.free("anna")
    queue.log_out("anna")
    assert queue.seek("service") is None
    assert (queue.skills_of("anna"), queue.skills_of("bert")) == ((), SERVICE)
    wait(queue, "c1")
    assert queue.free("anna") is None
    assert queue.waiting() == 1


# --- rule 3


def test_an_agent_of_two_groups_takes_who_came_first_of_both() -> None:
    queue = acd("anna", skills=("service", "sales"))
    wait(queue, "c1", "sales")
    wait(queue, "c2")
    wait(queue, "c3", "sales")
    assert [queue.free("anna") for _ in range(3)] == ["c1", "c2", "c3"]


def test_an_agent_of_two_groups_takes_who_has_most_priority_of_both() -> None:
    queue = acd("anna", skills=("service", "sales"))
    wait(queue, "c1")
    wait(queue, "c2", "sales", priority=1)
    assert [queue.free("anna") for _ in range(2)] == ["c2", "c1"]


def test_a_caller_of_another_group_goes_on_waiting() -> None:
    queue = acd("anna", skills=SALES)
    wait(queue, "c1")
    assert queue.free("anna") is None
    assert queue.waiting() == 1
    assert queue.skills_of("anna") == SALES


class AnyOrder(RuleBasedStateMachine):
    """Whatever happens in whatever order: against a plain list of who waits and who is idle."""

    def __init__(self) -> None:
        super().__init__()
        self.acd = acd("a0", "a1", "a2")
        self.waiting: list[tuple[int, int, str]] = []
        self.idle: list[str] = []
        self.number = 0

    @rule(priority=st.integers(0, 2))
    def call_comes(self, priority: int) -> None:
        self.number += 1
        call = f"c{self.number}"
        agent = self.acd.seek("service")
        assert agent == (self.idle.pop(0) if self.idle else None)
        if agent is None:
            self.waiting.append((-priority, wait(self.acd, call, priority=priority), call))

    @rule(number=st.integers(0, 2))
    def agent_is_free(self, number: int) -> None:
        agent = f"a{number}"
        expected = min(self.waiting) if self.waiting else None
        assert self.acd.free(agent) == (expected and expected[2])
        if expected is not None:
            self.waiting.remove(expected)
        else:
            self.idle = [a for a in self.idle if a != agent] + [agent]

    @rule(number=st.integers(0, 2))
    def agent_is_busy(self, number: int) -> None:
        self.acd.busy(f"a{number}")
        self.idle = [a for a in self.idle if a != f"a{number}"]

    @rule(data=st.data())
    def caller_gives_up(self, data: st.DataObject) -> None:
        if self.waiting:
            gone = data.draw(st.sampled_from(self.waiting))
            assert self.acd.leave(gone[2])
            self.waiting.remove(gone)

    @invariant()
    def as_many_wait(self) -> None:
        assert self.acd.waiting() == len(self.waiting)


TestAnyOrder = AnyOrder.TestCase
TestAnyOrder.settings = settings(max_examples=30, stateful_step_count=30)
