"""What each kind of fault does that a plain crash of the same unit does not."""

from collections import Counter
from collections.abc import Callable
from functools import cache
from itertools import pairwise

import msgspec
import pytest

from simtel.core.clock import HOUR, MINUTE, MS, SECOND, Ns
from simtel.core.events import Event, Kind
from simtel.core.faults import FaultKind
from simtel.core.log import EvidenceLog
from simtel.core.quantity import Value
from simtel.profiles.spec import SiteSpec
from simtel.run.once import to_memory
from simtel.run.plan import items
from simtel.scenario.spec import Fault, Load, Trigger
from simtel.target.virtual import VirtualTarget
from tests.run.sites import crash, site

AT = Ns(60 * SECOND)
ACTIVE, STANDBY = "servers.active", "servers.standby"
DIFFERS: dict[FaultKind, Callable[[], None]] = {}


@cache
def ran(*faults: Fault, at: str = "proposal-as-drawn", figures: tuple[tuple[str, Value], ...] = ()) -> EvidenceLog:
    """Every seat on a call, five callers waiting, and these faults; the pair has adverts of 0.1 s."""
    spec = site(at)
    quick = (("servers.election.advert_interval", 100 * MS),) if spec.layout.servers > 1 else ()
    for path, value in (*quick, *figures):
        spec = spec.with_figure(path, value)
    log = to_memory(items([crash(faults=faults)], [spec], seed=7)[0], VirtualTarget())
    assert log.footer is not None
    assert not log.footer.error
    return log


def fault(kind: FaultKind, subject: str, at: int = AT, **more: object) -> Fault:
    return msgspec.structs.replace(Fault(kind, subject, at=Ns(at)), **more)


def struck(kind: FaultKind, subject: str, **more: object) -> EvidenceLog:
    return ran(fault(kind, subject, **more))


def subjects(log: EvidenceLog, kind: Kind) -> list[str]:
    return [e.subject for e in log.of(kind)]


def cut(log: EvidenceLog) -> int:
    """Calls that were lost."""
    return sum(e.data["disposition"] == "cut" for e in log.of(Kind.CALL_ENDED))


def silences(log: EvidenceLog) -> int:
    """Ends of calls that fell silent with the fault, and not because the far end was through."""
    return sum(AT <= e.t <= AT + 10 * SECOND for e in log.of(Kind.MEDIA_INTERRUPTED))


def known(log: EvidenceLog) -> int:
    """Calls that the server that took over knew."""
    (serving,) = log.of(Kind.SERVER_SERVING)
    return int(serving.data["calls"])


def parts_down(log: EvidenceLog) -> list[tuple[str, str]]:
    return [(e.subject, str(e.data["part"])) for e in log.of(Kind.SEAT_PART) if not e.data["up"]]


def differs(kind: FaultKind) -> Callable[[Callable[[], None]], Callable[[], None]]:
    def keep(test: Callable[[], None]) -> Callable[[], None]:
        DIFFERS[kind] = test
        return test

    return keep


@differs(FaultKind.CRASH)
def _crash() -> None:
    """The yardstick: the unit stops, and starts again when the fault is undone."""
    plain = struck(FaultKind.CRASH, "gateways.1", lasting=Ns(30 * SECOND))
    on, off = (next(e.t for e in plain.of(Kind.SPAN_ALARM) if e.data["on"] is on) for on in (True, False))
    (back,) = [e.t for e in plain.of(Kind.REGISTRATION_MADE) if e.t > AT and e.data["server"] == "server.a"]
    up = AT + 30 * SECOND + site().time("gateways.boot_time")
    assert AT < on < up < back < off
    assert back - up < SECOND


@differs(FaultKind.HANG)
def _hang() -> None:
    """The heartbeat goes on and nothing takes over; speech through the server goes on as well."""
    through = (("servers.media.talk", "server"),)
    hung = ran(fault(FaultKind.HANG, ACTIVE), figures=through)
    plain = ran(fault(FaultKind.CRASH, ACTIVE), figures=through)
    assert subjects(plain, Kind.SERVER_PROMOTED) == ["server.b"]
    assert hung.of(Kind.SERVER_PROMOTED) == hung.of(Kind.SERVER_SILENT) == []
    assert len(hung.of(Kind.SERVICE_LOST)) == len(plain.of(Kind.SERVICE_LOST)) == 1
    assert silences(hung) == 0
    assert silences(plain) > 40


@differs(FaultKind.LINK_DOWN)
def _link_down() -> None:
    """The unit runs on and keeps its calls and its direct heartbeat cable; nobody reaches it."""
    apart, plain = (struck(kind, ACTIVE, lasting=Ns(5 * SECOND)) for kind in (FaultKind.LINK_DOWN, FaultKind.CRASH))
    assert subjects(plain, Kind.SERVER_PROMOTED) == ["server.b"]
    assert apart.of(Kind.SERVER_PROMOTED) == []
    assert [e.data["server"] for e in apart.of(Kind.SERVICE_ANSWERED)] == ["server.a", "server.a"]
    assert len(apart.of(Kind.SERVICE_LOST)) == 1
    assert all(e.data["answer"] != "unknown" for e in apart.of(Kind.DIALOG_REQUEST))
    # A gateway without LAN keeps its E1: the exchange sees no alarm, and clears no call because of one.
    apart, plain = (
        struck(kind, "gateways.1", lasting=Ns(5 * SECOND)) for kind in (FaultKind.LINK_DOWN, FaultKind.CRASH)
    )
    assert subjects(plain, Kind.SPAN_ALARM)
    assert apart.of(Kind.SPAN_ALARM) == []
    assert cut(apart) < cut(plain)
    assert any(e.data["gap"] == 5 * SECOND for e in apart.of(Kind.MEDIA_RESUMED))


@differs(FaultKind.HEARTBEAT_LOST)
def _heartbeat_lost() -> None:
    """Nothing stops, but each server believes the other dead."""
    split, plain = (
        struck(kind, ACTIVE, lasting=Ns(10 * SECOND)) for kind in (FaultKind.HEARTBEAT_LOST, FaultKind.CRASH)
    )
    assert subjects(split, Kind.SERVER_PROMOTED) == subjects(plain, Kind.SERVER_PROMOTED) == ["server.b"]
    assert plain.of(Kind.SERVER_SILENT)[0].subject == "server.a"
    assert plain.of(Kind.SERVER_SILENT)[0].t < AT + SECOND
    # Both are heard until the paths are back; then one steps back.
    assert all(e.t > AT + 10 * SECOND for e in split.of(Kind.SERVER_SILENT))
    assert len(split.of(Kind.SERVER_DEMOTED)) == 1
    assert split.of(Kind.SERVICE_LOST) == []
    assert silences(split) == 0 < silences(plain)


