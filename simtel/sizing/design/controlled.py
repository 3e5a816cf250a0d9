"""Replications of a site in the long run, held against what their callers would bring in the mean (control variates).

Were there enough of everything, the numbers of callers with the IVR, on trunks and with agents would have Poisson laws
(`kernels.endless`): how many there are in the mean, how unevenly they come and how often they are more than this site
has room for is known exactly, and the callers of a replication are counted so too. What they bring beyond the mean
explains nine tenths of how a service level varies. Slopes of every measure against these controls are found once, by
pilot runs of other callers, and what they explain is taken out of each replication. The mean of a measure stays what it
was, whatever the slopes are.
Source: Lavenberg & Welch, Management Science 27, 1981.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from math import ceil, sqrt
from typing import Any, Final

import numpy as np

from simtel.sizing.design.survive import ALL
from simtel.sizing.kernels import callers as drawing
from simtel.sizing.kernels.draws import SECOND, Float, Int, Law
from simtel.sizing.kernels.endless import AGENTS, IVR, ROWS, TRUNKS, enter
from simtel.sizing.kernels.quantiles import Quantiles, kernels, shaped
from simtel.sizing.kernels.site_runs import SiteRuns, caller_streams
from simtel.sizing.kernels.site_steady import Callers, fills_in, lived
from simtel.sizing.kernels.site_world import INTERVALS
from simtel.sizing.stopping import Values

PILOTS: Final = range(2_000_000, 2_000_064)  # replications that no figure comes from
PILOT_CALLS: Final = 2_000
PIECE: Final = 3  # replications that are made at a time
INSTANTS: Final = 10  # at which callers are counted, while one holds his agent
MOST_INSTANTS: Final = 20_000
_BLOCK: Final = 2_048  # callers drawn at once

Place = tuple[int, int, int]  # seats, trunks, ports of the IVR


@dataclass(frozen=True, eq=False)
class Watch:
    """Who calls, and how a replication goes: stretches of `length` seconds, the first not counted."""

    callers: Callers
    length: float
    stretches: int


@dataclass(frozen=True, eq=False)
class Tuned:
    """How sites about `place` are watched: `pilots` of few calls, and `slopes` of each of the measures against the
    controls, [measures, controls]. `fills`: seconds after which an empty one has filled."""

    place: Place
    callers: Callers
    fills: float
    slopes: Float


@lru_cache(maxsize=64)  # what was counted of its callers is known by it
def watched(callers: Callers, fills: float, calls: int) -> Watch:
    """Replications of about so many calls, after so many seconds that do not count."""
    length = max(fills, calls / callers.rate / (INTERVALS - 1))
    return Watch(callers, length, 1 + ceil(calls / callers.rate / length))


def tuned(
    callers: Callers, at: Place, seed: int, spread: Callable[..., Iterable[Any]], fills: float | None = None
) -> Tuned:
    """For sites like this one; `fills`: if that is known. Errors: as for `simulate_site`."""
    fills = fills or fills_in(callers, *at, seed)
    pilots = watched(callers, fills, PILOT_CALLS)
    found, controls = _raw(pilots, at, at, PILOTS, seed, spread)
    slopes = np.linalg.lstsq(controls - controls.mean(axis=0), found - found.mean(axis=0), rcond=None)[0].T
    return Tuned(at, callers, fills, slopes)


def controlled(
    how: Tuned, watch: Watch, at: Place, replications: range, seed: int, spread: Callable[..., Iterable[Any]]
) -> Values:
    """The measures by replication. Errors: as for `simulate_site`."""
    found, controls = _raw(watch, how.place, at, replications, seed, spread)
    return dict(zip(ALL, (found - controls @ how.slopes.T).T, strict=True))


def _raw(
    watch: Watch, tuned_at: Place, at: Place, replications: range, seed: int, spread: Callable[..., Iterable[Any]]
) -> tuple[Float, Float]:
    """Measures and controls, [replications, ...], made piece by piece."""
    first, behind = replications.start, replications.stop
    pieces = [range(n, min(n + PIECE, behind)) for n in range(first, behind, PIECE)]
    made = list(spread(lambda piece: _piece(watch, at, piece, seed), pieces))
    counted = np.concatenate([numbers for _, numbers in made])
    return np.concatenate([found for found, _ in made]), _beyond(watch.callers, tuned_at, counted)


def _piece(watch: Watch, at: Place, replications: range, seed: int) -> tuple[Float, Float]:
    runs = lived(watch.callers, *at, watch.length, watch.stretches, replications, seed)
    counted = SiteRuns(*(getattr(runs, name)[:, 1:].sum(axis=-1) for name in SiteRuns.__dataclass_fields__))
    refused = (counted.blocked + counted.menu_full) / counted.attempts
    shares = np.stack([counted.service_level, counted.abandonment, counted.occupancy, refused], axis=1)
    numbers = np.stack([_endless(watch, replication, seed) for replication in replications])
    return np.nan_to_num(shares), numbers  # a share of nobody: 0


def _loads(callers: Callers) -> tuple[float, float, float]:
    """What callers would put on an IVR, trunks and agents without end, in erlang."""
    menu, talk, wrap_up = (_mean(law) for law in (callers.menu, callers.talk, callers.wrap_up))
    rate, wants = callers.rate, callers.wants_agent
    return rate * menu, rate * (menu + wants * talk), rate * wants * (talk + wrap_up)


def _mean(law: Law | Quantiles) -> float:
    """Of a law as it is drawn, s: of quantiles the straight lines between them, and what lies beyond."""
    if isinstance(law, Law):
        return law.mean
    steps = np.array(law.quantiles or (0.0,))
    inner = law.upto * float((steps[:-1] + steps[1:]).mean() / 2 if len(steps) > 1 else steps[0])
    return inner + sum(share * (float(steps[-1]) + mean) for share, mean in law.phases)


def _room(callers: Callers) -> int:
    """More than all of them there will never be."""
    most = max(_loads(callers))
    return ceil(most + 12 * sqrt(most) + 24)


@lru_cache(maxsize=8192)
def _endless(watch: Watch, replication: int, seed: int) -> Float:
    """For which share of the time so many callers would be with the IVR, on trunks and with agents, [3, numbers]."""
    who, streams = watch.callers, caller_streams(replication, seed)
    begin, span = round(watch.length * SECOND), round((watch.stretches - 1) * watch.length * SECOND)
    step = max(1, round(max((_mean(who.talk) + _mean(who.wrap_up)) * SECOND / INSTANTS, span / MOST_INSTANTS)))
    changes = np.zeros((ROWS, span // step + 2), np.int64)
    laws = (who.menu, who.talk, who.wrap_up, who.patience)
    menu, talk, wrap_up, patience = map(kernels, laws)
    block, rates = np.zeros((5, _BLOCK), np.int64), np.full(watch.stretches, who.rate / SECOND)
    drawn = since = 0
    while since < begin + span:
        drawing.refill(block, menu, talk, wrap_up, patience, rates, begin, streams, drawn, since)
        for row, law in enumerate(laws, drawing.MENU):
            shaped(law, block[row])
        enter(block, drawn, streams[drawing.CHANCES, :, 0], who.wants_agent, begin, step, changes)
        drawn, since = drawn + _BLOCK, int(block[drawing.CAME, -1])
    numbers: Int = np.cumsum(changes[:, :-1], axis=1)
    room = _room(who)
    return np.stack([np.bincount(np.minimum(row, room - 1), minlength=room) / len(row) for row in numbers])


def _beyond(callers: Callers, at: Place, counted: Float) -> Float:
    """The controls [replications, ...] of sites about `at` from `counted` [replications, 3, numbers]: what is there
    beyond what would be in the mean."""
    seats, trunks, ports = at
    numbers = np.arange(counted.shape[-1])
    free = trunks - callers.office
    near = max(1.0, sqrt(seats) / 2)
    found = []
    for row, load, levels in zip(
        (IVR, TRUNKS, AGENTS), _loads(callers),
        ((ports - 1,) if ports < trunks else (), (0, free - near), (0, seats - near, seats)), strict=True
    ):  # fmt: skip
        shares = _poisson(load, len(numbers))
        whats = [np.maximum(numbers - level, 0.0) for level in levels]
        if row == AGENTS:
            whats.append((numbers - load) ** 2)
        found += [counted[:, row] @ what - shares @ what for what in whats]
    return np.stack(found, axis=1)


def _poisson(load: float, numbers: int) -> Float:
    """Shares of 0, 1, ... of a Poisson law."""
    if load == 0:
        nobody: Float = np.eye(1, numbers)[0]
        return nobody
    logs = np.concatenate(([0.0], np.cumsum(np.log(load / np.arange(1, numbers)))))
    weights: Float = np.exp(logs - logs.max())
    weights /= weights.sum()
    return weights
