"""Reading of scenarios (`simtel: scenario/1`): what is offered, what breaks and when, and what is expected.

A scenario speaks of roles, never of addresses or products. What it may do to a role is the fault table's to
say (`core.faults`), what it may expect the criteria's (`scenario.limits`).
"""

import os
import re
from typing import Any

from simtel.core.clock import MINUTE, US, Ns, show_duration
from simtel.core.document import Loc
from simtel.core.events import Kind
from simtel.core.faults import FAULTS, OF_A_GROUP, OF_A_PORT, FaultKind
from simtel.core.i18n import Message
from simtel.core.log import Expectation, Limit
from simtel.core.problems import did_you_mean, quoted
from simtel.core.quantity import Basis, Unit
from simtel.core.strict_yaml import load
from simtel.profiles.device import file_hash
from simtel.profiles.shape import (
    ListOf,
    Measure,
    Record,
    Report,
    Shape,
    Text,
    Word,
    both_languages,
    id_text,
    outside,
    requirements,
)
from simtel.scenario.limits import CRITERIA, LimitValue
from simtel.scenario.spec import RANDOM_UNITS, Fault, Load, Random, Scenario, Spot, Trigger

SCHEMA = "scenario/1"
DRAIN = Ns(5 * MINUTE)  # calls may talk on so long after the load, unless the file says otherwise
CONNECTIONS = 1_000  # calls of a call generator: a search among more takes minutes
# Role -> what a site must bind to it.
ROLES: dict[str, str] = {
    "servers": "call-server-pair", "gateways": "e1-gateway", "platforms": "platform", "spans": "e1",
    "loops": "loop-module",
    "boards": "agent-board", "seats": "seat", "switches": "lan-switch", "feeds": "power-feed",
}  # fmt: skip
# Kind of load -> (fields that it needs, fields that it may have besides the common ones).
LOADS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "full-occupancy": (frozenset({"ramp", "hold"}), frozenset({"calls", "waiting", "rate", "for_seats"})),
    "poisson": (frozenset({"rate", "length"}), frozenset({"for_seats"})),
    "burst": (frozenset({"calls", "length"}), frozenset({"rate", "hold", "for_seats"})),
    "connections": (frozenset({"calls", "pace", "order"}), frozenset()),
    "surge": (frozenset({"rate", "length", "spots"}), frozenset({"for_seats"})),
}
_COMMON = frozenset({"kind", "outbound", "recorded", "priority", "held", "skills", "talk"})
# What only the watch on the LAN sees.
_WATCHED = frozenset({Kind.SERVER_ADVERTISED, Kind.SERVER_SILENT, Kind.SERVICE_CHECKED, Kind.SERVICE_LOST})
# What only the survey sees, which looks while units fail by themselves.
_SURVEYED = frozenset({Kind.ACCESS_LOST, Kind.ACCESS_RESTORED})
_SUBJECT = re.compile(r"([a-z]+)\.(active|standby|[1-9][0-9]{0,3})")

# What a fault says besides subject and time -> the kinds that need it.
OWNERS: dict[str, tuple[FaultKind, ...]] = {
    "delay": (FaultKind.REPLICATION_LATE, FaultKind.ADDRESS_STALE),
    "period": (FaultKind.LINK_FLAP, FaultKind.BOARD_UNSEATED),
    "count": (FaultKind.LICENCES_ADDED,),
    "factor": (FaultKind.SLOW,),
    "by": (FaultKind.CLOCK_AHEAD, FaultKind.CLOCK_BACK),
    "port": OF_A_PORT,
    "group": OF_A_GROUP,
}

_LENGTH = frozenset({"ramp", "hold", "length", "calls", "pace"})  # what the length of a load is made of
_TIME = Measure(Unit.TIME)
_LASTING = Measure(Unit.TIME, US)
_NUMBER = Measure(Unit.COUNT, 1, 100_000)
_SEATS = Measure(Unit.COUNT, 1, 1_000)
_SHARE = Measure(Unit.SHARE)


