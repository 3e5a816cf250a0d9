"""Packet captures that others made: pcap and pcapng, also compressed by gzip, read packet by packet.

scapy opens the container. Of what is in it, UDP over IPv4 over Ethernet (with VLAN tags) is taken apart here, since a
capture holds a million RTP packets and scapy takes most of a millisecond for each; everything else (IPv6, cooked
captures, raw IP) scapy dissects. Datagrams in fragments are put together again. Nothing is kept but fragments that wait
for their other parts, so a capture of any size needs the same memory.

What could not be understood is counted by reason in `Capture.unknown`. A file that ends in the middle of a packet is
read up to there, and `Capture.cut` says so; a file that is no capture at all is BadInput.
"""

import logging
import os
import stat
import struct
from collections import Counter, OrderedDict
from collections.abc import Iterator
from functools import lru_cache
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any, NamedTuple

from simtel.core.i18n import Message
from simtel.core.problems import BadInput, Problem, unreadable

UDP, TCP = 17, 6
_ETHERNET = 1
_IPV4, _VLAN = 0x0800, (0x8100, 0x88A8)
_MAGIC = (b"\xa1\xb2\xc3\xd4", b"\xd4\xc3\xb2\xa1", b"\xa1\xb2\x3c\x4d", b"\x4d\x3c\xb2\xa1", b"\x0a\x0d\x0d\x0a")
_GZIP = b"\x1f\x8b"
_LARGEST = 1 << 24  # bytes of one block; a file that says more is damaged
_DATAGRAM = 65_535
_WAITING = 256  # datagrams of which fragments are kept
_SECOND = 1_000_000_000


class Packet(NamedTuple):
    """One datagram. `t` in nanoseconds of the capture's clock since 1970; ports are 0 without UDP."""

    t: int
    source: str
    target: str
    protocol: int
    from_port: int
    to_port: int
    payload: bytes


def is_capture(path: str | os.PathLike[str]) -> bool:
    """Whether the file begins as captures do. BadInput when it cannot be read."""
    name = os.fspath(path)
    try:
        if not stat.S_ISREG(Path(name).stat().st_mode):  # a named pipe would block for ever
            raise BadInput([Problem(name, 0, 0, Message("is not a regular file"))])
        with Path(name).open("rb") as source:
            begin = source.read(4)
    except (OSError, ValueError) as error:
        raise BadInput([unreadable(name, error)]) from None
    return begin in _MAGIC or begin[:2] == _GZIP


