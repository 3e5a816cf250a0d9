"""Messages for load out of one that scapy built: each is one, of the same length, with other slots."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simtel.protocols.sip import MalformedMessage, parse_message
from simtel.wire.scapy_sip import SDP, SIP
from simtel.wire.template import Template

INVITE = bytes(
    SIP(
        method="INVITE", uri="sip:1000@127.0.0.10", Call_ID="00000000@127.0.0.1", CSeq="0001 INVITE",
        Via=["SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bK00000000;rport", "SIP/2.0/UDP 127.0.0.2;branch=z9hG4bKfar"],
        From='"tag=me" <sip:2001@127.0.0.1>;tag=11111111', To="<sip:1000@127.0.0.10>;tag=22222222",
    ) / SDP(m="audio 40000 RTP/AVP 8")
)  # fmt: skip
NUMBER = st.integers(0, 99_999_999)


@given(call=NUMBER, branch=NUMBER, tag=NUMBER, to=NUMBER, cseq=st.integers(0, 9_999), port=st.integers(10_000, 65_535))
def test_each_rendered_message_parses_and_says_what_it_was_given(
    call: int, branch: int, tag: int, to: int, cseq: int, port: int
) -> None:
    template = Template(INVITE, {"port": b"40000"})
    made = template.render(call_id=call, branch=branch, from_tag=tag, to_tag=to, cseq=cseq, port=port)
    message = parse_message(made)
    assert len(made) == len(INVITE)
    assert message.call_id == b"%08d@127.0.0.1" % call
    assert message.vias[0].branch == b"z9hG4bK%08d" % branch
    assert message.vias[1].branch == b"z9hG4bKfar"
    assert (message.from_.tag, message.to.tag) == (b"%08d" % tag, b"%08d" % to)
    assert message.cseq == (cseq, "INVITE")
    assert b"m=audio %d RTP/AVP 8\r\n" % port in message.body
    assert message.first("Content-Length") == b"%d" % len(message.body)


def test_what_is_not_named_stays() -> None:
    template = Template(INVITE)
    assert template.render() == INVITE
    assert template.widths == {"branch": 8, "from_tag": 8, "to_tag": 8, "call_id": 8, "cseq": 4}
    assert template.render(call_id=b"abcdefgh") == INVITE.replace(b"00000000@", b"abcdefgh@")


def test_a_slot_that_the_message_has_not() -> None:
    bare = Template(bytes(SIP(From="<sip:1@127.0.0.1>", Via="SIP/2.0/UDP 127.0.0.1;branch=1")))
    assert set(bare.widths) == {"call_id", "cseq"}
    with pytest.raises(KeyError, match="from_tag"):
        bare.render(from_tag=1)


@pytest.mark.parametrize("value", [b"1234567", b"123456789", 123_456_789, -10_000_000])
def test_a_value_of_another_length(value: bytes | int) -> None:
    with pytest.raises(ValueError, match="slot call_id takes 8 octets, not"):
        Template(INVITE).render(call_id=value)


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"x": b"nowhere"}, "does not stand"), ({"x": b""}, "cannot be added"), ({"cseq": b"0001"}, "cannot be added"),
        ({"x": b"0000@127"}, "overlaps another"),
    ],
)  # fmt: skip
def test_a_slot_that_cannot_be(more: dict[str, bytes], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        Template(INVITE, more)


def test_what_is_no_message() -> None:
    with pytest.raises(MalformedMessage):
        Template(INVITE.replace(b"CSeq", b"XSeq"))
