"""How far the laws fitted to the first part of a log are off on the rest of it.

The calls of the second part are replayed as they came, before as many agents as were there, with talk, wrap-up and
patience drawn from the laws of the first part: what differs is the fault of the laws, of the rule "first come, first
served", or of what the log does not tell. Rates fitted to the first part are held against the calls that came. No fit
is promised; the error is shown, hour by hour.

A call is judged within opening hours: somebody was at work when it came to the queue, in an hour for which the first
part has a rate. The others (the last callers before closing, who reach the queue after it; whoever dials at night) are
replayed and counted, but stand in no hour and no error: nothing was fitted that speaks of them.
"""

from collections.abc import Callable
from math import inf, nan
from typing import TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from simtel.core.i18n import Message
from simtel.core.problems import BadInput, Problem
from simtel.profiles.columns import OUTCOMES
from simtel.run import fit as fitting
from simtel.run.calllog.outcomes import ABANDONED, ANSWERED, Calls
from simtel.run.calllog.reader import CallLog
from simtel.run.fit import Counts, Fit
from simtel.sizing.fitting.arrivals import weekday
from simtel.sizing.fitting.replay import Service, replay, staffing
from simtel.sizing.theory.quadrature import Floats

Progress = Callable[[int, int], None]  # done, of all
Number = TypeVar("Number", np.float64, np.bool_, np.uint64)
STAFFING = 900.0  # seconds: agents come and go at quarters of an hour
DAY = 86_400
LONGEST = 400  # days of a second part


class Hour(msgspec.Struct, frozen=True):
    """One hour of the day, over all days of the second part; `hour` is -1 for all hours together.

    `agents`: whom a call met in the mean. `wait`: mean of the answered, s. `gave_up`: share of calls that reached the
    queue. Of the replay, the mean of all replications and the ends of the middle 95 % of them; NaN where nobody was
    answered, or came.
    """

    hour: int
    calls: int
    expected: float  # calls, by the rates of the first part
    agents: float
    wait: float
    replayed_wait: tuple[float, float, float]  # low, mean, high
    gave_up: float
    replayed_gave_up: tuple[float, float, float]


class Validation(msgspec.Struct, frozen=True):
    """What came out. `first` is what was fitted; `outside` so many calls, of which `lost` gave up, came outside
    opening hours and stand in no hour."""

    first: Fit
    days: int
    hours: list[Hour]
    total: Hour
    replications: int
    outside: int
    lost: int


class Second:
    """Calls from an instant on that reached the queue."""

    def __init__(self) -> None:
        self.first = inf  # seconds since 1970, of any outcome
        self._came, self._wait, self._spent = [], [], []  # type: list[Floats], list[Floats], list[Floats]
        self._answered: list[NDArray[np.bool_]] = []
        self._agent: list[NDArray[np.uint64]] = []

    def add(self, calls: Calls) -> None:
        """Keep what is replayed: instant at the queue, wait, whether answered, time spent by the agent."""
        if len(calls.start):
            self.first = min(self.first, float(calls.start.min()))
        queued = (calls.outcome == ANSWERED) | (calls.outcome == ABANDONED)
        if queued.any():
            spent = np.nan_to_num(calls.talk) + np.nan_to_num(calls.wrap_up)
            self._came.append((calls.start + np.nan_to_num(calls.ivr))[queued])
            self._wait.append(calls.wait[queued])
            self._spent.append(spent[queued])
            self._answered.append((calls.outcome == ANSWERED)[queued])
            self._agent.append(np.where(calls.outcome == ANSWERED, calls.agent, np.uint64(0))[queued])

    def sorted(self) -> tuple[Floats, Floats, NDArray[np.bool_], Floats, NDArray[np.uint64]]:
        """By the instant at the queue. Each column is given away as soon as it is sorted: they are long."""
        if not self._came:
            empty = np.zeros(0)
            return empty, empty, np.zeros(0, bool), empty, np.zeros(0, np.uint64)
        order = np.argsort(np.concatenate(self._came), kind="stable")
        return (
            _taken(self._came, order), _taken(self._wait, order), _taken(self._answered, order),
            _taken(self._spent, order), _taken(self._agent, order),
        )  # fmt: skip


def _taken(blocks: list[NDArray[Number]], order: NDArray[np.intp]) -> NDArray[Number]:
    """The blocks as one, in order; they are gone afterwards."""
    whole = np.concatenate(blocks)
    blocks.clear()
    return whole[order]