@differs(FaultKind.REPLICATION_LOST)
def _replication_lost() -> None:
    """Nothing stops; what the standby learned before stays, later changes are missing."""
    alone, plain = struck(FaultKind.REPLICATION_LOST, ACTIVE), struck(FaultKind.CRASH, ACTIVE)
    for kind in (Kind.SERVICE_LOST, Kind.SERVER_PROMOTED):
        assert alone.of(kind) == []
        assert plain.of(kind)
    assert silences(alone) == 0 < silences(plain)
    crashed = fault(FaultKind.CRASH, ACTIVE)
    early, late = (ran(fault(FaultKind.REPLICATION_LOST, ACTIVE, at), crashed) for at in (SECOND, 20 * SECOND))
    assert known(early) == 0 < known(late) < known(plain)


@differs(FaultKind.REPLICATION_LATE)
def _replication_late() -> None:
    """Changes arrive later by `delay`; those under way when the sender dies are lost."""
    alone, plain = struck(FaultKind.REPLICATION_LATE, ACTIVE, delay=Ns(10 * SECOND)), struck(FaultKind.CRASH, ACTIVE)
    assert alone.of(Kind.SERVICE_LOST) == []
    assert silences(alone) == 0 < silences(plain)
    crashed = fault(FaultKind.CRASH, ACTIVE, at := 25 * SECOND)
    delays = (0, 5 * SECOND, 10 * SECOND, at)
    found = [known(ran(fault(FaultKind.REPLICATION_LATE, ACTIVE, SECOND, delay=Ns(d)), crashed)) for d in delays]
    assert found == sorted(found, reverse=True)
    assert len(set(found)) == len(delays)
    assert found[0] == known(ran(crashed))
    assert found[-1] == 0


@differs(FaultKind.LATENT)
def _latent() -> None:
    """The standby is dead and nobody is told; the next standby test finds it and it is started again."""
    soon = (("servers.election.test_interval", 30 * SECOND), ("servers.boot_time", 10 * SECOND))
    later = fault(FaultKind.CRASH, ACTIVE, 100 * SECOND)
    latent, plain = (
        ran(fault(kind, STANDBY, 10 * SECOND), later, figures=soon) for kind in (FaultKind.LATENT, FaultKind.CRASH)
    )
    # The test at 30 s finds it, at 40 s it is there again; after a crash it stays away until the fault is undone.
    assert subjects(latent, Kind.SERVER_PROMOTED) == ["server.b"]
    assert all(e.t > 150 * SECOND for e in plain.of(Kind.SERVER_PROMOTED))
    seldom = (("servers.election.test_interval", 60 * MINUTE),)
    missed = ran(fault(FaultKind.LATENT, STANDBY, 10 * SECOND), later, figures=seldom)
    assert all(e.t > 150 * SECOND for e in missed.of(Kind.SERVER_PROMOTED))


@differs(FaultKind.SPAN_CUT)
def _span_cut() -> None:
    """The gateway runs on; calls live as long as the line supervision lets them."""
    short, plain = (
        struck(kind, subject, lasting=Ns(SECOND))
        for kind, subject in ((FaultKind.SPAN_CUT, "spans.1"), (FaultKind.CRASH, "gateways.1"))
    )
    assert cut(short) == 0 < cut(plain)
    assert {e.data["gap"] for e in short.of(Kind.MEDIA_RESUMED)} == {SECOND}
    assert not [e for e in short.of(Kind.REGISTRATION_MADE) if e.t > AT]
    assert [e for e in plain.of(Kind.REGISTRATION_MADE) if e.t > AT]
    assert cut(struck(FaultKind.SPAN_CUT, "spans.1", lasting=Ns(60 * SECOND))) > 0


def alarms(log: EvidenceLog) -> set[tuple[str, str]]:
    """Who reported which alarm."""
    return {(e.observer, str(e.data["alarm"])) for e in log.of(Kind.SPAN_ALARM)}


def defect(kind: FaultKind, *seen: tuple[str, str]) -> None:
    """The gateway runs on, all calls outlive three seconds of it, and each end reports what it sees."""
    log, plain = (
        struck(k, subject, lasting=Ns(3 * SECOND))
        for k, subject in ((kind, "spans.1"), (FaultKind.CRASH, "gateways.1"))
    )
    assert cut(log) == 0 < cut(plain)
    assert alarms(log) == set(seen) != alarms(plain) == {("exchange", "los")}
    assert {e.data["gap"] for e in log.of(Kind.MEDIA_RESUMED)} == {3 * SECOND}


@differs(FaultKind.SPAN_DEAF)
def _span_deaf() -> None:
    """The gateway runs on, without signal, and tells the exchange, which is warned sooner than by its own debounce."""
    defect(FaultKind.SPAN_DEAF, ("gateway.a", "los"), ("exchange", "rai"))
    deaf = struck(FaultKind.SPAN_DEAF, "spans.1", lasting=Ns(3 * SECOND))
    first = {e.observer: e.t for e in reversed(deaf.of(Kind.SPAN_ALARM)) if e.data["on"]}
    assert first == {"exchange": AT + 500 * MS, "gateway.a": AT + 2500 * MS}


@differs(FaultKind.SPAN_MUTE)
def _span_mute() -> None:
    """The exchange has no signal, and the gateway is told."""
    defect(FaultKind.SPAN_MUTE, ("gateway.a", "rai"), ("exchange", "los"))


@differs(FaultKind.SPAN_AIS)
def _span_ais() -> None:
    """Both ends see all ones, until the cable behind is cut as well."""
    defect(FaultKind.SPAN_AIS, ("gateway.a", "ais"), ("exchange", "ais"))
    both = ran(
        fault(FaultKind.SPAN_AIS, "spans.1", lasting=Ns(9 * SECOND)),
        fault(FaultKind.SPAN_CUT, "spans.1", AT + 4 * SECOND, lasting=Ns(2 * SECOND)),
    )
    found = [(e.data["alarm"], e.data["on"], e.t - AT) for e in both.of(Kind.SPAN_ALARM) if e.observer == "exchange"]
    seconds = [(name, on, t / SECOND) for name, on, t in found]
    assert seconds == [
        ("ais", True, 2.5), ("ais", False, 4), ("los", True, 4), ("los", False, 6), ("ais", True, 6),
        ("ais", False, 14),
    ]  # fmt: skip


