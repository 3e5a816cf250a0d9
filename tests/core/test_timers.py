from hypothesis import given
from hypothesis import strategies as st

from simtel.core.timers import TimerHeap, bring


def taken(timers: TimerHeap, now: int) -> list[object]:
    found = []
    while (key := timers.due(now)) is not None:
        found.append(key[0])
    return found


def test_due_in_order_of_time_then_of_setting() -> None:
    timers = TimerHeap()
    for key, at in (("late", 30), ("first", 10), ("second", 10), ("third", 10)):
        timers.set((key,), at)
    assert timers.next() == 10
    assert taken(timers, 9) == []
    assert taken(timers, 29) == ["first", "second", "third"]
    assert taken(timers, 30) == ["late"]
    assert timers.next() is None
    assert len(timers) == 0


def test_setting_again_moves_the_timer() -> None:
    timers = TimerHeap()
    timers.set(("a",), 10)
    timers.set(("a",), 20)
    assert timers.at(("a",)) == 20
    assert (timers.next(), taken(timers, 15), taken(timers, 20)) == (20, [], ["a"])
    timers.set(("a",), 40)
    timers.set(("a",), 30)
    assert taken(timers, 100) == ["a"], "once, not twice"


def test_a_cancelled_timer_is_not_due_and_cancelling_says_whether_it_was_armed() -> None:
    timers = TimerHeap()
    timers.set(("a",), 10)
    timers.set(("b",), 20)
    assert timers.cancel(("a",))
    assert not timers.cancel(("a",))
    assert timers.at(("a",)) is None
    assert (timers.next(), taken(timers, 100)) == (20, ["b"])


def test_a_timer_that_is_set_while_others_are_served_is_served_when_it_is_due() -> None:
    timers = TimerHeap()
    timers.set(("a",), 10)
    assert timers.due(10) == ("a",)
    timers.set(("a",), 10)
    assert taken(timers, 10) == ["a"]


@given(
    st.lists(st.tuples(st.sampled_from(["set", "cancel", "pass"]), st.integers(0, 5), st.integers(0, 50)), max_size=100)
)
def test_like_a_plain_table(steps: list[tuple[str, int, int]]) -> None:
    timers = TimerHeap()
    table: dict[tuple[int], tuple[int, int]] = {}
    now = 0
    for number, (what, key, amount) in enumerate(steps):
        if what == "set":
            timers.set((key,), now + amount)
            table[(key,)] = (now + amount, number)
        elif what == "cancel":
            assert timers.cancel((key,)) == (table.pop((key,), None) is not None)
        else:
            now += amount
            due = sorted((when, k) for k, when in table.items() if when[0] <= now)
            assert taken(timers, now) == [k[0] for _, k in due]
            for _, k in due:
                del table[k]
        assert timers.next() == min((at for at, _ in table.values()), default=None)
        assert len(timers) == len(table)


def test_several_are_cancelled_at_once_armed_or_not() -> None:
    timers = TimerHeap()
    for name in "abc":
        timers.set((name,), 10)
    timers.cancel_all([("a",), ("c",), ("never set",)])
    assert (taken(timers, 10), len(timers)) == (["b"], 0)


def test_a_timer_is_brought_forward_or_put_off_but_never_into_the_past() -> None:
    timers = TimerHeap()
    timers.set(("a",), 50)
    bring(timers, ("a",), 20, 10)
    assert timers.at(("a",)) == 30
    bring(timers, ("a",), -40, 10)
    assert timers.at(("a",)) == 70
    bring(timers, ("a",), 100, 10)
    assert timers.at(("a",)) == 10
    bring(timers, ("b",), 100, 10)
    assert timers.at(("b",)) is None
