"""Hand-made evidence as a run would leave it: twenty seats, the active server crashes at 60 s.

`keeps=True` is a pair of servers that takes over (calls go on with a short gap); `keeps=False` one server with nobody
beside it (every call is cut). Names and titles can be made hostile. Seats, spans and times follow simple arithmetic,
so that tests can say what a picture must show.
"""

from pathlib import Path
from typing import Any

import msgspec

from simtel.core.clock import MINUTE, MS, SECOND
from simtel.core.events import Event, Kind
from simtel.core.log import EvidenceLog, EvidenceWriter, Expectation, Figure, Header, Limit, read_log
from simtel.core.quantity import Unit
from simtel.verdict.judge import Judgement, judge

FAULT = 60 * SECOND
END = 4 * MINUTE
SEATS = 20
WAITING = 5
OFFERED = SEATS + WAITING + 5
HOSTILE = "<script>alert(1)</script>\x1b[31m"

LATER = SECOND * 3 + 600 * MS  # from the crash to the first answer of the other server
Line = tuple[int, Kind, str, str, str | None, dict[str, Any]]


def limit(name: str, value: float, unit: Unit) -> Limit:
    return Limit(name, value, unit, "assumed", "a caller says hello again")


def header(keeps: bool, *, hostile: bool = False, target: str = "virtual", scenario: str = "failover.crash") -> Header:
    site = "proposal" if keeps else "today"
    name = {"en": "Proposal as drawn", "zh": "方案原图"} if keeps else {"en": "Today's site", "zh": "现有站点"}
    title = {"en": "Active server crashes with every seat on a call", "zh": "主服务器在满席通话时崩溃"}
    return Header(
        scenario=HOSTILE if hostile else scenario, site=site, target=target, seed=7, version="0.1.0", seats=SEATS,
        title={"en": HOSTILE, "zh": HOSTILE} if hostile else title,
        why={"en": "Callers must not notice that a server died.", "zh": "服务器故障时, 来电者不应察觉。"},
        site_title={"en": HOSTILE} if hostile else name, requirement=("R1", "R2"),
        scenario_hash="sha256:" + "1" * 64, site_hash="sha256:" + "2" * 64,
        roles={"servers": ("server.1", "server.2") if keeps else ("server.1",), "gateways": ("gateway.1",),
               "spans": ("span.1",), "seats": tuple(f"seat.{n}" for n in range(1, SEATS + 1))},
        observes=tuple(Kind),
        expect=(
            Expectation("stable-calls-preserved", (limit("at_least", 1.0, Unit.SHARE),)),
            Expectation("media-gap", (limit("at_most", 2 * SECOND, Unit.TIME),)),
            Expectation("failover-time", (limit("at_most", 5 * SECOND, Unit.TIME),)),
            Expectation("promoted-once"),
            Expectation("new-calls-after", (limit("within", 5 * SECOND, Unit.TIME),)),
            Expectation("cdr-exactly-once"),
        ),
        assumed=(Figure("servers.election.advert_interval", Unit.TIME, "assumed", SECOND, 100 * MS, SECOND, (),
                        "project assumption"),),
        unknown=(Figure("gateways.t309", Unit.TIME, "unknown", 6 * SECOND, None, None, (90 * SECOND,), "not stated"),),
        descriptive=(Figure("servers.mtbf", Unit.TIME, "unknown", None, None, None, (), "not published"),),
        command=f"simtel run scenarios/failover --site {site} --seats 20 --seed 7",
    )  # fmt: skip


