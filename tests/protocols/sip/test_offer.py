"""Offer and answer: each rule of RFC 3264 that the module names."""

import itertools

import pytest

from simtel.protocols.sip.offer import (
    EVENTS,
    G729,
    PCMA,
    PCMU,
    Agreed,
    NoAgreement,
    Party,
    agreed,
    answer,
    changed,
    follows,
    offer,
)  # fmt: skip
from simtel.protocols.sip.sdp import Codec, Session, parse_sdp

OPUS = Codec("OPUS", 48_000, 2)
DESK = Party("127.0.0.2", 4_000, (PCMA, PCMU, OPUS))
LINE = Party("127.0.0.3", 5_000, (PCMU, PCMA))


def wire(session: Session) -> Session:
    return parse_sdp(session.to_bytes())


def test_a_first_offer() -> None:
    made = wire(offer(DESK))
    (audio,) = made.media
    assert audio.formats == ("8", "0", "96", "101")
    assert audio.codecs == {8: PCMA, 0: PCMU, 96: OPUS, 101: EVENTS}
    assert (made.address_of(audio), audio.port, made.direction_of(audio)) == ("127.0.0.2", 4_000, "sendrecv")


def test_an_answer_keeps_numbers_and_order_of_the_offer() -> None:
    asked = wire(offer(DESK))
    told = wire(answer(asked, LINE))
    assert told.media[0].formats == ("8", "0", "101")
    assert agreed(asked, told, offered=True) == Agreed(PCMA, 8, "127.0.0.3", 5_000, True, True, 101)
    assert agreed(told, asked, offered=False) == Agreed(PCMA, 8, "127.0.0.2", 4_000, True, True, 101)


def test_each_sends_under_the_numbers_of_the_other() -> None:
    asked = wire(offer(Party("127.0.0.2", 4_000, (OPUS,), events=False)))
    told = parse_sdp(answer(asked, Party("127.0.0.3", 5_000, (OPUS,))).to_bytes().replace(b"96", b"111"))
    one, other = agreed(asked, told, offered=True), agreed(told, asked, offered=False)
    assert one is not None
    assert other is not None
    assert (one.payload, other.payload, one.events) == (111, 96, None)


TWO = b"m=video 9 RTP/AVP 31\r\nm=audio 7 RTP/SAVP 8\r\nm=audio 6 RTP/AVP 0\r\nm=audio 8 RTP/AVP 8\r\n"


def test_an_answer_has_a_stream_for_each_of_the_offer() -> None:
    asked = parse_sdp(b"v=0\r\no=- 1 1 IN IP4 h\r\ns=-\r\nc=IN IP4 127.0.0.9\r\nt=0 0\r\n" + TWO)
    told = wire(answer(asked, LINE))
    assert [(media.kind, media.protocol, media.port) for media in told.media] == [
        ("video", "RTP/AVP", 0), ("audio", "RTP/SAVP", 0), ("audio", "RTP/AVP", 5_000), ("audio", "RTP/AVP", 0)
    ]  # fmt: skip
    assert agreed(told, asked, offered=False) == Agreed(PCMU, 0, "127.0.0.9", 6, True, True, None)


def test_nothing_in_common() -> None:
    asked = wire(offer(Party("127.0.0.2", 4_000, (G729,))))
    told = wire(answer(asked, LINE))
    assert [media.port for media in told.media] == [0]
    assert agreed(asked, told, offered=True) is None


# RFC 3264, 6.1: offer, what the answering side wants, answer.
DIRECTIONS = {
    ("sendrecv", "sendrecv"): "sendrecv", ("sendrecv", "sendonly"): "sendonly", ("sendrecv", "recvonly"): "recvonly",
    ("sendonly", "sendrecv"): "recvonly", ("sendonly", "sendonly"): "inactive", ("sendonly", "recvonly"): "recvonly",
    ("recvonly", "sendrecv"): "sendonly", ("recvonly", "sendonly"): "sendonly", ("recvonly", "recvonly"): "inactive",
    ("inactive", "sendrecv"): "inactive", ("inactive", "sendonly"): "inactive", ("inactive", "recvonly"): "inactive",
}  # fmt: skip


@pytest.mark.parametrize(("asked", "wanted"), DIRECTIONS)
def test_directions(asked: str, wanted: str) -> None:
    first = wire(offer(DESK, asked))
    told = wire(answer(first, LINE, wanted))
    assert told.direction_of(told.media[0]) == DIRECTIONS[asked, wanted]
    one, other = agreed(first, told, offered=True), agreed(told, first, offered=False)
    assert one is not None
    assert other is not None
    assert (one.sends, one.hears) == (other.hears, other.sends)
    assert one.sends == (asked in {"sendrecv", "sendonly"} and wanted in {"sendrecv", "recvonly"})


def test_hold_of_rfc_2543_is_sent_nothing() -> None:
    asked = parse_sdp(offer(DESK).to_bytes().replace(b"c=IN IP4 127.0.0.2", b"c=IN IP4 0.0.0.0"))
    found = agreed(wire(answer(asked, LINE)), asked, offered=False)
    assert found is not None
    assert (found.sends, found.hears) == (False, True)


def test_hold_and_resume_raise_the_version() -> None:
    first = wire(offer(DESK))
    held = wire(changed(first, "sendonly"))
    back = wire(changed(held, "sendrecv", port=4_002))
    assert [one.origin.version for one in (first, held, back)] == [1, 2, 3]
    assert [one.direction_of(one.media[0]) for one in (first, held, back)] == ["sendrecv", "sendonly", "sendrecv"]
    assert (held.media[0].port, back.media[0].port) == (4_000, 4_002)
    assert [follows(*pair) for pair in itertools.pairwise((first, first, held, back))] == [False, True, True]


def test_what_does_not_fit() -> None:
    first = wire(offer(DESK))
    told = wire(answer(first, LINE))
    none = parse_sdp(b"v=0\r\no=- 1 1 IN IP4 h\r\ns=-\r\nt=0 0\r\n")
    other = parse_sdp(told.to_bytes().replace(b"m=audio 5000 RTP/AVP 8 0 101", b"m=audio 5000 RTP/AVP 18"))
    video = parse_sdp(told.to_bytes().replace(b"m=audio", b"m=video"))
    for wrong, why in ((none, "answer of 0 streams"), (other, "no format"), (video, "answered by video")):
        with pytest.raises(NoAgreement, match=why):
            agreed(first, wrong, offered=True)
    with pytest.raises(NoAgreement, match="fewer streams"):
        follows(first, none)
    with pytest.raises(NoAgreement, match="its version did not"):
        follows(first, parse_sdp(first.to_bytes().replace(b"m=audio 4000", b"m=audio 4002")))
    with pytest.raises(NoAgreement, match="no stream lives"):
        changed(none)


def test_events_go_at_the_rate_of_the_voice() -> None:
    text = offer(DESK).to_bytes()
    fast = parse_sdp(text.replace(b"telephone-event/8000", b"telephone-event/48000"))
    assert answer(fast, LINE).media[0].formats == ("8", "0")
    assert answer(parse_sdp(text), Party("127.0.0.3", 5_000, events=False)).media[0].formats == ("8", "0")
