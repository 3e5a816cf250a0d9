"""Replications of a site in the long run, held against what their callers would bring in the mean (control variates).

How many callers came in a replication, how unevenly they came over its stretches and how long their talks are explains
much of what the site then gave; the means of all three are known, for callers come as a Poisson process. Slopes of
every measure against the three are found once, by pilot runs of other callers, and what they explain is taken out of
each replication. The mean of a measure stays what it was, whatever the slopes are.
Source: Lavenberg & Welch, Management Science 27, 1981.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import ceil
from typing import Any, Final

import numpy as np

from simtel.sizing.design.survive import ALL
from simtel.sizing.kernels.callers import TALK
from simtel.sizing.kernels.draws import FIXED, SECOND, Float, Law, draw
from simtel.sizing.kernels.lanes import LANES
from simtel.sizing.kernels.site_runs import SiteRuns, caller_streams
from simtel.sizing.kernels.site_steady import Callers, fills_in, lived
from simtel.sizing.kernels.site_world import INTERVALS
from simtel.sizing.stopping import Values

PILOTS: Final = range(2_000_000, 2_000_064)  # replications that no figure comes from
PILOT_CALLS: Final = 2_000
CONTROLS: Final = 3
PIECE: Final = 4  # replications that are made at a time

Place = tuple[int, int, int]  # seats, trunks, ports of the IVR


@dataclass(frozen=True)
class Tuned:
    """Who calls, and how a replication goes: stretches of `length` seconds, the first not counted, and `slopes` of each
    of the measures against the controls, [measures, controls]."""

    callers: Callers
    length: float
    stretches: int
    slopes: Float


def tuned(callers: Callers, at: Place, calls: int, seed: int, spread: Callable[..., Iterable[Any]]) -> Tuned:
    """For about so many calls a replication, at sites like this one. Errors: as for `simulate_site`."""
    fills = fills_in(callers, *at, seed)

    def cut(calls: int) -> Tuned:
        length = max(fills, calls / callers.rate / (INTERVALS - 1))
        return Tuned(callers, length, 1 + ceil(calls / callers.rate / length), np.zeros((len(ALL), CONTROLS)))

    pilots = cut(PILOT_CALLS)
    found, controls = _raw(pilots, at, PILOTS, seed, spread)
    slopes = np.linalg.lstsq(controls - controls.mean(axis=0), found - found.mean(axis=0), rcond=None)[0].T
    whole = cut(calls)
    return Tuned(callers, whole.length, whole.stretches, slopes)


def controlled(how: Tuned, at: Place, replications: range, seed: int, spread: Callable[..., Iterable[Any]]) -> Values:
    """The measures by replication. Errors: as for `simulate_site`."""
    found, controls = _raw(how, at, replications, seed, spread)
    return dict(zip(ALL, (found - controls @ how.slopes.T).T, strict=True))


def _raw(
    how: Tuned, at: Place, replications: range, seed: int, spread: Callable[..., Iterable[Any]]
) -> tuple[Float, Float]:
    """Measures and controls, [replications, ...], made piece by piece."""
    first, behind = replications.start, replications.stop
    pieces = [range(n, min(n + PIECE, behind)) for n in range(first, behind, PIECE)]
    made = list(spread(lambda piece: _piece(how, at, piece, seed), pieces))
    return np.concatenate([found for found, _ in made]), np.concatenate([controls for _, controls in made])


def _piece(how: Tuned, at: Place, replications: range, seed: int) -> tuple[Float, Float]:
    runs = lived(how.callers, *at, how.length, how.stretches, replications, seed)
    counted = SiteRuns(*(getattr(runs, name)[:, 1:].sum(axis=-1) for name in SiteRuns.__dataclass_fields__))
    refused = (counted.blocked + counted.menu_full) / counted.attempts
    shares = np.stack([counted.service_level, counted.abandonment, counted.occupancy, refused], axis=1)
    mean = how.callers.rate * how.length
    surplus = (runs.callers[:, 1:] - mean) / mean
    uneven = (surplus**2).mean(axis=1) * mean - 1  # the variance of a Poisson law is its mean
    controls = np.stack([surplus.mean(axis=1), uneven, _talks(how, runs, replications, seed)], axis=1)
    return np.nan_to_num(shares), controls  # a share of nobody: 0


def _talks(how: Tuned, runs: SiteRuns, replications: range, seed: int) -> Float:
    """By how much the mean talk of those who came exceeds what it is in the long run, as a share of that."""
    law = how.callers.talk
    found = np.zeros(len(replications))
    if not isinstance(law, Law) or law.kind == FIXED:  # of quantiles the slopes do without
        return found
    for row, replication in enumerate(replications):
        earlier, came = int(runs.callers[row, 0]), int(runs.callers[row, 1:].sum())
        talks = np.empty((LANES * ceil(came / LANES), 1), np.int64)  # drawn eight by eight
        draw(law, caller_streams(replication, seed)[TALK], earlier, talks)
        found[row] = talks[:came].mean() / SECOND / law.mean - 1
    return found
