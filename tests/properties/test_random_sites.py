"""Random loads and random faults on all shipped sites: whatever happens, nothing is lost, double or left behind.

As part of the suite the examples are few and always the same. With SIMTEL_FUZZ=1 they are many and new each time, up to
100 seats: for hunting.
"""

import os

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.properties.breaches import breaches
from tests.properties.plans import Draw, plans
from tests.properties.world import live

HUNTING = os.environ.get("SIMTEL_FUZZ") == "1"
pytestmark = pytest.mark.timeout(0 if HUNTING else 240)  # a hunt takes as long as it takes


def bounded(examples: int) -> hypothesis.settings:
    """So many examples, the same each time; a hundred times as many, and new ones, when hunting."""
    return hypothesis.settings(
        max_examples=100 * examples if HUNTING else examples,
        derandomize=not HUNTING,
        database=None if not HUNTING else hypothesis.settings.default.database,
        deadline=None,
        suppress_health_check=list(hypothesis.HealthCheck),
    )


@bounded(60)
@given(plans(big=HUNTING))
def test_nothing_is_lost_double_or_left_behind(plan: Draw) -> None:
    assert breaches(live(plan.spec, plan.scenario, plan.seed), plan.scenario) == []


@bounded(6)
@given(plans(big=HUNTING), st.integers(1, 1000))
def test_the_same_plan_gives_the_same_evidence_and_another_seed_other_evidence(plan: Draw, other: int) -> None:
    def digest(seed: int) -> tuple[int, str]:
        footer = live(plan.spec, plan.scenario, seed, rest=False).log.footer
        assert footer is not None
        return footer.events, footer.digest

    first = digest(plan.seed)
    assert digest(plan.seed) == first
    assert digest(plan.seed + other) != first
