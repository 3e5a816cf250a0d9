"""Whatever arrives is read or refused, never anything else, and within a time that grows as its length does.

The corpus holds a message for each kind that simtel speaks. Each is cut, doubled and mixed with pieces that parsers
stumble over; what was found to fail once is kept as a file of its own beside them.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simtel.protocols.sip import MalformedMessage, Request, Response, parse_message, parse_name_addr, parse_via
from simtel.protocols.sip.digest import parse_challenge, parse_credentials
from simtel.protocols.sip.extensions import (
    parse_min_se,
    parse_rack,
    parse_reason,
    parse_refer_to,
    parse_replaces,
    parse_rseq,
    parse_session_expires,
)  # fmt: skip
from simtel.protocols.sip.framing import MOST_HEAD, Stream
from simtel.protocols.sip.head import MOST_BYTES
from simtel.protocols.sip.hops import answer_to, refusal, stamped
from simtel.protocols.sip.reasons import REASONS
from simtel.protocols.sip.sdp import parse_sdp
from simtel.protocols.sip.values import parse_number
from tests.protocols.sip.test_torture import REFUSED

CORPUS = {path.stem: path.read_bytes() for path in sorted((Path(__file__).parent / "corpus").glob("*.sip"))}
PARSERS: dict[str, Callable[[bytes], Any]] = {
    "Contact": parse_name_addr, "Route": parse_name_addr, "Record-Route": parse_name_addr,
    "P-Asserted-Identity": parse_name_addr, "Reason": parse_reason, "Expires": lambda value: parse_number(value, 2**32),
    "Session-Expires": parse_session_expires, "Min-SE": parse_min_se, "Replaces": parse_replaces,
    "Refer-To": parse_refer_to, "RAck": parse_rack, "RSeq": parse_rseq, "WWW-Authenticate": parse_challenge,
    "Authorization": parse_credentials,
}  # fmt: skip
PIECES = st.sampled_from([
    b"\r\n", b"\n", b"\r", b"\0", b'"', b"\\", b'\\"', b"<", b">", b"<>", b";", b";;", b",", b"=", b"?", b"@", b":",
    b"::", b"%", b"%00", b"%zz", b" ", b"\t", b"\r\n ", b"*", b"[", b"]", b"[::1]", b"\x81\x5c", b"\xff", b"9" * 20,
    b"-1", b"sip:", b"tel:", b"SIP/2.0", b"SIP/3.0", b"Via: ", b"l: 0\r\n", b"Content-Length: 7\r\n", b";tag=",
    b"\r\n\r\n",
])  # fmt: skip


@st.composite
def hostile(draw: st.DrawFn) -> bytes:
    data = draw(st.sampled_from([*CORPUS.values(), *(row[0] for row in REFUSED.values())]))
    for _ in range(draw(st.integers(1, 4))):
        at, length = draw(st.integers(0, len(data))), draw(st.integers(0, 12))
        piece = draw(PIECES | st.binary(max_size=6) | st.just(data[at : at + length] * 2))
        data = data[:at] + piece + data[at + draw(st.sampled_from([0, length])) :]
    return data


def is_told_rightly(wrong: MalformedMessage, data: bytes) -> None:
    assert 0 <= wrong.offset <= len(data)
    assert wrong.code in REASONS
    told = refusal(data, wrong)
    assert told is None or (told.startswith(b"SIP/2.0 ") and len(told) < len(data) + 300)


def read_or_refused(data: bytes) -> Request | Response | None:
    try:
        found = parse_message(data)
    except MalformedMessage as wrong:
        is_told_rightly(wrong, data)
        return None
    return found


def all_is_read_or_refused(found: Request | Response) -> None:
    found.check()  # what passed for ordinary is right when it is read with care
    if found.contacts and isinstance(found, Request):
        assert found.target.scheme
    for contact in (*found.contacts, found.from_, found.to):
        assert parse_name_addr(contact.to_bytes()) == contact
    for via in found.vias:
        assert parse_via(via.to_bytes()) == via
        answer_to(via)
    for name, parser in PARSERS.items():
        try:
            found.read_all(name, parser)
        except MalformedMessage as wrong:
            is_told_rightly(wrong, found.raw)
    for name, value in found.headers:
        assert not value or found.first(name) is not None


@pytest.mark.parametrize("name", CORPUS)
def test_the_corpus_is_read_and_built_again(name: str) -> None:
    found = parse_message(CORPUS[name])
    all_is_read_or_refused(found)
    if isinstance(found, Request):
        again = Request.build(found.method, found.uri, found.headers, found.body)
        assert (again.call_id, again.cseq, again.vias, again.from_, again.to, again.body) == (
            found.call_id, found.cseq, found.vias, found.from_, found.to, found.body
        )  # fmt: skip
    if found.body:
        assert parse_sdp(found.body).media


@pytest.mark.parametrize("name", CORPUS)
def test_a_message_that_is_cut_is_refused_or_lacks_its_body(name: str) -> None:
    data = CORPUS[name]
    head = data.index(b"\r\n\r\n") + 4
    for end in range(len(data)):
        found = read_or_refused(data[:end])
        assert found is None or end >= head


@settings(max_examples=300, deadline=None)
@given(hostile())
def test_any_message_is_read_or_refused(data: bytes) -> None:
    found = read_or_refused(data)
    if found is None:
        return
    all_is_read_or_refused(found)
    if isinstance(found, Request):
        here = stamped(found, "127.0.0.2", 5060)
        assert (here.call_id, here.cseq, here.body) == (found.call_id, found.cseq, found.body)
        assert Response.build(here, 486, to_tag="x").vias == here.vias


@settings(max_examples=200, deadline=None)
@given(st.lists(hostile(), max_size=4).map(b"".join), st.integers(1, 400))
def test_any_stream_is_cut_or_ends(data: bytes, step: int) -> None:
    stream = Stream()
    given_out = 0
    for at in range(0, len(data), step):
        for one in stream.take(data[at : at + step]):
            given_out += len(one) if isinstance(one, bytes) else 0
            if isinstance(one, MalformedMessage):
                return
        assert len(stream._held) <= MOST_HEAD + MOST_BYTES
    assert given_out <= len(data)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from([data for data in CORPUS.values() if b"v=0" in data]), st.data())
def test_any_body_is_read_or_refused(data: bytes, choose: st.DataObject) -> None:
    body = data[data.index(b"v=0") :]
    for _ in range(choose.draw(st.integers(1, 4))):
        at = choose.draw(st.integers(0, len(body)))
        body = body[:at] + choose.draw(PIECES) + body[at + choose.draw(st.integers(0, 8)) :]
    try:
        found = parse_sdp(body)
    except MalformedMessage as wrong:
        is_told_rightly(wrong, body)
        return
    assert all(media.codecs is not None and media.fmtp is not None for media in found.media)
    assert parse_sdp(found.to_bytes()) == found


# What makes a careless pattern or loop take the square of a length, or worse; each as long as a message may be.
LONG = {
    "quotes": b"From: " + b'"' * 60_000,
    "backslashes": b'From: "' + b"\\" * 60_000,
    "gbk": b'From: "' + b"\x81\x5c" * 30_000,
    "brackets": b"Contact: " + b"<" * 60_000,
    "commas": b"Contact: <sip:a@h>" + b",<sip:a@h>" * 5_900,
    "parameters": b"From: <sip:a@h>" + b";a=b" * 15_000,
    "blanks": b"From: <sip:a@h>;" + b" " * 60_000 + b"x y",
    "blank in Via": b"Via: SIP" + b" " * 60_000,
    "escapes": b"From: <sip:" + b"%41" * 20_000 + b">",
    "users": b"From: <sip:" + b"a:" * 30_000 + b">",
    "uri parameters": b"From: <sip:h" + b";a" * 30_000 + b"=>",
    "headers": b"From: <sip:h?" + b"a=b&" * 15_000 + b">",
    "digits": b"CSeq: " + b"1" * 60_000 + b" BYE",
    "call-id": b"Call-ID: " + b"a" * 60_000 + b" @",
    "folds": b"From: a" + b"\r\n " * 20_000,
    "lines": b"A: b\r\n" * 10_000 + b"B: c",
    "empty lines": b"\r\n" * 30_000,
    "names": b"a" * 60_000,
    "tokens": b"From: " + b"a " * 30_000,
    "subjects": b"Supported: " + b'"a' * 30_000,
    "digest": b"Authorization: Digest " + b'a="' * 20_000,
    "digest commas": b"Authorization: Digest a=b" + b" ," * 30_000 + b";",
    "reason": b"Reason: " + b"SIP;a," * 10_000,
}


@pytest.mark.timeout(20)  # a pattern that goes wrong takes minutes; what goes right takes milliseconds
@pytest.mark.parametrize("name", LONG)
def test_no_length_takes_more_than_its_share(name: str) -> None:
    line = LONG[name]
    kept = [old for old in CORPUS["invite"].split(b"\r\n") if not old.startswith(line.partition(b":")[0] + b":")]
    data = b"\r\n".join([kept[0], line, *kept[1:]])[:MOST_BYTES]
    data = data if b"\r\n\r\n" in data.lstrip(b"\r\n") else data[: MOST_BYTES - 4] + b"\r\n\r\n"
    for start in (b"", b"\r\n" * 1_000):
        found = read_or_refused((start + data)[:MOST_BYTES])
        if found is not None:
            all_is_read_or_refused(found)
    Stream().take(data)
    for parser in (*PARSERS.values(), parse_via, parse_sdp):
        try:
            parser(line.partition(b": ")[2])
        except MalformedMessage:
            continue
