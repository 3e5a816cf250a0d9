import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simtel.core.clock import HOUR
from simtel.protocols.election import Advert, Claim, Fence
from simtel.protocols.service import Check, Checked
from simtel.wire.codec import LARGEST, Codec

TAG = b"run-0001"
MESSAGES = [
    Advert("server.1", 150, 10**9),
    Claim("server.1"),
    Fence("server.2"),
    Check("watch", 7),
    Checked("server.1", 7),
]


def raw(value: object) -> bytes:
    return TAG + msgspec.msgpack.encode(value)


@pytest.mark.parametrize("message", MESSAGES, ids=lambda m: type(m).__name__)
def test_round_trip(message: object) -> None:
    codec = Codec(TAG)
    assert codec.decode(codec.encode(message)) == message
    assert codec.rejected == {}


@pytest.mark.parametrize(
    ("datagram", "reason"),
    [
        (b"", "of another run"),
        (b"run-0002" + raw(MESSAGES[0])[8:], "of another run"),
        (TAG, "malformed"),
        (raw(MESSAGES[0])[:-1], "malformed"),
        (raw(MESSAGES[0]) + b"\0", "malformed"),
        (TAG + b"\x91" * 400, "malformed"),
        (TAG + b"\x82\xa4type\xa5Claim\xa1x" + b"\x91" * 480, "malformed"),
        (TAG + b"\xdf\xff\xff\xff\xff", "malformed"),
        (TAG + b"\x82\xa4type\xa5Claim\xa6server\xa2\xff\xfe", "malformed"),
        (raw({"type": "Advert", "server": "a", "priority": "high", "interval": 1}), "malformed"),
        (raw({"type": "Exec", "server": "a"}), "malformed"),
        (raw({"type": "Claim"}), "malformed"),
        (raw([1, 2]), "malformed"),
        (raw(MESSAGES[0]) + b" " * LARGEST, "too long"),
        (raw(Advert("server.1", 256, 1)), "impossible value"),
        (raw(Advert("server.1", -1, 1)), "impossible value"),
        (raw(Advert("server.1", 1, 0)), "impossible value"),
        (raw(Advert("server.1", 1, HOUR + 1)), "impossible value"),
        (raw(Advert("", 1, 1)), "impossible value"),
        (raw(Fence("\x1b[2J")), "impossible value"),
        (raw(Claim("x" * 65)), "impossible value"),
        (raw(Check("watch", -1)), "impossible value"),
    ],
)
def test_hostile_datagrams_are_counted_and_dropped(datagram: bytes, reason: str) -> None:
    codec = Codec(TAG)
    assert codec.decode(datagram) is None
    assert codec.rejected == {reason: 1}


@given(st.binary(max_size=LARGEST + 10))
def test_no_bytes_raise(rest: bytes) -> None:
    codec = Codec(TAG)
    for datagram in (rest, TAG + rest):
        codec.decode(datagram)


@given(st.sampled_from(MESSAGES), st.integers(0, 200), st.integers(0, 255))
def test_no_flipped_byte_raises(message: object, place: int, value: int) -> None:
    codec = Codec(TAG)
    datagram = bytearray(codec.encode(message))
    datagram[place % len(datagram)] = value
    codec.decode(bytes(datagram))


def test_tag_of_wrong_length() -> None:
    with pytest.raises(ValueError, match="8 bytes, not 3"):
        Codec(b"run")


def test_message_for_which_the_machine_has_no_use() -> None:
    codec = Codec(TAG)
    codec.accepts = (Advert, Check)
    assert [codec.decode(codec.encode(m)) for m in MESSAGES] == [MESSAGES[0], None, None, MESSAGES[3], None]
    assert codec.rejected == {"not for this machine": 3}