@differs(FaultKind.SPAN_LOF)
def _span_lof() -> None:
    """There is a signal, and no frame in it."""
    defect(FaultKind.SPAN_LOF, ("gateway.a", "lof"), ("exchange", "lof"))


@differs(FaultKind.SPAN_TS16)
def _span_ts16() -> None:
    """Speech goes on. No end of a D-channel has an alarm, and calls end by T309; on R2 they end with the alarm."""
    short, long = (struck(FaultKind.SPAN_TS16, "spans.1", lasting=Ns(n * SECOND)) for n in (4, 60))
    assert (cut(short), silences(short), alarms(short), len(short.of(Kind.DCHANNEL_STATE))) == (0, 0, set(), 0)
    assert alarms(long) == set()
    assert silences(long) == 0
    down = {e.observer: e.t for e in long.of(Kind.DCHANNEL_STATE) if not e.data["up"]}
    assert {"exchange", "gateway.a"} == set(down)
    ended = [e.t for e in long.of(Kind.CALL_ENDED) if e.data["disposition"] == "cut"]
    assert ended
    assert {t - down["exchange"] for t in ended} == {10 * SECOND}, "(N200+1)*T200 + T309"
    r2 = ran(fault(FaultKind.SPAN_TS16, "spans.1", lasting=Ns(60 * SECOND)), at="today-on-r2")
    assert alarms(r2) == {("gateway.a", "t16ais"), ("exchange", "t16ais")}
    assert silences(r2) == 0
    assert {e.t - AT for e in r2.of(Kind.CALL_ENDED) if e.data["disposition"] == "cut"} == {2_500 * MS}


def slips(log: EvidenceLog) -> dict[str, int]:
    """Who told how many slips."""
    return dict(Counter(e.observer for e in log.of(Kind.SPAN_SLIP) if e.subject == "span.1"))


@differs(FaultKind.CLOCK_TWO_MASTERS)
def _two_masters() -> None:
    """Nothing stops, and no alarm is raised; both ends slip."""
    log = struck(FaultKind.CLOCK_TWO_MASTERS, "spans.1", lasting=Ns(60 * SECOND))
    assert slips(log) == {"exchange": 2, "gateway.a": 2}, "4.6 ppm: every 27.2 s"
    assert (cut(log), silences(log), alarms(log)) == (0, 0, set())


@differs(FaultKind.CLOCK_TWO_SLAVES)
def _two_slaves() -> None:
    """Nothing stops, and no alarm is raised; the exchange slips, at the end of the range that receivers follow."""
    log = struck(FaultKind.CLOCK_TWO_SLAVES, "spans.1", lasting=Ns(60 * SECOND))
    assert slips(log) == {"exchange": 23}, "50 ppm: every 2.5 s; the last is due when it is over"
    assert (cut(log), silences(log), alarms(log)) == (0, 0, set())


@differs(FaultKind.RELEASE_UNANSWERED)
def _release_unanswered() -> None:
    """Nothing stops, no call is cut and no alarm raised; each end holds for 38 s the timeslots that it released."""
    log = struck(FaultKind.RELEASE_UNANSWERED, "spans.1", lasting=Ns(200 * SECOND))
    assert (cut(log), silences(log), alarms(log)) == (0, 0, set())
    ended = {e.call: e.t for e in log.of(Kind.CALL_ENDED)}
    stuck = [e for e in log.of(Kind.CHANNEL_STATE) if e.data["state"] == "maintenance"]
    assert {e.observer for e in stuck} == {"exchange", "gateway.a"}
    assert {e.subject for e in stuck} == {"span.1"}
    assert {e.t - ended[e.call] for e in stuck if e.observer == "exchange"} == {38 * SECOND}
    reset = [e for e in log.of(Kind.CHANNEL_STATE) if e.data["state"] == "in-service"]
    assert len(reset) == len(stuck)
    # A gateway that starts anew meanwhile is told as well.
    again = ran(
        fault(FaultKind.RELEASE_UNANSWERED, "spans.1", 20 * SECOND),
        fault(FaultKind.CRASH, "gateways.1", 30 * SECOND, lasting=Ns(SECOND)),
        figures=(("gateways.boot_time", SECOND),),
    )
    assert "gateway.a" in {e.observer for e in again.of(Kind.CHANNEL_STATE)}


@differs(FaultKind.RESTART_UNANSWERED)
def _restart_unanswered() -> None:
    """Nothing stops; what release-unanswered left stuck goes out of service, and stays so when that is over."""
    t316 = 20 * SECOND
    log = ran(
        fault(FaultKind.RELEASE_UNANSWERED, "spans.1", lasting=Ns(200 * SECOND)),
        fault(FaultKind.RESTART_UNANSWERED, "spans.1"),
        figures=tuple((f"{role}.line.t316", t316) for role in ("exchange", "gateways")),
    )
    assert (cut(log), silences(log), alarms(log)) == (0, 0, set())
    at: dict[str, list[tuple[int, object]]] = {"maintenance": [], "out-of-service": [], "in-service": []}
    for e in log.of(Kind.CHANNEL_STATE):
        at[str(e.data["state"])].append((e.t, (e.observer, e.data["slot"])))
    first = [(t + 2 * t316, which) for t, which in at["maintenance"] if t < 220 * SECOND]
    assert first
    assert set(first) <= set(at["out-of-service"])
    assert sorted(which for _, which in at["in-service"]) == sorted(which for _, which in at["maintenance"])
    assert min(at["in-service"]) > max(at["out-of-service"]), "release-unanswered is over long since"
    assert not struck(FaultKind.RESTART_UNANSWERED, "spans.1").of(Kind.CHANNEL_STATE), "alone it does nothing"
    # A gateway that starts meanwhile has that E1 out of service, and the other one carries the calls.
    crashed = fault(FaultKind.CRASH, "gateways.1", 5 * SECOND, lasting=Ns(SECOND))
    left = fault(FaultKind.RESTART_UNANSWERED, "spans.1", 4 * SECOND, lasting=Ns(90 * SECOND))
    figures = (("gateways.boot_time", SECOND), ("gateways.line.t316", t316))
    again = ran(crashed, left, figures=figures)
    told = [(e.t, e.observer, e.data["slot"], e.data["state"]) for e in again.of(Kind.CHANNEL_STATE)]
    assert told == [
        (27 * SECOND, "gateway.a", 0, "maintenance"),
        (47 * SECOND, "gateway.a", 0, "out-of-service"),
        (94 * SECOND + 40 * MS, "gateway.a", 0, "in-service"),
    ]
    assert carried(again) == {"span.2": carried(ran(crashed, figures=figures)).total()}


