"""The buyer's own figures (`simtel: buyer/1`): what power, lines, an outage and a lost call cost, and what counts how much.

Money is written with its currency and what it is for, such as `0.80 CNY/kWh`; a figure that is `assumed` has a range,
as everywhere. `criteria` say for each of `CRITERIA` how much it counts (`weight`, 0 to leave it out), and the figures
between which it is valued (`worst`, `best`).

| criterion | figure |
|---|---|
| `cost` | money over the years, without outages and lost calls, which count by themselves |
| `outage` | time a year in which at least half of the seats or trunks are out |
| `failover` | share of the failover scenarios that are met, of those that apply |
| `service` | share of callers who are answered in time |
| `blocking` | share of calls refused for want of a trunk |
| `single` | kinds of unit of which one alone, when it fails, stops the whole site |
| `growth` | money for the parts from the smallest to the largest size that is compared, at the option's own discount |
"""  # noqa: E501  (the first line names the file)

import os
import re
from typing import Any

import msgspec

from simtel.core.clock import HOUR, SECOND
from simtel.core.document import Loc
from simtel.core.i18n import Message
from simtel.core.problems import quoted
from simtel.core.quantity import Quantity, Unit, Value
from simtel.core.strict_yaml import load
from simtel.profiles.device import file_hash
from simtel.profiles.figure import FigureShape
from simtel.profiles.kinds import FigureSpec
from simtel.profiles.shape import Measure, Record, Report, Shape, Text, Word, both_languages, id_text, shown
from simtel.quotes.ranged import Ranged, ranged
from simtel.quotes.ranking import Scale

SCHEMA = "buyer/1"
MOST_YEARS = 30
_MOST = 1e12
_MONEY = re.compile(r"(\d{1,12}(?:\.\d{1,4})?) ([A-Z]{3})(/kWh|/month|/h|/call|)")
_WATTS = re.compile(r"(\d{1,5}(?:\.\d{1,2})?) W")
_WARRANTY = re.compile(r"(\d{1,2}(?:\.\d{1,2})?) years?")

# What money is for -> how that is written.
_PER = {"tariff": "/kWh", "span_rent": "/month", "line_rent": "/month", "outage_hour": "/h", "lost_call": "/call"}
_SHARES = {
    "support": "share of the list price a year for support, once the warranty is over",
    "spares": "share of the list price that is spent on spares at the start",
    "discount": "rate by which money of a later year counts less",
}
WATTS = {
    "server_power": "what a call server or platform draws",
    "gateway_power": "what a trunk gateway draws that stands by itself",
    "board_power": "what a 24-port board draws",
    "switch_power": "what a LAN switch draws",
}
_TIMES = {
    "travel": "until somebody is there to repair",
    "notice": "until somebody switches off a server that hangs",
}
CRITERIA = ("cost", "outage", "failover", "service", "blocking", "single", "growth")
_LOWER_IS_BETTER = ("cost", "outage", "blocking", "single", "growth")


class _Written:
    """A number with words behind it, such as `120 W`."""

    def __init__(self, form: "re.Pattern[str]", example: str) -> None:
        self.form = form
        self.example = example

    def number(self, raw: object) -> "re.Match[str]":
        """What was written. ValueError says how it should have been."""
        found = self.form.fullmatch(raw) if isinstance(raw, str) else None
        if found is None:
            raise ValueError(
                Message("{word} is a bare value where a unit is due: write it as {example}",
                        word=quoted(str(raw)[:60]), example=self.example)
            )  # fmt: skip
        return found


class _Figure(FigureShape):
    """A figure with its basis, source and range, written in a form of its own."""

    def __init__(self, meaning: str, written: _Written, per: str = "") -> None:
        super().__init__(FigureSpec(Unit.RATE, meaning))
        self.written = written
        self.per = per

    def _value(self, raw: Any, loc: Loc, report: Report) -> Value | None:
        try:
            found = self.written.number(raw)
        except ValueError as error:
            report.add(loc, error.args[0])
            return None
        if found.re is _MONEY:
            if found[3] != self.per:
                report.add(loc, Message("{word} is a bare value where a unit is due: write it as {example}",
                                        word=quoted(str(raw)), example=self.written.example))  # fmt: skip
                return None
            report_currency(found[2], loc, report)
        return float(found[1])

    def schema(self) -> dict[str, Any]:
        found = super().schema()
        text = {"type": "string", "description": f"such as {self.written.example}"}
        for name in ("value", "low", "high"):
            found["oneOf"][0]["properties"][name] = text
        return found


def report_currency(currency: str, loc: Loc, report: Report) -> None:
    """A figure in another currency than the file's: nothing converts it."""
    wanted = report.doc.data.get("currency")
    if isinstance(wanted, str) and currency != wanted:
        report.add(loc, Message("is in {found}, and the file in {wanted}", found=currency, wanted=quoted(wanted)))


