"""Session descriptions (SDP, RFC 8866 and RFC 4566 before it): read, and written again.

What simtel decides by has a name (where media goes, its formats, its direction); every other line is kept as it is, in
its place among its like (of multicast only the first address, without its TTL). v, o, s come first and t is there, as
the RFC wants; else the order of lines is not held against a sender, and lines may end in LF alone.
"""

import re

import msgspec

from simtel.protocols.sip.errors import MalformedMessage

MOST_LINES = 1_000  # ours
DIRECTIONS = ("sendrecv", "sendonly", "recvonly", "inactive")
_ORIGIN = re.compile(rb"(\S+) (\d{1,20}) (\d{1,20}) IN (IP[46]) (\S+)")
_CONNECTION = re.compile(rb"IN (IP[46]) ([^\s/]+)(?:/(\d{1,3}))?(?:/(\d{1,3}))?")
_MEDIA = re.compile(rb"([!-~]+) (\d{1,5})(?:/(\d{1,3}))? ([!-~]+)((?: [!-~]+)+)")
_RTPMAP = re.compile(rb"(\d{1,3}) ([!-.0-~]+)/(\d{1,6})(?:/(\d{1,2}))?")
_LINE = re.compile(rb"([a-z])=([^\r\n\0]*)")


class Codec(msgspec.Struct, frozen=True):
    """An encoding as rtpmap names it; the name in upper case, the rate in Hz."""

    name: str
    rate: int
    channels: int = 1


# RFC 3551, tables 4 and 5: what a payload number means that no rtpmap explains.
STATIC = {
    0: Codec("PCMU", 8_000), 3: Codec("GSM", 8_000), 4: Codec("G723", 8_000), 8: Codec("PCMA", 8_000),
    9: Codec("G722", 8_000), 13: Codec("CN", 8_000), 15: Codec("G728", 8_000), 18: Codec("G729", 8_000),
}  # fmt: skip


class Origin(msgspec.Struct, frozen=True):
    """o=: who made the session; `version` rises by one with each change (RFC 3264, 8)."""

    user: str
    id: int
    version: int
    address: str
    family: str = "IP4"


class Media(msgspec.Struct, frozen=True):
    """m= and what belongs to it. `address` is None where that of the session counts; port 0 is a refused stream."""

    kind: str
    port: int
    formats: tuple[str, ...]
    protocol: str = "RTP/AVP"
    address: str | None = None
    attributes: tuple[tuple[str, bytes | None], ...] = ()
    ports: int = 1
    other: tuple[bytes, ...] = ()

    def first(self, name: str) -> bytes | None:
        """The value of an attribute; b"" for one without; None when it is not there."""
        return _first(self.attributes, name)

    @property
    def codecs(self) -> dict[int, Codec]:
        """What each payload number of the m= line means, in the order of preference; numbers that say nothing are left
        out."""
        named: dict[int, Codec] = {}
        for name, value in self.attributes:
            found = _RTPMAP.fullmatch(value) if name == "rtpmap" and value is not None else None
            if found is not None:
                named[int(found[1])] = Codec(found[2].decode().upper(), int(found[3]), int(found[4] or 1))
        numbers = [int(one) for one in self.formats if one.isascii() and one.isdigit() and len(one) <= 3]
        known = {**STATIC, **named}
        return {number: known[number] for number in numbers if number in known}

    @property
    def fmtp(self) -> dict[int, bytes]:
        """Parameters of formats, by payload number."""
        pairs = (value.partition(b" ") for name, value in self.attributes if name == "fmtp" and value is not None)
        return {int(number): rest for number, _, rest in pairs if number.isdigit() and len(number) <= 3}


class Session(msgspec.Struct, frozen=True):
    """A description. `address` is that of c= before the first m=, None where there is none."""

    origin: Origin
    media: tuple[Media, ...]
    address: str | None = None
    name: bytes = b"-"
    attributes: tuple[tuple[str, bytes | None], ...] = ()
    times: tuple[bytes, ...] = (b"0 0",)
    other: tuple[bytes, ...] = ()

    def address_of(self, media: Media) -> str | None:
        """Where a stream is to be sent."""
        return media.address if media.address is not None else self.address

    def direction_of(self, media: Media) -> str:
        """As the one who wrote the description sees it: its own direction, or that of the session, or both ways."""
        for attributes in (media.attributes, self.attributes):
            for name, _ in attributes:
                if name in DIRECTIONS:
                    return name
        return "sendrecv"

    def to_bytes(self) -> bytes:
        """The body of a message."""
        origin = self.origin
        lines = [
            b"v=0", f"o={origin.user} {origin.id} {origin.version} IN {origin.family} {origin.address}".encode(),
            b"s=" + self.name, *[line for line in self.other if line[:1] in b"iuep"], *_connection(self.address),
            *[line for line in self.other if line[:1] == b"b"], *[b"t=" + time for time in self.times],
            *[line for line in self.other if line[:1] not in b"iuepb"], *_written(self.attributes),
        ]  # fmt: skip
        for one in self.media:
            ports = f"{one.port}/{one.ports}" if one.ports != 1 else str(one.port)
            lines += [f"m={one.kind} {ports} {one.protocol} {' '.join(one.formats)}".encode()]
            lines += [line for line in one.other if line[:1] == b"i"] + _connection(one.address)
            lines += [line for line in one.other if line[:1] != b"i"] + _written(one.attributes)
        return b"".join(line + b"\r\n" for line in lines)