def _load(found: dict[str, Any], loc: Loc, report: Report) -> None:
    """A load has what its kind needs and nothing that its kind ignores."""
    if "kind" not in found:
        report.unchecked(loc, Message("what a load of its kind needs"))
        return
    needs, may = LOADS[found["kind"]]
    kind = quoted(found["kind"])
    written = report.doc.data["load"]
    for name in sorted(needs - written.keys()):
        report.add(loc, Message("a load of kind {kind} needs {key}", kind=kind, key=quoted(name)), at_key=True)
    common = frozenset({"kind"}) if found["kind"] == "connections" else _COMMON
    for name in sorted((found.keys() - needs) - may - common):
        message = Message("{key} means nothing in a load of kind {kind}", key=quoted(name), kind=kind)
        report.add((*loc, name), message, at_key=True)
    if found["kind"] == "connections" and found.get("calls", 0) > CONNECTIONS:
        report.add((*loc, "calls"), outside(found["calls"], Unit.COUNT, 1, CONNECTIONS))
    if found.get("hold") and not found.get("rate") and found["kind"] == "burst":
        report.add((*loc, "hold"), Message("'hold' means nothing without 'rate'"), at_key=True)
    if found["kind"] == "full-occupancy" and "for_seats" in found and not {"rate", "waiting"} & written.keys():
        message = Message("'for_seats' means nothing without 'rate' or 'waiting'")
        report.add((*loc, "for_seats"), message, at_key=True)


def _spot(_found: dict[str, Any], loc: Loc, report: Report) -> None:
    """A spot that is repeated says how often and after how long."""
    written = report.doc.data["load"]["spots"][loc[-1]]
    if ("every" in written) != ("times" in written):
        report.add(loc, Message("'every' and 'times' belong together"))


def _spots_in_time(found: dict[str, Any], report: Report) -> None:
    """Every spot comes before the load is over."""
    end, spots = found.get("length"), found.get("spots", ())
    if not spots:
        return
    if end is None or len(spots) != len(report.doc.data["load"]["spots"]):
        report.unchecked(("load", "spots"), Message("whether every spot comes before the load is over"))
        return
    for number, spot in enumerate(spots):
        last = Ns(spot.get("at", 0) + spot.get("every", 0) * (spot.get("times", 1) - 1))
        if last >= end:
            message = Message(
                "comes last at {time}, when the load is over: it ends at {end}",
                time=show_duration(last), end=show_duration(end),
            )  # fmt: skip
            report.add(("load", "spots", number), message)


def _fault(found: dict[str, Any], loc: Loc, report: Report) -> None:
    """A fault strikes what it can strike, at one time, and says what its kind needs to know."""
    written: dict[str, Any] = report.doc.data["faults"][loc[-1]]
    times = [name for name in ("at", "after") if name in written]
    if report.doc.data.get("sweep"):
        for time in times:
            message = Message("{key} means nothing in a sweep, which sets the time", key=quoted(time))
            report.add((*loc, time), message, at_key=True)
    elif len(times) != 1:
        report.add(loc, Message("needs either 'at' or 'after', and not both"))
    if "kind" not in found:
        report.unchecked(loc, Message("what a fault of its kind strikes and needs"))
        return
    kind = FaultKind(found["kind"])
    for name, owners in OWNERS.items():
        if name in written and kind not in owners:
            message = Message("{key} means nothing to a fault of kind {kind}", key=quoted(name), kind=quoted(kind))
            report.add((*loc, name), message, at_key=True)
        if name not in written and kind in owners:
            report.add(loc, Message("a fault of kind {kind} needs {key}", kind=quoted(kind), key=quoted(name)))
    subject = found.get("subject")
    if subject is None:
        return
    place = (*loc, "subject")
    parts = _SUBJECT.fullmatch(subject)
    roles = FAULTS[kind][1]
    if parts is None:
        report.add(
            place,
            Message(
                "{subject} is not role.which: such as {example}, servers.active or servers.standby",
                subject=quoted(subject),
                example=f"{roles[0]}.1",
            ),
        )
    elif parts[1] not in roles:
        hint = did_you_mean(parts[1], roles) or Message("it can strike: {roles}", roles=", ".join(roles))
        message = Message("a fault of kind {kind} cannot strike {role}", kind=quoted(kind), role=quoted(parts[1]))
        report.add(place, message, hint)
    elif parts[2] in ("active", "standby") and parts[1] not in ("servers", "platforms"):
        report.add(place, Message("{role} are numbered: none of them is {which}", role=parts[1], which=parts[2]))
    elif isinstance(report.doc.data.get("roles"), dict) and parts[1] not in report.doc.data["roles"]:
        report.add(
            place,
            Message("the role {role} is not among 'roles'", role=quoted(parts[1])),
            Message("write '{role}: {kind}' there", role=parts[1], kind=ROLES[parts[1]]),
        )


