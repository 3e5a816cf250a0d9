import socket
from collections.abc import Iterator
from contextlib import ExitStack
from random import Random

import pytest

from simtel.wire.udp import Address, address_of, arrivals, bind, is_free, reserve, subnet


@pytest.fixture
def open_sockets() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def say(text: bytes, to: Address) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mouth:
        mouth.sendto(text, to)


def heard(sock: socket.socket) -> list[bytes]:
    return [datagram for datagram, _ in arrivals(sock)]


def test_the_last_to_bind_receives_and_the_one_before_when_it_is_gone(open_sockets: ExitStack) -> None:
    place = address_of(open_sockets.enter_context(reserve("127.77.1.1")))
    first = open_sockets.enter_context(bind(place))
    say(b"1", place)
    assert heard(first) == [b"1"]
    second = bind(place)
    say(b"2", place)
    assert (heard(first), heard(second)) == ([], [b"2"])
    second.close()
    say(b"3", place)
    assert heard(first) == [b"3"]


def test_reserved_address_is_nobody_elses(open_sockets: ExitStack) -> None:
    place = address_of(open_sockets.enter_context(reserve("127.77.1.1")))
    assert not is_free(place)
    ports = [place.port]
    ports += [address_of(open_sockets.enter_context(reserve("127.77.1.1"))).port for _ in range(50)]
    assert len(set(ports)) == len(ports)


def test_closed_address_is_free() -> None:
    with reserve("127.77.1.2") as sock:
        place = address_of(sock)
    assert is_free(place)


def test_address_that_is_not_ours_to_share(open_sockets: ExitStack) -> None:
    stranger = open_sockets.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
    stranger.bind(("127.77.1.3", 0))
    with pytest.raises(OSError, match="in use"):
        bind(address_of(stranger))


def test_flood_leaves_time_for_others(open_sockets: ExitStack) -> None:
    sock = open_sockets.enter_context(bind(address_of(open_sockets.enter_context(reserve("127.77.1.4")))))
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
    for _ in range(300):
        say(b"x", address_of(sock))
    assert len(heard(sock)) <= 256
    assert len(heard(sock)) > 0


def test_age_is_never_negative_and_grows(open_sockets: ExitStack) -> None:
    sock = open_sockets.enter_context(bind(address_of(open_sockets.enter_context(reserve("127.77.1.5")))))
    say(b"old", address_of(sock))
    ((_, age),) = arrivals(sock)
    assert age >= 0


def test_subnets_are_in_127_and_not_the_usual_one() -> None:
    nets = {subnet(Random(seed)) for seed in range(500)}
    assert len(nets) > 450
    assert all(net.startswith("127.") and net != "127.0.0" for net in nets)
