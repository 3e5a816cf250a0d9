"""What a call log came to, for people: a table for a terminal, with what was dropped; and as JSON for programs."""

from collections.abc import Iterator
from datetime import UTC, datetime

import msgspec
from rich.table import Table
from rich.text import Text as Line

from simtel.core.i18n import term as word_in
from simtel.core.i18n import told, translate
from simtel.profiles import demand
from simtel.profiles.law import Law
from simtel.report.table import printed
from simtel.report.words import plain
from simtel.run.calllog.reader import CallLog
from simtel.run.fit import Fit
from simtel.sizing.fitting.arrivals import WEEK
from simtel.sizing.fitting.laws import Fitted

SCHEMA = "fit/1"
Row = tuple[str, str, str, str]  # what, figure, its 95 % interval, remark


def render_fit(
    found: Fit, log: CallLog, lang: str = "en", colour: bool = False, width: int | None = None, upper: bool = False
) -> str:
    """The table as text, `width` columns wide (the terminal's own width when None). `upper`: as for `demand_file`."""
    table = Table(title=Line(_title(found, lang)), title_justify="left")
    for head in (translate("figure", lang), translate("value", lang), translate("95 % interval", lang),
                 translate("how near", lang)):  # fmt: skip
        table.add_column(head, overflow="fold")
    for row in (*_arrivals(found, lang), *_laws(found, lang), *_patience(found, log, lang), *_redials(found, lang)):
        table.add_row(*(Line(plain(cell)) for cell in row))
    said = [_planned(found, upper, lang), *dropped(log, lang)]
    return printed([table, *(Line(plain(line)) for line in said)], colour, width)


def _planned(found: Fit, upper: bool, lang: str) -> str:
    """What a size of this demand is planned for."""
    type_, number = found.busiest(upper)
    scale = found.fresh * 3600 / found.arrivals.interval
    mean, low, high = (_f(float(calls[number]) * scale) for calls in (type_.mean, type_.low, type_.high))
    begin = number * found.arrivals.interval
    tries = (translate("callers are not known, second tries are among them", lang) if found.redials is None
             else translate("second tries are among them, untold from calls that come anyway", lang) if found.untold
             else translate("second tries taken off", lang))  # fmt: skip
    words = {"day": day_word(type_.name, lang), "tries": tries, "clock": f"{begin // 3600:02}:{begin // 60 % 60:02}",
             "low": low, "high": high}  # fmt: skip
    if upper:
        return translate("simtel size plans for the upper ends of the rates, {high}/h from {clock} of a {day} (95 % "
                         "interval {low} - {high}/h; {tries})", lang, **words)  # fmt: skip
    return translate("simtel size plans for the mean of the busiest interval, {mean}/h from {clock} of a {day} (95 % "
                     "interval {low} - {high}/h; {tries}); --rates upper writes the upper ends", lang,
                     mean=mean, **words)  # fmt: skip


def dropped(log: CallLog, lang: str) -> Iterator[str]:
    """How many rows were read, and for each reason how many were left out."""
    rows = sum(one.rows for one in log.dropped)
    yield translate("{rows} rows read ({encoding}), {dropped} dropped; calls that come again were looked for among the "
                    "latest {window}", lang, rows=log.rows, encoding=log.encoding, dropped=rows,
                    window=log.window)  # fmt: skip
    for one in log.dropped:
        yield "  " + translate("{rows} dropped: {reason} (lines {lines})", lang, rows=one.rows,
                               reason=told(one.reason, lang), lines=one.where)  # fmt: skip


def warnings(log: CallLog, lang: str) -> Iterator[str]:
    """What to say beside all else of a log that was read: what its figures are not, and what was guessed."""
    if log.much_dropped:
        yield translate("{share} of the rows could not be used, {lost} of the {gave_up} who gave up among them: what "
                        "is told here is of the others", lang, share=f"{log.much_dropped:.1%}", lost=log.lost,
                        gave_up=log.gave_up)  # fmt: skip
    if log.timeless:
        yield translate("{share} of the calls came at midnight: the time of day may stand in another column, "
                        "'start: [date, time]'", lang, share=f"{log.timeless:.1%}")  # fmt: skip
    if log.twice:
        yield translate("{count} instants lie in an hour that comes twice, for the clock was set back: they are taken "
                        "for the first", lang, count=log.twice)  # fmt: skip