def _in_time(found: dict[str, Any], report: Report) -> None:
    """Every fault strikes while the load lasts. After it the watch has ended, and a run only lets calls come to an end.

    A load holds no time that its kind ignores, so that its length is the sum of all.
    """
    load, faults = found.get("load", {}), found.get("faults", ())
    whole = "kind" in load and LOADS[load["kind"]][0] & _LENGTH <= load.keys()
    if not faults:
        return
    if not whole or len(faults) != len(report.doc.data["faults"]):
        report.unchecked(("faults",), Message("whether each fault strikes before the load is over"))
        return
    end = Ns(load.get("ramp", 0) + load.get("hold", 0) + load.get("length", 0)
             + load.get("calls", 0) * load.get("pace", 0))  # fmt: skip
    for number, fault in enumerate(faults):
        for place, time in ((("at",), fault.get("at")), (("after", "plus"), fault.get("after", {}).get("plus"))):
            if time is not None and time >= end:
                message = Message(
                    "strikes at {time}, when the load is over: it ends at {end}",
                    time=show_duration(time), end=show_duration(end),
                )  # fmt: skip
                advice = Message("strike earlier, or let the load last longer")
                report.add(("faults", number, *place), message, advice)


def _alone(found: dict[str, Any], report: Report) -> None:
    """Random failures come by themselves, and calls are offered around them."""
    for other in ("faults", "sweep"):
        if other in report.doc.data:
            report.add((other,), Message("{key} means nothing beside 'random'", key=quoted(other)), at_key=True)
    if found.get("load", {}).get("kind", "poisson") != "poisson":
        report.add(("load", "kind"), Message("random failures need a load of kind 'poisson'"))


def _expectation(criterion: str) -> Record:
    limits: dict[str, Shape] = {
        name if spec.required else f"{name}?": LimitValue(spec) for name, spec in CRITERIA[criterion].limits.items()
    }
    return Record({**limits, "subject?": Text(), "basis?": Word(*Basis), "source?": Text()})


SHAPE = Record({
    "simtel": Word(SCHEMA),
    "id": id_text(),
    "title": both_languages(),
    "why": both_languages(),
    "requirement": requirements(),
    "roles": Record({f"{role}?": Word(bound) for role, bound in ROLES.items()}),
    "load": Record({
        "kind": Word(*LOADS), "ramp?": _TIME, "hold?": _LASTING, "length?": _LASTING, "talk?": _LASTING,
        "waiting?": _NUMBER, "calls?": _NUMBER, "rate?": Measure(Unit.RATE, 0.0, 1_000.0),
        "for_seats?": _SEATS, "pace?": _LASTING, "order?": Word("sought", "permuted"),
        "outbound?": _SHARE, "recorded?": _SHARE, "priority?": _SHARE, "held?": _SHARE,
        "skills?": ListOf(id_text(), least=1),
        "spots?": ListOf(Record({
            "at": _TIME, "calls": _NUMBER, "decay": _LASTING, "every?": _LASTING, "times?": _NUMBER,
        }, _spot), least=1),
    }, _load),
    "faults?": ListOf(Record({
        "kind": Word(*FaultKind), "subject": Text(), "at?": _TIME, "for?": _LASTING,
        "port?": _NUMBER, "group?": _NUMBER, "delay?": _LASTING, "period?": Measure(Unit.TIME, 2),
        "count?": _NUMBER, "factor?": Measure(Unit.COUNT, 2, 1_000), "by?": _LASTING,
        "after?": Record({"event": Word(*Kind), "count?": _NUMBER, "plus?": _TIME}),
    }, _fault)),
    "random?": Record({
        "years": Measure(Unit.COUNT, 1, 1_000), "units": ListOf(Word(*RANDOM_UNITS), least=1),
        "crew": Record({"people": Measure(Unit.COUNT, 1, 100), "travel": _TIME, "notice": _TIME}),
    }),
    "expect": Record({f"{criterion}?": _expectation(criterion) for criterion in CRITERIA}),
    "seats?": _SEATS,
    "watch?": Measure(Unit.FLAG),
    "sweep?": Word("takeover"),
    "drain?": _TIME,
})  # fmt: skip


