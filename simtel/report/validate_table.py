"""How far a fit is off, hour by hour: a table for a terminal, and JSON for programs."""

from math import isnan

import msgspec
from rich.table import Table
from rich.text import Text as Line

from simtel.core.i18n import translate
from simtel.report.fit_table import clock, dropped
from simtel.report.table import printed
from simtel.report.words import plain
from simtel.run.calllog.reader import CallLog
from simtel.run.validate import Hour, Validation

SCHEMA = "validation/1"


def render_validation(
    found: Validation, log: CallLog, lang: str = "en", colour: bool = False, width: int | None = None
) -> str:
    """The table as text, `width` columns wide (the terminal's own width when None)."""
    table = Table(title=Line(title(found, lang)), title_justify="left")
    for head in (translate("hour", lang), translate("calls: seen / by the rates", lang), translate("agents", lang),
                 translate("wait: seen / replayed (s)", lang), translate("error", lang),
                 translate("gave up: seen / replayed", lang), translate("error", lang)):  # fmt: skip
        table.add_column(head, overflow="fold", justify="right")
    for hour in found.hours:
        table.add_row(*_cells(hour, f"{hour.hour:02}:00"))
    table.add_section()
    table.add_row(*_cells(found.total, translate("all", lang)))
    waits, losses = mean_errors(found)
    said = [
        translate("mean error of an hour, weighted by calls: wait {wait} s, giving up {share} of the calls", lang,
                  wait=f"{waits:.2f}", share=f"{losses:.2%}"),
        translate("in brackets the middle 95 % of {count} replications; * marks a seen figure outside them", lang,
                  count=found.replications),
        *([translate("{calls} more calls came outside opening hours (nobody at work, or no call in that hour before); "
                     "{lost} of them gave up", lang, calls=found.outside, lost=found.lost)] if found.outside else []),
        *dropped(log, lang),
    ]  # fmt: skip
    return printed([table, *(Line(plain(line)) for line in said)], colour, width)


def title(found: Validation, lang: str) -> str:
    """What was fitted and replayed."""
    return translate("fitted to {first} - {until}, replayed on the {days} days after", lang,
                     first=clock(found.first.first), until=clock(found.first.last), days=found.days)  # fmt: skip


def mean_errors(found: Validation) -> tuple[float, float]:
    """Mean absolute error of an hour's wait (s) and of its share that gives up, weighted by calls."""
    known = [hour for hour in found.hours if not isnan(hour.wait)]
    calls = sum(hour.calls for hour in known) or 1
    waits = sum(hour.calls * abs(hour.replayed_wait[1] - hour.wait) for hour in known) / calls
    total = sum(hour.calls for hour in found.hours)
    losses = sum(hour.calls * abs(hour.replayed_gave_up[1] - hour.gave_up) for hour in found.hours) / total
    return waits, losses


def _cells(hour: Hour, name: str) -> tuple[str, ...]:
    low, mean, high = hour.replayed_wait
    less, lost, more = hour.replayed_gave_up
    outside = "" if isnan(hour.wait) or low <= hour.wait <= high else " *"
    missed = "" if less <= hour.gave_up <= more else " *"
    return (
        name, f"{hour.calls} / {hour.expected:.0f}", f"{hour.agents:.1f}",
        f"{_s(hour.wait)} / {_s(mean)} ({_s(low)} - {_s(high)})", f"{_s(mean - hour.wait, signed=True)}{outside}",
        f"{hour.gave_up:.2%} / {lost:.2%} ({less:.2%} - {more:.2%})", f"{lost - hour.gave_up:+.2%}{missed}",
    )  # fmt: skip


def _s(value: float, *, signed: bool = False) -> str:
    return "-" if isnan(value) else f"{value:+.1f}" if signed else f"{value:.1f}"


def validation_json(found: Validation, log: CallLog) -> bytes:
    """The same for programs; times in seconds, shares 0..1, errors are replayed less seen."""
    waits, losses = mean_errors(found)
    content = {
        "simtel": SCHEMA,
        "rows": log.rows,
        "dropped": [{"reason": str(one.reason), "rows": one.rows, "lines": one.lines} for one in log.dropped],
        "much_dropped": log.much_dropped,
        "at_midnight": log.timeless,
        "in_an_hour_that_comes_twice": log.twice,
        "fitted": {"first": clock(found.first.first), "last": clock(found.first.last), "calls": found.first.calls},
        "days": found.days,
        "replications": found.replications,
        "mean_error": {"wait": waits, "gave_up": losses},
        "hours": [_hour(hour) for hour in found.hours],
        "all": _hour(found.total),
        "outside": {"calls": found.outside, "gave_up": found.lost},
    }
    return msgspec.json.format(msgspec.json.encode(content), indent=2) + b"\n"


def _hour(hour: Hour) -> object:
    told = msgspec.structs.asdict(hour)
    told["wait"] = None if isnan(hour.wait) else hour.wait
    told["error"] = {"wait": None if isnan(hour.wait) else hour.replayed_wait[1] - hour.wait,
                     "gave_up": hour.replayed_gave_up[1] - hour.gave_up}  # fmt: skip
    return told
