"""Licences are counted, never invented and never lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simtel.callcentre.licences import Licences


def test_no_more_than_were_bought() -> None:
    pool = Licences({"core": 2})
    assert [pool.take("core") for _ in range(3)] == [True, True, False]
    pool.give("core")
    assert pool.take("core")
    assert pool.in_use("core") == 2


def test_all_or_none() -> None:
    pool = Licences({"core": 3})
    assert pool.take("core", 2)
    assert not pool.take("core", 2)
    assert pool.in_use("core") == 2
    assert pool.take("core", 1)


def test_names_are_counted_apart() -> None:
    pool = Licences({"core": 1, "agent": 1})
    assert pool.take("core")
    assert pool.take("agent")
    assert (pool.in_use("core"), pool.in_use("agent")) == (1, 1)


def test_inherited_calls_are_never_refused_and_count_against_what_was_bought() -> None:
    pool = Licences({"core": 1})
    pool.force("core", 2)
    assert pool.in_use("core") == 2
    assert not pool.take("core")
    pool.give("core")
    assert not pool.take("core")
    pool.give("core")
    assert pool.take("core")


def test_more_given_back_than_taken_is_a_bug() -> None:
    pool = Licences({"core": 5})
    pool.take("core")
    with pytest.raises(ValueError, match="core: 2 given back, 1 in use"):
        pool.give("core", 2)
    assert pool.in_use("core") == 1


def test_a_licence_that_nobody_sells_is_a_bug() -> None:
    with pytest.raises(KeyError):
        Licences({}).take("core")


def test_the_callers_table_stays_his_own() -> None:
    limits = {"core": 1}
    pool = Licences(limits)
    limits["core"] = 100
    assert pool.take("core")
    assert not pool.take("core")


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 4))), st.integers(0, 10))
def test_what_is_in_use_is_what_was_taken(steps: list[tuple[bool, int]], limit: int) -> None:
    pool, held = Licences({"core": limit}), 0
    for take, count in steps:
        if take:
            assert pool.take("core", count) == (held + count <= limit)
            held += count if held + count <= limit else 0
        elif count <= held:
            pool.give("core", count)
            held -= count
        assert pool.in_use("core") == held <= limit
