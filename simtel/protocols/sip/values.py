"""Values of headers: quoted strings, parameters, lists by commas, name-addr and Via (RFC 3261, 25.1).

Each parser takes the octets of one value and says in a MalformedMessage at which of them it stopped. Parameters are a
dict from the name in lower case to the octets of the value (b"" where there is none); a quoted string loses its quotes
and backslashes, and nothing is decoded: a display name in UTF-8 or GBK stays what it was.
"""

import re
from collections.abc import Callable, Iterator
from typing import TypeVar

import msgspec

from simtel.protocols.sip.errors import MalformedMessage
from simtel.protocols.sip.uri import HOST, Uri, host_of, parse_uri

T = TypeVar("T")

TOKEN = rb"[A-Za-z0-9\-.!%*_+`'~]"
_QUOTED = rb'"[^"\\]*(?:\\.[^"\\]*)*"'
# In GBK the second octet of a character may be that of a backslash: read so only where the plain reading fails.
_QUOTED_GBK = rb'"(?:[\x81-\xfe][\x40-\x7e\x80-\xfe]|[^"\\\x81-\xfe]|\\.)*"'
_STRING = re.compile(_QUOTED, re.DOTALL)
_STRING_GBK = re.compile(_QUOTED_GBK, re.DOTALL)
_PARAM = re.compile(rb"[ \t]*;[ \t]*(" + TOKEN + rb"+)(?:[ \t]*=[ \t]*(?:([A-Za-z0-9\-.!%*_+`'~:\[\]]+)|(?=(\"))))?")
# RFC 3261 wants tokens. Octets above 127, and what follows them in GBK, are Chinese that somebody forgot to quote.
_NAME = re.compile(rb"(?:[\x81-\xfe][\x40-\x7e]|[A-Za-z0-9\-.!%*_+`'~ \t\x80-\xff])*")
_VIA = re.compile(
    rb"SIP[ \t]*/[ \t]*2\.0[ \t]*/[ \t]*(" + TOKEN + rb"+)[ \t]+(" + HOST + rb")(?:[ \t]*:[ \t]*(\d{1,5}))?",
    re.IGNORECASE,
)
_CSEQ = re.compile(rb"(\d{1,20})[ \t]+(" + TOKEN + rb"+)")
_WORD = rb"[A-Za-z0-9\-.!%*_+`'~()<>:\\\"/\[\]?{}]+"
_CALL_ID = re.compile(_WORD + rb"(?:@" + _WORD + rb")?")
MOST_VALUES = 256  # ours: no list of a telephone is as long
MOST_CSEQ = 2**31 - 1  # RFC 3261, 8.1.1.5
_ADDRESS_END = re.compile(rb"[;?, \t]")


