"""Intervals of simulated queues cover the exact figures as often as they say; pairs of designs are sharp.

One set of runs for all tests: M/M/16+M, 5 calls a minute of 180 s, patience 120 s, threshold 20 s.
"""

from functools import cache

import numpy as np
import pytest

from simtel.sizing.formulas import Queue, erlang_a_queue
from simtel.sizing.intervals import mean_interval, paired_difference, warm_up_of_runs
from simtel.sizing.kernels.draws import Law
from simtel.sizing.kernels.queue_runs import QueueRuns, simulate_queue
from simtel.sizing.stopping import Values, replicate_until
from tests.sizing.test_intervals import COVER, RUNS

GAP, SERVICE, PATIENCE = 12.0, 180.0, 120.0
AGENTS, EACH = 16, 5  # replications of one interval
MEASURES = ("service_level", "abandonment", "asa", "occupancy")
pytestmark = pytest.mark.timeout(180)  # the kernel may have to be compiled


@cache
def runs(agents: int, replications: range, calls: int = 1000, warm_up: int = 200) -> QueueRuns:
    laws = [Law.exponential(mean) for mean in (GAP, SERVICE, PATIENCE)]
    return simulate_queue(*laws, agents, calls=calls, warm_up=warm_up, replications=replications, seed=8)


def exact(agents: int) -> Queue:
    return erlang_a_queue(1 / GAP, SERVICE, PATIENCE, agents)


def truth(measure: str, agents: int = AGENTS) -> float:
    found = exact(agents)
    return float(getattr(found, {"abandonment": "p_abandon"}.get(measure, measure)))


def covered(values: np.ndarray, true: float, blunder: float = 1.0) -> int:
    """Of 1,000 intervals, each over replications of its own, how many hold the truth; narrowed by a blunder."""
    found = [mean_interval(list(row)) for row in values.reshape(RUNS, EACH)]
    return sum(abs(one.mean - true) <= one.half_width * blunder for one in found)


@pytest.mark.parametrize("measure", ["service_level", "abandonment"])
def test_intervals_of_replications_cover_the_exact_figures(measure: str) -> None:
    values = getattr(runs(AGENTS, range(RUNS * EACH)), measure)
    assert covered(values, truth(measure)) in COVER
    normal = 1.959964 / 2.776445  # the normal law in place of Student's with 4 degrees of freedom
    assert covered(values, truth(measure), normal) not in COVER


def test_without_the_warm_up_they_do_not() -> None:
    """The first 100 calls meet an empty house: whoever keeps them is too sure of too good a service."""
    cold = runs(AGENTS, range(RUNS * EACH), calls=104, warm_up=0)
    warm = runs(AGENTS, range(RUNS * EACH), calls=104, warm_up=200)
    assert covered(cold.service_level, truth("service_level")) < 800
    assert covered(warm.service_level, truth("service_level")) >= COVER.start


def test_where_the_house_has_filled_is_found() -> None:
    """The service level over stretches of 40 calls: the first ones are too good."""
    stretches = [runs(AGENTS, range(64), calls=40, warm_up=40 * k).service_level for k in range(25)]
    cut = warm_up_of_runs(np.transpose(stretches))  # type: ignore[arg-type]
    assert 1 <= cut <= 8
    rest = np.mean(stretches[cut:])
    assert abs(rest - truth("service_level")) < 0.02 < np.mean(stretches[0]) - truth("service_level")


def test_all_measures_of_a_queue_are_covered_at_once_in_the_width_that_was_asked_for() -> None:
    half_widths = {"service_level": 0.02, "abandonment": 0.008, "asa": 0.8, "occupancy": 0.01}
    pool = runs(AGENTS, range(RUNS * EACH))
    hit, number = 0, 0
    for block in range(125):

        def replicate(those: range, first: int = 40 * block) -> Values:
            return {name: getattr(pool, name)[first + those.start : first + those.stop] for name in half_widths}

        found = replicate_until(replicate, half_widths, start=10, most=40)
        hit += all(one.low <= truth(name) <= one.high for name, one in found.intervals.items())
        number += found.replications
    assert hit >= 112  # of 125 at 95 %, less the binomial 99 % band
    assert 10 < number / 125 < 40


def test_the_same_callers_make_the_difference_between_two_designs_sharp() -> None:
    """One agent more or less."""
    those = range(RUNS * EACH)
    one, other = runs(AGENTS, those).service_level, runs(AGENTS + 1, those).service_level
    difference = truth("service_level", AGENTS + 1) - truth("service_level")
    paired = [
        paired_difference(list(a), list(b)) for a, b in zip(other.reshape(-1, EACH), one.reshape(-1, EACH), strict=True)
    ]
    assert sum(x.low <= difference <= x.high for x in paired) in COVER
    alone = np.var(one) + np.var(other)  # of replications that share nothing
    assert 15 < alone / np.var(other - one) < 30  # 20 was measured: as sharp with a twentieth of the replications