def _call(name: str, n: int, t: int, keeps: bool) -> list[Line]:
    """One inbound call: offered at `t`, answered 0.8 s later, on seat `n` (none: it waits) 5 s later.

    The last one waits until seat 1 is free again.
    """
    last = n == OFFERED
    seat, slot = "seat.1" if last else f"seat.{n}", n if n < 16 else n + 1
    wait = 65 * SECOND if last else 0
    out: list[Line] = [
        (t, Kind.CALL_OFFERED, "exchange", "exchange", name, {"direction": "in", "skill": "service", "attempt": 1}),
        (t + 100 * MS, Kind.TRUNK_SEIZED, "span.1", "exchange", name, {"slot": slot}),
        (t + 800 * MS, Kind.CALL_CONNECTED, "exchange", "exchange", name, {}),
    ]
    talks = n <= SEATS or last
    if talks:
        out += [
            (wait + t + 3 * SECOND, Kind.SEAT_RUNG, seat, seat, name, {}),
            (wait + t + 3 * SECOND, Kind.AGENT_STATE, seat, seat, name, {"state": "ringing"}),
            (wait + t + 5 * SECOND, Kind.SEAT_TALKING, seat, seat, name, {"part": "phone"}),
            (wait + t + 5 * SECOND, Kind.AGENT_STATE, seat, seat, name, {"state": "talking"}),
        ]
    if not talks or last:
        out.append((t + SECOND, Kind.CALL_QUEUED, "exchange", "exchange", name, {}))
    lives = keeps
    end = wait + t + (20 if t > FAULT else 150) * SECOND if lives else FAULT
    gap, disposition = (80 * MS, "completed" if talks else "abandoned") if lives else (0, "cut")
    if lives and talks:
        out.append((end, Kind.DIALOG_REQUEST, seat, seat, name, {"method": "bye", "answer": "ok"}))
    if talks:
        left = {"cause": "hung-up" if lives else "fault", "gap": gap, "silent": 0}
        out += [
            (end, Kind.SEAT_LEFT, seat, seat, name, left),
            (end, Kind.AGENT_STATE, seat, seat, name, {"state": "wrap-up"}),
            (end + 10 * SECOND, Kind.AGENT_STATE, seat, seat, None, {"state": "ready"}),
        ]
    cause = {"cut": "fault", "completed": "caller", "abandoned": "patience"}[disposition]
    ended = {"disposition": disposition, "cause": cause, "gap": gap, "silent": 0}
    out += [
        (end, Kind.CALL_ENDED, "exchange", "exchange", name, ended),
        (end, Kind.TRUNK_FREED, "span.1", "exchange", name, {"slot": slot}),
    ]
    if lives:
        record = {"server": "server.2", "answered": True, "duration": end - t}
        out.append((end + SECOND, Kind.RECORD_COLLECTED, "station", "station", name, record))
    return out


def _refused(name: str, t: int) -> list[Line]:
    """A call that nobody takes."""
    return [
        (t, Kind.CALL_OFFERED, "exchange", "exchange", name, {"direction": "in", "skill": "service", "attempt": 1}),
        (t + MS, Kind.CALL_REFUSED, "exchange", "exchange", name, {"by": "gateway.1", "cause": "no-server"}),
        (t + MS, Kind.CALL_ENDED, "exchange", "exchange", name,
         {"disposition": "refused", "cause": "no-server", "gap": 0, "silent": 0}),
    ]  # fmt: skip


