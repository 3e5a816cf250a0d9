"""Reading of a demand (`simtel: demand/1`): what callers ask of a site, and what they are promised.

Who reads which key:

| key | read by |
|---|---|
| `arrivals`, `service`, `patience` | `simtel size`, `simtel sweep`; written by `simtel fit`; what `simtel validate` fits and replays |
| `ivr`, `retrials` | `simtel size`, `simtel sweep`; written by `simtel fit` |
| `office_extensions` | `simtel size`, `simtel sweep` with `--trunks` |
| `seats` | `simtel quote compare`: a site of so many times as many has so many times the calls |
| `targets`, `surge`, `shrinkage`, `analog_seats`, `codec`, `packet_time`, `recorded`, `recording_kept`, `prices` | `simtel size` |

Arrivals are one rate, or rates for equal intervals of a day, for each type of day. They are calls that reach the site;
who leaves within the IVR wants no agent. Without `patience` nobody gives up; without `retrials` nobody dials again.
A figure that is not given has no value here: whoever needs it says what it takes in its place.
"""  # noqa: E501  (a row of a table)

import os
import re
from typing import Any

import msgspec

from simtel.core.clock import HOUR, MINUTE, MS, SECOND
from simtel.core.document import Loc
from simtel.core.i18n import Message
from simtel.core.problems import quoted
from simtel.core.quantity import Basis, Quantity, Unit, Unknown
from simtel.core.strict_yaml import load
from simtel.profiles.device import file_hash
from simtel.profiles.figure import FigureShape
from simtel.profiles.kinds import FigureSpec
from simtel.profiles.law import Law, LawShape
from simtel.profiles.prices import BLOCK, Prices, prices_of
from simtel.profiles.shape import ListOf, Measure, Record, Report, Text, Word, both_languages, id_text
from simtel.profiles.spec import Given

SCHEMA = "demand/1"
DAY = 24 * HOUR
WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MOST = 1_000.0  # calls a second: more than any site of this kind


def _share(meaning: str, low: float = 0.0, high: float = 1.0) -> FigureSpec:
    return FigureSpec(Unit.SHARE, meaning, low, high)


# Figures by path. What is a law or a list of rates stands beside them.
DEMAND: dict[str, FigureSpec] = {
    "arrivals.rate": FigureSpec(Unit.RATE, "calls that reach the site, of all kinds", 0.0, _MOST),
    "ivr.leaves": _share("share of callers whom the IVR serves: they want no agent"),
    "retrials.share": _share("share of callers who were refused or gave up and dial again"),
    "targets.service_level": _share("share of the calls offered to agents that are answered in time", 0.01, 0.9999),
    "targets.threshold": FigureSpec(Unit.TIME, "what 'in time' means: at most so long in the queue", 0, HOUR),
    "targets.blocking": _share("share of calls refused for want of a trunk, at most", 0.0001, 0.5),
    "targets.abandonment": _share("share of calls offered to agents that give up, at most", 0.0001, 1.0),
    "targets.occupancy": _share("share of their time that agents are busy with calls, at most", 0.1, 1.0),
    "surge.rate": FigureSpec(Unit.RATE, "calls that a TV spot adds to those of the interval", 0.0, _MOST),
    "surge.lasts": FigureSpec(Unit.TIME, "for so long a TV spot adds them; without it as if for ever", MINUTE, DAY),
    "shrinkage": _share("share of paid time in which an agent is not at the telephone", 0.0, 0.95),
    "office_extensions": FigureSpec(Unit.COUNT, "extensions of the house that take no calls of the centre", 0, 10_000),
    "seats": FigureSpec(Unit.COUNT, "seats that the demand is meant for", 1, 1_000),
    "analog_seats": _share("share of seats with an analog telephone on an agent board; the others have IP"),
    "codec": FigureSpec(Unit.CHOICE, "how voice is coded on the LAN", choices=("g711", "g729")),
    "packet_time": FigureSpec(Unit.TIME, "voice in one packet", 10 * MS, 60 * MS),
    "recorded": _share("share of talks that are recorded"),
    "recording_kept": FigureSpec(Unit.COUNT, "days for which a recording is kept", 0, 36_500),
}
GROUPS = ("arrivals", "ivr", "retrials", "targets", "surge")  # groups; the other figures stand at the top


