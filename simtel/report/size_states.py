"""What a site gives in other states than when everything works: in a surge, and with the worst unit down. As simulated
where that was done, else by the formula, and each says which."""

from collections.abc import Sequence
from math import inf

from simtel.core.i18n import Message
from simtel.sizing.design.answer import Answer
from simtel.sizing.design.confirm import points
from simtel.sizing.design.need import Got, Need, percent
from simtel.sizing.design.simulated import Measured
from simtel.sizing.design.survive import Down
from simtel.sizing.intervals import Interval

NO_TARGET = Message("no target of service level in the surge; --degraded gives one")


def worst_line(answer: Answer) -> Message:
    """The unit whose loss is felt most, by the formula."""
    down = answer.downs[0]
    if not down.seats or not down.trunks:
        return Message("worst unit: {unit}; with it down no call is answered", unit=down.unit)
    made = None if answer.simulated is None else _simulated(answer.need, answer.simulated.cases, down)
    return Message("worst unit: {unit}; with it down {agents} agents and {trunks} trunks are left: {figures}",
                   unit=down.unit, agents=down.seats, trunks=down.trunks,
                   figures=by_formula(down.found) if made is None else as_simulated(made))  # fmt: skip


def surge_lines(answer: Answer) -> list[Message]:
    """What callers meet in the surge; nothing without one. The formula, to which a surge lasts, is silent of one that
    ends where that was simulated."""
    need = answer.need
    if answer.surge is None:
        return []
    made = None if answer.simulated is None else next(
        (one for one in answer.simulated.cases if one.case.calls > need.traffic.arrival_rate), None)  # fmt: skip
    calls, lines = f"{(need.traffic.arrival_rate + need.surge) * 3600:.6g}", []
    if made is not None:
        lines.append(Message("in the surge, {calls} calls/h: {figures}", calls=calls, figures=as_simulated(made)))
    if made is None or need.surge_lasts == inf:
        lines.append(Message("in the surge, {calls} calls/h as if it lasted: {figures}", calls=calls,
                             figures=by_formula(answer.surge)))  # fmt: skip
    return lines if need.degraded else [*lines, NO_TARGET]


def by_formula(found: Got) -> Message:
    """What callers meet."""
    return Message("service level {level}, abandonment {abandonment}, blocking {blocking}, by the formula",
                   level=percent(found.service_level), abandonment=percent(found.abandonment),
                   blocking=percent(found.blocking))  # fmt: skip


def as_simulated(found: Measured) -> Message:
    """The same, each with its band."""
    shares = found.shares
    return Message("service level {level}, abandonment {abandonment}, blocking {blocking}, simulated",
                   level=banded(shares["service_level"]), abandonment=banded(shares["abandonment"]),
                   blocking=banded(shares["blocking"]))  # fmt: skip


def banded(one: Interval) -> str:
    """A simulated share with its band; the mean, which control variates may leave beyond 0 or 1, within them."""
    return f"{percent(min(max(one.mean, 0.0), 1.0))} ± {points(one)}"


def _simulated(need: Need, cases: Sequence[Measured], down: Down) -> Measured | None:
    """The state in which as much works as with that unit down, and as much is asked: it stands for all alike."""
    alike = (down.seats, down.trunks, need.traffic.arrival_rate, need.degraded or need.targets)
    states = ((one, one.case) for one in cases)
    return next((one for one, at in states if (at.seats, at.trunks, at.calls, at.targets) == alike), None)