def carried(log: EvidenceLog) -> Counter[str]:
    """How many calls were connected on which span until a minute and a half had passed."""
    on: dict[str | None, str] = {}
    found: Counter[str] = Counter()
    for e in log.of(Kind.TRUNK_SEIZED, Kind.CALL_CONNECTED):
        if e.kind == Kind.TRUNK_SEIZED:
            on[e.call] = e.subject
        elif e.t < 90 * SECOND:
            found[on[e.call]] += 1
    return found


@differs(FaultKind.PORT_DEAD)
def _port_dead() -> None:
    """One seat of the board."""
    at = "as-quoted-one-e1-each"
    port = ran(fault(FaultKind.PORT_DEAD, "boards.1", unit=3), at=at)
    board = ran(fault(FaultKind.CRASH, "boards.1"), at=at)
    assert parts_down(port) == [("seat.3", "phone")]
    assert parts_down(board) == [(f"seat.{n + 1}", "phone") for n in range(20)]


@differs(FaultKind.CONSOLE_CRASH)
def _console_crash() -> None:
    """The console of a seat; its phone goes on."""
    console, plain = (struck(kind, "seats.3") for kind in (FaultKind.CONSOLE_CRASH, FaultKind.CRASH))
    assert parts_down(console) == [("seat.3", "console")]
    assert parts_down(plain) == [("seat.3", "phone"), ("seat.3", "console")]
    assert silences(console) == 0 < silences(plain)


@differs(FaultKind.HEADSET_LOST)
def _headset_lost() -> None:
    """The phone or headset of a seat; its console goes on."""
    headset, plain = (struck(kind, "seats.3") for kind in (FaultKind.HEADSET_LOST, FaultKind.CRASH))
    assert parts_down(headset) == [("seat.3", "phone")]
    (gap,) = {e.data["gap"] for e in headset.of(Kind.MEDIA_RESUMED)}
    assert site().time("people.pick_up_time") <= int(gap) <= site().time("people.pick_up_time") + 100 * MS
    assert cut(headset) == 0
    assert plain.of(Kind.MEDIA_RESUMED) == []
    assert cut(plain) == 1


@differs(FaultKind.POWER_LOST)
def _power_lost() -> None:
    """Everything that hangs on that feed alone, together."""
    dark, plain = struck(FaultKind.POWER_LOST, "feeds.1"), struck(FaultKind.CRASH, ACTIVE)
    assert subjects(dark, Kind.SERVER_PROMOTED) == subjects(plain, Kind.SERVER_PROMOTED) == ["server.b"]
    assert cut(dark) > 0 == cut(plain)
    assert subjects(dark, Kind.SPAN_ALARM)[0] == "span.1"
    assert plain.of(Kind.SPAN_ALARM) == []


@differs(FaultKind.HEARTBEAT_ONE_WAY)
def _heartbeat_one_way() -> None:
    """The peer takes over from a server that lives, hears it, and goes on: both serve until the path is back."""
    deaf, plain = (
        struck(kind, ACTIVE, lasting=Ns(10 * SECOND)) for kind in (FaultKind.HEARTBEAT_ONE_WAY, FaultKind.CRASH)
    )
    assert subjects(deaf, Kind.SERVER_PROMOTED) == subjects(plain, Kind.SERVER_PROMOTED) == ["server.b"]
    (back,) = deaf.of(Kind.SERVER_DEMOTED)
    assert back.subject == "server.b"
    assert AT + 10 * SECOND <= back.t <= AT + 11 * SECOND
    assert plain.of(Kind.SERVER_DEMOTED) == []
    assert silences(deaf) == 0 < silences(plain)
    # The other direction is of no use to a standby that has nothing to say: nothing happens.
    other = struck(FaultKind.HEARTBEAT_ONE_WAY, STANDBY, lasting=Ns(10 * SECOND))
    assert other.of(Kind.SERVER_PROMOTED, Kind.SERVER_DEMOTED) == []


@differs(FaultKind.LINK_FLAP)
def _link_flap() -> None:
    """As if its link were pulled again and again: nothing takes over, and speech through it comes and goes."""
    through = (("servers.media.talk", "server"),)
    flap = fault(FaultKind.LINK_FLAP, ACTIVE, period=Ns(2 * SECOND), lasting=Ns(6 * SECOND))
    flapping = ran(flap, figures=through)
    plain = ran(fault(FaultKind.CRASH, ACTIVE, lasting=Ns(6 * SECOND)), figures=through)
    assert flapping.of(Kind.SERVER_PROMOTED) == [] != plain.of(Kind.SERVER_PROMOTED)
    gaps = [e.t for e in flapping.of(Kind.MEDIA_INTERRUPTED) if AT <= e.t <= AT + 10 * SECOND]
    assert sorted(set(gaps)) == [AT, AT + 2 * SECOND, AT + 4 * SECOND]
    assert {e.data["gap"] for e in flapping.of(Kind.MEDIA_RESUMED) if e.t <= AT + 10 * SECOND} == {SECOND}


@differs(FaultKind.STALL)
def _stall() -> None:
    """Shorter than three adverts nobody notices it; longer, and the server wakes up as a second active one."""
    short, long = (struck(FaultKind.STALL, ACTIVE, lasting=Ns(ms * MS)) for ms in (200, 2000))
    crashed = struck(FaultKind.CRASH, ACTIVE, lasting=Ns(200 * MS))
    assert subjects(crashed, Kind.SERVER_PROMOTED) == ["server.b"]
    assert short.of(Kind.SERVER_PROMOTED) == short.of(Kind.SERVER_DEMOTED) == []
    assert cut(short) == cut(long) == 0
    (taken,) = long.of(Kind.SERVER_PROMOTED)
    (back,) = long.of(Kind.SERVER_DEMOTED)
    assert taken.subject == back.subject == "server.b"
    assert taken.t < AT + 2 * SECOND <= back.t < AT + 2 * SECOND + 200 * MS
    # A hung server keeps its heartbeat: nothing ever takes over.
    assert struck(FaultKind.HANG, ACTIVE, lasting=Ns(2 * SECOND)).of(Kind.SERVER_PROMOTED) == []


