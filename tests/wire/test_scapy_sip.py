"""SIP, SDP and Reason as scapy users know layers: stacked, read, written, sniffed; every octet is kept."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scapy.config import conf
from scapy.layers.inet import IP, TCP, UDP
from scapy.layers.l2 import Ether
from scapy.packet import Raw, fuzz, ls
from scapy.sendrecv import sniff
from scapy.sessions import TCPSession
from scapy.utils import rdpcap, wrpcap

from simtel.protocols.sip import Response, parse_message
from simtel.wire.lines import Line
from simtel.wire.scapy_sip import Q850, SDP, SIP, SIPReason
from tests.protocols.sip import samples

LINK = Ether(src="02:00:00:00:00:01", dst="02:00:00:00:00:02") / IP(src="127.0.0.1", dst="127.0.0.10")
OFFER = SIP(method="INVITE", uri="sip:1000@127.0.0.10", Call_ID="a@b") / SDP(a=["rtpmap:8 PCMA/8000", "ptime:20"])
BODY = bytes(OFFER[SDP])
ODD = {
    "two blanks": b"INVITE  sip:a SIP/2.0\r\nVia: x\r\n\r\n",
    "bare feeds": b"INVITE sip:a SIP/2.0\nVia:x\nTo :\ty\n\nbody",
    "lone returns": b"SIP/2.0 200 OK\rVia: x\r\rbody",
    "folded": b"SIP/2.0 200 OK\r\nSubject: a\r\n b\r\n\tc\r\nTo: d\r\n\r\n",
    "folded from the first line": b"SIP/2.0 200 OK\r\n b: c\r\n\r\n",
    "no colon": b"SIP/2.0 200 OK\r\nnonsense\r\n: no name\r\n::\r\n\r\n",
    "no reason": b"SIP/2.0 200\r\n\r\n",
    "empty reason": b"SIP/2.0 200 \r\n\r\n",
    "no end": b"OPTIONS sip:a SIP/2.0\r\nVia: x",
    "start alone": b"OPTIONS sip:a SIP/2.0",
    "other version": b"OPTIONS sip:a SIP/3.0\r\n\r\n",
    "code of zeros": b"SIP/2.0 099 X\r\n\r\n",
    "keep-alive": b"\r\n\r\n",
    "late": b"\r\n\r\nOPTIONS sip:a SIP/2.0\r\n\r\n",
    "gbk": 'INVITE sip:a SIP/2.0\r\nFrom: "张三" <sip:a>\r\n\r\n'.encode("gbk"),
    "octets": bytes(range(256)),
    "length too large": b"OPTIONS sip:a SIP/2.0\r\nContent-Length: 9\r\n\r\nx",
    "length too small": b"OPTIONS sip:a SIP/2.0\r\nl: 1\r\n\r\nxyz",
    "no length": b"OPTIONS sip:a SIP/2.0\r\nContent-Length: -1\r\n\r\nxyz",
    "odd description": b"OPTIONS sip:a SIP/2.0\r\nc: application/sdp;x\r\n\r\nv=0\n\nxy=1\r=\r\no",
}


@pytest.mark.parametrize("data", ODD.values(), ids=ODD)
def test_odd_packets_survive_octet_for_octet(data: bytes) -> None:
    packet = SIP(data)
    assert bytes(packet) == data
    assert bytes(packet.copy()) == data
    for layer in (UDP, TCP):
        whole = bytes(LINK / layer(sport=5060, dport=9) / Raw(data))
        dissected = Ether(whole)
        assert SIP in dissected
        assert bytes(dissected) == whole
    packet.X_More = b"1"
    assert bytes(SIP(bytes(packet))) == bytes(packet)


@given(
    st.lists(st.sampled_from([
        b"\r\n", b"\n", b"\r", b" ", b"\t", b":", b"=", b"SIP/2.0", b"200", b"INVITE", b"sip:a", b"Via", b"l", b"3",
        b"Content-Type", b"application/sdp", b"v", b"\xd5\x5c", b"\x00",
    ]), min_size=1, max_size=40).map(b"".join)
)  # fmt: skip
def test_whatever_comes_is_built_again(data: bytes) -> None:
    packet = SIP(data)
    assert bytes(packet) == data
    assert packet.show(dump=True)
    assert SIP(bytes(packet)) == packet
    assert bytes(SDP(data)) == data


def test_what_was_built_is_dissected_as_it_was() -> None:
    first = IP(bytes(LINK[IP] / UDP(sport=5060, dport=5060) / OFFER))
    again = IP(bytes(first))
    assert again == first
    assert [type(layer).__name__ for layer in again.layers() for layer in [layer()]] == ["IP", "UDP", "SIP", "SDP"]
    explicit = SIP(bytes(OFFER))
    assert SIP(bytes(explicit)) == explicit
    assert explicit[SIP].headers == SIP(bytes(explicit))[SIP].headers


def test_what_is_none_is_computed_and_what_is_given_stays() -> None:
    message = parse_message(bytes(OFFER))
    assert message.first("Content-Length") == b"%d" % len(BODY)
    assert message.first("Content-Type") == b"application/sdp"
    assert message.body == BODY
    assert message.cseq == (1, "INVITE")
    wrong = OFFER.copy()
    wrong.Content_Length = 3
    assert b"Content-Length: 3\r\n" in bytes(wrong)
    assert b"Content-Type" not in bytes(SIP())
    parse_message(bytes(SIP()))
    answer = parse_message(bytes(SIP(status=486)))
    assert isinstance(answer, Response)
    assert (answer.status, answer.reason) == (486, "Busy Here")


def test_headers_and_lines_are_attributes_of_the_whole_packet() -> None:
    packet = Ether(bytes(LINK / UDP(dport=5060) / OFFER))
    assert packet.Call_ID == b"a@b"
    assert packet.CSeq == b"1 INVITE"
    assert packet[SIP].uri == b"sip:1000@127.0.0.10"
    assert packet[SIP].get("v") == packet.Via
    assert packet.m == b"audio 4000 RTP/AVP 8"
    assert packet[SDP].all("a") == [b"rtpmap:8 PCMA/8000", b"ptime:20"]
    assert packet.sprintf("%SIP.method% %SIP.Call_ID%") == "b'INVITE' b'a@b'"
    for missing in ("Subject", "subject", "q"):
        with pytest.raises(AttributeError):
            getattr(packet, missing)


def test_lines_are_set_where_they_stand() -> None:
    packet = SIP(bytes(OFFER))
    packet.User_Agent = "mine"
    packet.put("f", "<sip:9@127.0.0.1>;tag=9")
    packet.Via = ["SIP/2.0/UDP a", "SIP/2.0/UDP b"]
    packet.Contact = []
    names = [line.name for line in packet.headers]
    assert names == [
        b"Via", b"Via", b"f", b"To", b"Call-ID", b"CSeq", b"Max-Forwards", b"Content-Type", b"Content-Length",
        b"User-Agent",
    ]  # fmt: skip
    assert packet.get("From") == b"<sip:9@127.0.0.1>;tag=9"
    packet.m = "audio 0 RTP/AVP 8"
    assert b"\r\nm=audio 0 RTP/AVP 8\r\na=" in bytes(packet)
    assert packet.headers is not SIP().headers
    assert len(SIP().headers) == 9, "another packet's lines are its own"


def test_the_malformed_is_crafted() -> None:
    packet = SIP(
        start=b"INVITE  sip:a\n", end=b"",
        headers=[("Via", "x"), Line(b"To", b"y", b"\t:", b"\n"), b"nonsense", ("Content-Length", "-1")],
    )  # fmt: skip
    assert bytes(packet / Raw(b"z")) == b"INVITE  sip:a\nVia: x\r\nTo\t:y\nnonsenseContent-Length: -1\r\nz"
    packet.headers.append(("Late", "1"))
    assert bytes(packet).endswith(b"Late: 1\r\n")
    assert bytes(SIP(headers={"A": "1"})).endswith(b"SIP/2.0\r\nA: 1\r\n\r\n")
    assert bytes(SIP(headers=b"A:1\n b\nB\n")).endswith(b"SIP/2.0\r\nA:1\n b\nB\n\r\n")


def test_fuzz_makes_packets_that_are_kept() -> None:
    for _ in range(20):
        data = bytes(fuzz(SIP() / SDP()))
        assert bytes(SIP(data)) == data


def test_shown_as_layers_are(capsys: pytest.CaptureFixture[str]) -> None:
    ls(SIP)
    assert "headers    : LinesField" in capsys.readouterr().out
    OFFER.show()
    shown = capsys.readouterr().out
    assert "Call-ID: b'a@b'" in shown
    assert "a=b'ptime:20'" in shown
    assert SIP(bytes(SIP(status=200))).summary() == "SIP SIP/2.0 200 OK"
    assert "SDP audio 4000" in OFFER.summary()


def test_more_octets_than_the_body_are_padding() -> None:
    packet = SIP(ODD["length too small"])
    assert packet[Raw].load == b"x"
    assert packet[conf.padding_layer].load == b"yz"


def test_answers() -> None:
    asked = LINK[IP] / UDP(sport=5061, dport=5060) / SIP(method="BYE")
    good = IP(src="127.0.0.10", dst="127.0.0.1") / UDP(sport=5060, dport=5061) / SIP(status=200, CSeq="1 BYE")
    assert good.answers(asked)
    assert good.hashret() == asked.hashret()
    for wrong in (SIP(status=200, CSeq="2 BYE"), SIP(status=200, Via="SIP/2.0/UDP x;branch=z9hG4bKo", CSeq="1 BYE"),
                  SIP(method="BYE"), SIP(status=200, CSeq="1 BYE", Call_ID="other")):  # fmt: skip
        assert not wrong.answers(asked[SIP])


def test_pcap_and_sniff(tmp_path: Path) -> None:
    path = str(tmp_path / "a.pcap")
    wrpcap(path, [LINK / UDP(sport=5060, dport=5060) / OFFER, LINK / UDP(sport=9, dport=9) / Raw(b"x")])
    assert [SIP in packet for packet in rdpcap(path)] == [True, False]
    assert [packet.Call_ID for packet in sniff(offline=path, lfilter=lambda packet: SIP in packet)] == [b"a@b"]


@pytest.mark.parametrize("size", [7, 100, 410, 900])
def test_a_stream_is_cut_into_messages(tmp_path: Path, size: int) -> None:
    data = bytes(OFFER) + b"\r\n\r\n" + bytes(SIP(status=200)) + bytes(OFFER)
    path = str(tmp_path / "a.pcap")
    segments = [
        LINK / TCP(sport=5061, dport=5060, flags="PA", seq=1 + at) / Raw(data[at : at + size])
        for at in range(0, len(data), size)
    ]
    wrpcap(path, segments)
    found: list[Any] = [packet[SIP] for packet in sniff(offline=path, session=TCPSession) if SIP in packet]
    assert b"".join(bytes(packet) for packet in found) == data
    starts = [layer.method or layer.status for packet in found for layer in stacked(packet)]
    assert [start for start in starts if start is not None] == [b"INVITE", 200, b"INVITE"]


def stacked(packet: Any) -> list[Any]:
    """The SIP layers of a packet, one upon the other."""
    return [layer for n in range(1, 10) if (layer := packet.getlayer(SIP, n)) is not None]


def test_a_stream_that_never_ends_a_message_is_given_as_it_stands() -> None:
    assert SIP.tcp_reassemble(b"OPTIONS sip:a SIP/2.0\r\n", {}, {}) is None
    no_length = b"OPTIONS sip:a SIP/2.0\r\n\r\nrest"
    assert bytes(SIP.tcp_reassemble(no_length, {}, {})) == no_length
    endless = b"OPTIONS sip:a SIP/2.0\r\n" + b"x" * 70_000
    assert bytes(SIP.tcp_reassemble(endless, {}, {})) == endless


def test_the_reason_of_q850() -> None:
    packet = SIP(bytes(SIP(method="BYE", Reason=[SIPReason(cause=17, text="busy, really"), "SIP;cause=200"])))
    first, second = packet.reasons
    assert (first.protocol, first.cause, first.text) == (b"Q.850", 17, b"busy, really")
    assert (second.protocol, second.cause, second.text) == (b"SIP", 200, None)
    assert "user busy" in first.show(dump=True)
    assert [bytes(one) for one in (first, second)] == [b'Q.850;cause=17;text="busy, really"', b"SIP;cause=200"]
    assert len(SIP(b'BYE sip:a SIP/2.0\r\nReason: Q.850;cause=16 , SIP;text="x,y"\r\n\r\n').reasons) == 2
    assert bytes(SIPReason()) == b"Q.850;cause=16"


@pytest.mark.parametrize("value", [b"Q.850 ;cause= 16", b"Q.850;cause=x", b";", b'Q.850;text="', b"q;cause=16;x=1"])
def test_an_odd_reason_survives(value: bytes) -> None:
    assert bytes(SIPReason(value)) == value
    assert SIPReason(b"Q.850 ;cause= 16").cause == 16


def test_causes_are_of_seven_bits() -> None:
    assert all(1 <= cause <= 127 for cause in Q850)
    assert Q850[16] == "normal call clearing"


def test_the_parser_and_the_layer_see_the_same() -> None:
    message, packet = parse_message(samples.INVITE), SIP(samples.INVITE)
    assert [(line.name.decode(), line.value) for line in packet.headers] == message.headers
    assert bytes(packet.payload) == message.body
