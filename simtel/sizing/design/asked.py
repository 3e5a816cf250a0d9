"""What was asked, by a demand file, by words of the command line or both, as a `Need`.

Both give the same figures by the same names (`FIGURES`), in seconds, calls per second and shares; what nobody gave has
a value here, and is named, so that the answer can say what it rests on.
"""

from collections.abc import Mapping
from math import inf

from simtel.core.i18n import Message
from simtel.core.problems import BadInput, Problem, nowhere
from simtel.profiles.demand import Demand
from simtel.sizing.design.need import EXTENSION_LOAD, Need, Targets
from simtel.sizing.theory.site_queue import Traffic

# Figure -> where a demand file has it.
FIGURES = {
    "calls": "arrivals.rate", "leaves": "ivr.leaves", "redial": "retrials.share",
    "service_level": "targets.service_level", "threshold": "targets.threshold", "blocking": "targets.blocking",
    "abandonment": "targets.abandonment", "occupancy": "targets.occupancy", "surge": "surge.rate",
    "surge_lasts": "surge.lasts",
    "shrinkage": "shrinkage", "extensions": "office_extensions", "analog": "analog_seats",
    "packet_time": "packet_time", "recorded": "recorded", "retention": "recording_kept",
}  # fmt: skip
TIMES = {"threshold", "packet_time", "surge_lasts"}
# What is taken for a figure that nobody gave.
TAKEN: dict[str, float] = {
    "wrap_up": 0.0, "ivr": 0.0, "leaves": 0.0, "patience": inf, "redial": 0.0, "redial_after": 60.0, "surge": 0.0,
    "surge_lasts": inf,
    "service_level": 0.8, "threshold": 20.0, "blocking": 0.01, "abandonment": 1.0, "occupancy": 1.0,
    "shrinkage": 0.0, "extensions": 0, "analog": 1.0, "packet_time": 0.020, "recorded": 1.0, "retention": 90,
    "busy_hours": 12.0,
}  # fmt: skip


def of_demand(demand: Demand) -> dict[str, float]:
    """The figures that a demand file gives."""
    found = {
        name: demand.seconds(path) if name in TIMES else demand.number(path)
        for name, path in FIGURES.items() if path in demand
    }  # fmt: skip
    found |= {"talk": demand.talk.mean, "wrap_up": demand.wrap_up.mean}
    if demand.ivr is not None:
        found["ivr"] = demand.ivr.mean
    if demand.patience is not None:
        found["patience"] = demand.patience.mean
    if demand.redial is not None:
        found["redial_after"] = demand.redial.mean
    if demand.days and found["calls"]:
        week = sum(len(day.weekdays) * sum(day.rates) * day.interval / 3600 for day in demand.days)
        found["busy_hours"] = week / 7 / found["calls"]
    return found


def need(
    asked: Mapping[str, float], survive: bool = False, degraded: Mapping[str, float] | None = None, codec: str = "g711",
    loop_lines: bool = False, channels_count_seats: bool = False,
) -> Need:  # fmt: skip
    """The need of what was asked. BadInput: a figure that is lacking, or out of its domain."""
    lacking = [name for name in ("calls", "talk") if name not in asked]
    if lacking:
        raise BadInput([_lacking(name) for name in lacking])
    if "surge_lasts" in asked and "surge" not in asked:
        raise BadInput([nowhere(Message("how many calls does the surge add? say --surge 900/h"))])
    known = {**TAKEN, **asked}
    try:
        traffic = Traffic(
            known["calls"], known["talk"], known["wrap_up"], known["ivr"], 1 - known["leaves"],
            known["patience"], known["extensions"] * EXTENSION_LOAD,
        )  # fmt: skip
        return Need(
            traffic, _targets(known), surge=known["surge"], surge_lasts=known["surge_lasts"], redial=known["redial"],
            redial_after=known["redial_after"], survive=survive,
            degraded=_targets({**known, **degraded}) if degraded else None, shrinkage=known["shrinkage"],
            analog=known["analog"], extensions=int(known["extensions"]), loop_lines=loop_lines,
            channels_count_seats=channels_count_seats, codec=codec, packet_time=known["packet_time"],
            recorded=known["recorded"], retention=known["retention"], busy_hours=known["busy_hours"],
        )  # fmt: skip
    except ValueError as error:
        raise BadInput([nowhere(str(error))]) from None


def _targets(known: Mapping[str, float]) -> Targets:
    return Targets(known["service_level"], known["threshold"], known["blocking"], known["abandonment"],
                   known["occupancy"])  # fmt: skip


def _lacking(name: str) -> Problem:
    words = {
        "calls": Message("how many calls are there? say --calls 300/h, or name a demand file"),
        "talk": Message("how long is a talk? say --talk 150s, or name a demand file"),
    }
    return nowhere(words[name])
