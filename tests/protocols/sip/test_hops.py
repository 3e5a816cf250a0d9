"""Where requests came from, whereto answers go, and what a malformed request is answered."""

import pytest

from simtel.protocols.sip import MalformedMessage, Request, parse_message, parse_via
from simtel.protocols.sip.hops import answer_to, refusal, stamped
from tests.protocols.sip.samples import INVITE, with_header, with_start
from tests.protocols.sip.test_torture import REFUSED


def request(via: bytes) -> Request:
    found = parse_message(with_header(b"Via", via))
    assert isinstance(found, Request)
    return found


@pytest.mark.parametrize(
    ("via", "stamp", "to"),
    [
        (b"SIP/2.0/UDP 127.0.0.2:5061;branch=b", b"SIP/2.0/UDP 127.0.0.2:5061;branch=b", ("127.0.0.2", 5061)),
        (b"SIP/2.0/UDP 127.0.0.9;branch=b", b"SIP/2.0/UDP 127.0.0.9;branch=b;received=127.0.0.2", ("127.0.0.2", 5060)),
        (b"SIP/2.0/UDP 127.0.0.2:5061;rport;branch=b",
         b"SIP/2.0/UDP 127.0.0.2:5061;branch=b;received=127.0.0.2;rport=7000", ("127.0.0.2", 7000)),
        (b"SIP/2.0/UDP 127.0.0.2;received=127.0.0.66;branch=b", b"SIP/2.0/UDP 127.0.0.2;branch=b", ("127.0.0.2", 5060)),
        (b"SIP/2.0/TLS desk;branch=b", b"SIP/2.0/TLS desk;branch=b;received=127.0.0.2", ("127.0.0.2", 5061)),
        (b"SIP/2.0/UDP 127.0.0.2:6;maddr=127.0.0.7;branch=b", b"SIP/2.0/UDP 127.0.0.2:6;maddr=127.0.0.7;branch=b",
         ("127.0.0.7", 6)),
    ],
)  # fmt: skip
def test_where_an_answer_goes(via: bytes, stamp: bytes, to: tuple[str, int]) -> None:
    asked = request(via + b", SIP/2.0/UDP next;branch=c")
    found = stamped(asked, "127.0.0.2", 7_000)
    assert found.all("Via") == [stamp, b"SIP/2.0/UDP next;branch=c"]
    assert answer_to(found.vias[0]) == to
    assert (found.body, found.call_id, found.cseq) == (asked.body, asked.call_id, asked.cseq)


@pytest.mark.parametrize("port", [b"x", b"0", b"70000", b"9999999999"])
def test_an_rport_that_is_none_does_not_count(port: bytes) -> None:
    assert answer_to(parse_via(b"SIP/2.0/UDP h:5061;rport=" + port)) == ("h", 5061)


def wrong_of(data: bytes) -> MalformedMessage:
    with pytest.raises(MalformedMessage) as caught:
        parse_message(data)
    return caught.value


@pytest.mark.parametrize("section", REFUSED)
def test_every_malformed_request_is_answered_with_its_code(section: str) -> None:
    data, why, code = REFUSED[section]
    told = refusal(data, wrong_of(data))
    unanswerable = data.startswith(b"SIP/2.0") or (why.startswith("no parameter") and b"192.0.2.15;;" in data)
    assert (told is None) == unanswerable
    if told is not None:
        assert told.startswith(f"SIP/2.0 {code} ".encode())
        assert b"\r\nVia: SIP/2.0/UDP 127.0.0.1:5061;branch=z9hG4bK-1\r\n" in told
        assert told.endswith(b"Content-Length: 0\r\n\r\n")
        assert told.count(b"\r\nFrom: ") <= 1


def test_a_refusal_that_can_be_read_is_an_answer_to_the_request() -> None:
    data = with_header(b"Max-Forwards", b"999")
    found = parse_message(refusal(data, wrong_of(data)) or b"")
    asked = parse_message(INVITE)
    assert (found.call_id, found.cseq, found.from_, found.vias) == (asked.call_id, asked.cseq, asked.from_, asked.vias)


NOT_ANSWERED = [
    with_start(b"ACK sip:h SIP/7.0"), with_start(b"SIP/7.0 200 OK"), with_header(b"Via", None),
    with_header(b"Via", b"x"),
    b"INVITE", b"", b"\r\n\r\n", b"\0" * 99,
]  # fmt: skip


@pytest.mark.parametrize("data", NOT_ANSWERED)
def test_what_is_not_answered(data: bytes) -> None:
    assert refusal(data, wrong_of(data)) is None