def read_scenario(source: str | os.PathLike[str] | bytes, name: str | None = None) -> Scenario:
    """The scenario that a file describes. BadInput holds everything that is wrong with the file."""
    doc = load(source, name)
    report = Report(doc)
    found = SHAPE.read(doc.data, (), report)
    if found is None:
        report.stop()
    _in_time(found, report)
    _spots_in_time(found.get("load", {}), report)
    if found.get("sweep") and len(doc.data.get("faults") or ()) != 1:
        report.add(("sweep",), Message("needs exactly one fault, which it repeats at every step"))
    if "random" in found:
        _alone(found, report)
    for criterion in found.get("expect", ()):
        if CRITERIA[criterion].needs & _SURVEYED and "random" not in doc.data:
            message = Message("{criterion} counts years: it needs 'random'", criterion=quoted(criterion))
            report.add(("expect", criterion), message, at_key=True)
        if CRITERIA[criterion].needs & _WATCHED and not found.get("watch"):
            where = ("expect", criterion)
            message = Message(
                "{criterion} rests on what the watch sees: write 'watch: true'", criterion=quoted(criterion)
            )
            report.add(where, message, at_key=True)
    if not found.get("expect") and isinstance(doc.data.get("expect"), dict) and not report.problems:
        report.add(("expect",), Message("expects nothing: name at least one criterion"), at_key=True)
    report.done()
    return Scenario(
        id=found["id"], title=found["title"], why=found["why"], requirement=found["requirement"],
        roles=tuple(found["roles"]), load=_as_load(found["load"]),
        faults=tuple(map(_as_fault, found.get("faults", ()))),
        expect=tuple(_as_expectation(criterion, given) for criterion, given in found["expect"].items()),
        random=_as_random(found["random"]) if "random" in found else None,
        sweep=found.get("sweep", ""), watch=found.get("watch", False), seats=found.get("seats"),
        drain=Ns(found.get("drain", DRAIN)),
        path=doc.name, hash=file_hash(doc),
    )  # fmt: skip


def _as_load(found: dict[str, Any]) -> Load:
    return Load(**{**found, "spots": tuple(Spot(**spot) for spot in found.get("spots", ()))})


def _as_fault(found: dict[str, Any]) -> Fault:
    after = found.get("after")
    return Fault(
        FaultKind(found["kind"]), found["subject"], found.get("at"), Trigger(**after) if after else None,
        found.get("for"), found.get("port", found.get("group")), found.get("delay"), found.get("period"),
        found.get("count"), found.get("factor"), found.get("by"),
    )  # fmt: skip


def _as_random(found: dict[str, Any]) -> Random:
    crew = found["crew"]
    return Random(found["years"], tuple(found["units"]), crew["people"], crew["travel"], crew["notice"])


def _as_expectation(criterion: str, given: dict[str, Any]) -> Expectation:
    basis, source = given.get("basis", Basis.ASSUMED), given.get("source", "scenario")
    limits = [
        Limit(name, given[name], spec.unit, basis, source)
        for name, spec in CRITERIA[criterion].limits.items()
        if name in given
    ]
    return Expectation(criterion, tuple(limits), given.get("subject", ""))
