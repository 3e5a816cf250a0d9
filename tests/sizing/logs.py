"""Call logs made up from a known demand: what is fitted to them must come out as what went in.

Calls come as Poisson calls with a rate for each hour, pass an IVR, wait for the first of the agents, and give up when
their patience is over; who was not served dials again with a known share. The queue is the plainest there is, written
without the code under test. No number is a person's: callers count from 1.
"""

import csv
import heapq
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import log, sqrt
from pathlib import Path

import numpy as np

HEAD = ["number", "start", "ivr", "wait", "talk", "wrap up", "caller", "agent", "result"]
MAP = """simtel: columns/1
id: made-up
zone: "+08:00"
formats: ["%Y-%m-%d %H:%M:%S.%f"]
columns:
  call: number
  start: start
  ivr: {column: ivr, unit: s}
  wait: {column: wait, unit: s}
  talk: {column: talk, unit: s}
  wrap_up: {column: wrap up, unit: s}
  caller: caller
  agent: agent
  outcome: result
outcomes: {answered: [ok], abandoned: [gone], ivr: [self], blocked: [full], ignored: [out]}
"""


@dataclass(frozen=True)
class World:
    """The demand behind a log: rates per hour from 8 to 20 o'clock, seconds."""

    days: int = 14
    rate: float = 240.0
    agents: int = 13
    talk: float = 150.0
    deviation: float = 120.0
    wrap_up: float = 30.0
    ivr: float = 25.0
    leaves: float = 0.1
    patience: float = 120.0
    redial: float = 0.4
    delay: float = 90.0


def made(world: World, seed: int) -> list[list[str]]:
    """Rows of a log, in the order in which the calls came."""
    rng = np.random.default_rng(seed)
    spread = sqrt(log(1 + (world.deviation / world.talk) ** 2))
    calls: list[tuple[float, int, int]] = []  # start, number of the caller, tries before
    caller = 0
    for day in range(world.days):
        for hour in range(8, 20):
            rate = world.rate * (1.0 if 10 <= hour < 18 else 0.6)
            for at in np.sort(rng.uniform(0, 3600, rng.poisson(rate))):
                caller += 1
                calls.append((day * 86_400 + hour * 3600 + at, caller, 0))
    heapq.heapify(calls)
    queued: list[tuple[float, float, float, int]] = []  # reaches the queue, start, ivr, caller
    free = [(0.0, agent) for agent in range(1, world.agents + 1)]
    rows: list[tuple[float, list[str]]] = []

    def row(start: float, who: int, *figures: object) -> None:
        when = datetime(2026, 3, 2, tzinfo=UTC) + timedelta(seconds=start)  # a Monday
        text = when.strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]
        rows.append(
            (
                start,
                [
                    "",
                    text,
                    *("" if f is None else f"{f:.3f}" for f in figures[:4]),
                    f"caller-{who}",
                    f"{figures[4]}",
                    f"{figures[5]}",
                ],
            )
        )

    def serve(reach: float, start: float, ivr: float, who: int) -> None:
        first, agent = free[0]
        wait, patience = max(first - reach, 0.0), rng.exponential(world.patience)
        if wait > patience:
            row(start, who, ivr, patience, None, None, "", "gone")
            if rng.random() < world.redial:
                again = reach + patience + rng.exponential(world.delay)
                heapq.heappush(calls, (again, who, 1))
            return
        talk = rng.lognormal(log(world.talk) - spread**2 / 2, spread)
        after = rng.exponential(world.wrap_up)
        heapq.heapreplace(free, (reach + wait + talk + after, agent))
        row(start, who, ivr, wait, talk, after, f"A{agent}", "ok")

    while calls or queued:
        if calls and (not queued or calls[0][0] <= queued[0][0]):
            start, who, _ = heapq.heappop(calls)
            ivr = rng.exponential(world.ivr)
            if rng.random() < world.leaves:
                row(start, who, ivr, None, None, None, "", "self")
            else:
                heapq.heappush(queued, (start + ivr, start, ivr, who))
        else:
            serve(*heapq.heappop(queued))
    rows.sort(key=lambda one: one[0])
    return [[f"{n}", *cells[1:]] for n, (_, cells) in enumerate(rows, 1)]


def write_log(path: Path, world: World, seed: int = 1) -> list[list[str]]:
    """A log in a file, and its rows."""
    rows = made(world, seed)
    with Path(path).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEAD, *rows])
    return rows
