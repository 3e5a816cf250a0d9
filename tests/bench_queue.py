"""Part (e) of `make bench`: the kernels against what others offer, on one queue, in one run, taking turns.

M/M/32+M, 10 calls a minute, talks of 180 s, patience of 120 s: 0.0509523 of the calls are given up. Peers: natural
process-per-call SimPy, and Ciw, salabim and cimba where they are installed (`pip install -e .[bench]`); who is absent
is named. Speeds are calls a second of processor time on one core, once everything is compiled; with two threads,
of the time on the wall. The limit is what the draws of a kernel alone would allow. The site kernel is shown on
the same queue, and with everything on.

What two cores make of it depends on the cores and on who else uses them. So beside what two threads of the queue kernel
make of one stands what two processes make of it, which share nothing of ours, and what becomes of sums that touch no
memory, six at once and one after the other; by the time on the wall, and by processor time, in which nobody waits.

`python -m tests.bench_queue` is this part alone.
"""

import os
import random
import statistics
import sys
import time
from collections.abc import Callable, Generator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from importlib import import_module
from typing import Any

import numpy as np
import simpy
from numba import njit

from simtel.sizing.kernels import callers
from simtel.sizing.kernels.draws import Law, draw, keys
from simtel.sizing.kernels.lanes import LANES
from simtel.sizing.kernels.queue_runs import simulate_queue
from simtel.sizing.kernels.site_plan import CallBack, CallerClass, Demand, Group, Redial, Site, Team, Unit
from simtel.sizing.kernels.site_runs import caller_streams, simulate_site

GAP, TALK, PATIENCE, AGENTS = 6.0, 180.0, 120.0, 32
EXACT = 0.0509523  # share given up
Runner = Callable[[int], float]  # so many calls; the share given up

_exponential = Law.exponential


