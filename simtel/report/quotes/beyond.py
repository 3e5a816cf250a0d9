"""What the ranking does not see: figures beyond the buyer's worst or best, where a criterion counts no more."""

from collections.abc import Iterator
from math import isfinite

from simtel.core.i18n import Message, told
from simtel.quotes.compare import Comparison
from simtel.report.quotes.names import figure
from simtel.report.words import listed, plain

CRITERIA = {
    "cost": Message("cost"), "outage": Message("outages"), "failover": Message("failover"),
    "service": Message("answered in time"), "blocking": Message("refused"), "single": Message("single units"),
    "growth": Message("growth"),
}  # fmt: skip
_UNITS = {"outage": "min", "single": ""}  # others are money or a share
_MONEY = ("cost", "growth")


def beyond(made: Comparison, lang: str) -> Iterator[Message]:
    """By criterion and end, the options of which the figure lies beyond it. A size that none can have is told by
    itself, and is no figure."""
    for name, scale in made.buyer.scales.items():
        unit = made.buyer.currency if name in _MONEY else _UNITS.get(name, "share")
        found: dict[float, list[str]] = {}
        for option in made.options:
            here = option.readings[0].figures[name]
            end = scale.passed(here)
            if end is not None and isfinite(here):
                found.setdefault(end, []).append(f"{plain(option.option.id)} ({figure(here, unit, lang)})")
        for end, options in found.items():
            words = _WORST if end == scale.worst else _BEST
            yield Message(words.template, criterion=told(CRITERIA[name], lang), end=figure(end, unit, lang),
                          options=listed(options, lang))  # fmt: skip


_WORST = Message("{criterion}: {options} beyond the buyer's worst, {end}: what lies farther off counts no more, and no "
                 "figure moves score or bar there; set a worst that holds all offers")  # fmt: skip
_BEST = Message("{criterion}: {options} beyond the buyer's best, {end}: what is better counts no more")
