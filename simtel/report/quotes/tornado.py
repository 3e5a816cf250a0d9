"""What turns a ranking, as a picture: how far each figure moves the lead of the first option over the second."""

from simtel.core.i18n import LANGUAGES, Message, told
from simtel.quotes.compare import Comparison
from simtel.quotes.turning import Bar
from simtel.report.both import Words
from simtel.report.quotes.compare import figure, figure_name
from simtel.report.svg import Drawing
from simtel.report.words import plain

SHOWN = 8
WIDTH, LEFT, RIGHT, TOP, ROW, BAR = 920, 300, 60, 34, 24, 14


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
    pic = Drawing(WIDTH, TOP + ROW * len(shown) + 34, title)
    all_ = [0.0, lead, *(end for bar in shown for end in ends(bar))]
    least, most = min(all_), max(all_)
    # Room at both sides for the figures that stand at the ends of the bars.
    scale = (WIDTH - LEFT - RIGHT - 140) / (most - least)
    bottom = TOP + ROW * len(shown)

    def x(value: float) -> float:
        return LEFT + 70 + (value - least) * scale

    pic.text(20, TOP - 14, title, "lane")
    for number, bar in enumerate(shown):
        top = TOP + ROW * number + (ROW - BAR) / 2
        pic.text(LEFT - 10, top + BAR - 3, {lang: figure_name(bar.figure, lang) for lang in LANGUAGES}, "tick", "end")
        unit = made.units[bar.figure]
        low, high = ends(bar)
        for kind, end in (("low", low), ("high", high)):
            pic.rect(x(min(lead, end)), top, abs(end - lead) * scale, BAR, f"end-{kind}")
        left, right = sorted(((low, bar.ranged.low), (high, bar.ranged.high)))
        if left[0] < lead:
            pic.text(x(left[0]) - 5, top + BAR - 3, figure(left[1], unit), "tick", "end")
        if right[0] > lead:
            pic.text(x(right[0]) + 5, top + BAR - 3, figure(right[1], unit), "tick")
    pic.line(x(lead), TOP, x(lead), bottom, "chosen")
    pic.line(x(0), TOP, x(0), bottom, "axis")
    pic.text(x(0), bottom + 10, _words(Message("level")), "tiny", "middle")
    pic.rect(LEFT, bottom + 14, 12, 10, "end-low")
    pic.text(LEFT + 18, bottom + 23, _words(Message("at the low end of its range")), "tick")
    pic.rect(LEFT + 220, bottom + 14, 12, 10, "end-high")
    pic.text(LEFT + 238, bottom + 23, _words(Message("at the high end of its range")), "tick")
    return pic


def _words(message: Message) -> Words:
    return {lang: plain(told(message, lang)) for lang in LANGUAGES}