def _first(attributes: tuple[tuple[str, bytes | None], ...], name: str) -> bytes | None:
    for key, value in attributes:
        if key == name:
            return value or b""
    return None


def _connection(address: str | None) -> list[bytes]:
    return [] if address is None else [f"c=IN IP{'6' if ':' in address else '4'} {address}".encode()]


def _written(attributes: tuple[tuple[str, bytes | None], ...]) -> list[bytes]:
    return [b"a=" + name.encode() + (b":" + value if value is not None else b"") for name, value in attributes]


class _Section:
    """The lines of the session, or of one m= line, on their way."""

    def __init__(self) -> None:
        self.address: str | None = None
        self.attributes: list[tuple[str, bytes | None]] = []
        self.other: list[bytes] = []
        self.times: list[bytes] = []

    def take(self, kind: bytes, value: bytes, at: int) -> None:
        if kind == b"c":
            found = _CONNECTION.fullmatch(value.rstrip(b" "))
            if found is None:
                raise MalformedMessage("c= is no IN IP4 or IN IP6 and an address", at)
            self.address = self.address or _text(found[2], at)  # of several the first (8866, 5.7: layered multicast)
        elif kind == b"a":
            name, colon, rest = value.partition(b":")
            self.attributes.append((_text(name, at), rest if colon else None))
        elif kind == b"t":
            self.times.append(value)
        else:
            self.other.append(kind + b"=" + value)


def parse_sdp(body: bytes) -> Session:
    """The description; MalformedMessage says at which octet of the body it is none."""
    lines = _lines(body)
    if [kind for _, kind, _ in lines[:3]] != [b"v", b"o", b"s"]:
        raise MalformedMessage("a session description begins with v=, o= and s=")
    if lines[0][2].strip() != b"0":
        raise MalformedMessage("a session description is of version 0", lines[0][0])
    at, _, value = lines[1]
    origin = _ORIGIN.fullmatch(value.rstrip(b" "))
    if origin is None:
        raise MalformedMessage("o= is no user, two numbers, IN IP4 or IN IP6, and an address", at)
    user, number, version, family, address = origin.groups()
    made = Origin(_text(user, at), int(number), int(version), _text(address, at), family.decode())
    session = _Section()
    streams: list[tuple[re.Match[bytes], _Section]] = []
    for at, kind, value in lines[3:]:
        if kind == b"m":
            found = _MEDIA.fullmatch(value.rstrip(b" "))
            if found is None or int(found[2]) > 65_535:
                raise MalformedMessage("m= is no medium, port, protocol and formats", at)
            streams.append((found, _Section()))
        elif kind in b"vos":
            raise MalformedMessage(f"{kind.decode()}= stands twice", at)
        else:
            (streams[-1][1] if streams else session).take(kind, value, at)
    if not session.times:
        raise MalformedMessage("has no t= before its first m=", len(body))
    media = tuple(_media(found, section) for found, section in streams)
    if session.address is None and any(one.port and one.address is None for one in media):
        raise MalformedMessage("has no c= for a stream (8866, 5.7)", len(body))
    return Session(
        made, media, session.address, lines[2][2],
        tuple(session.attributes), tuple(session.times), tuple(session.other),
    )  # fmt: skip


def _lines(body: bytes) -> list[tuple[int, bytes, bytes]]:
    """Place, letter and value of each line."""
    out, at = [], 0
    for line in body.split(b"\n"):
        text = line.removesuffix(b"\r")
        if text:
            found = _LINE.fullmatch(text)
            if found is None:
                raise MalformedMessage("is no line of SDP: a letter, = and a value", at)
            out.append((at, found[1], found[2]))
            if len(out) > MOST_LINES:
                raise MalformedMessage(f"has more than {MOST_LINES} lines", at)
        at += len(line) + 1
    return out


def _media(found: re.Match[bytes], section: _Section) -> Media:
    return Media(
        found[1].decode(), int(found[2]), tuple(found[5].decode().split()), found[4].decode(), section.address,
        tuple(section.attributes), int(found[3] or 1), (*section.other, *(b"t=" + time for time in section.times)),
    )  # fmt: skip


def _text(octets: bytes, at: int) -> str:
    try:
        return octets.decode("ascii")
    except UnicodeDecodeError:
        raise MalformedMessage("has an octet above 127 where a name or an address stands", at) from None
