"""SIP heard out of captures: over UDP and TCP, cut anywhere, malformed, and among what is no SIP."""

from pathlib import Path

import pytest
from scapy.layers.inet import IP, TCP, UDP
from scapy.layers.l2 import Ether
from scapy.packet import Packet as Layer
from scapy.packet import Raw
from scapy.utils import RawPcapWriter

from simtel.wire.capture import Capture
from simtel.wire.scapy_sip import SDP, SIP
from simtel.wire.sip_capture import Heard, SipCapture

LINK = Ether(src="02:00:00:00:00:01", dst="02:00:00:00:00:02") / IP(src="192.0.2.1", dst="192.0.2.2")
INVITE = bytes(SIP(method="INVITE", Call_ID="one", Reason="Q.850;cause=16") / SDP())
BYE = bytes(SIP(method="BYE", Call_ID="one", CSeq="2 BYE"))


def written(path: Path, *frames: Layer) -> Path:
    with RawPcapWriter(str(path), linktype=1) as out:
        out.write_header(None)
        for index, frame in enumerate(frames):
            out.write_packet(bytes(frame), sec=1_000 + index, usec=0)
    return path


def heard(path: Path) -> tuple[list[Heard], SipCapture]:
    source = SipCapture(Capture(path))
    return list(source.messages()), source


def stream(data: bytes, size: int, first: int = 1, lost: tuple[int, ...] = ()) -> list[Layer]:
    return [
        LINK / TCP(sport=40_000, dport=5061, flags="PA", seq=first + at) / Raw(data[at : at + size])
        for at in range(0, len(data), size)
        if at not in lost
    ]


def test_over_udp_on_whatever_port_with_what_it_says(tmp_path: Path) -> None:
    path = written(
        tmp_path / "a", LINK / UDP(sport=9, dport=9) / Raw(INVITE), LINK / UDP(sport=9, dport=9) / Raw(b"\r\n\r\n"),
        LINK / UDP(sport=5060, dport=5060) / Raw(b"\x80" * 40), LINK / UDP(sport=9, dport=10) / Raw(b"\r\n" + BYE),
    )  # fmt: skip
    (first, second), source = heard(path)
    assert (first.t, first.source, first.from_port, first.target, first.to_port) == (
        1_000_000_000_000, "192.0.2.1", 9, "192.0.2.2", 9
    )  # fmt: skip
    assert (first.sip.method, first.sip.call_id, first.sip.marks, first.wrong) == (
        "INVITE", "one", ("Q.850;cause=16",), ""
    )  # fmt: skip
    assert first.sip.media is not None
    assert (second.sip.method, second.to_port) == ("BYE", 10)
    assert source.unread == 0


@pytest.mark.parametrize("size", [1, 7, 300, 4_000])
def test_over_tcp_in_segments_of_any_size(tmp_path: Path, size: int) -> None:
    data = b"\r\n\r\n" + INVITE + b"\r\n\r\n" + BYE + INVITE
    found, source = heard(written(tmp_path / "a", *stream(data, size)))
    assert [one.sip.method for one in found] == ["INVITE", "BYE", "INVITE"]
    assert not any(one.wrong for one in found)
    assert source.unread == 0
    assert found[0].t == (1_000 + (3 + len(INVITE)) // size) * 1_000_000_000, "when its last octet came"


def test_a_capture_that_begins_within_a_message_hears_the_next(tmp_path: Path) -> None:
    frames = stream(INVITE, 100)[1:] + stream(BYE, 5_000, first=1 + len(INVITE))
    found, _ = heard(written(tmp_path / "a", *frames))
    assert [one.sip.method for one in found] == ["BYE"]


def test_what_cannot_be_framed_is_counted_and_the_next_is_heard(tmp_path: Path) -> None:
    lone = b"OPTIONS sip:a SIP/2.0\r\nCall-ID: x\r\n\r\n"
    frames = stream(lone, 5_000) + stream(BYE, 5_000, first=1 + len(lone))
    found, source = heard(written(tmp_path / "a", *frames))
    assert [one.sip.method for one in found] == ["BYE"]
    assert (source.unread, source.why) == (1, "octet 33: has no Content-Length in a stream")


def test_what_is_no_sip_on_tcp_is_passed_over(tmp_path: Path) -> None:
    found, source = heard(written(tmp_path / "a", *stream(b"GET / HTTP/1.1\r\n" + b"x" * 9_000, 1_000)))
    assert (found, source.unread) == ([], 0)


def test_the_malformed_is_heard_with_its_reason(tmp_path: Path) -> None:
    spoilt = INVITE.replace(b"Max-Forwards: 70", b"Max-Forwards: 7x")
    unreadable = b"INVITE sip:a SIP/2.0\r\nVia: x\r\n\r\n"
    frames = [LINK / UDP(sport=9, dport=9) / Raw(data) for data in (spoilt, unreadable)]
    (one,), source = heard(written(tmp_path / "a", *frames))
    assert one.sip.call_id == "one"
    assert "Max-Forwards is no number" in one.wrong
    assert source.unread == 1
    assert "Call-ID" in source.why