def _title(found: Fit, lang: str) -> str:
    return translate("{calls} calls from {first} to {last}: {outcomes}", lang, calls=found.calls,
                     first=clock(found.first), last=clock(found.last), outcomes=_outcomes(found, lang))  # fmt: skip


def _outcomes(found: Fit, lang: str) -> str:
    mark = "、" if lang == "zh" else ", "
    return mark.join(f"{word_in(name, lang)} {number}" for name, number in found.outcomes.items())


def _arrivals(found: Fit, lang: str) -> Iterator[Row]:
    seen = found.arrivals
    for type_ in seen.types:
        busiest = int(type_.mean.argmax())
        per_hour = 3600 / seen.interval
        begin = busiest * seen.interval
        yield (
            translate("busiest interval of a {day}", lang, day=day_word(type_.name, lang)),
            f"{_f(type_.mean[busiest] * per_hour)}/h",
            f"{_f(type_.low[busiest] * per_hour)} - {_f(type_.high[busiest] * per_hour)}/h",
            translate("from {clock}; {days} days", lang, clock=f"{begin // 3600:02}:{begin // 60 % 60:02}",
                      days=type_.days),
        )  # fmt: skip
    if seen.dispersion is None or seen.expected is None:
        yield translate("scatter of arrivals", lang), "-", "-", translate("too few days of one type to judge", lang)
    else:
        low, high = seen.expected
        near = (translate("Poisson", lang) if low <= seen.dispersion <= high
                else translate("more than chance: days differ, or callers dial again", lang) if seen.dispersion > high
                else translate("more even than chance", lang))  # fmt: skip
        yield (translate("scatter of arrivals (1: Poisson)", lang), _f(seen.dispersion),
               translate("Poisson: {low} - {high}", lang, low=_f(low), high=_f(high)), near)  # fmt: skip
    if seen.silent:
        yield translate("days without a call", lang), str(seen.silent), "-", translate("taken for closed", lang)


def day_word(name: str, lang: str) -> str:
    """A type of day, or a weekday, which English writes with a capital."""
    return word_in(name, lang).title() if name in WEEK else word_in(name, lang)


def _laws(found: Fit, lang: str) -> Iterator[Row]:
    named = ((translate("talk", lang), found.talk), (translate("wrap-up", lang), found.wrap_up),
             (translate("time with the IVR", lang), found.ivr))  # fmt: skip
    for name, fitted in named:
        if fitted is None:
            yield name, "-", "-", translate("the log does not tell", lang)
        else:
            yield from _law(name, fitted, lang)
    if found.ivr is not None:
        yield translate("leave within the IVR", lang), f"{found.leaves:.2%}", "-", ""


def _law(name: str, fitted: Fitted, lang: str) -> Iterator[Row]:
    mean, deviation = fitted.mean, fitted.deviation
    near = ", ".join(f"{word_in(kind, lang)} {apart:.1%}" for kind, apart in fitted.apart.items())
    yield (translate("{name}: mean", lang, name=name), f"{_f(mean.mean)} s", f"{_f(mean.low)} - {_f(mean.high)} s",
           translate("{law}; off by at most: {near}", lang, law=_law_word(fitted.law, lang), near=near))  # fmt: skip
    yield (translate("{name}: deviation", lang, name=name), f"{_f(deviation.mean)} s",
           f"{_f(deviation.low)} - {_f(deviation.high)} s", "")  # fmt: skip


def _law_word(law: Law, lang: str) -> str:
    return word_in(law.kind, lang)


def _patience(found: Fit, log: CallLog, lang: str) -> Iterator[Row]:
    seen = found.patience
    name = translate("patience: mean", lang)
    if not seen.gave_up:
        lost = translate("{rows} who gave up were dropped", lang, rows=log.lost)
        yield name, "-", "-", lost if log.lost else translate("nobody gave up", lang)
    else:
        law = translate("too few gave up for a law", lang) if seen.law is None else _law_word(seen.law, lang)
        near = translate("{law}; exponential is off by at most {apart}", lang, law=law, apart=f"{seen.apart:.1%}")
        yield name, f"{_f(seen.mean)} s", f"{_f(seen.low)} - {_f(seen.high)} s", near


