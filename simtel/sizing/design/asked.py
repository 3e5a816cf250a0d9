"""What was asked, by a demand file, by words of the command line or both, as a `Need`.

Both give the same figures by the same names (`FIGURES`), in seconds, calls per second and shares; what nobody gave has
a value here, and is named, so that the answer can say what it rests on.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from math import inf

from simtel.core.i18n import Message
from simtel.core.problems import BadInput, Problem, nowhere
from simtel.profiles.demand import Demand
from simtel.profiles.spec import Given as Figure
from simtel.profiles.spec import SiteSpec
from simtel.sizing.design.bill import Limits
from simtel.sizing.design.need import BOARD_PORTS, EXTENSION_LOAD, Need, Targets
from simtel.sizing.design.plan import Given
from simtel.sizing.design.simulated import Laws
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


def laws_of(demand: Demand, said: Collection[str] = ()) -> Laws:
    """The laws of a demand file; of what was `said` beside it only the mean is known."""
    return Laws(
        talk=None if "talk" in said else demand.talk, wrap_up=None if "wrap_up" in said else demand.wrap_up,
        ivr=None if "ivr" in said else demand.ivr, patience=None if "patience" in said else demand.patience,
    )  # fmt: skip


def of_site(what: Need, spec: SiteSpec) -> tuple[Need, Given]:
    """The parts of a site, and the need as that site is built."""
    layout = spec.layout
    analog = 1 - layout.ip_seats / spec.seats if layout.phone == "board" else 0.0
    counted = spec.choice("site.core_channel_counts") == "trunks-and-agents"
    return replace(what, analog=analog, channels_count_seats=counted), Given(
        seats=spec.seats, spans=layout.spans, ivr_ports=spec.count("servers.limits.ivr"), boards=layout.boards,
        stations=spec.count("boards.ports.stations") if layout.boards else BOARD_PORTS,
        core_channels=spec.licences["core-channel"], agent_licences=spec.licences["agent"],
        recording=spec.licences["recording"], loops=layout.loops, servers=layout.servers, switches=layout.switches,
        housed=layout.housed, feeds=layout.feeds,
    )  # fmt: skip


def limits_of(figures: Mapping[str, Figure]) -> Limits:
    """What servers and switch can take."""

    def figure(path: str) -> float:
        return float(figures[path].value) if path in figures else inf

    return Limits(
        attempts=figure("servers.limits.attempts"), packets=figure("lan.forwarding.packets"),
        bits=figure("lan.forwarding.bitrate"),
    )  # fmt: skip


def _targets(known: Mapping[str, float]) -> Targets:
    return Targets(known["service_level"], known["threshold"], known["blocking"], known["abandonment"],
                   known["occupancy"])  # fmt: skip


def _lacking(name: str) -> Problem:
    words = {
        "calls": Message("how many calls are there? say --calls 300/h, or name a demand file"),
        "talk": Message("how long is a talk? say --talk 150s, or name a demand file"),
    }
    return nowhere(words[name])
