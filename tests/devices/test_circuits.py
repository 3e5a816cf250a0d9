import pytest
from hypothesis import given
from hypothesis import strategies as st

from simtel.devices.circuits import SLOTS, Circuits


def anywhere(_span: str) -> bool:
    return True


def test_thirty_timeslots_without_the_signalling_one() -> None:
    assert len(SLOTS) == 30
    assert set(range(32)) - set(SLOTS) == {0, 16}


@pytest.mark.parametrize(
    ("hunting", "order"),
    [("ascending", [*range(1, 16), *range(17, 32)]), ("descending", [*range(31, 16, -1), *range(15, 0, -1)])],
)
def test_slots_are_hunted_from_one_end_and_then_there_is_none(hunting: str, order: list[int]) -> None:
    circuits = Circuits(("span.1",), hunting)
    found = [circuits.hunt(f"c{n}", anywhere) for n in range(30)]
    assert found == [("span.1", slot) for slot in order]
    assert circuits.hunt("c30", anywhere) is None
    assert circuits.in_use() == 30


def test_a_slot_that_is_free_again_is_the_next_when_it_lies_nearer_to_the_end() -> None:
    circuits = Circuits(("span.1",), "descending")
    for n in range(5):
        circuits.hunt(f"c{n}", anywhere)
    assert circuits.free("c1", "span.1", 30)
    assert circuits.hunt("c9", anywhere) == ("span.1", 30)
    assert circuits.hunt("c10", anywhere) == ("span.1", 26)


def test_spans_are_taken_in_turn() -> None:
    circuits = Circuits(("span.1", "span.2", "span.3"), "ascending")
    found = [circuits.hunt(f"c{n}", anywhere) for n in range(5)]
    assert found == [("span.1", 1), ("span.2", 1), ("span.3", 1), ("span.1", 2), ("span.2", 2)]


def test_a_span_out_of_service_or_not_asked_for_is_passed_over() -> None:
    circuits = Circuits(("span.1", "span.2"), "ascending")
    assert circuits.hunt("a", lambda span: span != "span.1") == ("span.2", 1)
    assert circuits.hunt("b", anywhere, only="span.2") == ("span.2", 2)
    assert circuits.hunt("c", lambda span: span != "span.2", only="span.2") is None
    assert circuits.hunt("d", lambda _span: False) is None
    assert circuits.in_use() == 2


def test_what_the_far_end_seized_is_not_hunted_and_a_glare_names_the_call() -> None:
    circuits = Circuits(("span.1",), "ascending")
    assert circuits.seize("far", "span.1", 1) is None
    assert circuits.hunt("near", anywhere) == ("span.1", 2)
    assert circuits.seize("second", "span.1", 2) == "near"
    assert circuits.busy("span.1") == {1: "far", 2: "second"}


def test_only_the_call_that_has_the_slot_can_give_it_back() -> None:
    circuits = Circuits(("span.1",), "ascending")
    circuits.hunt("mine", anywhere)
    assert not circuits.free("other", "span.1", 1)
    assert not circuits.free("mine", "span.1", 2)
    assert not circuits.free("mine", "span.9", 1)
    assert circuits.free("mine", "span.1", 1)
    assert not circuits.free("mine", "span.1", 1)
    assert circuits.in_use() == 0


def test_calls_of_a_span_in_order_of_their_slots() -> None:
    circuits = Circuits(("span.1", "span.2"), "ascending")
    for slot in (9, 3, 5):
        circuits.seize(f"c{slot}", "span.1", slot)
    assert circuits.on("span.1") == ["c3", "c5", "c9"]
    assert circuits.on("span.2") == circuits.on("span.7") == []


def test_spans_that_stay_connected_keep_their_calls() -> None:
    circuits = Circuits(("span.1",), "ascending")
    circuits.hunt("a", anywhere)
    circuits.fit(("span.1", "span.2"))
    assert [circuits.hunt(f"b{n}", anywhere) for n in range(2)] == [("span.1", 2), ("span.2", 1)]
    assert circuits.on("span.1") == ["a", "b0"]


@given(
    st.sampled_from(["ascending", "descending"]),
    st.lists(st.tuples(st.sampled_from(["hunt", "seize", "free"]), st.integers(0, 60)), max_size=200),
)
def test_no_slot_has_two_calls_whatever_the_order_of_things(hunting: str, steps: list[tuple[str, int]]) -> None:
    circuits = Circuits(("span.1", "span.2"), hunting)
    held: dict[tuple[str, int], str] = {}
    for number, (what, which) in enumerate(steps):
        call = f"c{number}"
        if what == "hunt":
            found = circuits.hunt(call, anywhere)
            assert (found is None) == (len(held) == 60)
            if found is not None:
                assert found not in held
                held[found] = call
        elif what == "seize":
            place = (f"span.{which % 2 + 1}", SLOTS[which // 2 % 30])
            if place not in held:
                circuits.seize(call, *place)
                held[place] = call
        elif held:
            place = sorted(held)[which % len(held)]
            assert circuits.free(held.pop(place), *place)
        assert circuits.in_use() == len(held)


def test_a_timeslot_that_is_held_is_busy_without_a_call() -> None:
    circuits = Circuits(("span.1",), "ascending")
    circuits.hunt("a", anywhere)
    circuits.hunt("b", anywhere)
    circuits.free("a", "span.1", 1)
    circuits.hold("a", "span.1", 1)  # whichever is told first
    circuits.hold("b", "span.1", 2)
    assert not circuits.free("b", "span.1", 2)
    assert (circuits.in_use(), circuits.on("span.1")) == (2, [])
    assert circuits.held("span.1", 1)
    assert not circuits.held("span.1", 3)
    assert circuits.hunt("c", anywhere) == ("span.1", 3)
    circuits.let_go("span.1", 1)
    assert (circuits.in_use(), circuits.on("span.1")) == (2, ["c"])
    assert [circuits.hunt(name, anywhere) for name in "de"] == [("span.1", 1), ("span.1", 4)]
