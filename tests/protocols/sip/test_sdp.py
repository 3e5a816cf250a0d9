"""Session descriptions: read, written again, and refused with the place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simtel.protocols.sip import MalformedMessage
from simtel.protocols.sip.sdp import Codec, Media, Origin, Session, parse_sdp

BODY = (
    b"v=0\r\no=desk 2890844526 2890842807 IN IP4 192.0.2.5\r\ns=\xb5\xe7\xbb\xb0\r\ni=talk\r\n"
    b"c=IN IP4 192.0.2.17/127\r\n"
    b"b=AS:64\r\nt=2873397496 2873404696\r\nr=604800 3600 0\r\na=recvonly\r\n"
    b"m=audio 49170/2 RTP/AVP 8 0 18 101\r\nc=IN IP6 2001:db8::1\r\na=rtpmap:8 pcma/8000\r\n"
    b"a=rtpmap:101 telephone-event/8000\r\n"
    b"a=fmtp:101 0-16\r\na=ptime:20\r\na=sendonly\r\n"
    b"m=video 51372 RTP/AVP 99\r\ni=face\r\na=rtpmap:99 h263-1998/90000\r\nm=image 0 udptl t38\r\n"
)


def test_what_a_description_says() -> None:
    found = parse_sdp(BODY)
    assert found.origin == Origin("desk", 2890844526, 2890842807, "192.0.2.5")
    assert (found.name, found.times) == ("电话".encode("gbk"), (b"2873397496 2873404696",))
    audio, _, fax = found.media
    assert (audio.kind, audio.port, audio.ports, audio.protocol) == ("audio", 49170, 2, "RTP/AVP")
    assert [found.address_of(media) for media in found.media] == ["2001:db8::1", "192.0.2.17", "192.0.2.17"]
    assert [found.direction_of(media) for media in found.media] == ["sendonly", "recvonly", "recvonly"]
    assert audio.codecs == {
        8: Codec("PCMA", 8_000), 0: Codec("PCMU", 8_000), 18: Codec("G729", 8_000), 101: Codec("TELEPHONE-EVENT", 8_000)
    }  # fmt: skip
    assert list(audio.codecs) == [8, 0, 18, 101]
    assert (audio.fmtp, audio.first("ptime"), audio.first("sendonly"), audio.first("x")) == (
        {101: b"0-16"},
        b"20",
        b"",
        None,
    )
    assert (fax.port, fax.formats, fax.codecs) == (0, ("t38",), {})


def test_nothing_is_lost_in_writing() -> None:
    found = parse_sdp(BODY)
    assert parse_sdp(found.to_bytes()) == found
    lines = [line for line in BODY.split(b"\r\n") if not line.startswith(b"c=IN IP4")]
    written = found.to_bytes().split(b"\r\n")
    assert [line for line in written if not line.startswith(b"c=IN IP4")] == lines


def test_bare_newlines_and_no_direction() -> None:
    found = parse_sdp(b"v=0\no=- 1 1 IN IP4 h\ns= \nt=0 0\nm=audio 5 RTP/AVP 8\nc=IN IP4 127.0.0.1\n")
    assert found.direction_of(found.media[0]) == "sendrecv"
    assert found.address is None


@pytest.mark.parametrize(
    ("old", "new", "why", "at"),
    [
        (b"v=0\r\n", b"", "begins with", 0),
        (b"v=0", b"v=1", "version 0", 0),
        (b"IN IP4 192.0.2.5", b"IP4 h", "o= is no", 5),
        (b"s=", b"S=", "no line of SDP", 52),
        (b"t=2873397496 2873404696\r\n", b"", "has no t=", None),
        (b"c=IN IP4", b"c=IN IP5", "c= is no", None),
        (b"49170/2", b"70000", "m= is no", None),
        (b" 99\r\n", b"\r\n", "m= is no", None),
        (b"b=AS", b"o=AS", "stands twice", None),
        (b"a=ptime", b"a=\xffptime", "above 127", None),
        (b"a=ptime", b"\x00", "no line of SDP", None),
        (b"c=IN IP4 192.0.2.17/127\r\n", b"", "no c= for a stream", None),
        (b"a=ptime:20", b"a=x\r\n" * 1_000, "more than 1000 lines", None),
    ],
)  # fmt: skip
def test_what_is_malformed_says_where(old: bytes, new: bytes, why: str, at: int | None) -> None:
    with pytest.raises(MalformedMessage, match=why) as caught:
        parse_sdp(BODY.replace(old, new, 1))
    assert caught.value.code == 400
    assert at is None or caught.value.offset == at


WORDS = st.text("abcz-", min_size=1, max_size=6)
VALUES = st.none() | st.binary(min_size=1, max_size=8).filter(lambda value: not {*b"\r\n\0"} & {*value})
ATTRIBUTES = st.lists(st.tuples(WORDS, VALUES), max_size=4).map(tuple)
MEDIA = st.builds(
    Media, WORDS, st.integers(0, 65_535), st.lists(WORDS, min_size=1, max_size=4).map(tuple), WORDS,
    st.sampled_from(["192.0.2.1", "2001:db8::1"]), ATTRIBUTES, st.integers(1, 9),
)  # fmt: skip


SESSIONS = st.builds(
    Session, st.builds(Origin, WORDS, st.integers(0, 2**63), st.integers(0, 2**63), WORDS),
    st.lists(MEDIA, max_size=3).map(tuple), st.none() | st.just("192.0.2.1"), attributes=ATTRIBUTES,
)  # fmt: skip


@given(SESSIONS)
def test_every_description_is_read_as_it_was_written(session: Session) -> None:
    assert parse_sdp(session.to_bytes()) == session
