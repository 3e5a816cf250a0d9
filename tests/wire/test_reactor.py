"""The reactor: datagrams and timers reach their tenants, neither starves the other, and nothing leaves 127/8."""

import socket

import pytest

from simtel.core.clock import MS, SECOND, Ns
from simtel.core.timers import Key
from simtel.wire.reactor import AT_ONCE, Reactor, loopback
from simtel.wire.udp import Address

ANY = Address("127.0.0.1", 0)


def test_a_datagram_is_heard_with_its_source_and_answered() -> None:
    with Reactor() as reactor:
        heard: list[tuple[bytes, Address]] = []

        def answer(data: bytes, source: Address, now: Ns) -> None:
            far.send(data.upper(), source)

        def hear(data: bytes, source: Address, now: Ns) -> None:
            heard.append((data, source))
            reactor.stop()

        far, near = reactor.udp(ANY, answer), reactor.udp(Address("127.0.0.2", 0), hear)
        near.send(b"hello", far.address)
        reactor.run(5 * SECOND)
        assert heard == [(b"HELLO", far.address)]


def test_timers_come_in_their_order_and_not_too_soon() -> None:
    with Reactor() as reactor:
        came: list[tuple[str, int]] = []

        def on_timer(key: Key, now: Ns) -> None:
            came.append((key[0], now))
            if key[0] == "last":
                reactor.stop()

        timers = reactor.timers(on_timer)
        timers.set(("last",), 30 * MS)
        timers.set(("first",), 10 * MS)
        reactor.run(5 * SECOND)
        assert [name for name, _ in came] == ["first", "last"]
        assert came[0][1] >= 10 * MS
        assert came[1][1] >= 30 * MS
        assert reactor.slept > 0


def test_a_flood_starves_no_timer() -> None:
    with Reactor() as reactor:
        heard = [0, 0]  # datagrams, and how many of them when the timer came

        def hear(data: bytes, source: Address, now: Ns) -> None:
            heard[0] += 1
            near.send(data, near.address)  # without end
            if heard[0] == 200_000:
                reactor.stop()

        def on_timer(_key: Key, now: Ns) -> None:
            heard[1] = heard[0]
            reactor.stop()

        near = reactor.udp(ANY, hear)
        for _ in range(10):
            near.send(b"x", near.address)
        reactor.timers(on_timer).set(("now",), 20 * MS)
        reactor.run(20 * SECOND)
        assert heard[1] > AT_ONCE


def test_it_ends_at_the_instant_though_nothing_happens() -> None:
    with Reactor() as reactor:
        reactor.run(20 * MS)
        assert reactor.now() >= 20 * MS


def test_sockets_are_given_back() -> None:
    with Reactor() as reactor:
        place = reactor.udp(ANY, lambda *_: None).address
        with pytest.raises(OSError, match="in use"):
            reactor.udp(place, lambda *_: None)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(place)


@pytest.mark.parametrize("host", ["192.0.2.1", "::1", "localhost", "127.1", "127.example", "128.0.0.1", "127.0.0.1 "])
def test_nobody_but_loopback(host: str) -> None:
    with pytest.raises(ValueError, match=r"127\.0\.0\.0/8|no IPv4"):
        loopback(host)
    with Reactor() as reactor:
        with pytest.raises(ValueError, match=r"127\.0\.0\.0/8|no IPv4"):
            reactor.udp(Address(host, 0), lambda *_: None)
        with pytest.raises(ValueError, match=r"127\.0\.0\.0/8|no IPv4"):
            reactor.udp(ANY, lambda *_: None).send(b"x", Address(host, 9))


def test_what_is_too_long_is_refused_by_the_kernel_and_told() -> None:
    with Reactor() as reactor:
        udp = reactor.udp(ANY, lambda *_: None)
        assert not udp.send(bytes(70_000), udp.address)
