"""Headers of extensions: read, written again, and refused with the place in the message."""

from collections.abc import Callable
from typing import Any

import pytest

from simtel.protocols.sip import MalformedMessage, parse_message, parse_name_addr
from simtel.protocols.sip.extensions import (
    RAck,
    Reason,
    Replaces,
    SessionExpires,
    parse_min_se,
    parse_rack,
    parse_reason,
    parse_refer_to,
    parse_replaces,
    parse_rseq,
    parse_session_expires,
)  # fmt: skip
from tests.protocols.sip.samples import INVITE, with_header

Parser = Callable[[bytes], Any]


@pytest.mark.parametrize(
    ("name", "parser", "value", "found"),
    [
        ("Reason", parse_reason, b'Q.850 ;cause=16 ;text="Terminated"', Reason("Q.850", 16, b"Terminated")),
        ("Reason", parse_reason, b'SIP;cause=200;text="Call, completed elsewhere"',
         Reason("SIP", 200, b"Call, completed elsewhere")),
        ("Session-Expires", parse_session_expires, b"1800;refresher=UAS", SessionExpires(1800, "uas")),
        ("x", parse_session_expires, b"90", SessionExpires(90)),
        ("Min-SE", parse_min_se, b"120;x=1", 120),
        ("Replaces", parse_replaces, b"12@host;to-tag=t;from-tag=f;early-only", Replaces(b"12@host", b"t", b"f", True)),
        ("RAck", parse_rack, b"776656  1 INVITE", RAck(776656, 1, "INVITE")),
        ("RSeq", parse_rseq, b"4294967295", 4294967295),
    ],
)  # fmt: skip
def test_read_and_written_again(name: str, parser: Parser, value: bytes, found: object) -> None:
    message = parse_message(with_header(name.encode(), value))
    assert message.read(name, parser) == found
    if hasattr(found, "to_bytes") and not isinstance(found, int):
        assert parser(found.to_bytes()) == found


def test_several_reasons_and_identities() -> None:
    message = parse_message(with_header(b"Reason", b'SIP;cause=600;text="a, b", Q.850;cause=17'))
    assert [reason.cause for reason in message.read_all("Reason", parse_reason)] == [600, 17]
    message = parse_message(with_header(b"P-Asserted-Identity", '"座席" <sip:2001@h>, tel:+12015550100'.encode()))
    display, number = message.read_all("P-Asserted-Identity", parse_name_addr)
    assert (display.display.decode(), number.uri.user) == ("座席", b"+12015550100")


def test_a_transfer_with_consultation() -> None:
    value = b"<sip:2002@h?Replaces=12%40host%3Bto-tag%3Dt%3Bfrom-tag%3Df>"
    target, replaces = parse_refer_to(value)
    assert (target.uri.user, replaces) == (b"2002", Replaces(b"12@host", b"t", b"f"))
    assert parse_refer_to(b"<sip:2002@h>")[1] is None


@pytest.mark.parametrize(
    ("name", "parser", "value", "at"),
    [
        ("Reason", parse_reason, b";cause=16", 0),
        ("Reason", parse_reason, b"SIP;cause=1, Q.850;;", 18),
        ("Reason", parse_reason, b"Q.850;cause=x", 0),
        ("Session-Expires", parse_session_expires, b"soon", 0),
        ("Session-Expires", parse_session_expires, b"90;refresher=me", 2),
        ("Min-SE", parse_min_se, b"99999999999", 0),
        ("Replaces", parse_replaces, b"12@host;to-tag=t", 7),
        ("RAck", parse_rack, b"1 INVITE", 0),
        ("RSeq", parse_rseq, b"0", 0),
        ("Refer-To", parse_refer_to, b"<sip:1@h", 0),
    ],
)  # fmt: skip
def test_what_is_malformed_says_where_in_the_message(name: str, parser: Parser, value: bytes, at: int) -> None:
    data = with_header(name.encode(), value)
    message = parse_message(data)
    with pytest.raises(MalformedMessage, match=f": {name}") as caught:
        message.read(name, parser)
    assert caught.value.offset == data.index(b": " + value) + 2 + at


def test_a_header_that_is_not_there() -> None:
    assert parse_message(INVITE).read("Reason", parse_reason) is None
