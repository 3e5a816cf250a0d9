"""A builder of hand-written evidence logs: times in seconds, events in any order, sorted and numbered at the end."""

from typing import Any, Self

from simtel.core.clock import SECOND
from simtel.core.events import Event, Kind, field_errors
from simtel.core.log import EvidenceLog, Expectation, Figure, Footer, Header, Limit, digest_of
from simtel.core.units import parse
from simtel.verdict.criteria import CRITERIA
from simtel.verdict.judge import judge
from simtel.verdict.verdict import Verdict

EVERYTHING = tuple(kind.value for kind in Kind)


def ns(seconds: float) -> int:
    return round(seconds * SECOND)


def want(criterion: str, subject: str = "", **limits: object) -> Expectation:
    """An expectation with its limits as people write them: want('media-gap', at_most='2s')."""
    specs = CRITERIA[criterion].limits
    return Expectation(
        criterion,
        tuple(Limit(n, parse(v, specs[n].unit), specs[n].unit, "buyer", "a test") for n, v in limits.items()),
        subject,
    )


class Build:
    """A log under construction."""

    def __init__(self, *expect: Expectation, foreign: bool = False) -> None:
        self.expect = expect
        self.foreign = foreign
        self.observes: tuple[str, ...] = EVERYTHING
        self.target = "bench"
        self.uncertainty: dict[str, int] = {}
        self.complete = True
        self.ended = 0
        self.error = ""
        self.roles: dict[str, tuple[str, ...]] = {"servers": ("server.a", "server.b")}
        self.assumed: tuple[Figure, ...] = ()
        self.unknown: tuple[Figure, ...] = ()
        self._events: list[tuple[int, str, str, str, str | None, dict[str, Any]]] = []

    def add(self, t: float, kind: str, subject: str, observer: str = "", call: str | None = None, **data: Any) -> Self:
        self._events.append((ns(t), kind, subject, observer or subject, call, data))
        return self

    def fault(self, t: float, subject: str, fault: str = "crash", **data: Any) -> Self:
        number = sum(kind == Kind.FAULT_INJECTED for _, kind, *_ in self._events)
        return self.add(t, "fault.injected", subject, "harness", fault=fault, number=number, **data)

    def offered(
        self, t: float, call: str, direction: str = "in", skill: str = "sales", attempt: int = 1, **marks: Any
    ) -> Self:
        return self.add(t, "call.offered", "exchange", call=call, direction=direction, skill=skill, attempt=attempt,
                        **marks)  # fmt: skip

    def end(
        self,
        t: float,
        call: str,
        disposition: str = "completed",
        cause: str = "normal",
        gap: float = 0,
        silent: float = 0,
    ) -> Self:
        self._hushed(t, call, "exchange", "public", gap if gap > silent else 0)
        return self.add(t, "call.ended", "exchange", call=call, disposition=disposition, cause=cause, gap=ns(gap),
                        silent=ns(silent))  # fmt: skip

    def talk(
        self, t: float, end: float, call: str, seat: str, gap: float = 0, silent: float = 0, cause: str = "normal"
    ) -> Self:
        self.add(t, "seat.talking", seat, call=call, part="headset")
        self._hushed(end, call, seat, "seat", gap if gap > silent else 0)
        return self.add(end, "seat.left", seat, call=call, cause=cause, gap=ns(gap), silent=ns(silent))

    def _hushed(self, end: float, call: str, ear: str, side: str, gap: float) -> None:
        """The longest silence of a call, as its end hears it: shortly before that end is through."""
        if gap:
            self.hush(end - gap - 0.5, end - 0.5, call, ear, side)

    def hush(self, t: float, back: float, call: str, ear: str = "exchange", side: str = "public") -> Self:
        """One end of a call hears nothing from `t` until `back`."""
        self.add(t, "media.interrupted", ear, call=call, end=side)
        return self.add(back, "media.resumed", ear, call=call, end=side, gap=ns(back - t))

    def record(
        self, t: float, call: str | None, duration: float, answered: bool = True, server: str = "server.a"
    ) -> Self:
        return self.add(t, "record.collected", server, "station", call, server=server, answered=answered,
                        duration=ns(duration))  # fmt: skip

    def bye(self, t: float, call: str, answer: str = "ok") -> Self:
        return self.add(t, "dialog.request", "gateway.1", call=call, method="bye", answer=answer)

    def refused(
        self, t: float, call: str, cause: str = "trunk", by: str = "exchange", disposition: str = "refused"
    ) -> Self:
        """A whole attempt that is refused."""
        self.offered(t, call)
        self.add(t, "call.refused", "exchange", call=call, by=by, cause=cause)
        return self.end(t, call, disposition, cause)

    def call(
        self, call: str, begin: float, end: float, seat: str = "", *, answer: str = "ok", records: int = 1,
        disposition: str = "completed", cause: str = "normal", gap: float = 0, seat_gap: float = 0,
        skill: str = "sales", direction: str = "in",
    ) -> Self:  # fmt: skip
        """A whole call: answered by the IVR after 1 s, by the seat (if any) after 2 s, cleared and recorded."""
        self.offered(begin, call, direction, skill).add(begin + 1, "call.connected", "exchange", call=call)
        if seat:
            self.talk(begin + 2, end, call, seat, gap=seat_gap)
        self.bye(end, call, answer).end(end, call, disposition, cause, gap)
        for number in range(records):
            self.record(end + 1 + number, call, end - begin - 1)
        return self

    def checks(self, begin: float, end: float, every: float = 1, sent: int = 10, answered: int = 10) -> Self:
        """Periods of service checks that the watch reports at `begin`, `begin` + `every`, ..."""
        t = begin
        while t <= end:
            self.add(t, "service.checked", "service", "watch", sent=sent, answered=answered)
            t += every
        return self

    def advert(self, t: float, server: str) -> Self:
        return self.add(t, "server.advertised", server, "watch")

    def silent(self, t: float, server: str, since: float) -> Self:
        return self.add(t, "server.silent", server, "watch", since=ns(since))

    def lost(self, t: float, since: float) -> Self:
        return self.add(t, "service.lost", "service", "watch", since=ns(since))

    def answered(self, t: float, server: str) -> Self:
        return self.add(t, "service.answered", "service", "watch", server=server)

    def holds(self, device: str = "server.a", what: str = "calls", count: int = 0, t: float = 300) -> Self:
        return self.add(t, "device.holds", device, "harness", what=what, count=count)

    def log(self) -> EvidenceLog:
        ordered = sorted(self._events, key=lambda e: e[0])
        events = [Event(seq, *event) for seq, event in enumerate(ordered, 1)]
        if not self.foreign:
            assert [wrong for event in events for wrong in field_errors(event)] == []
        header = Header(
            scenario="test", site="paper", target=self.target, seed=1, version="0", roles=self.roles,
            observes=self.observes, expect=self.expect, assumed=self.assumed, unknown=self.unknown,
        )  # fmt: skip
        footer = Footer(len(events), digest_of(events), ns(self.ended), {}, self.uncertainty, self.error)
        return EvidenceLog(header, events, footer if self.complete else None)

    def verdict(self, criterion: str) -> Verdict:
        """What `judge` says about one criterion."""
        found = [v for v in judge(self.log()).verdicts if v.criterion == criterion]
        assert len(found) == 1, f"{criterion}: {len(found)} verdicts"
        return found[0]
