"""A target small enough to know by heart: one call, one fault, and a promotion that takes what a figure says.

It uses two figures of the site only, `servers.election.promote_time` and `servers.replication.dialogs`, so a test
knows which figures a verdict can rest on; `also` names times that the promotion takes besides.
"""

from simtel.core.clock import MS, SECOND
from simtel.core.events import Kind
from simtel.core.faults import FaultKind
from simtel.core.log import EvidenceWriter
from simtel.profiles.spec import SiteSpec
from simtel.target.plan import Plan

PROMOTE = "servers.election.promote_time"
DIALOGS = "servers.replication.dialogs"


class FakeTarget:
    """Deterministic and quick; `fail` breaks a machine, `stop` is what happens in the middle of a run."""

    kind = "virtual"

    def __init__(self, fail: bool = False, stop: BaseException | None = None, also: tuple[str, ...] = ()) -> None:
        self.fail = fail
        self.also = also
        self.stop = stop
        self.runs = 0
        self.heap_events = 1

    def observes(self) -> frozenset[Kind]:
        return frozenset(Kind)

    def faults(self) -> frozenset[FaultKind]:
        return frozenset(FaultKind)

    def roles(self, site: SiteSpec) -> dict[str, tuple[str, ...]]:
        return {"servers": ("server.1", "server.2")[: site.layout.servers]}

    def run(self, plan: Plan, writer: EvidenceWriter) -> None:
        self.runs += 1
        site, scenario = plan.site, plan.scenario
        rows: list[tuple[int, Kind, str, str, str | None, dict[str, str | int | bool]]] = [
            (SECOND, Kind.CALL_OFFERED, "exchange", "exchange", "c1",
             {"direction": "in", "skill": "service", "attempt": 1}),
            (SECOND, Kind.TRUNK_SEIZED, "span.1", "exchange", "c1", {"slot": 1}),
            (2 * SECOND, Kind.CALL_CONNECTED, "exchange", "exchange", "c1", {}),
            (3 * SECOND, Kind.SEAT_RUNG, "seat.1", "seat.1", "c1", {}),
            (4 * SECOND, Kind.SEAT_TALKING, "seat.1", "seat.1", "c1", {"part": "console"}),
        ]  # fmt: skip
        if site.layout.servers > 1:
            rows.append((0, Kind.SERVER_ADVERTISED, "server.1", "watch", None, {}))
        gap = 0
        for number, fault in enumerate(scenario.faults):
            at = fault.at or 10 * SECOND
            lost = int(site.value(PROMOTE)) if PROMOTE in site.figures else 60 * SECOND
            lost += sum(site.time(path) for path in self.also)
            gap = 0 if DIALOGS in site.figures and site.value(DIALOGS) else 30 * SECOND
            rows += [
                (at, Kind.FAULT_INJECTED, "server.1", "harness", None, {"fault": fault.kind.value, "number": number}),
                (at + 10 * MS, Kind.SERVICE_LOST, "service", "watch", None, {"since": at}),
                (at + 10 * MS + lost, Kind.SERVICE_ANSWERED, "service", "watch", None, {"server": "server.2"}),
                (90 * SECOND, Kind.FAULT_CLEARED, "server.1", "harness", None,
                 {"fault": fault.kind.value, "number": number}),
            ]  # fmt: skip
        heard = {"gap": gap, "silent": 0}
        rows += [
            (80 * SECOND, Kind.DIALOG_REQUEST, "seat.1", "seat.1", "c1", {"method": "bye", "answer": "ok"}),
            (80 * SECOND, Kind.SEAT_LEFT, "seat.1", "seat.1", "c1", {"cause": "completed", **heard}),
            (80 * SECOND, Kind.CALL_ENDED, "exchange", "exchange", "c1",
             {"disposition": "completed", "cause": "completed", **heard}),
            (80 * SECOND, Kind.TRUNK_FREED, "span.1", "exchange", "c1", {"slot": 1}),
            (81 * SECOND, Kind.LOAD_ENDED, "harness", "harness", None, {"offered": 1}),
        ]  # fmt: skip
        for t, kind, subject, observer, call, data in sorted(rows, key=lambda row: row[0]):
            writer.add(t, kind, subject, observer, call, data)
            if self.stop is not None and t >= 4 * SECOND:
                raise self.stop
        if self.fail:
            raise ArithmeticError("the planted machine broke")
        writer.close(ended=100 * SECOND)
