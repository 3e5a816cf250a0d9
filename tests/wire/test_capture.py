"""Captures of every kind, whole and damaged: each datagram in its order, or the place where the file ends."""

import gzip
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scapy.layers.inet import IP, UDP, fragment
from scapy.layers.inet6 import IPv6
from scapy.layers.l2 import CookedLinux, Dot1Q, Ether
from scapy.packet import Raw
from scapy.utils import PcapNgWriter, RawPcapWriter

from simtel.core.problems import BadInput
from simtel.wire.capture import Capture, Packet, is_capture

LINK = Ether(src="02:00:00:00:00:01", dst="02:00:00:00:00:02")
DATAGRAM = IP(src="192.0.2.1", dst="192.0.2.2") / UDP(sport=5060, dport=5061) / Raw(b"hello")


def written(path: Path, *packets: bytes, link: int = 1, gz: bool = False) -> Path:
    with RawPcapWriter(str(path), linktype=link, gz=gz) as out:
        out.write_header(None)
        for index, data in enumerate(packets):
            out.write_packet(data, sec=1_000 + index, usec=250_000)
    return path


def read(path: Path) -> tuple[list[Packet], Capture]:
    capture = Capture(path)
    return list(capture.packets()), capture


@pytest.mark.parametrize(
    ("data", "link"),
    [
        (bytes(LINK / DATAGRAM), 1),
        (bytes(LINK / Dot1Q(vlan=5) / DATAGRAM), 1),
        (bytes(LINK / Dot1Q(vlan=5) / Dot1Q(vlan=6) / DATAGRAM) + bytes(10), 1),  # padded
        (bytes(CookedLinux() / DATAGRAM), 113),
        (bytes(DATAGRAM), 101),
    ],
    ids=["ethernet", "vlan", "two-vlans", "cooked", "raw"],
)
def test_a_datagram_in_whatever_frame(tmp_path: Path, data: bytes, link: int) -> None:
    found, capture = read(written(tmp_path / "a.pcap", data, link=link))
    assert found == [Packet(1_000_250_000_000, "192.0.2.1", "192.0.2.2", 17, 5060, 5061, b"hello")]
    assert not capture.cut
    assert not capture.unknown


def test_ipv6(tmp_path: Path) -> None:
    data = LINK / IPv6(src="2001:db8::1", dst="2001:db8::2") / UDP(sport=1, dport=2) / Raw(b"six")
    (found,), _ = read(written(tmp_path / "a.pcap", bytes(data)))
    assert found[1:] == ("2001:db8::1", "2001:db8::2", 17, 1, 2, b"six")


def test_gzip_and_pcapng(tmp_path: Path) -> None:
    data = bytes(LINK / DATAGRAM)
    plain, _ = read(written(tmp_path / "a.pcap", data))
    zipped, _ = read(written(tmp_path / "a.pcap.gz", data, gz=True))
    writer = PcapNgWriter(str(tmp_path / "a.pcapng"))
    packet = Ether(data)
    packet.time = 1_000.25
    writer.write(packet)
    writer.close()
    other, capture = read(tmp_path / "a.pcapng")
    assert plain == zipped == other
    assert not capture.cut


def test_fragments_are_put_together_in_whatever_order(tmp_path: Path) -> None:
    parts = fragment(
        IP(src="192.0.2.1", dst="192.0.2.2", id=7) / UDP(sport=1, dport=2) / Raw(bytes(range(200)) * 10), 600
    )
    assert len(parts) > 2
    frames = [bytes(LINK / part) for part in parts]
    (found,), _ = read(written(tmp_path / "a.pcap", *reversed(frames)))
    assert found.payload == bytes(range(200)) * 10
    none, capture = read(written(tmp_path / "b.pcap", *frames[1:]))
    assert none == []
    assert capture.unknown == {"fragment": 1}


def test_what_is_no_ip_is_counted(tmp_path: Path) -> None:
    found, capture = read(written(tmp_path / "a.pcap", b"", b"\x00" * 30, bytes(LINK / DATAGRAM)[:20]))
    assert found == []
    assert capture.unknown == {"no-ip": 3}
    assert capture.count == 3


@pytest.mark.parametrize("kind", ["pcap", "pcapng", "gz"])
def test_a_file_cut_anywhere_is_read_up_to_there_and_that_is_known(tmp_path: Path, kind: str) -> None:
    data = bytes(LINK / DATAGRAM)
    if kind == "pcapng":
        writer = PcapNgWriter(str(tmp_path / "whole"))
        for _ in range(3):
            writer.write(Ether(data))
        writer.close()
    else:
        written(tmp_path / "whole", data, data, data, gz=kind == "gz")
    content = (tmp_path / "whole").read_bytes()
    whole, _ = read(tmp_path / "whole")
    assert len(whole) == 3
    whole_ends = []
    for length in range(len(content)):
        (tmp_path / "cut").write_bytes(content[:length])
        try:
            found, capture = read(tmp_path / "cut")
        except BadInput:
            continue
        assert len(found) <= 3
        if not capture.cut:  # it ends between two packets
            whole_ends.append(len(found))
    # After the head (and the interface) of the file and after each packet; a stream of gzip ends nowhere else.
    assert whole_ends == {"pcap": [0, 1, 2], "pcapng": [0, 0, 1, 2], "gz": []}[kind]


def test_a_block_that_claims_to_be_huge_ends_the_file(tmp_path: Path) -> None:
    path = written(tmp_path / "a.pcap", bytes(LINK / DATAGRAM))
    with path.open("ab") as out:
        out.write(b"\x01\x00\x00\x00" * 2 + b"\xff\xff\xff\x7f" * 2 + b"x" * 100)
    found, capture = read(path)
    assert len(found) == 1
    assert capture.cut


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(noise=st.lists(st.binary(max_size=80), max_size=4), link=st.sampled_from([1, 101, 113, 7777]))
def test_any_frames_are_read_or_counted(tmp_path: Path, noise: list[bytes], link: int) -> None:
    found, capture = read(written(tmp_path / "a.pcap", *noise, link=link))
    assert capture.count == len(noise)
    assert len(found) + sum(capture.unknown.values()) <= len(noise)


@pytest.mark.parametrize(
    "content", [b"", b"\xa1\xb2\xc3\xd4", b"\x0a\x0d\x0d\x0a" + bytes(40), gzip.compress(b"text", mtime=0)]
)
def test_what_is_no_capture_is_bad_input(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a").write_bytes(content)
    with pytest.raises(BadInput) as bad:
        read(tmp_path / "a")
    assert "is no packet capture that can be read" in str(bad.value)


def test_what_begins_like_a_capture(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("May  3 10:00:00 x")
    assert not is_capture(tmp_path / "text")
    assert is_capture(written(tmp_path / "a.pcap"))
    for wrong in (tmp_path, tmp_path / "none"):
        with pytest.raises(BadInput):
            is_capture(wrong)
