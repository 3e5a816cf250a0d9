"""The buyer's own figures (`simtel: buyer/1`): what power, lines, an outage and a lost call cost, and what counts how much.

Money is written with its currency and what it is for, such as `0.80 CNY/kWh`; a figure that is `assumed` has a range,
as everywhere, and one of the `buyer` may have one. A figure that a file leaves out is that of the shipped defaults, so
assumed, and is told (`defaulted`); so are all `criteria` where there are none. What is left out may not be money unless
the file is in the currency of the defaults: nothing converts it. `criteria` say for each of `CRITERIA` how much it counts (`weight`, 0 to leave it out), and the figures
between which it is valued (`worst`, `best`).

| criterion | figure |
|---|---|
| `cost` | money over the years, without outages and lost calls, which count by themselves |
| `outage` | time a year in which trunks or seats are out, by the share of calls that is lost in it |
| `failover` | share of the failover scenarios that are met, of those that apply |
| `service` | share of callers who are answered in time |
| `blocking` | share of calls refused for want of a trunk |
| `single` | kinds of unit of which one alone, when it fails, stops the whole site |
| `growth` | money for the parts from the smallest to the largest size that is compared, at the option's own discount |
"""  # noqa: E501  (the first line names the file)

import os
import re
from pathlib import Path
from typing import Any

import msgspec

from simtel.core import data
from simtel.core.clock import HOUR, SECOND
from simtel.core.document import Loc
from simtel.core.i18n import Message
from simtel.core.problems import BadInput, any_of, nowhere, quoted
from simtel.core.quantity import Basis, Quantity, Unit, Value
from simtel.core.strict_yaml import load
from simtel.profiles.device import file_hash
from simtel.profiles.figure import FigureShape
from simtel.profiles.kinds import FigureSpec
from simtel.profiles.shape import Measure, Record, Report, Shape, Text, Word, both_languages, id_text, shown
from simtel.quotes.ranged import Ranged, ranged
from simtel.quotes.ranking import Scale
from simtel.scenario.schema import DIALECT

SCHEMA = "buyer/1"
DEFAULTS = "assumed-defaults"  # the shipped figures that stand in for what a buyer leaves out
CRITERIA_KEY = "criteria"
MOST_YEARS = 30
_WATTS = re.compile(r"(\d{1,5}(?:\.\d{1,2})?) W")
_YEARS = re.compile(r"(\d{1,2}(?:\.\d{1,2})?) years?")

# What money is for -> how that is written.
_PER = {"tariff": "/kWh", "span_rent": "/month", "line_rent": "/month", "outage_hour": "/h", "lost_call": "/call"}
_PRICES = {
    "tariff": "price of power",
    "span_rent": "rent of an E1",
    "line_rent": "rent of an analog line",
    "outage_hour": "what an hour costs in which the site is out, beside the calls that it loses",
    "lost_call": "what a call is worth that is lost",
}
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


class _Stated(FigureShape):
    """A figure that the buyer may know within a range."""

    ranged = (Basis.ASSUMED, Basis.BUYER)


class _Figure(_Stated):
    """A figure with its basis, source and range, written as `example` is: money, watts or years."""

    def __init__(self, meaning: str, form: "re.Pattern[str]", example: str) -> None:
        super().__init__(FigureSpec(Unit.RATE, meaning))
        self.form = form
        self.example = example

    def _value(self, raw: Any, loc: Loc, report: Report) -> Value | None:
        return _number(raw, self.form, self.example, loc, report)

    def schema(self) -> dict[str, Any]:
        found = super().schema()
        text = {"type": "string", "description": f"such as {self.example}"}
        found["oneOf"][0]["properties"] |= dict.fromkeys(("value", "low", "high"), text)
        return found


class _Amount:
    """Money."""

    def read(self, raw: Any, loc: Loc, report: Report) -> float | None:
        return _number(raw, _money(""), "250000 CNY", loc, report)

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "description": "such as 250000 CNY"}


def _number(raw: Any, form: "re.Pattern[str]", example: str, loc: Loc, report: Report) -> float | None:
    """The number of what is written; of money only in the currency of the file, for nothing converts it."""
    found = form.fullmatch(raw) if isinstance(raw, str) else None
    if found is None:
        report.add(loc, Message("{found} where a figure is due, such as {example}", found=shown(raw), example=example))
        return None
    currency = report.doc.data.get("currency")
    if form.groups > 1 and isinstance(currency, str) and found[2] != currency:
        report.add(loc, Message("is in {found}, and the file in {wanted}", found=found[2], wanted=quoted(currency)))
        return None
    return float(found[1])


