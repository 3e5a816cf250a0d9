"""Glare on an E1: who keeps the timeslot, who is told another, and who is refused (Q.931 Annex D.3), at both ends."""

import msgspec
import pytest

from simtel.core.causes import GLARE
from simtel.core.clock import SECOND
from simtel.core.events import Kind
from simtel.devices.callers import Arrival
from simtel.devices.glare import keeps
from simtel.devices.messages.calls import Bye, Invite, InviteOut
from simtel.devices.messages.trunk import Moved, Release, Setup
from tests.devices.recorder import LIBPRI
from tests.devices.test_gateway import SPAN as TO_EXCHANGE
from tests.devices.test_gateway import A, Bench
from tests.devices.town import SPAN as TO_GATEWAY
from tests.devices.town import Town

PREFERRED = msgspec.structs.replace(LIBPRI, exclusive=False)
CASES = pytest.mark.parametrize(
    ("network", "user", "networks"),
    [(False, False, True), (True, True, True), (True, False, True), (False, True, False)],
    ids=["both preferred", "both exclusive", "network exclusive", "user exclusive"],
)


@CASES
def test_one_end_keeps_the_timeslot_and_both_know_which(network: bool, user: bool, networks: bool) -> None:
    assert keeps(True, network, user) is networks
    assert keeps(False, user, network) is not networks


def gateway(exclusive: bool) -> Bench:
    """It has just asked for timeslot 31 for its call `out`."""
    bench = Bench(line=LIBPRI if exclusive else PREFERRED)
    ((_, setup),) = [sent for sent in bench.tell(InviteOut("out", A)) if isinstance(sent[1], Setup)]
    assert setup == Setup("out", "span.1", 31, exclusive=exclusive)
    return bench


def exchange(exclusive: bool) -> Town:
    """It has just asked for timeslot 1 for its call c1; an agent has dialled the call `out`."""
    town = Town(1, 2, seat="", line=LIBPRI if exclusive else PREFERRED)
    assert town.until(1) == [(TO_GATEWAY, Setup("c1", "span.1", 1, "sales", exclusive=exclusive))]
    town.exchange._calls["out"] = type(town.exchange._calls["c1"])("out", Arrival(0, SECOND, "sales", "seat.1"), 1)
    return town


@CASES
def test_the_gateway_in_a_glare(network: bool, user: bool, networks: bool) -> None:
    bench = gateway(user)
    sent = bench.tell(Setup("in", "span.1", 31, "sales", exclusive=network))
    if networks:
        assert [type(message) for _, message in sent] == [Invite]
        assert bench.gateway.circuits.busy("span.1") == {31: "in"}
    else:
        assert sent[0] == (TO_EXCHANGE, Moved("in", "span.1", 30))
        assert [message.slot for _, message in sent if isinstance(message, Invite)] == [30]
        assert bench.gateway.circuits.busy("span.1") == {31: "out", 30: "in"}
    assert bench.hold()[0] == 2


@CASES
def test_the_exchange_in_a_glare(network: bool, user: bool, networks: bool) -> None:
    town = exchange(network)
    sent = town.tell(Setup("out", "span.1", 1, exclusive=user), 1)
    busy = town.exchange.circuits.busy("span.1")
    if not networks:
        assert sent == []
        assert busy == {1: "out"}
        assert town.tell(Moved("c1", "span.1", 5), 1.05) == []
        assert busy == {1: "out", 5: "c1"}
        assert [said["slot"] for said in town.out.of(Kind.TRUNK_SEIZED)] == [1, 1, 5]
    elif user:
        assert sent == [(TO_GATEWAY, Release("out", GLARE, "exchange"))]
        assert busy == {1: "c1"}
    else:
        assert sent == [(TO_GATEWAY, Moved("out", "span.1", 2))]
        assert busy == {1: "c1", 2: "out"}


def test_a_call_that_is_told_another_timeslot_has_it() -> None:
    bench = gateway(exclusive=False)
    bench.tell(Setup("in", "span.1", 31, "sales", exclusive=False))
    assert bench.tell(Moved("out", "span.1", 7)) == []
    assert bench.gateway.circuits.busy("span.1") == {31: "in", 7: "out"}
    bench.tell(Bye("out", A, "normal"))
    assert bench.gateway.circuits.busy("span.1") == {31: "in"}, "it is that one which is free afterwards"
    assert bench.tell(Moved("unknown", "span.1", 8)) == [(TO_EXCHANGE, Release("unknown", "gone", "gateway.a"))]


def test_where_no_other_timeslot_is_free_a_preferred_call_is_refused_too() -> None:
    bench = gateway(exclusive=True)
    for slot in (*range(1, 16), *range(17, 31)):
        bench.incoming(f"in{slot}", slot)
    sent = bench.tell(Setup("late", "span.1", 31, exclusive=False))
    assert sent == [(TO_EXCHANGE, Release("late", GLARE, "gateway.a"))]
    town = exchange(exclusive=True)
    for slot in (*range(2, 16), *range(17, 32)):
        town.exchange.circuits.seize(f"x{slot}", "span.1", slot)
    assert town.tell(Setup("out", "span.1", 1, exclusive=False), 1) == [(TO_GATEWAY, Release("out", GLARE, "exchange"))]


def test_a_timeslot_that_still_waits_for_its_release_is_given_to_nobody_and_another_is_named() -> None:
    bench = Bench(line=PREFERRED)
    bench.gateway.hold("old", "span.1", 4)
    sent = bench.tell(Setup("in", "span.1", 4, exclusive=False))
    assert sent[0] == (TO_EXCHANGE, Moved("in", "span.1", 31))


def test_a_timeslot_named_by_the_gateway_that_has_been_taken_meanwhile_is_refused_and_the_call_hunts_again() -> None:
    town = exchange(exclusive=False)
    town.tell(Setup("out", "span.1", 1, exclusive=True), 1)
    town.exchange.circuits.seize("other", "span.1", 5)
    sent = town.tell(Moved("c1", "span.1", 5), 1.05)
    assert [type(message) for _, message in sent] == [Release, Setup]
    assert town.exchange.circuits.busy("span.1")[2] == "c1"