class _Amount:
    """A bound of money."""

    def read(self, raw: Any, loc: Loc, report: Report) -> float | None:
        found = _MONEY.fullmatch(raw) if isinstance(raw, str) else None
        if found is None or found[3]:
            report.add(loc, Message("{found} where money is due, such as 250000 CNY", found=shown(raw)))
            return None
        report_currency(found[2], loc, report)
        return float(found[1])

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "description": "money, such as 250000 CNY"}


def _money(meaning: str, per: str) -> _Figure:
    return _Figure(meaning, _Written(_MONEY, f"0.80 CNY{per}"), per)


_BOUNDS: dict[str, Shape] = {
    "cost": _Amount(), "growth": _Amount(), "outage": Measure(Unit.TIME, 0, 8_760 * HOUR),
    "failover": Measure(Unit.SHARE), "service": Measure(Unit.SHARE), "blocking": Measure(Unit.SHARE),
    "single": Measure(Unit.COUNT, 0, 100),
}  # fmt: skip


def _scale(found: dict[str, Any], loc: Loc, report: Report) -> None:
    worst, best = found.get("worst"), found.get("best")
    if worst is None or best is None:
        return
    if worst == best:
        report.add(loc, Message("'worst' and 'best' are the same: nothing lies between them"), at_key=True)
    elif (worst < best) is (loc[-1] in _LOWER_IS_BETTER):
        report.add(loc, Message("'worst' is better than 'best'"), at_key=True)


def _weighed(found: dict[str, Any], loc: Loc, report: Report) -> None:
    if found and not any(one.get("weight") for one in found.values()):
        report.add(loc, Message("every weight is 0: nothing counts"), at_key=True)


FIGURES: dict[str, Shape] = {
    **{name: FigureShape(FigureSpec(Unit.SHARE, meaning, 0.0, 1.0)) for name, meaning in _SHARES.items()},
    "tariff": _money("price of power", _PER["tariff"]),
    "span_rent": _money("rent of an E1", _PER["span_rent"]),
    "line_rent": _money("rent of an analog line", _PER["line_rent"]),
    "outage_hour": _money(
        "what an hour costs in which the site is out, beside the calls that it loses", _PER["outage_hour"]
    ),
    "lost_call": _money("what a call is worth that is lost", _PER["lost_call"]),
    **{name: _Figure(meaning, _Written(_WATTS, "120 W")) for name, meaning in WATTS.items()},
    **{name: FigureShape(FigureSpec(Unit.TIME, meaning, SECOND, 1_000 * HOUR)) for name, meaning in _TIMES.items()},
    "warranty": _Figure("warranty of an offer that states none", _Written(_WARRANTY, "1 year")),
}
SHAPE = Record({
    "simtel": Word(SCHEMA),
    "id": id_text(),
    "title": both_languages(),
    "currency": Text(r"[A-Z]{3}", Message("a currency, such as CNY")),
    "years": Measure(Unit.COUNT, 1, MOST_YEARS),
    "figures": Record(FIGURES),
    "criteria": Record(
        {name: Record({"weight": Measure(Unit.COUNT, 0, 1_000), "worst": bound, "best": bound}, _scale)
         for name, bound in _BOUNDS.items()}, _weighed,
    ),
})  # fmt: skip


class Buyer(msgspec.Struct, frozen=True):
    """The figures of one buyer: money of `currency`, shares 0..1, watts, seconds, years."""

    id: str
    title: dict[str, str]
    currency: str
    years: int
    figures: dict[str, Ranged]
    scales: dict[str, Scale]
    hash: str

    @property
    def units(self) -> dict[str, str]:
        """What each figure is counted in: "share", "s", "W", "years", or money by what it is for."""
        kinds = dict.fromkeys(_SHARES, "share") | dict.fromkeys(_TIMES, "s") | dict.fromkeys(WATTS, "W")
        return kinds | {name: self.currency + per for name, per in _PER.items()} | {"warranty": "years"}


def read_buyer(source: str | os.PathLike[str] | bytes, name: str | None = None) -> Buyer:
    """The buyer's figures that a file holds. BadInput: everything that is wrong with it."""
    doc = load(source, name)
    report = Report(doc)
    found = SHAPE.read(doc.data, (), report)
    if found is None:
        report.stop()
    report.done()
    figures = {path: _ranged(path, stated) for path, stated in found["figures"].items()}
    scales = {
        path: Scale(one["weight"], _base(path, one["worst"]), _base(path, one["best"]))
        for path, one in found["criteria"].items()
    }
    return Buyer(
        found["id"], found["title"], found["currency"], found["years"], figures, scales, file_hash(doc),
    )  # fmt: skip


def _ranged(path: str, stated: Quantity) -> Ranged:
    return ranged(stated, float(SECOND) if path in _TIMES else 1.0)


def _base(path: str, bound: float) -> float:
    """Outages are told in minutes."""
    return bound / SECOND / 60 if path == "outage" else float(bound)
