"""The head of a message taken apart into start line and headers, and put together (RFC 3261, 7).

Fast where a line is spelt as nearly all are, careful where it is not. Folded lines are undone by putting two blanks in
the place of the line's end, so that an offset in the head is one in the message.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from simtel.protocols.sip.errors import MalformedMessage
from simtel.protocols.sip.names import ONCE, USUAL, canonical

CRLF = b"\r\n"
MOST_BYTES = 65_535  # a datagram; a longer message is answered 513 (21.5.7)
MOST_LINES = 512
_NAME = re.compile(rb"([A-Za-z0-9\-.!%*_+`'~]+)[ \t]*:")
_LONE = re.compile(rb"\r(?!\n)|(?<!\r)\n")


class Head(NamedTuple):
    """The start line, values by canonical name in their order, and where the body begins."""

    start: bytes
    fields: dict[str, list[bytes]]
    body: int


def begin(data: bytes) -> int:
    """Where the start line begins: line ends before it are passed over (7.5)."""
    return len(data) - len(data.lstrip(CRLF)) if data[:1] in (b"\r", b"\n") else 0


def part(data: bytes) -> Head:
    """The head; MalformedMessage where it is none."""
    first = begin(data)
    end = data.find(b"\r\n\r\n", first)
    if end < 0:
        raise MalformedMessage("has no empty line after its headers", len(data))
    if len(data) > MOST_BYTES:
        raise MalformedMessage("is longer than a datagram", MOST_BYTES, 513)
    text = data[first:end]
    if b"\r\n " in text or b"\r\n\t" in text:
        text = _unfolded(text)
    lines = text.split(CRLF)
    if not len(lines) - 1 == text.count(b"\r") == text.count(b"\n"):
        found = _LONE.search(text)
        raise MalformedMessage("has a carriage return or a line feed alone", first + (found.start() if found else 0))
    if len(lines) > MOST_LINES:
        raise MalformedMessage(f"has more than {MOST_LINES} header lines", first)
    fields: dict[str, list[bytes]] = {}
    usual, rest = USUAL, iter(lines)
    start = next(rest)
    for line in rest:
        name, _, value = line.partition(b": ")
        key = usual.get(name)
        if key is None:
            key, value = _careful(line, lines, first)
        held = fields.get(key)
        if held is None:
            fields[key] = [value]
        elif key in ONCE:
            raise MalformedMessage(f"has {key} twice", _place(line, lines, first))
        else:
            held.append(value)
    return Head(start, fields, end + 4)


def _unfolded(text: bytes) -> bytes:
    return text.replace(b"\r\n ", b"   ").replace(b"\r\n\t", b"   ")


def _careful(line: bytes, lines: list[bytes], first: int) -> tuple[str, bytes]:
    found = _NAME.match(line)
    if found is None:
        raise MalformedMessage("is no header line: a name and a colon", _place(line, lines, first))
    return canonical(found[1].decode()), line[found.end() :].strip(b" \t")


def _place(line: bytes, lines: list[bytes], first: int) -> int:
    """Where this very line (not one alike before it) begins."""
    for other in lines:
        if other is line:
            break
        first += len(other) + 2
    return first


def headers(data: bytes) -> Iterator[tuple[str, bytes, int]]:
    """Each header of a message that was parsed: its name as it is written, its value, and where that begins."""
    at = begin(data)
    lines = _unfolded(data[at : data.find(b"\r\n\r\n", at)]).split(CRLF)
    for line in lines:
        found = _NAME.match(line) if line is not lines[0] else None
        if found is not None:
            value = line[found.end() :].lstrip(b" \t")
            yield found[1].decode(), value.rstrip(b" \t"), at + len(line) - len(value)
        at += len(line) + 2


def place(data: bytes, key: str, index: int = 0) -> int:
    """Where a value begins of a header that is there, after its canonical name and its number among its like."""
    return [at for name, _, at in headers(data) if canonical(name) == key][index]


def written(start: bytes, pairs: Iterable[tuple[str, bytes | str]], body: bytes) -> bytes:
    """A message; Content-Length is that of the body. ValueError for what would break out of its line."""
    out = [start]
    for name, value in pairs:
        octets = value.encode() if isinstance(value, str) else value
        if canonical(name) != "content-length":
            out.append(name.encode() + b": " + octets)
    out.append(b"Content-Length: %d" % len(body))
    for line in out:
        if b"\r" in line or b"\n" in line:
            raise ValueError(f"a line end within a line of a SIP message: {line[:40]!r}")
    return CRLF.join(out) + b"\r\n\r\n" + body
