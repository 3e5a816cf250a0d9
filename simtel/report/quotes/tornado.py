"""What turns a ranking, as a picture: how far each figure moves the lead of the first option over the second."""

from simtel.core.i18n import LANGUAGES, Message, told
from simtel.quotes.compare import Comparison
from simtel.quotes.turning import Bar
from simtel.report import bars
from simtel.report.both import Words
from simtel.report.quotes.names import figure, figure_name
from simtel.report.svg import Drawing
from simtel.report.words import plain

SHOWN = 8


def leaders(made: Comparison) -> tuple[int, int] | None:
    """The first and the second option; None where there is one alone."""
    order = [place.option for place in sorted(made.places, key=lambda one: one.place)]
    return (order[0], order[1]) if len(order) > 1 else None


def lead_tornado(made: Comparison) -> Drawing | None:
    """A bar a figure, at the low and at the high end of its range; None where nothing moves the lead."""
    pair = leaders(made)
    if pair is None:
        return None
    first, second = pair
    scores = {place.option: place.score for place in made.places}
    lead = scores[first] - scores[second]

    def ends(bar: Bar) -> tuple[float, float]:
        return bar.at_low[first] - bar.at_low[second], bar.at_high[first] - bar.at_high[second]

    shown = [bar for bar in made.bars if max(abs(end - lead) for end in ends(bar)) > 1e-6]
    shown = sorted(shown, key=lambda bar: -max(abs(end - lead) for end in ends(bar)))[:SHOWN]
    if not shown:
        return None
    title = _words(Message("Lead of {first} over {second} at the ends of each figure's range",
                           first=made.options[first].option.id, second=made.options[second].option.id))  # fmt: skip
    rows = [
        bars.Row({lang: figure_name(made, bar.figure, lang) for lang in LANGUAGES}, *ends(bar),
                 *({lang: figure(end, made.units[bar.figure], lang) for lang in LANGUAGES}
                   for end in (bar.ranged.low, bar.ranged.high)))
        for bar in shown
    ]  # fmt: skip
    return bars.tornado(title, rows, lead, _words(Message("level")))


def _words(message: Message) -> Words:
    return {lang: plain(told(message, lang)) for lang in LANGUAGES}