class Capture:
    """One capture file. `unknown`, `count` and `cut` are final once `packets()` came to its end."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = os.fspath(path)
        self.unknown: Counter[str] = Counter()
        self.count = 0
        self.cut = False
        self._waiting: OrderedDict[tuple[str, str, int], dict[int, tuple[bytes, bool]]] = OrderedDict()

    def packets(self) -> Iterator[Packet]:
        """Each datagram, in the order of the file. BadInput when the file is no capture."""
        from scapy.error import Scapy_Exception  # noqa: PLC0415 - heavy
        from scapy.utils import RawPcapReader  # noqa: PLC0415

        logger = logging.getLogger("scapy.runtime")  # its warnings say less than we do, and on standard error
        level = logger.level
        logger.setLevel(logging.CRITICAL)
        try:
            with Path(self.path).open("rb") as source:  # ours to close: scapy leaves it open when it refuses it
                file: Any = source  # scapy's types know names alone
                try:
                    reader = RawPcapReader(file)
                except (Scapy_Exception, OSError, EOFError, ValueError) as error:
                    message = Message("is no packet capture that can be read: {error}", error=str(error))
                    raise BadInput([Problem(self.path, 0, 0, message)]) from None
                yield from self._read(reader)
        finally:
            logger.setLevel(level)

    def _read(self, reader: Any) -> Iterator[Packet]:
        from scapy.error import Scapy_Exception  # noqa: PLC0415 - heavy

        reader.f = whole = _Whole(reader.f)
        if hasattr(reader, "interfaces"):  # pcapng: a packet may come after blocks of other kinds
            block = reader._read_block  # noqa: SLF001

            def from_here(size: int = _DATAGRAM) -> Any:
                whole.begin()
                return block(size)

            reader._read_block = from_here  # noqa: SLF001
        while True:
            whole.begin()
            try:
                data, about = reader._read_packet()  # noqa: SLF001 - its public face dissects at once
            except (EOFError, Scapy_Exception, OSError, ValueError, struct.error):
                self.cut = self.cut or not whole.ended
                break
            if len(data) < min(getattr(about, "caplen", 0), _DATAGRAM):
                self.cut = True
                break
            self.count += 1
            t = _stamp(about, reader)
            if t is None:
                self.unknown["no-time"] += 1
                continue
            yield from self._opened(t, data, getattr(about, "linktype", None) or reader.linktype)
        if self._waiting:
            self.unknown["fragment"] += len(self._waiting)

    def _opened(self, t: int, data: bytes, link: int) -> Iterator[Packet]:
        """The datagram in a frame, if there is one and it is whole."""
        at = _internet(data) if link == _ETHERNET else None
        if at is not None and len(data) >= at + 20 and data[at] >> 4 == 4:
            head = at + 4 * (data[at] & 0x0F)
            length, number, flags = struct.unpack_from("!HHH", data, at + 2)
            source, target = _dotted(data[at + 12 : at + 16]), _dotted(data[at + 16 : at + 20])
            body, protocol = data[head : at + length if length else None], data[at + 9]
            if flags & 0x3FFF:
                body = self._joined((source, target, number), flags, body)
                if not body:
                    return
        else:
            found = _dissected(data, link)
            if found is None:
                self.unknown["no-ip"] += 1
                return
            source, target, protocol, body = found
        if protocol != UDP:
            from_port, to_port = struct.unpack_from("!HH", body) if protocol == TCP and len(body) >= 4 else (0, 0)
            yield Packet(t, source, target, protocol, from_port, to_port, body)
        elif len(body) < 8:
            self.unknown["short"] += 1
        else:
            from_port, to_port, length = struct.unpack_from("!HHH", body)
            yield Packet(t, source, target, UDP, from_port, to_port, body[8 : max(length, 8)])

    def _joined(self, key: tuple[str, str, int], flags: int, body: bytes) -> bytes:
        """The datagram of which this was the last fragment to come; empty until then."""
        parts = self._waiting.setdefault(key, {})
        parts[(flags & 0x1FFF) * 8] = (body, bool(flags & 0x2000))
        if len(self._waiting) > _WAITING:
            self._waiting.popitem(last=False)
            self.unknown["fragment"] += 1
        whole = b""
        while (part := parts.get(len(whole))) is not None and len(whole) <= _DATAGRAM:
            whole += part[0]
            if not part[1]:
                del self._waiting[key]
                return whole
            if not part[0]:
                break
        if len(parts) > _WAITING:
            del self._waiting[key]
            self.unknown["fragment"] += 1
        return b""


class _Whole:
    """A file that knows whether it ended between two records or within one."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self._fresh = True
        self.ended = False

    def begin(self) -> None:
        """The next record begins here."""
        self._fresh, self.ended = True, False

    def read(self, size: int) -> bytes:
        """Read; nothing more comes after a record that claims to be larger than any is."""
        data: bytes = self._file.read(size) if size <= _LARGEST else b""
        self.ended = self._fresh and not data
        self._fresh = False
        return data

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


@lru_cache(maxsize=4_096)
def _dotted(address: bytes) -> str:
    return str(IPv4Address(address))


def _stamp(about: Any, reader: Any) -> int | None:
    """Nanoseconds since 1970, None for a packet without a time."""
    if hasattr(about, "sec"):
        return int(about.sec) * _SECOND + int(about.usec) * (1 if reader.nano else 1_000)
    if about.tshigh is None or not about.tsresol:
        return None
    return ((int(about.tshigh) << 32) + int(about.tslow)) * _SECOND // int(about.tsresol)


def _internet(data: bytes) -> int | None:
    """Where the IPv4 header begins in an Ethernet frame; None when there is none."""
    at = 12
    for _ in range(3):
        if len(data) < at + 2:
            return None
        kind = data[at] << 8 | data[at + 1]
        if kind == _IPV4:
            return at + 2
        if kind not in _VLAN:
            return None
        at += 4
    return None


def _dissected(data: bytes, link: int) -> tuple[str, str, int, bytes] | None:
    """Source, target, protocol and what is in the packet, as scapy reads it."""
    from scapy.config import conf  # noqa: PLC0415 - heavy
    from scapy.layers import inet, inet6, l2  # noqa: PLC0415

    del l2  # imported for the link types that it registers
    layer = conf.l2types.num2layer.get(link)
    if layer is None:
        return None
    try:
        packet = layer(data)
        for kind in (inet.IP, inet6.IPv6):
            if kind in packet:
                found = packet[kind]
                inside = found.payload
                while isinstance(inside, inet6._IPv6ExtHdr):  # noqa: SLF001
                    inside = inside.payload
                protocol = UDP if isinstance(inside, inet.UDP) else TCP if isinstance(inside, inet.TCP) else (
                    found.proto if kind is inet.IP else found.nh
                )  # fmt: skip
                if kind is inet.IP and (found.frag or found.flags.MF):
                    return None
                return str(found.src), str(found.dst), int(protocol), bytes(inside)
    except Exception:  # noqa: BLE001 - scapy raises whatever a hostile packet makes it raise
        return None
    return None