class Via(msgspec.Struct, frozen=True):
    """One Via: where an answer goes (18.2.2, RFC 3581)."""

    transport: str  # upper case
    host: str
    port: int | None
    params: dict[str, bytes]

    @property
    def branch(self) -> bytes:
        """The branch; b"" in a message after RFC 2543."""
        return self.params.get("branch", b"")

    def to_bytes(self) -> bytes:
        """As it is written in a message."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = f":{self.port}" if self.port is not None else ""
        return f"SIP/2.0/{self.transport} {host}{port}".encode() + written(self.params)


class NameAddr(msgspec.Struct, frozen=True):
    """Display name without its quotes, URI and header parameters of From, To, Contact, Route and their like."""

    display: bytes
    uri: Uri
    params: dict[str, bytes] = {}

    @property
    def tag(self) -> bytes:
        """The tag, b"" when there is none."""
        return self.params.get("tag", b"")

    def to_bytes(self) -> bytes:
        """As it is written in a message, the display name in quotes."""
        name = quoted(self.display) + b" " if self.display else b""
        return name + b"<" + self.uri.to_bytes() + b">" + written(self.params)


def quoted(text: bytes) -> bytes:
    """A quoted string."""
    return b'"' + text.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'


def written(params: dict[str, bytes]) -> bytes:
    """Parameters as they follow a value; what is no token is put in quotes."""
    return b"".join(
        b";" + name.encode() + (b"=" + (value if _PLAIN.fullmatch(value) else quoted(value)) if value else b"")
        for name, value in params.items()
    )


_PLAIN = re.compile(rb"[A-Za-z0-9\-.!%*_+`'~:\[\]]+")


def string_at(value: bytes, at: int) -> tuple[bytes, int]:
    """The quoted string that begins at `at`, without quotes and backslashes, and where it ends."""
    found = _STRING.match(value, at)
    if found is not None:
        return re.sub(rb"\\(.)", rb"\1", found[0][1:-1], flags=re.DOTALL), found.end()
    found = _STRING_GBK.match(value, at)
    if found is not None:
        return found[0][1:-1], found.end()
    raise MalformedMessage("a quoted string does not end", at)


def params_at(value: bytes, at: int) -> dict[str, bytes]:
    """The parameters from `at` to the end of the value."""
    params: dict[str, bytes] = {}
    end = len(value.rstrip(b" \t"))
    while at < end:
        found = _PARAM.match(value, at)
        if found is None:
            raise MalformedMessage("no parameter can be read here", at)
        name, text, at = found[1].decode().lower(), found[2] or b"", found.end()
        if found[3]:
            text, at = string_at(value, at)
        if name in params:
            raise MalformedMessage(f"has the parameter {name} twice", found.start(1))
        params[name] = text
    return params


def pieces(value: bytes) -> Iterator[tuple[int, bytes]]:
    """The values of a list by commas, each with its place: commas in quotes and in <> part nothing."""
    if value.count(b",") >= MOST_VALUES and sum(1 for _ in _parted(value)) > MOST_VALUES:
        raise MalformedMessage(f"has more than {MOST_VALUES} values in a line")
    return _parted(value)


def _parted(value: bytes) -> Iterator[tuple[int, bytes]]:
    if b"," not in value:
        yield 0, value
        return
    start = at = 0
    while at < len(value):
        octet = value[at]
        if octet == 0x22:
            at = string_at(value, at)[1]
            continue
        if octet == 0x3C:
            at = value.find(b">", at)
            if at < 0:
                raise MalformedMessage("a < is not closed", start)
        elif octet == 0x2C:
            yield start, value[start:at]
            start = at + 1
        at += 1
    yield start, value[start:]


def each(value: bytes, parser: Callable[[bytes], T]) -> list[T]:
    """Each value of a list, read by the parser."""
    out = []
    for start, piece in pieces(value):
        try:
            out.append(parser(piece))
        except MalformedMessage as wrong:
            raise wrong.moved(start) from None
    return out


def parse_via(value: bytes) -> Via:
    """One Via."""
    lead = len(value) - len(value.lstrip(b" \t"))
    found = _VIA.match(value, lead)
    if found is None:
        raise MalformedMessage("is no Via: SIP/2.0/TRANSPORT HOST", lead)
    port = int(found[3]) if found[3] else None
    if port is not None and port > 65_535:
        raise MalformedMessage("a port is at most 65535", found.start(3))
    return Via(found[1].decode().upper(), host_of(found[2], found.start(2)), port, params_at(value, found.end()))


def parse_name_addr(value: bytes) -> NameAddr:
    """A name-addr (display name, <URI>) or a bare URI, with the parameters of the header; a bare URI has neither
    parameters nor headers of its own (20.10)."""
    at = len(value) - len(value.lstrip(b" \t"))
    display = b""
    if value[at : at + 1] == b'"':
        display, at = string_at(value, at)
        at += len(value) - at - len(value[at:].lstrip(b" \t"))
        if value[at : at + 1] != b"<":
            raise MalformedMessage("a display name is followed by a URI in <>", at)
    elif value[at : at + 1] != b"<":
        found = _NAME.match(value, at)
        assert found is not None  # noqa: S101 - it matches nothing too
        if value[found.end() : found.end() + 1] != b"<":
            return _bare(value, at)
        display, at = found[0].rstrip(b" \t"), found.end()
    end = value.find(b">", at)
    if end < 0:
        raise MalformedMessage("a < is not closed", at)
    return NameAddr(display, _uri(value, at + 1, end), params_at(value, end + 1))


def _bare(value: bytes, at: int) -> NameAddr:
    found = _ADDRESS_END.search(value, at)
    end = found.start() if found is not None else len(value)
    if found is not None and found[0] in b"?,":
        raise MalformedMessage("a URI with a comma or a question mark stands in <>", end)
    return NameAddr(b"", _uri(value, at, end), params_at(value, end))


def _uri(value: bytes, start: int, end: int) -> Uri:
    try:
        return parse_uri(value[start:end])
    except MalformedMessage as wrong:
        raise wrong.moved(start) from None


def parse_call_id(value: bytes) -> bytes:
    """A Call-ID: a word, or two with an @ between them."""
    text = value.strip(b" \t")
    if _CALL_ID.fullmatch(text) is None:
        raise MalformedMessage("is no word or word@word")
    return text


def parse_cseq(value: bytes) -> tuple[int, str]:
    """Number and method of a CSeq (8.1.1.5) or the like."""
    found = _CSEQ.fullmatch(value.strip(b" \t"))
    if found is None or int(found[1]) > MOST_CSEQ:
        raise MalformedMessage("is no number below 2**31 and a method")
    return int(found[1]), found[2].decode()


def parse_number(value: bytes, most: int) -> int:
    """A number of at most `most`."""
    text = value.strip(b" \t")
    if not text.isdigit() or len(text) > 20 or int(text) > most:
        raise MalformedMessage(f"is no number from 0 to {most}")
    return int(text)