class Day(msgspec.Struct, frozen=True):
    """Arrivals over one type of day. `rates` are calls a second in intervals of `interval` seconds, the first of which
    begins `start` seconds after midnight; outside them nobody calls."""

    name: str
    weekdays: tuple[str, ...]  # of WEEK
    start: float
    interval: float
    rates: tuple[float, ...]


class Demand(msgspec.Struct, frozen=True):
    """One demand. Laws in seconds, rates per second."""

    path: str
    hash: str
    id: str
    title: dict[str, str]
    days: tuple[Day, ...]  # empty when there is one rate only
    talk: Law
    wrap_up: Law
    ivr: Law | None  # time with the IVR
    patience: Law | None  # None: nobody gives up
    redial: Law | None  # until someone who was not served dials again; None: nobody does
    figures: dict[str, Given]  # by the paths of DEMAND; `arrivals.rate` is the busiest of `days` if there are any
    prices: Prices | None = None  # what parts cost

    def __contains__(self, path: object) -> bool:
        return path in self.figures

    def number(self, path: str) -> float:
        """A rate (per second), share or count. KeyError: not given."""
        return float(self.figures[path].value)

    def seconds(self, path: str) -> float:
        """A time. KeyError: not given."""
        return float(self.figures[path].value) / SECOND

    def choice(self, path: str) -> str:
        """A choice. KeyError: not given."""
        return str(self.figures[path].value)


class _Clock:
    """A time of day, from "00:00" to "23:59", in seconds after midnight."""

    FORM = r"([01]\d|2[0-3]):([0-5]\d)"

    def read(self, raw: Any, loc: Loc, report: Report) -> float | None:
        text = Text(self.FORM, Message('a time of day, such as "08:30"')).read(raw, loc, report)
        found = re.fullmatch(self.FORM, text) if text is not None else None
        return None if found is None else int(found[1]) * 3600.0 + int(found[2]) * 60.0

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": f"^{self.FORM}$"}


def _day(found: dict[str, Any], loc: Loc, report: Report) -> None:
    if {"start", "interval", "rates"} <= found.keys():
        end = found["start"] * SECOND + found["interval"] * len(found["rates"])
        if end > DAY:
            report.add((*loc, "rates"), Message("the intervals go beyond midnight"), at_key=True)


def _arrivals(found: dict[str, Any], loc: Loc, report: Report) -> None:
    written = report.doc.data["arrivals"]
    if ("rate" in written) == ("days" in written):
        report.add(loc, Message("needs either 'rate' or 'days', and not both"), at_key=True)
    elif "rate" in written:
        for key in ("basis", "source", "off_by"):
            if key in written:
                message = Message("{key} belongs beside 'days'; a rate has its own", key=quoted(key))
                report.add((*loc, key), message, at_key=True)
    else:
        for key in ("basis", "source"):
            if key not in written:
                report.add(loc, Message("key {key} is missing", key=quoted(key)), at_key=True)
        if (found.get("basis") == Basis.ASSUMED) != ("off_by" in written):
            message = Message("assumed rates, and no others, say how far each may be off, such as 'off_by: 20%'")
            report.add(loc, message, at_key=True)
        _once(found.get("days", ()), loc, report)


def _once(days: tuple[dict[str, Any], ...], loc: Loc, report: Report) -> None:
    """No name and no day of the week is given twice."""
    names: set[str] = set()
    seen: set[str] = set()
    for index, day in enumerate(days):
        if day.get("name") in names:
            report.add((*loc, "days", index, "name"), Message("{name} is given twice", name=quoted(day["name"])))
        names.add(day.get("name", ""))
        for weekday in day.get("weekdays", ()):
            if weekday in seen:
                report.add((*loc, "days", index, "weekdays"), Message("{name} is given twice", name=quoted(weekday)))
            seen.add(weekday)


