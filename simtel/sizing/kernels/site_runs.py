"""A simulated site in replications: every part of it counts, every interval has its figures.

A replication is told by the seed and its number: it meets the same callers on every design, whatever they have to
endure there, and a caller's later choices (to dial again, to leave a number) and the lives of units are draws of their
own, so that designs are compared in pairs. Arrivals are at random with the rate of their interval.

Memory does not grow with the number of calls, only with that of callers at once. The first call of a process compiles
the kernel, some seconds of processor time once on a machine; later processes load it.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import lru_cache
from math import ceil

import numpy as np

from simtel.sizing.kernels import callers
from simtel.sizing.kernels import site_world as world
from simtel.sizing.kernels.draws import LONGEST, SECOND, Float, Int, draw, keys
from simtel.sizing.kernels.quantiles import kernels, shaped
from simtel.sizing.kernels.site_kernel import run
from simtel.sizing.kernels.site_plan import Demand, Site, of_each_other
from simtel.sizing.kernels.site_world import AGENTS, COUNTS, DIALS, LOGGED, NONE, WORLD, Worlds
from simtel.sizing.theory import arguments

_BLOCK = 8_192  # callers drawn at once, at most
_WRITTEN_FIRST = {  # rows of these are written before they are read
    "staff", "trunk", "free_trunk", "agent", "count", "dial", "log", "slot", "call", "agenda",
}  # fmt: skip
_spare: list[Worlds] = []  # records that nobody uses now; each thread takes one, as what was touched once is quick


@dataclass(frozen=True)
class SiteRuns:
    """What each replication came to; arrays [replications, intervals], or [replications] of the whole.

    Attempts are counted where they began, times (seconds) where they were spent. Every attempt ends in one of the
    outcomes `blocked` ... `left_number`, or is still there at the end.
    """

    callers: Float  # who dialled for the first time
    attempts: Float
    blocked: Float  # no trunk
    menu_full: Float  # no IVR port
    menu_enough: Float  # wanted no agent
    queue_full: Float
    answered: Float
    gave_up: Float
    cut: Float  # by an outage, the answered among them
    cut_waiting: Float  # of those, who waited for an agent
    left_number: Float
    called_back: Float
    dialled_out: Float  # by agents
    within: Float  # answered within the threshold
    waited: Float  # by the answered
    busy: Float  # talks and wrap-ups, agent seconds
    staffed: Float  # agent seconds on duty, also at a seat that is dead
    trunks_held: Float  # trunk seconds
    queued: Float  # caller seconds

    def whole(self) -> "SiteRuns":
        """All intervals together."""
        return SiteRuns(*(getattr(self, field.name).sum(axis=-1) for field in fields(self)))

    @property
    def asked(self) -> Float:
        """Who asked for an agent and learned what came of it; whoever was cut while he waited was not served."""
        return self.answered + self.gave_up + self.queue_full + self.left_number + self.cut_waiting

    @property
    def service_level(self) -> Float:
        """Share answered within the threshold, of `asked`."""
        return _share(self.within, self.asked)

    @property
    def blocking(self) -> Float:
        """Share of attempts that found no trunk."""
        return _share(self.blocked, self.attempts)

    @property
    def abandonment(self) -> Float:
        """Share that gave up, of `asked`."""
        return _share(self.gave_up, self.asked)

    @property
    def asa(self) -> Float:
        """Mean wait of the answered, s."""
        return _share(self.waited, self.answered)

    @property
    def occupancy(self) -> Float:
        """Busy share of the agents' time."""
        return _share(self.busy, self.staffed)


def simulate_site(
    site: Site, demand: Demand, *, threshold: float = 20.0, replications: range = range(16), seed: int = 1
) -> SiteRuns:
    """All intervals of a site, from empty, in so many replications. `threshold` (s) is that of the service level.

    ValueError: a site and callers that do not fit, or numbers out of their domain. OverflowError: more than 16,384
    callers at once, those who will dial again among them.
    """
    if not len(replications) or min(replications) < 0:
        raise ValueError(f"replications must be one or more, numbered from 0, not {replications!r}")
    counts = np.empty((len(replications), site.intervals, COUNTS))
    for row, replication in enumerate(replications):
        w = _lived(site, demand, threshold, replication, seed, LOGGED)
        counts[row] = w["count"][0, : site.intervals]
        _spare.append(w)
    counts[:, :, world.WAITED] /= SECOND
    counts[:, :, world.BUSY_TIME :] /= SECOND
    of = (
        world.CALLERS, world.ATTEMPTS, world.BLOCKED, world.MENU_FULL, world.MENU_ENOUGH, world.QUEUE_FULL,
        world.ANSWERED, world.GAVE_UP, world.CUT, world.CUT_WAITING, world.LEAVES_NUMBER, world.CALLED_BACK,
        world.DIALLED_OUT, world.WITHIN, world.WAITED, world.BUSY_TIME, world.STAFFED_TIME, world.TRUNK_TIME,
        world.QUEUE_TIME,
    )  # fmt: skip
    return SiteRuns(*(counts[:, :, column] for column in of))


def outcomes(site: Site, demand: Demand, *, replication: int = 0, seed: int = 1) -> Int:
    """What became of each attempt, in order: rows of instant (ns), caller, attempt (0, 1, ...) and the outcome's number
    in `site_world`; at most the first 16,384. A caller who was dialled by an agent is -1."""
    lived = _lived(site, demand, 0.0, replication, seed, 0)
    log: Int = lived["log"][0, : lived["logged"][0]]
    return log  # of a record that is not used again


