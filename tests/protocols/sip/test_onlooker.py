"""The onlooker's SIP parser: what it reads, and that nothing that arrives makes it fall over."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simtel.protocols.sip.onlooker import Media, NotSipError, looks_like_sip, parse
from tests.target.recorded.flow import SECRET, sdp, sip

INVITE = sip("INVITE sip:x@192.0.2.10 SIP/2.0", "one@host", "7 INVITE", branch="z9hG4bKx", body=sdp("192.0.2.21", 4000))


def test_a_request() -> None:
    found = parse(INVITE)
    assert (found.method, found.status, found.request, found.call_id, found.cseq) == ("INVITE", 0, True, "one@host", 7)
    assert (found.branch, found.from_user, found.to_user, found.to_tag) == ("z9hG4bKx", "5550100", "5550199", "")
    assert found.media == Media("192.0.2.21", 4000)


def test_an_answer_has_the_method_of_its_cseq() -> None:
    found = parse(sip("SIP/2.0 486 Busy Here", "one", "7 INVITE", tag="t"))
    assert (found.method, found.status, found.request, found.to_tag) == ("INVITE", 486, False, "t")


def test_compact_names_folded_lines_and_bare_newlines() -> None:
    text = b"BYE sip:x SIP/2.0\nv: SIP/2.0/UDP h\n ;branch=b1\nf: <sip:1@h>\nt: tel:+49;tag=x\ni: c\nCSEQ: 2\n\tBYE\n\n"
    found = parse(text)
    assert (found.call_id, found.branch, found.from_user, found.to_user, found.to_tag) == ("c", "b1", "1", "+49", "x")


def test_headers_that_are_asked_for_come_in_their_order() -> None:
    found = parse(sip("INVITE sip:x SIP/2.0", "one", "1 INVITE", X_Leg="a1"), ("x-other", "x-leg"))
    assert found.marks == ("", "a1")


@pytest.mark.parametrize(
    ("headers", "expires"),
    [
        ({"Expires": "60"}, 60),
        ({"Contact": "<sip:a@h>;expires=30", "Expires": "60"}, 30),
        ({"Contact": "*", "Expires": "0"}, 0),
        ({"Expires": "soon"}, None),
        ({}, None),
    ],
)
def test_the_life_of_a_registration(headers: dict[str, str], expires: int | None) -> None:
    assert parse(sip("REGISTER sip:x SIP/2.0", "r", "1 REGISTER", **headers)).expires == expires


@pytest.mark.parametrize(
    ("body", "media"),
    [
        (sdp("192.0.2.1", 4000, "sendonly"), Media("192.0.2.1", 4000, "sendonly")),
        ("v=0\nc=IN IP4 192.0.2.1\nm=audio 5 RTP/AVP 8\nc=IN IP4 192.0.2.2\n", Media("192.0.2.2", 5)),
        ("v=0\nc=IN IP6 2001:db8::1\nm=audio 5 RTP/AVP 8\n", Media("2001:db8::1", 5)),
        ("v=0\nc=IN IP4 192.0.2.1\nm=audio 5 RTP/AVP 8\na=inactive\nm=video 7 RTP/AVP 9\na=sendonly\n",
         Media("192.0.2.1", 5, "inactive")),
        ("v=0\nc=IN IP4 192.0.2.1\n", None),
        ("v=0\nm=audio 70000 RTP/AVP 8\n", None),
        ("\x00\x01", None),
    ],
    ids=["held", "own-address", "ipv6", "first-only", "no-media", "no-port", "no-sdp"],
)  # fmt: skip
def test_where_a_party_wants_to_hear(body: str, media: Media | None) -> None:
    assert parse(sip("INVITE sip:x SIP/2.0", "one", "1 INVITE", body=body)).media == media


@pytest.mark.parametrize(
    ("media", "held"),
    [
        (Media("192.0.2.1", 5), False),
        (Media("192.0.2.1", 5, "sendonly"), True),
        (Media("0.0.0.0", 5), True),  # noqa: S104 - RFC 2543's way to hold
        (Media("192.0.2.1", 0), True),
    ],
)
def test_when_a_party_is_on_hold(media: Media, held: bool) -> None:
    assert media.held is held


def test_no_secret_is_read() -> None:
    login = {"Authorization": f'Digest response="{SECRET}"', "Proxy-Authorization": SECRET}
    found = parse(sip("INVITE sip:x SIP/2.0", "one", "1 INVITE", body=sdp("192.0.2.1", 5), **login))
    assert SECRET not in repr(found)


@pytest.mark.parametrize(
    ("payload", "why"),
    [
        (b"", "no start line"),
        (b"GET / HTTP/1.1\r\n\r\n", "no start line"),
        (b"INVITE sip:x SIP/3.0\r\n\r\n", "no start line"),
        (b"INVITE sip:x SIP/2.0\r\n\r\n", "Call-ID"),
        (INVITE.replace(b"CSeq: 7 INVITE", b"CSeq: 7 BYE"), "another method"),
        (INVITE.replace(b"CSeq: 7", b"CSeq: -7"), "Call-ID or a CSeq"),
        (INVITE.replace(b"Call-ID: one@host", b"Call-ID: " + b"x" * 257), "Call-ID or a CSeq"),
        (INVITE.replace(b"From:", b"Frm:"), "From or To"),
        (INVITE.replace(b"\r\n", b"\r\n" + b"A: b\r\n" * 600, 1), "more than 512"),
        (INVITE + bytes(70_000), "longer than a datagram"),
    ],
)  # fmt: skip
def test_what_is_no_sip_says_why(payload: bytes, why: str) -> None:
    with pytest.raises(NotSipError, match=why):
        parse(payload)


@pytest.mark.parametrize("length", range(0, len(INVITE), 7))
def test_a_message_cut_anywhere_is_read_or_refused(length: int) -> None:
    try:
        found = parse(INVITE[:length])
    except NotSipError:
        return
    assert found.call_id == "one@host"


@given(st.binary(max_size=300), st.integers(0, len(INVITE)))
def test_any_bytes_are_read_or_refused(noise: bytes, at: int) -> None:
    for payload in (noise, INVITE[:at] + noise + INVITE[at:]):
        with contextlib.suppress(NotSipError):
            parse(payload)


def test_what_looks_like_sip() -> None:
    assert looks_like_sip(INVITE)
    assert looks_like_sip(b"SIP/2.0 200 OK\r\n")
    assert not looks_like_sip(b"\x80\x08" + bytes(20))
    assert not looks_like_sip(b"GET / HTTP/1.1\r\n")
