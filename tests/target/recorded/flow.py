"""Captures for tests, from scripted call flows: scapy builds the frames and writes the files, nothing is downloaded.

Times are seconds since `BEGIN`. Each frame of RTP is drawn from a template that scapy rendered for its flow.
"""

import struct
from functools import cache
from pathlib import Path

from scapy.layers.inet import IP, UDP
from scapy.layers.l2 import Ether
from scapy.layers.rtp import RTP
from scapy.layers.vrrp import VRRP
from scapy.utils import PcapNgWriter, RawPcapWriter, checksum

BEGIN = 1_714_701_600  # 2024-05-03T02:00:00Z
SERVICE, A, B, GATEWAY, CHECKER = "192.0.2.10", "192.0.2.11", "192.0.2.12", "192.0.2.21", "192.0.2.99"
SEAT = "198.51.100."
PACKET = 0.06  # seconds of sound in a packet
SECRET = "d41d8cd98f00b204e9800998ecf8427e"  # noqa: S105 - of the script; a digest response and a media key, which no evidence may hold
MAPPING = """simtel: mapping/1
id: recorded-failover
title: {en: "Failover on the bench", zh: "台架倒换试验"}
scenario: failover.active-server-crash
capture: {uncertainty: 5ms}
addresses:
  server.a: [192.0.2.11]
  server.b: [192.0.2.12]
  service: [192.0.2.10]
  gateway.1: [192.0.2.21]
seats: {networks: [198.51.100.0/24]}
"""
FAULT = """faults:
  - {kind: crash, subject: server.a, at: "2024-05-03T10:00:FAULT+08:00", uncertainty: 20ms}
"""


LINK = Ether(src="02:00:00:00:00:01", dst="02:00:00:00:00:02")  # said, so that scapy asks no network for it


def frame(source: str, target: str, port: int, payload: bytes, to_port: int | None = None) -> bytes:
    """A UDP datagram in an Ethernet frame."""
    head = bytearray(_head(source, target, port, to_port or port))
    struct.pack_into("!H", head, 16, 28 + len(payload))
    struct.pack_into("!H", head, 38, 8 + len(payload))
    head[24:26] = b"\0\0"
    head[24:26] = struct.pack("!H", checksum(bytes(head[14:34])))
    return bytes(head) + payload


@cache
def _head(source: str, target: str, port: int, to_port: int) -> bytes:
    return bytes(LINK / IP(src=source, dst=target) / UDP(sport=port, dport=to_port, chksum=0))