@differs(FaultKind.ADDRESS_STALE)
def _address_stale() -> None:
    """Nothing stops; who knows the service address alone reaches the server that took over so much later."""
    alone = struck(FaultKind.ADDRESS_STALE, ACTIVE, delay=Ns(20 * SECOND))
    assert alone.of(Kind.SERVICE_LOST) == []
    stale, crashed = (
        fault(FaultKind.ADDRESS_STALE, ACTIVE, SECOND, delay=Ns(20 * SECOND)),
        fault(FaultKind.CRASH, ACTIVE),
    )
    one_address = (("gateways.registration.mode", "vip"),)
    late, plain = ran(stale, crashed, figures=one_address), ran(crashed, figures=one_address)
    back = [next(e.t for e in log.of(Kind.SERVICE_ANSWERED) if e.t > AT) for log in (late, plain)]
    assert 20 * SECOND <= back[0] - back[1] <= 20 * SECOND + 500 * MS
    assert [e.t for e in late.of(Kind.SERVER_SERVING)] == [e.t for e in plain.of(Kind.SERVER_SERVING)]
    # Devices that are registered with both servers need no address to move.
    assert [e.t for e in ran(stale, crashed).of(Kind.SERVICE_ANSWERED)] == [
        e.t for e in ran(crashed).of(Kind.SERVICE_ANSWERED)
    ]


@differs(FaultKind.SWITCHOVER)
def _switchover() -> None:
    """No silence to wait for, and nothing lost: the peer knows all calls, also with a replication that lags."""
    young = Trigger("call.connected", count=15, plus=Ns(100 * MS))
    lag = (("servers.replication.lag", 500 * MS), ("servers.election.advert_interval", SECOND))
    moved, plain = (
        ran(Fault(kind, ACTIVE, after=young), figures=lag) for kind in (FaultKind.SWITCHOVER, FaultKind.CRASH)
    )
    assert subjects(moved, Kind.SERVER_DEMOTED) == ["server.a"]
    assert moved.of(Kind.SERVER_DETECTED) == [] != plain.of(Kind.SERVER_DETECTED)
    assert known(moved) == 15 > known(plain)
    took, crashed = (log.of(Kind.SERVER_SERVING)[0].t - log.of(Kind.FAULT_INJECTED)[0].t for log in (moved, plain))
    steps = [site().time(f"servers.election.{step}") for step in ("promote_time", "address_time")]
    assert took == 500 * MS + sum(steps) < crashed
    assert cut(moved) == 0
    # A peer that is not there leaves the server to find that out; it still knows its calls.
    alone = ran(fault(FaultKind.CRASH, STANDBY, 10 * SECOND), fault(FaultKind.SWITCHOVER, ACTIVE))
    assert subjects(alone, Kind.SERVER_PROMOTED) == ["server.a"]
    assert known(alone) >= 20
    assert cut(alone) == 0


ANALOG = "as-quoted-one-e1-each"
BUSY = Load("burst", calls=20, length=Ns(10 * SECOND), hold=Ns(200 * SECOND), rate=0.2, talk=Ns(40 * SECOND))


def on_board(kind: FaultKind, unit: int | None = None, at: int = AT, **more: object) -> EvidenceLog:
    return ran(fault(kind, "boards.1", at, unit=unit, **more), at=ANALOG)


def busy(kind: FaultKind, unit: int | None = None, load: Load = BUSY, **more: object) -> EvidenceLog:
    """Calls come and go, and one port has a fault from the twentieth second on."""
    struck = fault(kind, "boards.1", 20 * SECOND, unit=unit, **more)
    log = to_memory(items([crash(faults=(struck,), load=load)], [site(ANALOG)], seed=7)[0], VirtualTarget())
    assert log.footer is not None
    assert not log.footer.error
    return log


def talks(log: EvidenceLog, seat: str, since: int = 20 * SECOND) -> list[str]:
    """By which part the seat has talked since."""
    return [str(e.data["part"]) for e in log.of(Kind.SEAT_TALKING) if e.subject == seat and e.t > since]


def left(log: EvidenceLog, seat: str) -> list[tuple[int, str]]:
    """When and why the seat has left calls since the fault."""
    return [(e.t - AT, str(e.data["cause"])) for e in log.of(Kind.SEAT_LEFT) if e.subject == seat and e.t >= AT]


def deaf(log: EvidenceLog) -> set[str]:
    """Seats that heard nothing any more from the fault on."""
    return {e.observer for e in log.of(Kind.MEDIA_INTERRUPTED) if e.t == AT and e.data["end"] == "seat"}


@differs(FaultKind.NO_DIAL_TONE)
def _no_dial_tone() -> None:
    """A call that is up, and calls that come in, go by the telephone as ever; the agent dials on the console."""
    dialled = msgspec.structs.replace(BUSY, outbound=1.0)
    silent, whole = (busy(FaultKind.NO_DIAL_TONE, port, dialled) for port in (3, 24))  # nothing hangs on port 24
    assert set(talks(silent, "seat.3")) == {"console"}
    assert set(talks(whole, "seat.3")) == set(talks(silent, "seat.4")) == {"phone"}
    incoming = on_board(FaultKind.NO_DIAL_TONE, 3)
    assert silences(incoming) == cut(incoming) == 0
    assert parts_down(incoming) == parts_down(silent) == []