def _servers(keeps: bool) -> list[Line]:
    out: list[Line] = [(0, Kind.SERVER_ADVERTISED, "server.1", "watch", None, {})]
    out += [(t, Kind.SERVICE_CHECKED, "service", "watch", None, {"sent": 100, "answered": 100})
            for t in range(10 * SECOND, FAULT, 10 * SECOND)]  # fmt: skip
    out += [(t, Kind.SERVICE_CHECKED, "service", "watch", None, {"sent": 100, "answered": 100 if keeps else 0})
            for t in range(FAULT + 20 * SECOND, END - SECOND, 10 * SECOND)]  # fmt: skip
    for n in range(1, SEATS + 1):
        seat = f"seat.{n}"
        out.append((n * MS, Kind.AGENT_STATE, seat, seat, None, {"state": "ready"}))
        out += [(n * MS, Kind.REGISTRATION_MADE, seat, seat, None, {"server": s})
                for s in (("server.1", "server.2") if keeps else ("server.1",))]  # fmt: skip
        out.append((FAULT + SECOND + n * MS, Kind.REGISTRATION_LOST, seat, seat, None, {"server": "server.1"}))
    out += [
        (FAULT, Kind.FAULT_INJECTED, "server.1", "harness", None, {"fault": "crash", "number": 0}),
        (FAULT + 100 * MS, Kind.SERVICE_LOST, "service", "watch", None, {"since": FAULT - 20 * MS}),
        (FAULT + 3 * SECOND, Kind.SERVER_SILENT, "server.1", "watch", None, {"since": FAULT - 400 * MS}),
        (END - SECOND, Kind.FAULT_CLEARED, "server.1", "harness", None, {"fault": "crash", "number": 0}),
    ]
    if keeps:
        out += [
            (FAULT + 3 * SECOND, Kind.SERVER_DETECTED, "server.2", "server.2", None, {}),
            (FAULT + 3200 * MS, Kind.SERVER_PROMOTED, "server.2", "server.2", None, {}),
            (FAULT + 3300 * MS, Kind.SERVER_ADVERTISED, "server.2", "watch", None, {}),
            (FAULT + 3500 * MS, Kind.SERVER_SERVING, "server.2", "server.2", None, {"calls": 25}),
            (FAULT + LATER, Kind.SERVICE_ANSWERED, "service", "watch", None, {"server": "server.2"}),
        ]
    return out


def lines(keeps: bool) -> list[Line]:
    out = _servers(keeps)
    for n in range(1, SEATS + WAITING + 1):
        out += _call(f"c{n}", n, 2 * SECOND + n * 1200 * MS, keeps)
    for n in range(SEATS + WAITING + 1, OFFERED + 1):
        t = FAULT + (n - SEATS - WAITING) * 7 * SECOND
        out += _call(f"c{n}", n, t, keeps) if keeps else _refused(f"c{n}", t)
    out.append((END - 2 * SECOND, Kind.LOAD_ENDED, "load", "harness", None, {"offered": OFFERED}))
    # fmt: off
    out += [(END - 2 * SECOND, Kind.DEVICE_HOLDS, device, "harness", None, {"what": what, "count": 0})
            for device in ("gateway.1", "server.1", *(["server.2"] if keeps else []))
            for what in ("calls", "timeslots", "dialogs")]
    out += [(END - 2 * SECOND, Kind.DEVICE_HOLDS, f"seat.{n}", "harness", None, {"what": "calls", "count": 0})
            for n in range(1, SEATS + 1)]
    # fmt: on
    return sorted(out, key=lambda line: (line[0], line[3]))


def write(path: Path, keeps: bool, **how: Any) -> EvidenceLog:
    """The log as a file, read back."""
    with path.open("wb") as out:
        writer = EvidenceWriter(out, header(keeps, **how))
        for line in lines(keeps):
            writer.add(*line)
        writer.close(ended=END)
    return read_log(path)


def log(keeps: bool, **how: Any) -> EvidenceLog:
    """The log in memory, without a footer."""
    events = [Event(seq, *line) for seq, line in enumerate(lines(keeps), start=1)]
    return EvidenceLog(header(keeps, **how), events, None)


def run_folder(folder: Path, **how: Any) -> list[Judgement]:
    """A run of one scenario on both sites, as `simtel run` leaves it."""
    items, judgements = [], []
    for keeps in (False, True):
        head = header(keeps, **how)
        place = folder / "crash" / f"{head.site}-{head.seats}"
        place.mkdir(parents=True)
        judgement = judge(write(place / "evidence.jsonl", keeps, **how))
        (place / "verdicts.json").write_bytes(msgspec.json.encode(judgement))
        inside = place.relative_to(folder)
        items.append({"scenario": head.scenario, "site": head.site, "seats": head.seats,
                      "outcome": judgement.outcome.name, "evidence": f"{inside}/evidence.jsonl",
                      "verdicts": f"{inside}/verdicts.json"})  # fmt: skip
        judgements.append(judgement)
    (folder / "run.json").write_bytes(msgspec.json.encode({"simtel": "run/1", "items": items}))
    return judgements
