"""A verdict: outcome, reason in words, measured figure, limit, and the evidence on which it rests.

A reason is an English template with {fields} and the values for them, so that a report can translate the
template and keep the values. Every template is a literal given to `say`, where `templates.templates()`
finds it.
"""

import string
from collections.abc import Iterable
from math import log10

import msgspec

from simtel.core.clock import show_duration
from simtel.core.events import Event
from simtel.core.i18n import Message
from simtel.core.log import Expectation, Limit
from simtel.core.quantity import Unit, Value
from simtel.verdict.outcome import Outcome

EVENTS_SHOWN = 50


class Text(msgspec.Struct, frozen=True):
    """A sentence: English template and its fields; durations stand in the fields as text."""

    template: str
    args: dict[str, Value] = {}

    def __str__(self) -> str:
        return self.template.format(**self.args)


def say(template: str, /, **args: Value) -> Text:
    """A sentence from a literal template. ValueError when fields and values do not match."""
    fields = {name for _, name, _, _ in string.Formatter().parse(template) if name}
    if fields != set(args):
        raise ValueError(f"{template!r} has the fields {sorted(fields)}, given were {sorted(args)}")
    return Text(template, args)


def say_message(message: str) -> Text:
    """A message that was made elsewhere, as a sentence of a verdict; any other text as it stands."""
    if isinstance(message, Message):
        fields: dict[str, Value] = {
            name: value if type(value) is int else str(value) for name, value in message.fields.items()
        }
        return Text(message.template, fields)
    return say("{message}", message=message)


class Measured(msgspec.Struct, frozen=True):
    """A figure drawn from the evidence, in base units of `unit`, off by at most `uncertainty` either way.

    One drawn from a sample lies between `low` and `high` (95 %), as a rule not in their middle; `uncertainty` is then
    the larger distance. Others have neither: they lie between value - uncertainty and value + uncertainty.
    """

    value: Value
    unit: Unit
    uncertainty: int | float = 0
    low: int | float | None = None
    high: int | float | None = None

    @property
    def ends(self) -> tuple[int | float, int | float] | None:
        """Between what the figure lies; None when it is no number."""
        if isinstance(self.value, str | bool):
            return None
        if self.low is not None and self.high is not None:
            return self.low, self.high
        return self.value - self.uncertainty, self.value + self.uncertainty


class Verdict(msgspec.Struct, frozen=True):
    """The answer of one criterion. `events` numbers the evidence (the first 50).

    `applies` is False when there was nothing to judge: the site lacks what the scenario is about, or the target cannot
    do it. Such a verdict is INCONCLUSIVE like any other that the evidence does not decide, never a PASS, and its
    reason says what is lacking; reports show it apart from evidence that left the matter open.
    """

    criterion: str
    outcome: Outcome
    reason: Text
    measured: Measured | None = None
    limit: Limit | None = None
    events: tuple[int, ...] = ()
    figures: dict[str, Measured] = {}
    subject: str = ""
    rests_on: tuple[str, ...] = ()
    notes: tuple[Text, ...] = ()
    applies: bool = True

    @property
    def key(self) -> str:
        """Names this verdict within its judgement: the criterion, and the unit when it is about one."""
        return key_of(self.criterion, self.subject)


def key_of(criterion: str, subject: str = "") -> str:
    """The key under which a criterion's answer stands in variants and reports."""
    return f"{criterion}:{subject}" if subject else criterion


def against(measured: float, uncertainty: float, limit: float, at_most: bool = True) -> Outcome:
    """Compare with a limit; a limit that lies within the uncertainty is INCONCLUSIVE."""
    if not at_most:
        measured, limit = -measured, -limit
    if measured + uncertainty <= limit:
        return Outcome.PASS
    return Outcome.FAIL if measured - uncertainty > limit else Outcome.INCONCLUSIVE


def limit_of(expect: Expectation, name: str) -> Limit | None:
    """The limit of that name, if the expectation has it."""
    return next((limit for limit in expect.limits if limit.name == name), None)


def number_of(limit: Limit) -> int | float:
    """The value of a limit that is a number. TypeError when it is a word or a flag."""
    if isinstance(limit.value, str | bool):
        raise TypeError(f"limit {limit.name} is {limit.value!r}, not a number")
    return limit.value


def need(expect: Expectation, name: str) -> Limit:
    """A limit that must be there. KeyError names it."""
    limit = limit_of(expect, name)
    if limit is None:
        raise KeyError(f"limit {name} of {expect.criterion} is missing")
    return limit


def numbers(*groups: Iterable[Event | None]) -> tuple[int, ...]:
    """Numbers of these events in order, the first 50."""
    return tuple(sorted({e.seq for group in groups for e in group if e is not None})[:EVENTS_SHOWN])


def time(value: float, uncertainty: float = 0) -> Measured:
    """A measured duration in nanoseconds."""
    return Measured(round(value), Unit.TIME, round(uncertainty))


def count(value: int) -> Measured:
    """A measured count."""
    return Measured(value, Unit.COUNT)


def sampled(value: float, low: float, high: float, unit: Unit) -> Measured:
    """A figure drawn from a sample, with its interval; durations as whole nanoseconds."""
    if unit is Unit.TIME:
        value, low, high = round(value), round(low), round(high)
    return Measured(value, unit, max(high - value, value - low), low, high)


def share(value: float, uncertainty: float = 0.0) -> Measured:
    """A measured share, 0..1."""
    return Measured(value, Unit.SHARE, uncertainty)


def about(value: int, uncertainty: int) -> dict[str, Value]:
    """`gap` and `off` of a sentence: a duration no more exact than it is known, and its uncertainty, rounded up.

    The duration is told to the decimal place of the uncertainty's first digit, or of its own if that is finer: that
    moves it by less than the uncertainty, so it never seems to lie on the other side of a limit, and what is more than
    nothing is never told as nothing. Without uncertainty it is told as it is.
    """
    if uncertainty <= 0:
        return {"gap": show_duration(value), "off": show_duration(0)}
    finest = 10 ** int(log10(uncertainty))
    place = min(finest, 10 ** int(log10(abs(value)))) if value else finest
    fine = max(1, finest // 10)
    return {
        "gap": show_duration((value + place // 2) // place * place),
        "off": show_duration(-(-uncertainty // fine) * fine),
    }


def tally(causes: dict[str, int]) -> str:
    """Causes with counts, the most frequent first: 'trunk 3, seat 1'."""
    return ", ".join(f"{name} {n}" for name, n in sorted(causes.items(), key=lambda item: (-item[1], item[0])))


__all__ = [
    "Measured",
    "Outcome",
    "Text",
    "Verdict",
    "about",
    "against",
    "count",
    "key_of",
    "limit_of",
    "need",
    "number_of",
    "numbers",
    "sampled",
    "say",
    "say_message",
    "share",
    "show_duration",
    "tally",
    "time",
]