def _figure(path: str) -> FigureShape:
    return FigureShape(DEMAND[path])


_LAW = LawShape()
SHAPE = Record({
    "simtel": Word(SCHEMA),
    "id": id_text(),
    "title": both_languages(),
    "arrivals": Record({
        "rate?": _figure("arrivals.rate"),
        "basis?": Word(*Basis), "source?": Text(), "off_by?": Measure(Unit.SHARE, 0.001, 0.99),
        "days?": ListOf(Record({
            "name": id_text(), "weekdays": ListOf(Word(*WEEK), least=1), "start": _Clock(),
            "interval": Measure(Unit.TIME, MINUTE, DAY), "rates": ListOf(Measure(Unit.RATE, 0.0, _MOST), least=1),
        }, _day), least=1),
    }, _arrivals),
    "service": Record({"talk": _LAW, "wrap_up": _LAW}),
    "ivr?": Record({"time": _LAW, "leaves": _figure("ivr.leaves")}),
    "patience?": _LAW,
    "retrials?": Record({"share": _figure("retrials.share"), "delay": _LAW}),
    "targets?": Record({
        "service_level?": _figure("targets.service_level"), "threshold?": _figure("targets.threshold"),
        "blocking?": _figure("targets.blocking"), "abandonment?": _figure("targets.abandonment"),
        "occupancy?": _figure("targets.occupancy"),
    }),
    "surge?": Record({"rate": _figure("surge.rate"), "lasts?": _figure("surge.lasts")}),
    **{f"{path}?": _figure(path) for path in DEMAND if "." not in path},
    "prices?": BLOCK,
})  # fmt: skip


def read_demand(source: str | os.PathLike[str] | bytes, name: str | None = None) -> Demand:
    """The demand that a file describes. BadInput holds everything that is wrong with the file."""
    doc = load(source, name)
    report = Report(doc)
    found = SHAPE.read(doc.data, (), report)
    if found is None:
        report.stop()
    written = doc.data["targets"] if "targets" in found else {}
    if ("service_level" in written) != ("threshold" in written):
        message = Message("a service level and its threshold belong together: 80% in 20s")
        report.add(("targets",), message, at_key=True)
    report.done()
    stated: dict[str, Quantity | Unknown] = {path: found[path] for path in DEMAND if path in found}
    for group in GROUPS:
        stated |= {path: found[group][path.partition(".")[2]] for path in DEMAND
                   if path.startswith(f"{group}.") and path.partition(".")[2] in found.get(group, {})}  # fmt: skip
    arrivals = found["arrivals"]
    days = tuple(
        Day(day["name"], day["weekdays"], day["start"], day["interval"] / SECOND, day["rates"])
        for day in arrivals.get("days", ())
    )
    if days:
        stated["arrivals.rate"] = _busiest(days, arrivals)
    return Demand(
        doc.name, file_hash(doc), found["id"], found["title"], days, found["service"]["talk"],
        found["service"]["wrap_up"], found.get("ivr", {}).get("time"), found.get("patience"),
        found.get("retrials", {}).get("delay"), {path: Given(figure, DEMAND[path]) for path, figure in stated.items()},
        prices_of(found["prices"]) if "prices" in found else None,
    )  # fmt: skip


def _busiest(days: tuple[Day, ...], arrivals: dict[str, Any]) -> Quantity:
    """The highest rate of all intervals, as a figure of its own."""
    rate = max(rate for day in days for rate in day.rates)
    off = arrivals.get("off_by")
    low, high = (None, None) if off is None else (rate * (1 - off), rate * (1 + off))
    return Quantity(rate, Unit.RATE, Basis(arrivals["basis"]), arrivals["source"], low, high)
