"""A whole site as one queue: trunks held through IVR, queue and talk, seats held through talk and wrap-up.

A call takes a timeslot, and a port of the IVR, or is refused. After the IVR some calls leave; the others wait for a
seat, and whoever runs out of patience hangs up. With its talk a call leaves its timeslot; the seat stays taken until
the wrap-up is done. Office extensions hold timeslots besides. The state: k calls with the IVR, s calls that wait, talk
or are written up, of which those that are written up hold no timeslot, and j calls of extensions.

As long as nobody is refused these are independent: k and j are Poisson, s is an Erlang A queue, and each taken seat is
being written up with the probability wrap-up / (talk + wrap-up). What trunks and ports forbid is cut off from that,
and a call that leaves the IVR sees the site as it would be without it (arrival theorem). Without wrap-up this is exact
(product form: Srinivasan, Talim & Wang, TOP 12, 2004; patience changes the rates of s alone): it is `trunks_ivr_agents`
for endless patience and `erlang_a_queue` without an IVR. Two things make it an approximation as soon as calls are
refused. With wrap-up, how many seats are written up is no longer independent of what went before. With fewer ports than
trunks, a full IVR keeps calls from the seats at times, and not evenly; the seats are given the rate that so many ports
let through in the mean (Erlang B). Against the chain of all states of 1,500 random sites (up to 8 seats, 16 trunks),
blocking, occupancy and abandonment were off by at most 0.4 points where up to 2 % of the calls are refused, and by 3.3
points (0.2 in the mean) where 2 to 10 % are.
"""

from dataclasses import dataclass
from functools import lru_cache
from math import inf, log

import numpy as np

from simtel.sizing.theory import arguments
from simtel.sizing.theory.quadrature import Floats
from simtel.sizing.theory.queue import Queue
from simtel.sizing.theory.waits import in_time


@dataclass(frozen=True, slots=True)
class Traffic:
    """What callers do. Rates per second, times in seconds, loads in erlang.

    `p_agent` is the share of calls that want a seat after the IVR; `patience` the mean time that they wait for one,
    infinite if nobody gives up; `extensions` the load that office extensions put on the trunks: a Poisson stream, or
    that of so many `sources` which each call only while they are idle (Engset; 0: a Poisson stream).
    ValueError: a figure out of its domain.
    """

    arrival_rate: float
    talk: float
    wrap_up: float = 0.0
    ivr: float = 0.0
    p_agent: float = 1.0
    patience: float = inf
    extensions: float = 0.0
    sources: int = 0

    def __post_init__(self) -> None:
        arguments.positive("arrival_rate", self.arrival_rate)
        arguments.positive("talk", self.talk)
        arguments.load("wrap_up", self.wrap_up)
        arguments.load("ivr", self.ivr)
        arguments.share("p_agent", self.p_agent)
        if arguments.patience("patience", self.patience) <= 0:
            raise ValueError("patience must be above 0")
        arguments.load("extensions", self.extensions)
        arguments.whole("sources", self.sources, 0)
        if self.sources and self.extensions >= self.sources:
            raise ValueError(f"extensions must be below sources, {self.sources}, not {self.extensions!r}")

    @property
    def aht(self) -> float:
        """How long a call holds a seat."""
        return self.talk + self.wrap_up

    @property
    def seat_load(self) -> float:
        """What callers would put on seats if all were answered, in erlang."""
        return self.arrival_rate * self.p_agent * self.aht

    @property
    def trunk_load(self) -> float:
        """What calls would put on trunks if nobody waited, in erlang."""
        return self.arrival_rate * (self.ivr + self.p_agent * self.talk) + self.extensions


