"""Messages: what is read of them, what is refused with which code and place, and what is built."""

import pytest

from simtel.protocols.sip import MalformedMessage, Message, NameAddr, Request, Response, Uri, Via, parse_message
from tests.protocols.sip.samples import INVITE, with_header, with_start


def request(data: bytes) -> Request:
    found = parse_message(data)
    assert isinstance(found, Request)
    return found


def test_a_request() -> None:
    found = request(INVITE)
    assert (found.method, found.uri, found.body, found.raw) == ("INVITE", b"sip:1000@127.0.0.1:5070", b"v=0", INVITE)
    assert found.target == Uri("sip", b"1000", "127.0.0.1", 5070)
    assert (found.call_id, found.cseq, found.max_forwards, found.expires) == (b"one@127.0.0.1", (1, "INVITE"), 70, None)
    assert found.vias == [Via("UDP", "127.0.0.1", 5061, {"branch": b"z9hG4bK-1"})]
    assert found.from_ == NameAddr(b"", Uri("sip", b"2001", "127.0.0.1", 5061), {"tag": b"a1"})
    assert (found.from_.tag, found.to.tag) == (b"a1", b"")
    assert [contact.uri.user for contact in found.contacts] == [b"2001"]
    assert found.to_bytes() == INVITE


def test_a_response_and_its_reason() -> None:
    found = parse_message(with_start("SIP/2.0 486 占线".encode()))
    assert isinstance(found, Response)
    assert (found.status, found.reason) == (486, "占线")
    bare = parse_message(with_start(b"SIP/2.0 100 "))
    assert isinstance(bare, Response)
    assert bare.reason == ""


def test_compact_names_folded_lines_and_blanks() -> None:
    data = (
        b"\r\n\r\nBYE sip:h SIP/2.0\r\nv: SIP/2.0/TCP h\r\n ;branch=b1\r\nf : <sip:1@h>\r\nt:tel:+49;tag=x\r\ni:c \r\n"
        b"CSEQ:\r\n\t2\r\n BYE\r\n\r\n"
    )
    found = request(data)
    assert (found.call_id, found.cseq, found.vias[0].branch, found.to.tag) == (b"c", (2, "BYE"), b"b1", b"x")
    assert (found.to.uri.scheme, found.to.uri.user, found.body) == ("tel", b"+49", b"")
    assert found.headers[2] == ("t", b"tel:+49;tag=x")


def test_lists_are_taken_apart_and_other_values_are_not() -> None:
    data = with_header(b"Supported", b"100rel , timer", with_header(b"Subject", b"a, b"))
    found = request(with_header(b"Route", b'"a, b" <sip:p1;lr>, <sip:p2,x@h;lr>', data))
    assert found.all("supported") == found.all("k") == [b"100rel", b"timer"]
    assert (found.first("Supported"), found.first("subject"), found.first("s")) == (b"100rel", b"a, b", b"a, b")
    assert [(route.display, route.uri.host) for route in found.routes] == [(b"a, b", "p1"), (b"", "h")]
    assert (found.first("X-None"), found.all("X-None"), found.record_routes) == (None, [], [])


@pytest.mark.parametrize(
    ("octets", "written"),
    [
        ("张伟".encode(), "张伟".encode()),
        ("张伟".encode("gbk"), "张伟".encode("gbk")),
        ("三乗".encode("gbk"), "三乗".encode("gbk")),  # the last octet is that of a backslash
        ('"王"'.encode(), '\\"王\\"'.encode()),
    ],
)
def test_chinese_display_names_survive(octets: bytes, written: bytes) -> None:
    found = request(with_header(b"From", b'"' + written + b'" <sip:1@h>;tag=t'))
    assert (found.from_.display, found.from_.tag) == (octets, b"t")
    assert b'"' + written + b'"' in Response.build(found, 180).raw


@pytest.mark.parametrize("name", ["张伟", "三乗"])
@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
def test_chinese_that_somebody_forgot_to_quote(name: str, encoding: str) -> None:
    found = request(with_header(b"From", name.encode(encoding) + b" <sip:1@h>;tag=t"))
    assert (found.from_.display, found.from_.tag) == (name.encode(encoding), b"t")