def queue_kernel(calls: int) -> float:
    """64 replications, eight side by side."""
    laws = _exponential(GAP), _exponential(TALK), _exponential(PATIENCE)
    return float(simulate_queue(*laws, AGENTS, calls=calls // 64, replications=range(64)).abandonment.mean())


def both_cores(calls: int) -> float:
    """The same in two threads."""
    laws = _exponential(GAP), _exponential(TALK), _exponential(PATIENCE)
    with ThreadPoolExecutor(2) as pool:
        runs = simulate_queue(*laws, AGENTS, calls=calls // 64, replications=range(64), each=pool.map)
    return float(runs.abandonment.mean())


def draws_alone(calls: int) -> float:
    """What the queue kernel draws, and nothing else."""
    streams = [keys(1, purpose, range(LANES)) for purpose in ("arrivals", "service", "patience")]
    out = np.empty((640, LANES), np.int64)  # so many at once that a call from Python weighs nothing
    for first in range(0, calls // LANES, 640):
        for law, stream in zip((GAP, TALK, PATIENCE), streams, strict=True):
            draw(_exponential(law), stream, first, out)
    return EXACT


def site_kernel(calls: int) -> float:
    """The same queue with trunks for all."""
    site = Site(calls * GAP, 500, 500, [Team([0], [AGENTS])])
    demand = Demand([1 / GAP], _exponential(TALK), _exponential(PATIENCE))
    return float(simulate_site(site, demand, replications=range(1)).whole().abandonment[0])


def everything(calls: int) -> tuple[Site, Demand]:
    """Two E1s, three teams, breaks, two groups, redialling, call-backs, dialling out, units that fail."""
    intervals = 336
    teams = [
        Team([0], [10 + n % 5 for n in range(intervals)]),
        Team([1], [9] * intervals),
        Team([0, 1], [14 - n % 3 for n in range(intervals)]),
    ]
    units = [
        Unit(360_000.0, 14_400.0, range(30)), Unit(360_000.0, 14_400.0, range(30, 60)),
        Unit(720_000.0, 14_400.0, seats=range(17)),
    ]  # fmt: skip
    groups = [Group(1, 30.0), Group()]
    site = Site(calls * GAP / intervals, 60, 30, teams, 25, groups, units, CallBack(60.0, 0.2), 4)
    classes = [CallerClass(0.4, 0, 0, 0.9), CallerClass(0.1, 0, 1, 1.0, 1.2), CallerClass(0.5, 1, 0, 0.8)]
    rates = [share / GAP for share in (0.85, 1.02, 1.19, 1.36, 1.19, 1.02, 0.77, 0.6)] * (intervals // 8)
    demand = Demand(
        rates, Law.lognormal(150.0, 1.2), _exponential(PATIENCE), _exponential(25.0), _exponential(30.0), classes,
        Redial(0.6, 0.3, 300.0),
    )  # fmt: skip
    return site, demand


def everything_on(calls: int) -> float:
    """A site with all that there is."""
    simulate_site(*everything(calls), replications=range(1))
    return EXACT


def its_callers_alone(calls: int) -> float:
    """What is drawn of such callers, and nothing else."""
    site, demand = everything(calls)
    laws = (demand.menu, demand.talk, demand.wrap_up, demand.patience)
    block, streams, rates = np.zeros((5, 8_192), np.int64), caller_streams(0, 1), np.array(demand.rates) / 1e9
    for first in range(0, calls, 8_192):
        callers.refill(block, *laws, rates, round(site.interval * 1e9), streams, first, 0)
    return EXACT


@njit(nogil=True)
def six_sums(times: int) -> int:
    """Sums of which none waits for another."""
    a, b, c, d, e, f = times, 1, 2, 3, 4, 5
    for n in range(times):
        a, b, c = (a ^ (a << 1)) + n, (b ^ (b << 1)) + n, (c ^ (c << 1)) + n
        d, e, f = (d ^ (d << 1)) + n, (e ^ (e << 1)) + n, (f ^ (f << 1)) + n
    return a ^ b ^ c ^ d ^ e ^ f


@njit(nogil=True)
def one_sum(times: int) -> int:
    """Sums of which each waits for the one before."""
    a = times
    for n in range(times):
        a = a * 6364136223846793005 + n
    return a


def timed(work: Callable[[int], object], size: int) -> float:
    """Seconds of processor time of this thread."""
    began = time.thread_time()
    work(size)
    return time.thread_time() - began


def two_of_one(work: Callable[[int], object], size: int, pool: Executor, rounds: int) -> tuple[list[float], ...]:
    """How many times as much two at once make of `work`: in the same processor time each, and on the wall."""

    def took(times: int) -> tuple[float, float]:
        began = time.perf_counter()
        longest = max(pool.map(timed, [work] * times, [size] * times))
        return longest, time.perf_counter() - began

    list(pool.map(work, [640] * 8))  # compiles
    pairs = [(took(1), took(2)) for _ in range(rounds)]
    return tuple([2 * one[n] / two[n] for one, two in pairs] for n in (0, 1))


def natural(calls: int) -> float:
    """SimPy, one process a call."""
    drawn, env, lost = random.Random(1), simpy.Environment(), [0]
    agents = simpy.Resource(env, capacity=AGENTS)

    def call() -> Generator[Any, Any, None]:
        with agents.request() as request:
            if request in (yield request | env.timeout(drawn.expovariate(1 / PATIENCE))):
                yield env.timeout(drawn.expovariate(1 / TALK))
            else:
                lost[0] += 1

    def source() -> Generator[Any, Any, None]:
        for _ in range(calls):
            yield env.timeout(drawn.expovariate(1 / GAP))
            env.process(call())

    env.process(source())
    env.run()
    return lost[0] / calls


def ciw(calls: int) -> float:
    """Ciw, with reneging."""
    lib = import_module("ciw")
    lib.seed(1)
    law = lib.dists.Exponential
    network = lib.create_network(
        arrival_distributions=[law(1 / GAP)],
        service_distributions=[law(1 / TALK)],
        reneging_time_distributions=[law(1 / PATIENCE)],
        number_of_servers=[AGENTS],
    )
    run = lib.Simulation(network)
    run.simulate_until_max_customers(calls, method="Finish")
    return sum(record.record_type == "renege" for record in run.get_all_records()) / calls


def salabim(calls: int) -> float:
    """salabim, one component a call."""
    lib = import_module("salabim")
    lib.yieldless(False)
    env = lib.Environment(random_seed=1, trace=False)
    agents = lib.Resource("agents", capacity=AGENTS)
    drawn, lost = random.Random(1), [0]

    def call(self: Any) -> Generator[Any, Any, None]:
        yield self.request(agents, fail_delay=drawn.expovariate(1 / PATIENCE))
        if self.failed():
            lost[0] += 1
        else:
            yield self.hold(drawn.expovariate(1 / TALK))
            self.release()

    kind = type("Call", (lib.Component,), {"process": call})

    def source(self: Any) -> Generator[Any, Any, None]:
        for _ in range(calls):
            yield self.hold(drawn.expovariate(1 / GAP))
            kind()

    type("Source", (lib.Component,), {"process": source})()
    env.run()
    return lost[0] / calls


def cimba(calls: int) -> float:
    """cimba's Python, one spawned model a call; the share given up by Little's law from the agents in use."""
    model = import_module("tests.bench_cimba").model()
    lib = import_module("cimba")
    window = lib.Window(warmup=0, duration=calls * GAP)
    results = lib.Experiment(model, replications=1, window=window, seed=1).run()
    return 1 - float(results[model.centre].used.values[0, 0]) * GAP / TALK


OURS: dict[str, tuple[Runner, int]] = {
    "queue kernel": (queue_kernel, 10_240_000),
    "queue kernel, two threads": (both_cores, 20_480_000),
    "its draws alone": (draws_alone, 10_240_000),
    "site kernel": (site_kernel, 1_000_000),
    "site kernel, everything on": (everything_on, 500_000),
    "its callers alone": (its_callers_alone, 2_000_000),
}
PEERS: dict[str, tuple[Runner, int]] = {
    "SimPy": (natural, 20_000),
    "ciw": (ciw, 5_000),
    "salabim": (salabim, 5_000),
    "cimba": (cimba, 200_000),
}


def measure(rounds: int, tenth: bool) -> bool:
    """Prints speeds and ratios; whether a model on this queue gave up more or less than it should."""
    runners, wrong = OURS | PEERS, False
    for name in ("ciw", "salabim", "cimba"):
        try:
            import_module(name)
        except ImportError as error:
            print(f"(e) {name} is absent: {error}; pip install -e .[bench]")
            del runners[name]
    speeds: dict[str, list[float]] = {name: [] for name in runners}
    for run, _ in runners.values():
        run(640)  # compiles
    for _ in range(rounds):
        for name, (run, most) in runners.items():
            calls = most // 10 if tenth else most
            clock = time.perf_counter if run is both_cores else time.process_time
            began = clock()
            share = run(calls)
            speeds[name].append(calls / (clock() - began))
            if abs(share - EXACT) > 5 * (0.7 / calls) ** 0.5:
                print(f"(e) {name}: {share:.4f} of calls are given up instead of {EXACT}")
                wrong = True
    queue, site = speeds["queue kernel"], speeds["site kernel, everything on"]
    for name, values in speeds.items():
        ratios = statistics.median(mine / value for mine, value in zip(queue, values, strict=True))
        print(
            f"(e) {name}: {statistics.median(values):,.0f} calls/s [{min(values):,.0f}-{max(values):,.0f}]; "
            f"the queue kernel makes {ratios:,.2f} times as many"
        )
    for name, mine, limit in (
        ("queue kernel", queue, speeds["its draws alone"]), ("site kernel", site, speeds["its callers alone"])
    ):  # fmt: skip
        of_it = statistics.median(one / other for one, other in zip(mine, limit, strict=True))
        print(f"(e) {name}: {of_it:.2f} of what its draws alone allow")
    size = OURS["queue kernel"][1] // (10 if tenth else 1)
    with ThreadPoolExecutor(2) as threads, ProcessPoolExecutor(2) as processes:
        for name, work, most, pool in (
            ("two threads of the queue kernel", queue_kernel, size, threads),
            ("two processes of it", queue_kernel, size, processes),
            ("two threads of sums, six at once", six_sums, 20 * size, threads),
            ("two threads of sums, one after the other", one_sum, 10 * size, threads),
        ):  # fmt: skip
            by_processor, by_wall = (f"{statistics.median(of):.2f} [{min(of):.2f}-{max(of):.2f}]"
                                     for of in two_of_one(work, most, pool, rounds))  # fmt: skip
            print(f"(e) {name} make {by_processor} of one in the same processor time, {by_wall} on the wall")
    return wrong


if __name__ == "__main__":
    SHORT = os.environ.get("BENCH") == "short"
    sys.exit(measure(1 if SHORT else 5, SHORT))