def site_queue(
    traffic: Traffic, seats: int, trunks: int, threshold: float, ports: int | None = None, calls: float | None = None
) -> Queue:
    """The steady state with `seats`, `trunks` and `ports` of the IVR (None: one for each trunk; without an IVR any
    number, none too, is the same). `calls`: so many a second, instead of those of `traffic`.

    In the answer `p_block` is the share of all calls that is refused, for want of a timeslot or of a port; the other
    shares are those of calls that want a seat, refused ones included, and their waits count from the moment when they
    want it. ValueError: an argument out of its domain. Source: see the head of this file.
    """
    n, most = arguments.whole("seats", seats), arguments.whole("trunks", trunks)
    most_ivr = most if ports is None else arguments.whole("ports", ports, 1 if traffic.ivr else 0)
    threshold = arguments.duration("threshold", threshold)
    leaving = 0.0 if traffic.patience == inf else 1 / traffic.patience
    calls = traffic.arrival_rate if calls is None else arguments.positive("calls", calls)
    rate = calls * traffic.p_agent
    served = n / traffic.aht  # rate at which seats become free while all are taken

    ivr = _poisson(calls * traffic.ivr, most)
    if most_ivr < most:
        ivr = ivr.copy()
        ivr[most_ivr + 1 :] = 0.0
    others = _limited(traffic.extensions, traffic.sources, most) if traffic.sources else (
        _poisson(traffic.extensions, most))  # fmt: skip
    beside = np.convolve(ivr, others)[: most + 1]  # timeslots that neither wait nor talk
    size = most + (n if traffic.wrap_up else 0)  # calls at the seats, at the most
    let_through = _let_through(ivr[: most_ivr + 1], most) if traffic.ivr else 1.0
    holding = _waiting(n, size, rate * let_through, served, leaving)
    taken = _talking(traffic.talk / traffic.aht, n)
    soon, late = holding[:n], holding[n:]  # with a seat left; with none, while 0, 1, ... calls wait
    few = np.einsum("s,sh->h", soon, taken[: len(soon), :n])  # not `@`: its threads hinder each other
    few = _of(few, most + 1)  # weight of each number of timeslots that they hold
    many = _of(np.convolve(late, taken[n]) if len(late) else late, most + 1)
    held = few + many

    room = np.cumsum(beside)[::-1]  # for so many timeslots held, weight of all that the others may hold beside them
    total, lost = float(held.dot(room)), float(held.dot(beside[::-1]))
    mean_room = _over(taken[n], room, len(late) + 1)  # over what they hold while 0, 1, ... wait
    met_room, mean_met_room = room[1:], mean_room[1:]  # by a call that has left the IVR
    if traffic.ivr and most_ivr < most:
        full_ports = ivr[most_ivr] * np.concatenate((np.zeros(most_ivr), others))[:most]
        lost += float(held[:most].dot(np.cumsum(full_ports)[::-1]))
        met_room = np.cumsum(np.convolve(ivr[:most_ivr], others)[:most])[::-1]
        mean_met_room = _over(taken[n], met_room, len(late))
    met_few, met_many = float(few[:most].dot(met_room)), float(many[:most].dot(met_room))
    met = met_few + met_many
    if total == 0 or met == 0:  # loads so far beyond the trunks that no state has a weight that a float could hold
        return Queue(1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0)
    block = min(lost / total, 1.0)

    waits, places = late * mean_met_room / met, len(late)
    among = 1 << places.bit_length()  # so many places have the same answers, and are asked about again
    answered, lasting = (of[:places] for of in _answering(among, served, leaving))
    kept = waits * answered
    prompt = met_few / met + float(kept.dot(in_time(among, served, traffic.patience, threshold)[:places]))
    given_up = float(waits.dot(1 - answered))
    share = 1 - given_up
    let_in = 1 - block
    waiting = float((late * mean_room[:places]).dot(np.arange(places))) / total
    return Queue(
        p_block=block,
        p_wait=let_in * float(waits.sum()),
        p_abandon=let_in * given_up,
        service_level=let_in * prompt,
        service_level_answered=prompt / share,
        asa=float(kept.dot(lasting)) / share,
        mean_wait=waiting / (rate * let_in) if rate and let_in else 0.0,
        mean_queue=waiting,
        occupancy=min(rate * let_in * share * traffic.aht / n, 1.0),
    )