@differs(FaultKind.NO_LOOP_CURRENT)
def _no_loop_current() -> None:
    """The board hangs the talk up though nobody did, and says nothing of a dead port."""
    dead, plain = on_board(FaultKind.NO_LOOP_CURRENT, 3), on_board(FaultKind.PORT_DEAD, 3)
    debounce = site(ANALOG).time("boards.line.hook_debounce")
    assert left(dead, "seat.3")[0] == (debounce, "open-loop")
    assert (cut(dead), cut(plain)) == (1, 0)  # at a port that is known to be dead the console takes the call over
    assert parts_down(dead) == [] != parts_down(plain)
    short = on_board(FaultKind.NO_LOOP_CURRENT, 3, lasting=Ns(debounce // 2))
    assert cut(short) == 0


@differs(FaultKind.STUCK_OFF_HOOK)
def _stuck_off_hook() -> None:
    """The talk goes on and only its far end can end it; dial tone, howler, lock-out; the seat is busy till the end."""
    stuck, plain = (busy(kind, 3, lasting=Ns(150 * SECOND)) for kind in (FaultKind.STUCK_OFF_HOOK, FaultKind.PORT_DEAD))
    said = [(e.t, str(e.data["state"])) for e in stuck.of(Kind.PORT_STATE)]
    assert [state for _, state in said] == ["off-hook", "howler", "locked-out", "in-service"]
    figures = site(ANALOG)
    assert said[1][0] - said[0][0] == figures.time("boards.line.dial_tone")
    assert said[2][0] - said[1][0] == figures.time("boards.line.howler")
    assert said[3][0] == 170 * SECOND
    assert {e.subject for e in stuck.of(Kind.PORT_STATE)} == {"board.1 port 3"}
    assert plain.of(Kind.PORT_STATE) == []
    assert cut(stuck) == 0


@differs(FaultKind.STUCK_ON_HOOK)
def _stuck_on_hook() -> None:
    """It rings and cannot be answered; a talk is hung up. Unlike a line without current it is not silent before."""
    stuck, dark = on_board(FaultKind.STUCK_ON_HOOK, 3), on_board(FaultKind.NO_LOOP_CURRENT, 3)
    assert left(stuck, "seat.3")[0][1] == "open-loop"
    assert (silences(stuck), silences(dark)) == (0, 2)
    assert cut(stuck) == cut(dark) == 1
    rung = busy(FaultKind.STUCK_ON_HOOK, 3)
    assert set(talks(rung, "seat.3")) == {"console"}


@differs(FaultKind.RING_NO_TRIP)
def _ring_no_trip() -> None:
    """From the next call on, each ring drowns the talk; the talk that was up is not touched."""
    figures = site(ANALOG)
    log = busy(FaultKind.RING_NO_TRIP, 3)
    gaps = {int(e.data["gap"]) for e in log.of(Kind.MEDIA_RESUMED)}
    assert gaps == {figures.time("boards.ring.length")}
    at = [e.t for e in log.of(Kind.MEDIA_INTERRUPTED) if e.observer == "seat.3"]
    cycle = figures.time("boards.ring.length") + figures.time("boards.ring.pause")
    assert cycle in {later - earlier for earlier, later in pairwise(at)}
    assert {e.observer for e in log.of(Kind.MEDIA_INTERRUPTED)} == {"seat.3", "exchange"}
    assert parts_down(log) == []


@differs(FaultKind.CODEC_NOISE)
def _codec_noise() -> None:
    """No talk is interrupted or lost; two are noisy to their end, then the agent talks on the console."""
    many = msgspec.structs.replace(BUSY, rate=0.5)
    noisy, dead = (busy(kind, 3, many) for kind in (FaultKind.CODEC_NOISE, FaultKind.PORT_DEAD))
    assert silences(noisy) == cut(noisy) == 0
    assert parts_down(noisy) == [] != parts_down(dead)
    told = noisy.of(Kind.MEDIA_NOISY)
    assert {e.subject for e in told} == {"seat.3"}
    assert len(told) == 2
    parts = [str(e.data["part"]) for e in noisy.of(Kind.SEAT_TALKING) if e.subject == "seat.3"]
    assert parts.count("phone") == 2
    assert parts[2:] == ["console"] * len(parts[2:]) != []
    assert dead.of(Kind.MEDIA_NOISY) == []
    short = on_board(FaultKind.CODEC_NOISE, 3, lasting=Ns(5 * SECOND))
    assert [(e.t - AT, e.data["length"]) for e in short.of(Kind.MEDIA_NOISY)] == [(5 * SECOND, 5 * SECOND)]


@differs(FaultKind.LINES_CROSSED)
def _lines_crossed() -> None:
    """The talks of both lines are hung up, nobody is told, and from then on each rings at the other's desk."""
    crossed, dead = on_board(FaultKind.LINES_CROSSED, 3), on_board(FaultKind.PORT_DEAD, 3)
    assert [left(crossed, f"seat.{n}")[0] for n in (3, 4)] == [(0, "open-loop")] * 2
    assert (cut(crossed), cut(dead)) == (2, 0)
    assert parts_down(crossed) == [] != parts_down(dead)
    calls = busy(FaultKind.LINES_CROSSED, 3, lasting=Ns(100 * SECOND))
    elsewhere = calls.of(Kind.SEAT_RUNG_ELSEWHERE)
    assert {(e.subject, e.data["at"]) for e in elsewhere} == {("seat.3", "seat.4"), ("seat.4", "seat.3")}
    both = [(e.call, e.t) for e in calls.of(Kind.SEAT_RUNG) if e.subject in ("seat.3", "seat.4")]
    assert [call for call, t in both if 20 * SECOND < t <= 120 * SECOND] == [e.call for e in elsewhere]
    assert any(t > 120 * SECOND for _, t in both)
    # Crossed with a port on which nothing hangs, the line leads nowhere: a dead line, of which nobody is told.
    nowhere = on_board(FaultKind.LINES_CROSSED, 20)
    debounce = site(ANALOG).time("boards.line.hook_debounce")
    assert left(nowhere, "seat.20")[0] == (debounce, "open-loop")
    assert cut(nowhere) == 1


@differs(FaultKind.BOARD_UNSEATED)
def _board_unseated() -> None:
    """It comes back by itself and is lost again; if it starts more slowly than its contact fails, it never comes."""
    boot, slow = 10 * SECOND, 20 * SECOND

    def changes(half: int, lasting: int = 80 * SECOND) -> list[tuple[bool, int]]:
        struck = fault(FaultKind.BOARD_UNSEATED, "boards.1", period=Ns(2 * half), lasting=Ns(lasting))
        log = ran(struck, at=ANALOG, figures=(("boards.boot_time", boot),))
        found = dict.fromkeys((bool(e.data["up"]), e.t - AT) for e in log.of(Kind.SEAT_PART))
        return [change for change in found if change[1] < 75 * SECOND]

    assert changes(slow)[:3] == [(False, 0), (True, slow + boot), (False, 2 * slow)]
    assert changes(boot // 2) == [(False, 0)]
    # Reseated, it stays: started from the last time that it got contact.
    assert changes(slow, SECOND) == [(False, 0), (True, SECOND + boot)]


@differs(FaultKind.DSP_DEAD)
def _dsp_dead() -> None:
    """The seats of the group hear nothing and are still given calls; worse than a board that is known to be dead."""
    group, board = on_board(FaultKind.DSP_DEAD, 1), on_board(FaultKind.CRASH)
    ports = site(ANALOG).count("boards.ports.group")
    assert deaf(group) == deaf(board) & {f"seat.{n + 1}" for n in range(ports)}
    assert parts_down(group) == []
    assert cut(group) == ports > cut(board) == 0  # one call each, then the agent has gone over
    four = ran(fault(FaultKind.DSP_DEAD, "boards.1", unit=2), at=ANALOG, figures=(("boards.ports.group", 4),))
    assert deaf(four) == deaf(board) & {f"seat.{n}" for n in (5, 6, 7, 8)}


@differs(FaultKind.RING_DEAD)
def _ring_dead() -> None:
    """Talks go on; who was to be rung is not, until he has gone over to his console."""
    dead, plain = on_board(FaultKind.RING_DEAD), on_board(FaultKind.CRASH)
    assert silences(dead) == 0 < silences(plain)
    assert parts_down(dead) == []
    calls = busy(FaultKind.RING_DEAD)
    after = [e for e in calls.of(Kind.SEAT_TALKING) if e.t > 30 * SECOND]
    assert {str(e.data["part"]) for e in after} == {"console"}
    assert cut(calls) == 0


@differs(FaultKind.WATCHDOG_RESET)
def _watchdog_reset() -> None:
    """The board starts again by itself; after a crash only when the fault is undone."""
    reset, plain = (on_board(kind) for kind in (FaultKind.WATCHDOG_RESET, FaultKind.CRASH))

    def back(log: EvidenceLog) -> set[int]:
        return {e.t for e in log.of(Kind.SEAT_PART) if e.data["up"]}

    assert parts_down(reset) == parts_down(plain) != []
    assert back(reset) == {AT + site(ANALOG).time("boards.boot_time")}
    assert min(back(plain)) > max(back(reset))


@differs(FaultKind.BUS_LOST)
def _bus_lost() -> None:
    """No telephone looks dead and nobody changes over; the bus is back without a boot, the talks with it."""
    short, plain = (on_board(kind, lasting=Ns(3 * SECOND)) for kind in (FaultKind.BUS_LOST, FaultKind.CRASH))
    assert parts_down(short) == [] != parts_down(plain)
    assert {e.data["gap"] for e in short.of(Kind.MEDIA_RESUMED)} == {3 * SECOND}
    assert cut(short) == 0
    apart = on_board(FaultKind.LINK_DOWN, lasting=Ns(60 * SECOND))
    long = on_board(FaultKind.BUS_LOST, lasting=Ns(60 * SECOND))
    assert cut(long) == len(deaf(long)) > cut(apart) == cut(plain) == 0


@differs(FaultKind.BOARD_SWAP)
def _board_swap() -> None:
    """Calls on the other board notice nothing, unless boards cannot be changed in service: then all stop."""
    two = site(ANALOG, 40)

    def ran_on(spec: SiteSpec, kind: FaultKind) -> EvidenceLog:
        struck = fault(kind, "boards.1", lasting=Ns(30 * SECOND))
        return to_memory(items([crash(faults=(struck,))], [spec], seed=7)[0], VirtualTarget())

    swapped, crashed = (ran_on(two, kind) for kind in (FaultKind.BOARD_SWAP, FaultKind.CRASH))
    cold = ran_on(two.with_figure("boards.hot_swap", False), FaultKind.BOARD_SWAP)
    mine = {f"seat.{n + 1}" for n in range(24)}
    assert {seat for seat, _ in parts_down(swapped)} == {seat for seat, _ in parts_down(crashed)} == mine
    assert deaf(swapped) == deaf(cold) & mine != deaf(cold)
    assert {seat for seat, _ in parts_down(cold)} == {f"seat.{n + 1}" for n in range(40)}


@differs(FaultKind.HEADSET_UNPLUGGED)
def _headset_unplugged() -> None:
    """The telephone works on; the talk goes on unheard until the console has it, or is hung up: as the set is made."""
    for at in ("proposal-as-drawn", ANALOG):
        silent, hung = (
            ran(fault(FaultKind.HEADSET_UNPLUGGED, "seats.3"), at=at, figures=(("phones.unplugged", word),))
            for word in ("silence", "hang-up")
        )
        assert parts_down(silent) == parts_down(hung) == []
        pick_up = site(at).time("people.pick_up_time")
        (gap,) = {int(e.data["gap"]) for e in silent.of(Kind.MEDIA_RESUMED)}
        assert pick_up <= gap <= pick_up + 100 * MS
        assert (cut(silent), cut(hung)) == (0, 1)
        assert left(hung, "seat.3")[0][1] == "open-loop"


@differs(FaultKind.ADDED)
def _added() -> None:
    """A crashed seat is known to both servers; an added one only if configuration is replicated."""
    later = fault(FaultKind.CRASH, ACTIVE, 90 * SECOND)
    added, plain = (
        fault(FaultKind.ADDED, "seats.12", 20 * SECOND),
        fault(FaultKind.CRASH, "seats.12", lasting=Ns(5 * SECOND)),
    )
    quick = ("consoles.boot_time", SECOND), ("phones.boot_time", SECOND)
    apart = (*quick, ("servers.replication.configuration", False))
    logs = [ran(fault, later, figures=figures) for fault in (added, plain) for figures in (quick, apart)]
    refused = [[(e.subject, e.data["cause"]) for e in log.of(Kind.AGENT_REFUSED)] for log in logs]
    assert refused == [[], [("seat.12", "not-entered")], [], []]
    assert not [e for e in logs[0].of(Kind.AGENT_STATE) if e.subject == "seat.12" and e.t < 20 * SECOND]
    twice = ran(added, fault(FaultKind.ADDED, "seats.12", 30 * SECOND), figures=quick)
    assert [e for e in twice.of(Kind.AGENT_STATE) if e.subject == "seat.12"]
    # A board comes with its seats: their consoles found nobody who knew them before.
    board = ran(fault(FaultKind.ADDED, "boards.1", 20 * SECOND), at=ANALOG)
    ready = {e.subject: e.t for e in reversed(board.of(Kind.AGENT_STATE)) if e.data["state"] == "ready"}
    assert len(ready) == 20
    assert min(ready.values()) >= 20 * SECOND
    assert {e.data["cause"] for e in board.of(Kind.AGENT_REFUSED)} == {"not-entered"}


@differs(FaultKind.LICENCES_ADDED)
def _licences_added() -> None:
    """Nothing stops, agents who were refused log in at once; after a take-over they are in, if the peer was told."""
    added, later = fault(FaultKind.LICENCES_ADDED, ACTIVE, count=3), fault(FaultKind.CRASH, ACTIVE, 90 * SECOND)
    log = ran(added, later)
    refused = {e.subject for e in log.of(Kind.AGENT_REFUSED)}
    logged_in = [e.subject for e in log.of(Kind.AGENT_STATE) if AT <= e.t < AT + SECOND and e.data["state"] == "ready"]
    assert set(logged_in) == refused
    assert len(refused) == 3
    assert all(e.t < AT for e in log.of(Kind.AGENT_REFUSED))
    apart = ran(added, later, figures=(("servers.replication.configuration", False),))
    again = [e for e in apart.of(Kind.AGENT_REFUSED) if e.t > 90 * SECOND]
    assert len({e.subject for e in again}) == 3
    assert {e.observer for e in again} == {"server.b"}


def waits(log: EvidenceLog) -> list[int]:
    """Of incoming calls that came with the fault or later: from the attempt until the centre answered, in order."""
    asked = {e.call: e.t for e in log.of(Kind.CALL_OFFERED) if e.t >= AT}
    return sorted(e.t - asked[e.call] for e in log.of(Kind.CALL_CONNECTED) if e.call in asked)


@differs(FaultKind.SLOW)
def _slow() -> None:
    """No call is lost and nothing takes over, but callers wait for an answer, until it is over and no longer."""
    slow = struck(FaultKind.SLOW, ACTIVE, factor=20, lasting=Ns(60 * SECOND))
    assert cut(slow) == 0
    assert slow.of(Kind.SERVER_DETECTED) == []
    # Ten attempts a second: each takes 2 s, 1.9 s more than it did.
    assert waits(slow)[-1] >= 1900 * MS
    assert waits(ran())[-1] < 200 * MS
    late = [e for e in slow.of(Kind.CALL_CONNECTED) if e.t > AT + 70 * SECOND]
    asked = {e.call: e.t for e in slow.of(Kind.CALL_OFFERED)}
    assert late
    assert all(e.t - asked[e.call] < 200 * MS for e in late)
    # A heartbeat that waits with the calls falls silent now and then: the standby takes over, and gives way again.
    shared = ran(fault(FaultKind.SLOW, ACTIVE, factor=20), figures=(("servers.election.heartbeat", "shared"),))
    assert len(shared.of(Kind.SERVER_PROMOTED)) > 1
    assert {e.subject for e in shared.of(Kind.SERVER_DEMOTED)} == {"server.b"}
    # What makes it slow is still there when it has started anew; a crash alone leaves nothing behind.
    anew = fault(FaultKind.CRASH, "servers.1", lasting=Ns(SECOND))
    quick = (("servers.boot_time", SECOND),)
    both = ran(fault(FaultKind.SLOW, "servers.1", 50 * SECOND, factor=20), anew, at="today", figures=quick)
    assert waits(both)[-1] > waits(ran(anew, at="today", figures=quick))[-1] + SECOND


def lengths(log: EvidenceLog) -> list[int]:
    """Of all call records, in order."""
    return sorted(e.data["duration"] for e in log.of(Kind.RECORD_COLLECTED))


DAY, TIMERS = (("servers.day_clock", "records"),), (("servers.day_clock", "everything"),)


def refused(log: EvidenceLog, cause: str) -> list[Event]:
    """Attempts that were refused for that."""
    return [e for e in log.of(Kind.CALL_REFUSED) if e.data["cause"] == cause]


@differs(FaultKind.CLOCK_AHEAD)
def _clock_ahead() -> None:
    """No call is lost; the records of those that were up are an hour too long, and registrations run out."""
    ahead = fault(FaultKind.CLOCK_AHEAD, ACTIVE, by=HOUR)
    plain = ran()
    up = sum(e.t <= AT for e in plain.of(Kind.CALL_CONNECTED)) - sum(e.t < AT for e in plain.of(Kind.CALL_ENDED))
    assert up > 20
    log = ran(ahead, figures=DAY)
    assert cut(log) == 0
    assert log.of(Kind.SERVER_DETECTED) == []
    assert [length // HOUR for length in lengths(log)[-up:]] == [1] * up
    assert lengths(log)[-up - 1] < HOUR
    assert lengths(ran(ahead, figures=(("servers.day_clock", "nothing"),))) == lengths(plain)
    # Set right again, the calls that were up all the time have their true length.
    right = ran(fault(FaultKind.CLOCK_AHEAD, ACTIVE, by=HOUR, lasting=Ns(SECOND)), figures=DAY)
    assert lengths(right)[-1] < HOUR
    # With the timers on that clock, each gateway is unknown until it is told so.
    gone = refused(ran(ahead, figures=TIMERS), "not-registered")
    assert len(gone) == 2
    assert refused(log, "not-registered") == []


@differs(FaultKind.CLOCK_BACK)
def _clock_back() -> None:
    """No call is lost; records come out negative. With the timers on that clock, the heartbeat stops for so long."""
    back = fault(FaultKind.CLOCK_BACK, ACTIVE, by=HOUR)
    log = ran(back, figures=DAY)
    assert cut(log) == 0
    assert log.of(Kind.SERVER_DETECTED) == []
    assert lengths(log)[0] < -58 * MINUTE
    assert min(lengths(ran(fault(FaultKind.CLOCK_AHEAD, ACTIVE, by=HOUR), figures=DAY))) >= 0
    timed = ran(back, figures=TIMERS)
    assert subjects(timed, Kind.SERVER_PROMOTED) == ["server.b"]
    silent = [e.subject for e in timed.of(Kind.SERVER_SILENT)]
    assert silent[0] == "server.a"
    # The standby's clock moves nothing that calls feel.
    assert lengths(ran(fault(FaultKind.CLOCK_BACK, STANDBY, by=HOUR), figures=DAY)) == lengths(ran())


@differs(FaultKind.DISK_FULL)
def _disk_full() -> None:
    """No call is lost and nothing takes over; records are missing, or no call is taken and they come later."""
    full = fault(FaultKind.DISK_FULL, ACTIVE, lasting=Ns(2 * MINUTE))
    lost, waited = (ran(full, figures=(("servers.disk_full", what),)) for what in ("lose", "refuse"))
    for log in (lost, waited):
        assert cut(log) == 0
        assert log.of(Kind.SERVER_DETECTED) == []
        assert [e for e in log.of(Kind.RECORD_COLLECTED) if AT + MS < e.t < AT + 2 * MINUTE] == []
    answered = {log: {e.call for e in log.of(Kind.CALL_CONNECTED)} for log in (lost, waited)}
    written = {log: {e.call for e in log.of(Kind.RECORD_COLLECTED)} for log in (lost, waited)}
    assert len(answered[lost]) - len(written[lost]) > 5
    assert refused(lost, "disk") == []
    assert answered[waited] == written[waited]
    assert refused(waited, "disk")
    assert all(AT <= e.t < AT + 2 * MINUTE for e in refused(waited, "disk"))
    # Room does not come of starting anew: a crash alone refuses nobody for that.
    quick = (("servers.boot_time", SECOND), ("servers.disk_full", "refuse"))
    anew = fault(FaultKind.CRASH, "servers.1", 70 * SECOND, lasting=Ns(SECOND))
    both = ran(fault(FaultKind.DISK_FULL, "servers.1"), anew, at="today", figures=quick)
    assert any(e.t > 75 * SECOND for e in refused(both, "disk"))


@pytest.mark.parametrize("kind", FaultKind)
def test_fault_differs_from_a_plain_crash(kind: FaultKind) -> None:
    DIFFERS[kind]()
