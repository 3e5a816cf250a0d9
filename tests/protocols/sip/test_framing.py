"""A stream cut into messages: wherever the network cuts it, and bounded whatever comes."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simtel.protocols.sip.errors import MalformedMessage
from simtel.protocols.sip.framing import MOST_HEAD, KeepAlive, Stream
from tests.protocols.sip.samples import INVITE, with_header

BYE = with_header(b"Content-Length", b"0", INVITE[:-3])
FLOW = INVITE + BYE + b"\r\n\r\n" + INVITE


@given(st.lists(st.integers(0, len(FLOW)), max_size=12))
def test_a_stream_gives_the_same_messages_wherever_it_is_cut(cuts: list[int]) -> None:
    stream, found = Stream(), []
    places = sorted({0, len(FLOW), *cuts})
    for start, end in pairwise(places):
        found += stream.take(FLOW[start:end])
    assert [one for one in found if isinstance(one, bytes)] == [INVITE, BYE, INVITE]
    assert found.count(KeepAlive.PING) == 1


def test_octet_by_octet() -> None:
    stream = Stream()
    found = [one for at in range(len(FLOW)) for one in stream.take(FLOW[at : at + 1])]
    assert found == [INVITE, BYE, KeepAlive.PONG, KeepAlive.PING, INVITE]


def test_keep_alives() -> None:
    assert Stream().take(b"\r\n\r\n") == [KeepAlive.PING]
    assert Stream().take(b"\r\n") == [KeepAlive.PONG]
    assert Stream().take(b"\r\n\r\n\r\n\r\n" + INVITE) == [KeepAlive.PING, KeepAlive.PING, INVITE]
    assert Stream().take(b"\r\n" + INVITE) == [KeepAlive.PONG, INVITE]


@pytest.mark.parametrize(
    ("data", "why", "code"),
    [
        (with_header(b"Content-Length", None), "no Content-Length", 400),
        (with_header(b"Content-Length", b"3\r\nl: 3"), "2 Content-Length", 400),
        (with_header(b"Content-Length", b"-1"), "no number", 400),
        (with_header(b"Content-Length", b"65500"), "longer than", 413),
        (with_header(b"Content-Length", b"9" * 400), "no number", 400),
        (b"A" * (MOST_HEAD + 1), "head of more", 513),
        (b"A" * MOST_HEAD + b"AAAA\r\n\r\n", "head of more", 513),
    ],
)  # fmt: skip
def test_where_a_message_ends_is_known_or_the_stream_ends(data: bytes, why: str, code: int) -> None:
    good, wrong = Stream().take(INVITE + data)
    assert good == INVITE
    assert isinstance(wrong, MalformedMessage)
    assert why in wrong.reason
    assert wrong.code == code


def test_a_folded_or_compact_length_is_a_length() -> None:
    for line in (b"Content-Length:\r\n 3", b"l:3", b"CONTENT-LENGTH : 3 "):
        message = INVITE.replace(b"Content-Length: 3", line)
        assert Stream().take(message * 2) == [message, message]


def test_what_is_held_is_bounded() -> None:
    stream = Stream()
    held = 0
    for _ in range(200):
        stream.take(b"x" * 1_000)
        held = max(held, len(stream._held))
    assert held <= MOST_HEAD + 1_000