def _let_through(ivr: Floats, trunks: int) -> float:
    """Share of calls that ports let pass to the seats; what trunks refuse is cut off from the states themselves."""
    return 1.0 if len(ivr) > trunks else 1 - float(ivr[-1] / ivr.sum())


@lru_cache(maxsize=256)
def _poisson(load: float, most: int) -> Floats:
    """Weights of 0..most, the largest 1."""
    if load == 0:
        return np.concatenate(([1.0], np.zeros(most)))
    return _weights(load, _factorials(1 << most.bit_length())[: most + 1])


@lru_cache(maxsize=16)
def _factorials(most: int) -> Floats:
    """Logarithms of those of 0..most."""
    return np.concatenate(([0.0], np.cumsum(np.log(np.arange(1, most + 1)))))


def _weights(rate: float, ends: Floats) -> Floats:
    """Of the states of a birth-and-death chain, the largest 1. `ends`: logarithms of the products of all rates down."""
    logs = log(rate) * np.arange(len(ends)) - ends
    return np.asarray(np.exp(logs - logs.max()))


def _limited(load: float, sources: int, most: int) -> Floats:
    """The same of so many sources that together would offer `load`, each calling while it is idle."""
    ready = load / (sources - load)  # of one source, erlang while idle
    weights = np.zeros(most + 1)
    weights[0] = 1.0
    for k in range(1, min(sources, most) + 1):
        weights[k] = weights[k - 1] * (sources - k + 1) / k * ready
        weights /= weights.max()
    return weights


def _waiting(n: int, size: int, rate: float, served: float, leaving: float) -> Floats:
    """Weights of 0..size calls at the seats: waiting, talking or written up."""
    if rate == 0:
        return np.concatenate(([1.0], np.zeros(size)))
    return _weights(rate, _ends(n, 1 << size.bit_length(), served, leaving)[: size + 1])


@lru_cache(maxsize=64)  # what is asked about trunks is asked about the same seats
def _ends(n: int, size: int, served: float, leaving: float) -> Floats:
    """Logarithms of the products of the rates at which 1, 2, ... calls at the seats end, up to each number."""
    calls = np.arange(1, size + 1)
    often = np.minimum(calls, n) * (served / n) + np.maximum(calls - n, 0) * leaving
    return np.concatenate(([0.0], np.cumsum(np.log(often))))


@lru_cache(maxsize=64)
def _answering(places: int, served: float, leaving: float) -> tuple[Floats, Floats]:
    """Of callers who find 0, 1, ... places-1 others waiting, the share that is answered, and their mean waits."""
    often = served + np.arange(1, places + 1) * leaving
    return np.asarray(served / often), np.cumsum(1 / often)


def _talking(talks: float, n: int) -> Floats:
    """Row s: the shares of time for which 0..n of s taken seats talk, each with the probability `talks` by itself."""
    return _talking_up_to(talks, 1 << n.bit_length())[: n + 1, : n + 1]


@lru_cache(maxsize=4)
def _talking_up_to(talks: float, most: int) -> Floats:
    """The same for any number of seats up to `most`: row s knows nothing of those that are not taken."""
    rows = np.zeros((most + 1, most + 1))
    rows[0, 0] = 1.0
    for s in range(1, most + 1):
        rows[s] = rows[s - 1] * (1 - talks)
        rows[s, 1:] += rows[s - 1, :-1] * talks
    return rows


def _of(weights: Floats, size: int) -> Floats:
    """The first of them, as many as `size`; beyond them nothing."""
    if len(weights) < size:
        return np.concatenate((weights, np.zeros(size - len(weights))))
    return weights[:size]


def _over(talking: Floats, room: Floats, size: int) -> Floats:
    """For 0..size-1 calls that wait while all seats are taken, the mean of `room` over the timeslots that are held: one
    for each who talks, and one for each who waits."""
    return np.asarray(np.correlate(_of(room, size + len(talking) - 1), talking, "valid")) if size else np.zeros(0)
