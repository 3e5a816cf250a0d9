"""Loads against an agent on the same reactor: every call is accounted for, and the delays are those that were made."""

from collections.abc import Callable, Iterator

import pytest

from simtel.core.clock import MS, SECOND
from simtel.probe.sip_load import Limit, Load, Outcome, Plan
from simtel.wire.reactor import Reactor
from simtel.wire.udp import Address
from tests.probe.answering import Answering

Run = Callable[..., Outcome]


@pytest.fixture
def reactor() -> Iterator[Reactor]:
    with Reactor() as made:
        yield made


def plan(far: Answering, calls: int = 50, rate: float = 500, hold: int = 0) -> Plan:
    return Plan(far.uri, Address(*far.udp.address), rate, calls, hold)


def test_every_call_is_answered_and_ended(reactor: Reactor) -> None:
    far = Answering(reactor)
    told: list[tuple[int, int]] = []
    done = Load(reactor, plan(far), lambda at, of: told.append((at, of))).run()
    assert (done.attempts, done.answered, done.completed, done.good) == (50, 50, 50, True)
    assert (done.refused, done.broken, done.ratios.scr) == ({}, {}, 1.0)
    assert told[-1] == (50, 50)
    assert done.elapsed >= 49 * SECOND / 500
    assert not far.ua.legs


def test_ringing_and_holding_are_measured(reactor: Reactor) -> None:
    far = Answering(reactor, lambda _: 180)
    done = Load(reactor, plan(far, 10, hold=100 * MS)).run()
    ring, setup, lasted = done.delays["srd"], done.delays["setup"], done.delays["sdt"]
    assert ring is not None
    assert setup is not None
    assert lasted is not None
    assert (ring.count, setup.count, lasted.count) == (10, 10, 10)
    assert ring.mean < setup.mean
    assert setup.quantiles[0] >= 20 * MS
    assert lasted.quantiles[0] >= 100 * MS
    assert done.most == 10


def test_refusals_are_told_by_status(reactor: Reactor) -> None:
    statuses = {1: 486, 2: 503, 3: 302}
    done = Load(reactor, plan(Answering(reactor, lambda n: statuses.get(n, 200)), 10)).run()
    assert (done.refused, done.answered, done.completed, done.good) == ({302: 1, 486: 1, 503: 1}, 7, 7, False)
    assert (done.ratios.ser, done.ratios.seer, done.ratios.isa) == (7 / 9, 8 / 9, 1 / 10)
    assert done.limit is not Limit.NOTHING
    failed = done.delays["srd-failed"]
    assert failed is not None
    assert failed.count == 3


def test_a_tester_that_is_late_says_so(reactor: Reactor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("simtel.probe.sip_load.LATE", 0)
    assert Load(reactor, plan(Answering(reactor), 20)).run().limit is Limit.TESTER


def test_messages_that_were_sent_again_are_the_devices_doing(reactor: Reactor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("simtel.probe.sip_load.LATE", 10 * SECOND)
    monkeypatch.setattr("simtel.probe.sip_load.BUSY", 1.1)
    far = Answering(reactor)
    hear, lost = far.udp.hear, [1]

    def deaf(data: bytes, source: Address, now: int) -> None:
        if lost[0]:
            lost[0] -= 1
        else:
            hear(data, source, now)  # type: ignore[arg-type]

    far.udp.hear = deaf
    done = Load(reactor, plan(far, 5)).run()
    assert (done.good, done.repeated, done.limit) == (True, 1, Limit.DEVICE)


def test_broken_off_every_call_is_hung_up(reactor: Reactor) -> None:
    far = Answering(reactor)

    def interrupt(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Load(reactor, plan(far, 20, hold=60 * SECOND), interrupt).run()
    assert far.calls == 20
    assert not far.ua.legs


def test_the_tap_sees_each_message(reactor: Reactor) -> None:
    seen: list[tuple[bool, bytes]] = []
    one = plan(Answering(reactor), 1)
    Load(reactor, one, tap=lambda _now, sent, data: seen.append((sent, data.split(b" ")[0]))).run()
    assert seen == [(True, b"INVITE"), (False, b"SIP/2.0"), (True, b"ACK"), (True, b"BYE"), (False, b"SIP/2.0")]