def test_an_answer_is_that_of_its_request() -> None:
    asked = request(with_header(b"Timestamp", b"54", with_header(b"Record-Route", b"<sip:p2;lr>, <sip:p1;lr>")))
    trying = Response.build(asked, 100)
    assert (trying.reason, trying.first("timestamp"), trying.record_routes) == ("Trying", b"54", [])
    ringing = Response.build(asked, 180, headers=[("Contact", "<sip:b@h>")], to_tag="b2")
    assert ringing.to.tag == b"b2"
    assert [via.branch for via in ringing.vias] == [b"z9hG4bK-1"]
    assert ringing.all("record-route") == [b"<sip:p2;lr>", b"<sip:p1;lr>"]
    assert (ringing.call_id, ringing.cseq, ringing.from_) == (asked.call_id, asked.cseq, asked.from_)
    assert Response.build(asked, 486, "Occupied").record_routes == []
    again = request(with_header(b"To", b"<sip:1@h>;tag=old"))
    assert Response.build(again, 200, to_tag="new").to.tag == b"old"


def test_a_changed_message_is_a_new_one() -> None:
    asked = request(INVITE)
    kept = [(name, value) for name, value in asked.headers if name != "Max-Forwards"]
    changed = Request.build(asked.method, asked.target, [("Max-Forwards", "69"), *kept], b"v=0\r\n")
    assert (changed.max_forwards, changed.body, changed.first("content-length")) == (69, b"v=0\r\n", b"5")
    assert asked.max_forwards == 70
    assert asked != changed
    assert len({asked, changed, request(INVITE)}) == 2


@pytest.mark.parametrize("value", ["a\r\nVia: b", b"a\nb", "a\rb"])
def test_no_value_breaks_out_of_its_line(value: bytes | str) -> None:
    with pytest.raises(ValueError, match="line end"):
        Request.build("INVITE", "sip:h", [*request(INVITE).headers, ("Subject", value)])


def test_no_request_is_built_that_is_none() -> None:
    with pytest.raises(MalformedMessage, match="no Call-ID"):
        Request.build("INVITE", "sip:h", [pair for pair in request(INVITE).headers if pair[0] != "Call-ID"])