def validate(
    log: CallLog,
    until: float,
    agents: int | None,
    replications: int,
    seed: int,
    progress: Progress | None = None,
    replaying: Progress | None = None,
) -> Validation:
    """Fit what started before `until` (seconds since 1970 on the log's clock), replay the rest.

    `agents`: as many all the time; None: as many as the log shows. `progress` hears of bytes read and of all,
    `replaying` of calls. BadInput: too little on either side.
    """  # fmt: skip
    counts, second = Counts(3600), Second()
    for calls in log:
        early = calls.start < until
        counts.add(calls.where(early))
        second.add(calls.where(~early))
        if progress is not None:
            progress(log.read, log.size)
    if not counts.calls and second.first < inf:
        message = Message("holds no call to fit before the day of --fit-until: the first comes on {day}",
                          day=fitting.day(second.first))  # fmt: skip
        raise BadInput([Problem(str(log.path), 0, 0, message)])
    first = fitting.fit(counts, str(log.path), log.dropped)
    del counts
    came, wait, good, spent, agent = second.sorted()
    if not len(came):
        raise BadInput([Problem(str(log.path), 0, 0, Message("holds no call to replay after the day of --fit-until"))])
    begin = float(came[0] // DAY * DAY)
    days = int((came[-1] - begin) // DAY) + 1
    if days > LONGEST:
        message = Message("holds {days} days to replay; {most} are the most", days=days, most=LONGEST)
        raise BadInput([Problem(str(log.path), 0, 0, message)])
    intervals = int(days * DAY / STAFFING)
    if agents is None:
        answer = came - begin + wait
        staffed = staffing(agent, answer, answer + spent, STAFFING, intervals)
        del answer
        if not staffed.any():
            message = Message("does not say who answered: name the column 'agent' in the mapping, or give --agents")
            raise BadInput([Problem(str(log.path), 0, 0, message)])
    else:
        staffed = np.full(intervals, agents, np.int64)
    del spent, agent
    service = Service(
        first.talk.law, None if first.wrap_up is None else first.wrap_up.law, first.patience.law
    )  # fmt: skip
    expected = _expected(first, begin, days)
    hour_of = (came % DAY // 3600).astype(np.int64)
    met = staffed[((came - begin) // STAFFING).astype(np.int64)]  # agents, by each call
    open_ = (met > 0) & (expected[hour_of] > 0)
    if not open_.any():
        message = Message("holds no call to replay in an hour that had calls before --fit-until, and agents after it")
        raise BadInput([Problem(str(log.path), 0, 0, message)])
    lost, waited = np.zeros((24, replications)), np.zeros((24, replications))
    for part, waits in replay(came - begin, staffed, STAFFING, service, replications, seed):
        if open_[part.start]:  # or none of them: an interval lies within one hour
            hour = int(hour_of[part.start])
            lost[hour] += (waits < 0).sum(axis=0)
            waited[hour] += np.maximum(waits, 0.0).sum(axis=0)
        if replaying is not None:
            replaying(part.stop, len(came))
    of = [np.ones(len(came)), good, good * wait, met]
    counted: Floats = np.array([np.bincount(hour_of, open_ * each, 24) for each in of])
    hours = [
        _hour(n, counted[:, n], float(expected[n]), lost[n], waited[n]) for n in np.flatnonzero(counted[0]).tolist()
    ]
    total = _hour(-1, counted.sum(axis=1), float(expected.sum()), lost.sum(axis=0), waited.sum(axis=0))
    outside = ~open_
    return Validation(
        first, len(np.unique(came // DAY)), hours, total, replications, int(outside.sum()),
        int((outside & (good == 0)).sum()),
    )  # fmt: skip


def _expected(first: Fit, begin: float, days: int) -> Floats:
    """Calls that reach the queue in each hour of the day, by the rates of the first part, over those days."""
    queued = first.outcomes.get(OUTCOMES[ANSWERED], 0) + first.outcomes.get(OUTCOMES[ABANDONED], 0)
    means = {number: type_.mean for type_ in first.arrivals.types for number in type_.weekdays}
    total = np.zeros(24)
    for day in range(days):
        total += means.get(weekday(int(begin // DAY) + day), np.zeros(24))
    return total * queued / first.calls


def _hour(hour: int, seen: Floats, expected: float, lost: Floats, waited: Floats) -> Hour:
    """`seen`: calls, of these answered, the sum of their waits, and of the agents that calls met. Of each replication:
    how many gave up, and the sum of the waits of the others."""
    calls, answered, wait, met = (float(value) for value in seen)
    return Hour(
        hour, round(calls), expected, met / calls, wait / answered if answered else nan,
        _middle(waited / np.maximum(calls - lost, 1)), 1.0 - answered / calls, _middle(lost / calls),
    )  # fmt: skip


def _middle(values: Floats) -> tuple[float, float, float]:
    low, high = np.quantile(values, (0.025, 0.975))
    return float(low), float(values.mean()), float(high)
