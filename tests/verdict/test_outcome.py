import pytest
from hypothesis import given
from hypothesis import strategies as st

from simtel.verdict.outcome import Outcome, exit_code, merge


def test_of_nothing_is_not_a_pass() -> None:
    assert merge([]) is Outcome.INCONCLUSIVE


@given(st.lists(st.sampled_from(Outcome), min_size=1))
def test_the_worst_wins_in_any_order(outcomes: list[Outcome]) -> None:
    assert merge(outcomes) is merge(reversed(outcomes)) is max(outcomes)


@pytest.mark.parametrize(("outcome", "status"), [("PASS", 0), ("FAIL", 1), ("INCONCLUSIVE", 3), ("ERROR", 4)])
def test_exit_codes(outcome: str, status: int) -> None:
    assert exit_code(Outcome[outcome]) == status