def sip(start: str, call_id: str, cseq: str, **more: str) -> bytes:
    """A SIP message; `more` are headers (with - for _) and `body`, or caller, called, branch and tag."""
    body = more.pop("body", "").replace("\n", "\r\n").encode()
    caller, called = more.pop("caller", "5550100"), more.pop("called", "5550199")
    tag = f";tag={word}" if (word := more.pop("tag", "")) else ""
    lines = [
        start,
        f"Via: SIP/2.0/UDP 192.0.2.1;branch={more.pop('branch', 'z9hG4bK' + cseq.replace(' ', ''))}",
        f'From: "A" <sip:{caller}@192.0.2.1>;tag=f',
        f"To: <sip:{called}@192.0.2.1>{tag}",
        f"Call-ID: {call_id}",
        f"CSeq: {cseq}",
        *(f"{name.replace('_', '-')}: {value}" for name, value in more.items()),
        *(["Content-Type: application/sdp"] if body else []),
        f"Content-Length: {len(body)}",
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def sdp(address: str, port: int, direction: str = "sendrecv") -> str:
    return (
        f"v=0\no=- 1 1 IN IP4 {address}\ns=-\nc=IN IP4 {address}\nt=0 0\nm=audio {port} RTP/SAVP 8\n"
        f"a={direction}\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:{SECRET}AAAAAAAA\n"
    )


class Flow:
    """Frames in any order; `save` writes them in order."""

    def __init__(self) -> None:
        self.frames: list[tuple[float, bytes]] = []

    def add(self, t: float, data: bytes) -> None:
        self.frames.append((t, data))

    def sip(self, t: float, source: str, target: str, start: str, call_id: str, cseq: str, **more: str) -> None:
        self.add(t, frame(source, target, 5060, sip(start, call_id, cseq, **more)))

    def ask(self, t: float, source: str, target: str, method: str, call_id: str, cseq: int, **more: str) -> None:
        self.sip(t, source, target, f"{method} sip:x@{target} SIP/2.0", call_id, f"{cseq} {method}", **more)

    def answer(
        self, t: float, source: str, target: str, status: int, method: str, call_id: str, cseq: int, **more: str
    ) -> None:
        self.sip(t, source, target, f"SIP/2.0 {status} Word", call_id, f"{cseq} {method}", tag="t", **more)

    def rtp(
        self, begin: float, end: float, source: str, target: str, port: int, first: int = 1, ssrc: int = 7,
        payload: int = 8, skip: tuple[int, ...] = (), size: int = 160, marker: bool = False,
    ) -> int:  # fmt: skip
        """A stream of packets; those with a number in `skip` are lost; `marker`: of the first. The next number."""
        template = bytes(
            LINK / IP(src=source, dst=target) / UDP(sport=port, dport=port, chksum=0)
            / RTP(version=2, payload_type=payload, sourcesync=ssrc) / bytes(size)
        )  # fmt: skip
        at = len(template) - size - 12
        count = round((end - begin) / PACKET)
        for index in range(count):
            if first + index in skip:
                continue
            numbers = struct.pack("!HI", (first + index) % 65536, (index * 480) % (1 << 32))
            second = payload | (0x80 if marker and not index else 0)
            head = template[: at + 1] + bytes([second])
            self.add(begin + index * PACKET, head + numbers + template[at + 8 :])
        return first + count

    def adverts(self, begin: float, end: float, source: str, interval: int = 1, priority: int = 100) -> None:
        packet = bytes(
            LINK / IP(src=source, dst="224.0.0.18", ttl=255, proto=112)
            / VRRP(vrid=1, priority=priority, adv=interval, addrlist=[SERVICE], auth1=0x73656372, auth2=0x65742121)
        )  # fmt: skip
        t = begin
        while t < end:
            self.add(t, packet)
            t += interval

    def checks(self, begin: float, end: float, interval: float = 0.1, answered: bool = True) -> None:
        """OPTIONS to the service address."""
        for index in range(round((end - begin) / interval)):
            t = begin + index * interval
            name = f"o{round(t * 1000)}"
            self.ask(t, CHECKER, SERVICE, "OPTIONS", name, 1)
            if answered:
                self.answer(t + 0.01, SERVICE, CHECKER, 200, "OPTIONS", name, 1)

    def register(self, t: float, seat: int, cseq: int = 1, status: int = 200, server: str = SERVICE) -> None:
        address, name = f"{SEAT}{seat}", f"r{seat}"
        login = {"Authorization": f'Digest username="{seat}", response="{SECRET}"'}
        self.ask(t, address, server, "REGISTER", name, cseq, caller=f"10{seat}", called=f"10{seat}", **login)
        if status:
            self.answer(t + 0.01, server, address, status, "REGISTER", name, cseq, caller=f"10{seat}", Expires="60")

    def call(
        self, number: int, t: float, end: float, seat: int | None = 1, *, bye: str = "caller", bye_ok: bool = True,
        sound: tuple[tuple[float, float], ...] | None = None,
    ) -> None:  # fmt: skip
        """An incoming call: the IVR answers at once, a seat after a second. `bye`: caller, agent, server or none.

        `sound` are the times in which both ends hear something; from the answer to the end when it is not said.
        """
        name, leg, caller = f"call{number}", f"leg{number}", f"55501{number:02}"
        port, seat_port, address = 4000 + 2 * number, 6000 + 2 * number, f"{SEAT}{seat}"
        self.ask(t, GATEWAY, SERVICE, "INVITE", name, 1, caller=caller, body=sdp(GATEWAY, port))
        self.answer(t + 0.01, SERVICE, GATEWAY, 100, "INVITE", name, 1, caller=caller)
        self.answer(t + 0.05, SERVICE, GATEWAY, 200, "INVITE", name, 1, caller=caller, body=sdp(SERVICE, port))
        self.ask(t + 0.06, GATEWAY, SERVICE, "ACK", name, 1, caller=caller, tag="t")
        if seat is not None:
            self.ask(t + 1.0, SERVICE, address, "INVITE", leg, 1, caller=caller, body=sdp(SERVICE, seat_port))
            self.answer(t + 1.02, address, SERVICE, 180, "INVITE", leg, 1, caller=caller)
            self.answer(t + 1.5, address, SERVICE, 200, "INVITE", leg, 1, caller=caller, body=sdp(address, seat_port))
            self.ask(t + 1.51, SERVICE, address, "ACK", leg, 1, caller=caller, tag="t")
        first = other = 65_500  # the sequence number turns early in the call
        for begin, until in sound if sound is not None else ((t + 0.05, end),):
            first = self.rtp(begin, until, SERVICE, GATEWAY, port, first)
            if seat is not None:
                other = self.rtp(max(begin, t + 1.5), until, SERVICE, address, seat_port, other, ssrc=8)
        if bye == "none":
            return
        both = [(GATEWAY, name), *([(address, leg)] if seat is not None else [])]
        for index, (outside, call_id) in enumerate(both if bye != "agent" else reversed(both)):
            by_unit = index == 0 and bye != "server"
            source, target = (outside, SERVICE) if by_unit else (SERVICE, outside)
            at = end + 0.02 * index
            self.ask(at, source, target, "BYE", call_id, 2, caller=caller, tag="t")
            if bye_ok:
                self.answer(at + 0.01, target, source, 200, "BYE", call_id, 2, caller=caller)

    def save(self, path: Path, kind: str = "pcap") -> Path:
        """Write the file: pcap, pcapng or gz."""
        ordered = sorted(self.frames, key=lambda one: one[0])
        if kind == "pcapng":
            writer = PcapNgWriter(str(path))
            for t, data in ordered:
                packet = Ether(data)
                packet.time = BEGIN + t
                writer.write(packet)
            writer.close()
            return path
        with RawPcapWriter(str(path), linktype=1, gz=kind == "gz", nano=False) as out:
            out.write_header(None)
            for t, data in ordered:
                whole = round((BEGIN + t) * 1_000_000)
                out.write_packet(data, sec=whole // 1_000_000, usec=whole % 1_000_000)
        return path


def failover(gap: float = 1.0, calls: int = 3) -> Flow:
    """Server a is active, dies at 20 s, b takes over `gap` seconds later; calls before, across and after it."""
    flow = Flow()
    back = 20 + gap
    flow.adverts(0, 20, A)
    flow.adverts(back, 60, B)
    flow.checks(0, 20)
    flow.checks(20, back, answered=False)
    flow.checks(back, 60)
    for number in range(1, calls + 1):
        begin = 14 + number * 0.2
        flow.call(number, begin, 30 + number, number, sound=((begin + 0.05, 20), (back, 30 + number)))
        flow.register(0.5, number)
        flow.register(40 + 0.1 * number, number, cseq=2)
    for number in range(11, 17):
        flow.call(number, 35 + number / 10, 39 + number / 10, number)
    return flow