def _redials(found: Fit, lang: str) -> Iterator[Row]:
    name = translate("dial again within the hour", lang)
    if found.redials is None:
        yield name, "-", "-", translate("the log does not tell", lang)
        return
    seen = found.redials
    if seen.share is None or seen.served is None:
        words = (translate("{share} of {lost} not served called again; how many of them would have anyway is not told: "
                           "no call that was served has a known caller", lang, share=f"{seen.again:.2%}",
                           lost=seen.unserved) if seen.served is None
                 else translate("no call that was not served has a known caller", lang))  # fmt: skip
        yield name, "-", f"{seen.low:.2%} - {seen.high:.2%}", words
        return
    yield (name, f"{seen.share:.2%}", f"{seen.low:.2%} - {seen.high:.2%}",
           translate("of {lost} not served; taken off, as of the served: {share}", lang, lost=seen.unserved,
                     share=f"{seen.served:.2%}"))  # fmt: skip
    if found.delay is not None:
        yield from _law(translate("until they dial again", lang), found.delay, lang)


def span(found: Fit) -> str:
    """The first and the last instant of the log."""
    return f"{clock(found.first)} - {clock(found.last)}"


def clock(seconds: float) -> str:
    """An instant on the log's own clock."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M")


def _f(value: float) -> str:
    """Four digits, no exponent."""
    return f"{value:.4g}" if 1e-3 <= abs(value) < 1e4 else f"{value:.0f}" if abs(value) >= 1e4 else "0"


def fit_json(found: Fit, log: CallLog) -> bytes:
    """All of it for programs; times in seconds, shares 0..1. Nothing of it names a caller."""
    seen = found.arrivals
    content = {
        "simtel": SCHEMA,
        "rows": log.rows,
        "encoding": log.encoding,
        "dropped": [{"reason": str(one.reason), "rows": one.rows, "lines": one.lines} for one in log.dropped],
        "much_dropped": log.much_dropped,
        "at_midnight": log.timeless,
        "in_an_hour_that_comes_twice": log.twice,
        "calls": found.calls,
        "first": clock(found.first),
        "last": clock(found.last),
        "outcomes": found.outcomes,
        "arrivals": {
            "interval": seen.interval,
            "types": [
                {"name": type_.name, "weekdays": [demand.WEEK[n] for n in type_.weekdays],
                 "days": type_.days, "mean": type_.mean.tolist(), "low": type_.low.tolist(),
                 "high": type_.high.tolist()} for type_ in seen.types
            ],
            "days_without_a_call": seen.silent,
            "dispersion": seen.dispersion,
            "poisson": seen.expected,
        },
        "talk": _fitted(found.talk),
        "wrap_up": _fitted(found.wrap_up),
        "ivr": _fitted(found.ivr),
        "leaves": found.leaves,
        "patience": {
            "gave_up": found.patience.gave_up, "answered": found.patience.answered, "law": _told(found.patience.law),
            "mean": found.patience.mean, "low": found.patience.low, "high": found.patience.high,
            "apart": found.patience.apart,
        },
        "retrials": None if found.redials is None else {
            "unserved": found.redials.unserved, "share": found.redials.share, "low": found.redials.low,
            "high": found.redials.high, "again": found.redials.again,
            "of_the_served": found.redials.served, "crowds": found.redials.crowds,
            "repeats": found.redials.repeats,
            "delay": _fitted(found.delay),
        },
    }  # fmt: skip
    return msgspec.json.format(msgspec.json.encode(content), indent=2) + b"\n"


def _fitted(found: Fitted | None) -> object:
    if found is None:
        return None
    return {"number": found.number, "law": _told(found.law), "apart": found.apart,
            "mean": [found.mean.low, found.mean.mean, found.mean.high],
            "deviation": [found.deviation.low, found.deviation.mean, found.deviation.high]}  # fmt: skip


def _told(law: Law | None) -> object:
    if law is None:
        return None
    return {name: value for name, value in msgspec.structs.asdict(law).items() if value not in (None, (), 0.0)}