def _money(per: str) -> "re.Pattern[str]":
    return re.compile(rf"(\d{{1,12}}(?:\.\d{{1,4}})?) ([A-Z]{{3}}){per}")


def _price(name: str, meaning: str) -> _Figure:
    return _Figure(meaning, _money(_PER[name]), f"0.80 CNY{_PER[name]}")


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
    **{name: _Stated(FigureSpec(Unit.SHARE, meaning, 0.0, 1.0)) for name, meaning in _SHARES.items()},
    **{name: _price(name, meaning) for name, meaning in _PRICES.items()},
    **{name: _Figure(meaning, _WATTS, "120 W") for name, meaning in WATTS.items()},
    **{name: _Stated(FigureSpec(Unit.TIME, meaning, SECOND, 1_000 * HOUR)) for name, meaning in _TIMES.items()},
    "warranty": _Figure("warranty of an offer that states none", _YEARS, "1 year"),
}
SHAPE = Record({
    "simtel": Word(SCHEMA),
    "id": id_text(),
    "title": both_languages(),
    "currency": Text(r"[A-Z]{3}", Message("a currency, such as CNY")),
    "years": Measure(Unit.COUNT, 1, MOST_YEARS),
    "figures?": Record({f"{name}?": shape for name, shape in FIGURES.items()}),
    "criteria?": Record(
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
    defaulted: tuple[str, ...] = ()  # figures that the file leaves out; "criteria" for all of them

    @property
    def units(self) -> dict[str, str]:
        """What each figure is counted in: "share", "s", "W", "years", or money by what it is for."""
        kinds = dict.fromkeys(_SHARES, "share") | dict.fromkeys(_TIMES, "s") | dict.fromkeys(WATTS, "W")
        return kinds | {name: self.currency + per for name, per in _PER.items()} | {"warranty": "years"}


def buyer_schema() -> dict[str, Any]:
    """JSON Schema of a buyer's figures."""
    return {"$schema": DIALECT, "title": "simtel buyer"} | SHAPE.schema()


def buyer_names() -> list[str]:
    """Names of the shipped ones."""
    return sorted(path.stem for path in data.buyers().glob("*.yaml"))


def find_buyer(name: str) -> Buyer:
    """A buyer's figures by the name of shipped ones or a path. BadInput when there are none, or they are wrong."""
    if name in buyer_names():
        return read_buyer(data.buyers() / f"{name}.yaml")
    if Path(name).suffix in (".yaml", ".yml"):
        return read_buyer(name)
    message = Message("there is no buyer {name}", name=quoted(name))
    listed = Message("shipped are {names}; a file of one's own ends in .yaml", names=", ".join(buyer_names()))
    raise BadInput([nowhere(message, any_of(name, buyer_names()) or listed)])


def read_buyer(source: str | os.PathLike[str] | bytes, name: str | None = None) -> Buyer:
    """The buyer's figures that a file holds. BadInput: everything that is wrong with it."""
    doc = load(source, name)
    report = Report(doc)
    found = SHAPE.read(doc.data, (), report)
    if found is None:
        report.stop()
    report.done()
    figures = {path: _ranged(path, stated) for path, stated in found.get("figures", {}).items()}
    scales = {
        path: Scale(one["weight"], _base(path, one["worst"]), _base(path, one["best"]))
        for path, one in found.get("criteria", {}).items()
    }
    lacking = tuple(name for name in FIGURES if name not in figures) + (() if scales else (CRITERIA_KEY,))
    if lacking:
        defaults = read_buyer(data.buyers() / f"{DEFAULTS}.yaml")
        _same_currency(found["currency"], defaults, lacking, report)
        figures = {name: figures.get(name, defaults.figures[name]) for name in FIGURES}
        scales = scales or defaults.scales
    return Buyer(
        found["id"], found["title"], found["currency"], found["years"], figures, scales, file_hash(doc), lacking
    )


def _same_currency(currency: str, defaults: Buyer, lacking: tuple[str, ...], report: Report) -> None:
    """Money that is left out can be taken from the defaults only if it is of their currency."""
    if currency == defaults.currency:
        return
    for name in lacking:
        if name in _PRICES or name == CRITERIA_KEY:
            said = Message("{name} is left out, and that of the defaults is in {found}: state it in {wanted}",
                           name=quoted(name), found=defaults.currency, wanted=currency)  # fmt: skip
            report.add((), said)
    report.done()


def _ranged(path: str, stated: Quantity) -> Ranged:
    return ranged(stated, float(SECOND) if path in _TIMES else 1.0)


def _base(path: str, bound: float) -> float:
    """Outages are told in minutes."""
    return bound / SECOND / 60 if path == "outage" else float(bound)