REFUSED = [
    (b"", "no empty line", b"", 400),
    (b"\r\n\r\n", "no empty line", b"", 400),
    (INVITE[:200], "no empty line", b"", 400),
    (INVITE + bytes(70_000), "longer than a datagram", None, 513),
    (INVITE.replace(b"Max-", b"A: b\r\n" * 600 + b"Max-"), "more than 512", None, 400),
    (INVITE.replace(b"\r\nTo", b"\nTo"), "alone", b"\nTo", 400),
    (INVITE.replace(b"one@", b"o\rne@"), "alone", b"\rne@", 400),
    (with_start(b"GET / HTTP/1.1"), "no start line", b"GET", 400),
    (with_start(b"INVITE sip:h SIP/7.0"), "another version", b"SIP/7.0", 505),
    (with_start(b"SIP/3.0 200 OK"), "another version", b"SIP/3.0", 505),
    (with_start(b"SIP/2.0 99 No"), "a code of 100", b" 99 No", 400),
    (with_start(b"SIP/2.0 4294967301 better"), "a code of 100", b" 4294967301", 400),
    (with_start(b"INV@TE sip:h SIP/2.0"), "begins with a method", b"INV@TE", 400),
    (with_start(b"INVITE  sip:h SIP/2.0"), "one space", b" sip:h", 400),
    (with_start(b"INVITE sip:h;a b SIP/2.0"), "one space", b"sip:h;a b", 400),
    (with_start(b"INVITE <sip:h> SIP/2.0"), "begins with a scheme", b"<sip:h>", 400),
    (with_start(b"INVITE sip:h?Route=%3Csip:h%3E SIP/2.0"), "no headers", b"?Route", 400),
    (with_start(b"INVITE sip:h:99999 SIP/2.0"), "65535", b"99999", 400),
    (with_start(b"INVITE sip:" + b"h" * 3_000 + b" SIP/2.0"), "Request-URI of more", b"sip:hhh", 414),
    (INVITE.replace(b"Max-Forwards:", b"Max Forwards"), "no header line", b"Max Forw", 400),
    (with_header(b"CSeq", b"1 BYE"), "another method", b"1 BYE", 400),
    (with_header(b"CSeq", b"2147483648 INVITE"), "number below", b"2147483648", 400),
    (with_header(b"CSeq", b"-1 INVITE"), "number below", b"-1 INV", 400),
    (with_header(b"Max-Forwards", b"256"), "0 to 255", b"256", 400),
    (with_header(b"Content-Length", b"-3"), "is no number", b"-3", 400),
    (with_header(b"Content-Length", b"4"), "less body", b"", 400),
    (with_header(b"Call-ID", b"a b"), "Call-ID is no word", b"a b", 400),
    (with_header(b"From", b'"Caller <sip:1@h>;tag=1'), "does not end", b'"Caller', 400),
    (with_header(b"From", b'"Caller" sip:1@h;tag=1'), "URI in <>", b"sip:1@h", 400),
    (with_header(b"To", b'"Watson, T." < sip:t@h >'), "To a URI begins", b" sip:t", 400),
    (with_header(b"To", b"<sip:t@h"), "not closed", b"<sip:t@h\r", 400),
    (with_header(b"To", b"Bell, A <sip:a@h>"), "stands in <>", b", A <sip", 400),
    (with_header(b"To", b"<sip:1@h>;tag=a;TAG=b"), "tag twice", b"TAG=b", 400),
    (with_header(b"Contact", b"sip:u@h?Route=%3Csip:s%3E"), "stands in <>", b"?Route", 400),
    (with_header(b"Contact", b'"J" <sip:j@h>;;;;'), "no parameter", b";;;;", 400),
    (with_header(b"Via", b"SIP/2.0/UDP 192.0.2.15;;,;,,"), "no parameter", b";;,;", 400),
    (with_header(b"Via", b"SIP/2.0/UDP [2001:db8:::1]"), "no IPv6", b"[2001", 400),
    (with_header(b"Contact", b",".join([b"<sip:a@h>"] * 257)), "more than 256 values", b"<sip:a", 400),
    (with_header(b"Contact", b"*, <sip:a@h>"), "begins with a scheme", b"*", 400),
    (with_header(b"Via", b"SIP/2.0/UDP h:70000"), "65535", b"70000", 400),
    (INVITE.replace(b"To:", b"Call-ID: two\r\nTo:"), "Call-ID twice", b"Call-ID: one", 400),
    *((with_header(name, None), f"no {name.decode()}", b"v=0", 400)
      for name in (b"Via", b"From", b"To", b"Call-ID", b"CSeq")),
]  # fmt: skip


@pytest.mark.parametrize(("data", "why", "where", "code"), REFUSED, ids=range(len(REFUSED)))
def test_what_is_malformed_says_why_where_and_with_which_code(
    data: bytes, why: str, where: bytes | None, code: int
) -> None:
    with pytest.raises(MalformedMessage, match=why) as caught:
        parse_message(data)
    assert caught.value.code == code
    if where is not None:
        assert data[caught.value.offset :].startswith(where)
        assert where or caught.value.offset == len(data)


def test_octets_after_the_body_are_passed_over() -> None:
    assert request(INVITE + b"junk").body == b"v=0"
    assert request(with_header(b"Content-Length", None)).body == b"v=0"


def test_ordinary_messages_are_not_read_with_care(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Message, "check", lambda _: pytest.fail("read with care"))
    monkeypatch.setattr(Request, "check", lambda _: pytest.fail("read with care"))
    parse_message(INVITE)
    parse_message(Response.build(request(INVITE), 200, to_tag="b2").raw)
