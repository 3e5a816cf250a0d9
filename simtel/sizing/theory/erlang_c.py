"""Waiting without end: Poisson calls, exponential service, endless room to wait, nobody gives up (M/M/n).

A. K. Erlang's second formula (1917). It holds only below saturation: at or above it the queue grows without end, and
every function here raises `Unstable` and says how much work meets how many servers. A load that is below the servers by
less than a 1e-12th of them counts as saturation: rates and times as floats are not known that well.
"""

from math import exp, expm1, floor

from simtel.sizing.theory import arguments
from simtel.sizing.theory.erlang_b import blocking
from simtel.sizing.theory.queue import NEAREST, Queue, excess_load, keeps_up


def erlang_c(offered_load: float, servers: int) -> float:
    """Probability that a call finds all servers busy and must wait.

    `offered_load` in erlang, below `servers`. ValueError: an argument out of its domain. `Unstable` (a ValueError):
    offered_load >= servers, or as good as that. Source: Erlang 1917.
    """
    a, n = arguments.load("offered_load", offered_load), arguments.whole("servers", servers)
    spare = keeps_up(n - a, a, n)
    lost = blocking(a, n)
    return n * lost / (spare + a * lost)


def erlang_c_queue(arrival_rate: float, aht: float, servers: int, threshold: float) -> Queue:
    """The queue of `servers` without abandonment and with endless room.

    `arrival_rate` per second, `aht` (mean time for which a call holds a server) and `threshold` in seconds.
    ValueError: an argument out of its domain. `Unstable` (a ValueError): arrival_rate * aht >= servers, or as good as
    that.
    Source: Erlang 1917; waits beyond 0 are exponential with the rate (servers - load) / aht.
    """
    rate, aht = arguments.load("arrival_rate", arrival_rate), arguments.positive("aht", aht)
    n, threshold = arguments.whole("servers", servers), arguments.duration("threshold", threshold)
    a = rate * aht
    spare = keeps_up(-excess_load(rate, aht, n), a, n)
    lost = blocking(a, n)
    waits = n * lost / (spare + a * lost)
    at_once = spare * (1 - lost) / (spare + a * lost)
    level = at_once + waits * -expm1(-spare * threshold / aht)
    asa = waits * aht / spare
    return Queue(0.0, waits, 0.0, level, level, asa, asa, rate * asa, a / n)


def erlang_c_agents(arrival_rate: float, aht: float, service_level: float, threshold: float) -> int:
    """The fewest agents that answer at least the share `service_level` of calls within `threshold` seconds, when nobody
    gives up.

    `arrival_rate` per second, `aht` in seconds. ValueError: an argument out of its domain, or a service level of 0 or
    1; no finite number of agents answers every call in time. Source: Erlang 1917.
    """
    rate, aht = arguments.load("arrival_rate", arrival_rate), arguments.positive("aht", aht)
    wanted, threshold = (
        arguments.inner_share("service_level", service_level),
        arguments.duration("threshold", threshold),
    )
    a = arguments.countable("arrival_rate * aht", rate * aht)
    n = max(1, floor(a))
    while -excess_load(rate, aht, n) < NEAREST * n:
        n += 1
    lost = blocking(a, n)
    # Shares that come too late are compared: near 1 they are sharper than those in time.
    while _late(-excess_load(rate, aht, n), a, n, lost, threshold / aht) > 1 - wanted:
        n += 1
        lost = a * lost / (n + a * lost)
    return n


def _late(spare: float, a: float, n: int, lost: float, threshold: float) -> float:
    """Share of calls that wait longer than so many service times."""
    return n * lost / (spare + a * lost) * exp(-spare * threshold)
