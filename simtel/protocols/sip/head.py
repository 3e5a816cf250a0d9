"""The head of a message taken apart into start line and headers, and put together (RFC 3261, 7).

Fast where a line is spelt as nearly all are, careful where it is not. Folded lines are undone by putting two blanks in
the place of the line's end, so that an offset in the head is one in the message.
"""

import re
from collections.abc import Iterable, Iterator

from simtel.protocols.sip.errors import MalformedMessage
from simtel.protocols.sip.names import ONCE, SPELT, key

Fields = dict[bytes, list[bytes]]  # name as names.KEYS spells it: values, in order

CRLF = b"\r\n"
MOST_BYTES = 65_535  # a datagram; a longer message is answered 513 (21.5.7)
MOST_LINES = 512
_NAME = re.compile(rb"([A-Za-z0-9\-.!%*_+`'~]+)[ \t]*:")
_LONE = re.compile(rb"\r(?!\n)|(?<!\r)\n")


def begin(data: bytes) -> int:
    """Where the start line begins: line ends before it are passed over (7.5)."""
    return len(data) - len(data.lstrip(CRLF)) if data[:1] in (b"\r", b"\n") else 0


def part(data: bytes) -> tuple[bytes, Fields, int]:
    """The start line, the headers, and where the body begins; MalformedMessage where that is no head."""
    first = begin(data)
    end = data.find(b"\r\n\r\n", first)
    if end < 0:
        raise MalformedMessage("has no empty line after its headers", len(data))
    if len(data) > MOST_BYTES:
        raise MalformedMessage("is longer than a datagram", MOST_BYTES, 513)
    text = data[first:end]
    lines = text.splitlines()
    if text.count(CRLF) != len(lines) - 1 or text[-1] in CRLF:
        found = _LONE.search(data, first)
        raise MalformedMessage("has a carriage return or a line feed alone", found.start() if found else first)
    if len(lines) > MOST_LINES:
        raise MalformedMessage(f"has more than {MOST_LINES} header lines", first)
    fields: Fields = {}
    rest = iter(lines)
    start = next(rest)
    for line in rest:
        name, _, value = line.partition(b": ")
        if name in fields:
            fields[name].append(value)
        else:
            fields[name] = [value]
    if len(fields) < len(lines) - 1 or not fields.keys() <= SPELT:
        return _careful(data, first, end)
    return start, fields, end + 4


def _careful(data: bytes, first: int, end: int) -> tuple[bytes, Fields, int]:
    """The same for names in another spelling, folded lines and headers that come again."""
    fields: Fields = {}
    lines = _lines(data, first, end)
    for at, line in lines[1:]:
        found = _NAME.match(line)
        if found is None:
            raise MalformedMessage("is no header line: a name and a colon", at)
        name = key(found[1].decode())
        if name in fields and name in ONCE:
            raise MalformedMessage(f"has {name.decode()} twice", at)
        fields.setdefault(name, []).append(line[found.end() :])
    return lines[0][1], fields, end + 4


def loose(data: bytes) -> tuple[bytes, Fields, bytes]:
    """Start line, headers and body as an onlooker takes them, who answers nobody: lines may end in LF alone, the head
    may be cut, a line that is no header is passed over, and what may stand once is kept each time."""
    text, _, body = data.replace(CRLF, b"\n").partition(b"\n\n")
    whole = text.replace(b"\n", CRLF)
    if whole.count(CRLF) >= MOST_LINES:
        raise MalformedMessage(f"has more than {MOST_LINES} header lines")
    lines = _lines(whole, 0, len(whole))
    fields: Fields = {}
    for _, line in lines[1:]:
        found = _NAME.match(line)
        if found is not None:
            fields.setdefault(key(found[1].decode()), []).append(line[found.end() :].strip(b" \t"))
    return lines[0][1], fields, body


def _lines(data: bytes, first: int, end: int) -> list[tuple[int, bytes]]:
    """The lines of a head, none folded, and where each begins."""
    lines, at = [], first
    for line in data[first:end].replace(b"\r\n ", b"   ").replace(b"\r\n\t", b"   ").split(CRLF):
        lines.append((at, line))
        at += len(line) + 2
    return lines


def headers(data: bytes) -> Iterator[tuple[str, bytes, int]]:
    """Each header of a message that was parsed: its name as it is written, its value, and where that begins."""
    first = begin(data)
    for at, line in _lines(data, first, data.find(b"\r\n\r\n", first))[1:]:
        found = _NAME.match(line)
        if found is not None:
            value = line[found.end() :].lstrip(b" \t")
            yield found[1].decode(), value.rstrip(b" \t"), at + len(line) - len(value)


def place(data: bytes, name: bytes, index: int = 0) -> int:
    """Where a value begins of a header that is there, after its name and its number among its like."""
    return [at for other, _, at in headers(data) if key(other) == name][index]


def written(start: bytes, pairs: Iterable[tuple[str, bytes | str]], body: bytes) -> bytes:
    """A message; Content-Length is that of the body. ValueError for what would break out of its line."""
    out = [start]
    for name, value in pairs:
        octets = value.encode() if isinstance(value, str) else value
        if key(name) != b"Content-Length":
            out.append(name.encode() + b": " + octets)
    out.append(b"Content-Length: %d" % len(body))
    for line in out:
        if b"\r" in line or b"\n" in line:
            raise ValueError(f"a line end within a line of a SIP message: {line[:40]!r}")
    return CRLF.join(out) + b"\r\n\r\n" + body
