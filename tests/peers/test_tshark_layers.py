"""tshark as examiner of the scapy layers of SIP and of the ladder: it finds nothing malformed in what they built, reads
in it what they say, and hears over TCP the messages that the ladder hears.

Needs tshark; .ci/run installs it.
"""

from pathlib import Path

import pytest
from scapy.layers.inet import IP, TCP, UDP
from scapy.layers.l2 import Ether
from scapy.packet import Packet, Raw
from scapy.utils import wrpcap

from simtel.wire.capture import Capture
from simtel.wire.scapy_sip import SDP, SIP, SIPReason
from simtel.wire.sip_capture import SipCapture
from simtel.wire.template import Template
from tests.peers.test_tshark import fields, tshark

LINK = Ether(src="02:00:00:00:00:01", dst="02:00:00:00:00:02") / IP(src="192.0.2.1", dst="192.0.2.2")
DATAGRAM = LINK / UDP(sport=5060, dport=5060)
INVITE = SIP(method="INVITE", uri="sip:1000@192.0.2.2", Call_ID="00000000@a", CSeq="0001 INVITE")
OFFER = INVITE / SDP(c="IN IP4 192.0.2.1", m="audio 4000 RTP/AVP 8 101", a=["rtpmap:8 PCMA/8000", "ptime:20"])
REQUESTS = ("INVITE", "ACK", "BYE", "CANCEL", "OPTIONS", "REGISTER", "PRACK", "UPDATE", "INFO", "REFER", "NOTIFY")
STATUSES = (100, 180, 183, 200, 302, 401, 404, 486, 487, 500, 503, 603)


@pytest.fixture
def built(tmp_path: Path) -> Path:
    path = tmp_path / "built.pcap"
    wrpcap(str(path), [
        DATAGRAM / OFFER,
        *(DATAGRAM / SIP(method=method) for method in REQUESTS),
        *(DATAGRAM / SIP(status=status, CSeq="1 INVITE") for status in STATUSES),
        DATAGRAM / SIP(method="BYE", Reason=[SIPReason(cause=17, text="busy"), SIPReason(cause=102)]),
    ])  # fmt: skip
    return path


def test_nothing_that_was_built_is_malformed(built: Path) -> None:
    assert tshark(built, "-Y", "_ws.malformed || _ws.expert.severity >= 6291456") == []
    assert len(tshark(built, "-Y", "sip")) == 2 + len(REQUESTS) + len(STATUSES)


def test_tshark_reads_what_the_layers_say(built: Path) -> None:
    layers = [packet[SIP] for packet in map(Ether, _frames(built))]
    ours = [
        ((one.method or b"").decode(), str(one.status or ""), one.Call_ID.decode(), one.CSeq.decode(), one.Via.decode())
        for one in layers
    ]
    assert ours == fields(built, "sip", "sip.Method", "sip.Status-Code", "sip.Call-ID", "sip.CSeq", "sip.Via")
    assert fields(built, "sdp", "sdp.connection_info.address", "sdp.media.port", "sdp.media_attr") == [
        ("192.0.2.1", "4000", "rtpmap:8 PCMA/8000,ptime:20")
    ]
    assert fields(built, "sip.Reason", "sip.Reason") == [('Q.850;cause=17;text="busy",Q.850;cause=102',)]


def _frames(path: Path) -> list[bytes]:
    return [bytes(LINK / UDP(sport=packet.from_port, dport=packet.to_port) / Raw(packet.payload))
            for packet in Capture(path).packets()]  # fmt: skip


def test_what_was_crafted_to_be_wrong_is_seen_as_wrong(tmp_path: Path) -> None:
    path = tmp_path / "wrong.pcap"
    wrpcap(str(path), [DATAGRAM / SIP(method="OPTIONS", Content_Length="-1") / Raw(b"x")])
    assert len(tshark(path, "-Y", "sip && (_ws.malformed || _ws.expert)")) == 1


def test_each_rendered_message_is_one(tmp_path: Path) -> None:
    template, path = Template(bytes(OFFER)), tmp_path / "load.pcap"
    rendered = [template.render(call_id=n, cseq=n) for n in range(1, 51)]
    wrpcap(str(path), [DATAGRAM / Raw(message) for message in rendered])
    assert tshark(path, "-Y", "_ws.malformed || _ws.expert.severity >= 6291456") == []
    assert fields(path, "sip", "sip.Call-ID", "sip.CSeq.seq") == [(f"{n:08}@a", str(n)) for n in range(1, 51)]


@pytest.mark.parametrize("size", [150, 333, 1_400])
def test_over_tcp_tshark_hears_the_same_messages(tmp_path: Path, size: int) -> None:
    data = b"".join(bytes(SIP(method=method, Call_ID=f"{method}@a") / SDP()) for method in REQUESTS)
    segments: list[Packet] = [
        LINK / TCP(sport=40_000, dport=5060, flags="PA", seq=1 + at) / Raw(data[at : at + size])
        for at in range(0, len(data), size)
    ]
    segments[1:3] = segments[2:0:-1]  # one comes late
    path = tmp_path / "stream.pcap"
    wrpcap(str(path), [LINK / TCP(sport=40_000, dport=5060, flags="S", seq=0), *segments, segments[-1]])
    ours = [heard.sip.call_id for heard in SipCapture(Capture(path)).messages()]
    words = ["-o", "tcp.reassemble_out_of_order:TRUE", "-T", "fields", "-e", "sip.Call-ID", "-Y", "sip"]
    theirs = [name for line in tshark(path, *words) for name in line.split(",")]
    assert ours == theirs == [f"{method}@a" for method in REQUESTS]
