"""VRRP adverts of both versions, as scapy builds them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scapy.layers.vrrp import VRRP, VRRPv3

from simtel.core.clock import MS, SECOND
from simtel.protocols.vrrp import Advert, parse


def test_version_2() -> None:
    assert parse(bytes(VRRP(vrid=5, priority=100, adv=2, addrlist=["192.0.2.1"]))) == Advert(5, 100, 2 * SECOND)


def test_version_3_counts_hundredths() -> None:
    data = bytes(VRRPv3(vrid=5, priority=0, adv=300, chksum=1, addrlist=["192.0.2.1"]))
    assert parse(data) == Advert(5, 0, 3_000 * MS)


@pytest.mark.parametrize(
    "data", [b"", bytes(7), bytes([0x22]) + bytes(9), bytes([0x41]) + bytes(9), b"\x21" + bytes(9)]
)
def test_what_is_no_advert(data: bytes) -> None:
    assert parse(data) is None


@given(st.binary(max_size=20))
def test_any_bytes_are_an_advert_or_none(data: bytes) -> None:
    found = parse(data)
    assert found is None or found.interval > 0