@lru_cache(maxsize=8192)  # every design meets the same callers
def caller_streams(replication: int, seed: int) -> np.ndarray:
    """The streams of a replication, [purposes, 2, 1]."""
    return np.stack([keys(seed, purpose, range(replication, replication + 1)) for purpose in callers.PURPOSES])


def _lived(site: Site, demand: Demand, threshold: float, replication: int, seed: int, logged: int) -> Worlds:
    """The record after a replication."""
    of_each_other(site, demand)
    streams = caller_streams(replication, arguments.count("seed", seed, 0))
    w = _record(site, demand)
    w["threshold"] = round(min(arguments.duration("threshold", threshold) * SECOND, LONGEST))
    w["chances"][0], w["fates"][0] = streams[callers.CHANCES, :, 0], streams[callers.FAILURES, :, 0]
    w["logged"] = logged
    dial = _dialler(w, demand, streams)
    if site.dial_above is None:
        w["dials_drawn"] = callers.NEVER  # as many as are wanted: none
    else:
        dial()
        dial()
    size = min(
        _BLOCK, 64 + 8 * ceil(min(_BLOCK, sum(demand.rates) * site.interval / 7))
    )  # one block if that is likely to do
    block, drawn, at = np.zeros((5, size), np.int64), 0, size
    laws = (demand.menu, demand.talk, demand.wrap_up, demand.patience)
    menu, talk, wrap_up, patience = map(kernels, laws)
    rate, length, since = np.array(demand.rates, np.float64) / SECOND, int(w["interval"][0]), 0
    while not w["over"][0]:
        if at == size:
            callers.refill(block, menu, talk, wrap_up, patience, rate, length, streams, drawn, since)
            for row, law in enumerate(laws, callers.MENU):
                shaped(law, block[row])
            drawn, since, at = drawn + size, int(block[callers.CAME, -1]), 0
        at = run(w, block, at)
        if w["dials"][0] + AGENTS >= w["dials_drawn"][0]:
            dial()
    return w


def _record(site: Site, demand: Demand) -> Worlds:
    """What is bought and who calls, as the kernel has it."""
    w = _empty()
    scalars = {
        "trunks": site.trunks,
        "ivr_ports": site.ivr_ports,
        "queue_places": site.queue_places,
        "teams": len(site.teams),
        "groups": len(site.groups),
        "priorities": 1 + max(kind.priority for kind in demand.classes),
        "classes": len(demand.classes),
        "n_units": len(site.units),
        "intervals": site.intervals,
        "interval": round(site.interval * SECOND),
        "end": site.intervals * round(site.interval * SECOND),
        "shift": _shift(site, demand),
        "keep_idle": NONE if site.dial_above is None else site.dial_above,
    }
    for name, value in scalars.items():
        w[name] = value
    for n, team in enumerate(site.teams):
        w["serves"][0, n] = sum(1 << group for group in set(team.groups))
        w["staff"][0, : site.intervals, n] = team.agents
    for n, group in enumerate(site.groups):
        second = NONE if group.overflow_to is None else group.overflow_to
        w["overflow"][0, n] = second, round(group.overflow_after * SECOND)
    for n, unit in enumerate(site.units):
        w["units"][0, n] = (
            unit.trunks.start, len(unit.trunks), unit.seats.start, len(unit.seats),
            round(unit.mtbf * SECOND), round(unit.mttr * SECOND),
        )  # fmt: skip
    upto = np.cumsum([kind.share for kind in demand.classes])
    for n, kind in enumerate(demand.classes):
        w["klass"][0, n] = upto[n], kind.group, kind.priority, kind.wants_agent, kind.talk_scale
    w["redial"][0] = demand.redial.blocked, demand.redial.abandoned, demand.redial.delay * SECOND
    if demand.office.load:
        w["office"][0] = np.array((1 / demand.office.load, 1.0)) * demand.office.length * SECOND
    if site.call_back:
        w["call_back"][0] = round(site.call_back.after * SECOND), site.call_back.share
    return w


def _shift(site: Site, demand: Demand) -> int:
    """How long a bucket of the agenda is: about as long as from one event to the next when most happens."""
    often = 5 * max(demand.rates) + 2 * demand.office.load / demand.office.length
    if site.dial_above is not None:
        often += 2 * site.seats / max(1.0, demand.talk.mean + demand.wrap_up.mean)
    return int(SECOND / max(1e-3, often)).bit_length()


def _empty() -> Worlds:
    """A record of nothing; cheaper than a new one."""
    try:
        w = _spare.pop()
    except IndexError:
        return np.zeros(1, WORLD)
    for name in WORLD.fields or ():
        if name not in _WRITTEN_FIRST:
            w[name] = 0
    return w


def _dialler(w: Worlds, demand: Demand, streams: np.ndarray) -> Callable[[], None]:
    """Draws talks and wrap-ups of the next calls that agents dial; half of the room each time."""
    drawn = np.empty((AGENTS, 1), np.int64)

    def dial() -> None:
        first = int(w["dials_drawn"][0])
        half = slice(first % DIALS, first % DIALS + AGENTS)
        laws = ((demand.talk, callers.DIALLED_TALK), (demand.wrap_up, callers.DIALLED_WRAP_UP))
        for column, (law, purpose) in enumerate(laws):
            draw(kernels(law), streams[purpose], first, drawn)
            shaped(law, drawn[:, 0])
            w["dial"][0, half, column] = drawn[:, 0]
        w["dials_drawn"] += AGENTS

    return dial


def _share(part: Float, of: Float) -> Float:
    """A share or mean; no number where there was nothing."""
    with np.errstate(invalid="ignore", divide="ignore"):
        share: Float = part / of
        return share
