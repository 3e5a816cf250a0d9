"""SIP messages (RFC 3261, 7): a message keeps its octets, and a header is parsed when somebody asks for it.

`parse_message` reads the start line, parts the headers, and holds against the grammar only what every answer needs: the
request's URI, Via, From, To, Call-ID, CSeq, Contact and Max-Forwards. Each has a pattern for the ordinary value; what
does not match is not wrong, it is read with care. So these never raise of a message that was parsed; any other typed
header may.

Opaque things (Call-ID, tags, branches, display names, values as they stand) are octets; what a program decides by
(methods, names of headers and parameters, hosts, schemes) is text. A message does not change: a changed one is built
from its `headers`.
"""

import re
from collections.abc import Callable, Iterable
from typing import Self, TypeVar

from simtel.protocols.sip import head
from simtel.protocols.sip.errors import MalformedMessage
from simtel.protocols.sip.head import Fields
from simtel.protocols.sip.names import LISTS, key
from simtel.protocols.sip.reasons import REASONS
from simtel.protocols.sip.uri import Uri, parse_uri
from simtel.protocols.sip.values import (
    NameAddr,
    Via,
    each,
    parse_call_id,
    parse_cseq,
    parse_name_addr,
    parse_number,
    parse_via,
    pieces,
)

T = TypeVar("T")
Headers = Iterable[tuple[str, bytes | str]]

MOST_URI = 2_048  # octets; a longer Request-URI is answered 414 (21.4.12)
MOST_FORWARDS = 255  # 20.22
MOST_SECONDS = 2**32 - 1  # 20.19
_REQUIRED = frozenset({b"Via", b"From", b"To", b"Call-ID", b"CSeq"})  # 8.1.1; 16.3 lets Max-Forwards be missing
_REQUEST = re.compile(rb"([A-Za-z0-9\-.!%*_+`'~]+) (\S+) [Ss][Ii][Pp]/2\.0")
_STATUS = re.compile(rb"[Ss][Ii][Pp]/2\.0 ([1-6]\d\d)(?: (.*))?")
_VERSION = re.compile(rb"SIP/(\d+)\.(\d+)", re.IGNORECASE)
_TOKEN = re.compile(rb"[A-Za-z0-9\-.!%*_+`'~]+")

# What the ordinary message looks like where it is checked; each part takes less than the careful parser does.
_HOST = rb"[A-Za-z0-9.\-]+(?::\d{1,4}|:[1-5]\d{4})?"
_URI = rb"sips?:(?:[A-Za-z0-9+\-_.*]+@)?" + _HOST + rb"(?:;transport=[a-z]+|;lr|;ob|;user=phone)?"
_ADDRESS = rb'(?:"[^"\\\n]*" )?<' + _URI + rb">"
_TAGGED = _ADDRESS + rb"(?:;tag=[A-Za-z0-9.\-_]+)?\n"
_BRANCH, _RPORT = rb";branch=[A-Za-z0-9.\-_]+", rb"(?:;rport(?:=\d+)?)?"
_VIA = rb"SIP/2\.0/[A-Z]+ " + _HOST + rb"(?:" + _BRANCH + _RPORT + rb"|;rport" + _BRANCH + rb")"
_ORDINARY = re.compile(
    rb"(?:([A-Z]+) " + _URI + rb")?\n"  # of a response nothing
    rb"[A-Za-z0-9.\-_]+(?:@[A-Za-z0-9.\-]+)?\n"
    rb"\d{1,9} (?(1)\1|[A-Z]+)\n" + _TAGGED * 2 + _VIA + rb"(?:," + _VIA + rb")*\n"
    rb"(?:\n|" + _ADDRESS + rb"(?:;expires=\d{1,9})?)\n(?:\n|\d\d?)"
).fullmatch
_ABSENT = (b"\n",)  # which no value has


class Message:
    """What requests and responses have alike. Offsets in errors are those of `raw`, the octets as they came."""

    __slots__ = ("_fields", "_span", "raw")

    def __init__(self, raw: bytes, fields: Fields, span: tuple[int, int]) -> None:
        self.raw = raw
        self._fields = fields
        self._span = span

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Message) and self.raw == other.raw

    def __hash__(self) -> int:
        return hash(self.raw)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.raw[:80].strip().split(head.CRLF)[0].decode('utf-8', 'replace')}>"

    def to_bytes(self) -> bytes:
        """As it goes on the wire."""
        return self.raw

    @property
    def body(self) -> bytes:
        """What follows the head, as long as Content-Length says."""
        return self.raw[self._span[0] : self._span[1]]

    @property
    def headers(self) -> list[tuple[str, bytes]]:
        """All headers in their order, names and values as they are written."""
        return [(name, value) for name, value, _ in head.headers(self.raw)]

    def first(self, name: str) -> bytes | None:
        """The first value of a header as it stands, None when there is none; of a list its first member."""
        found = self.all(name)
        return found[0] if found else None

    def all(self, name: str) -> list[bytes]:
        """All values of a header as they stand, lists by commas taken apart where RFC 3261 has lists; what cannot be
        taken apart comes whole."""
        header = key(name)
        found: list[bytes] = []
        for value in self._fields.get(header, ()):
            try:
                found += (
                    [piece.strip(b" \t") for _, piece in pieces(value)] if header in LISTS else [value.strip(b" \t")]
                )
            except MalformedMessage:
                found.append(value.strip(b" \t"))
        return found

    def read_all(self, name: str, parser: Callable[[bytes], T]) -> list[T]:
        """All values of a header after `parser`, whose MalformedMessage is given its place in the message."""
        header = key(name)
        found: list[T] = []
        for index, value in enumerate(self._fields.get(header, ())):
            try:
                found += each(value, parser) if header in LISTS else [parser(value)]
            except MalformedMessage as wrong:
                raise type(wrong)(
                    f"{header.decode()} {wrong.reason}", head.place(self.raw, header, index) + wrong.offset, wrong.code
                ) from None
        return found

    def read(self, name: str, parser: Callable[[bytes], T]) -> T | None:
        """The first value of a header after `parser`; None when there is none."""
        found = self.read_all(name, parser)
        return found[0] if found else None

    def _one(self, name: str, parser: Callable[[bytes], T]) -> T:
        found = self.read(name, parser)
        if found is None:
            raise MalformedMessage(f"has no {name}", self._span[0])
        return found

    @property
    def call_id(self) -> bytes:
        """Call-ID: octets that are compared as such."""
        return self._one("Call-ID", parse_call_id)

    @property
    def cseq(self) -> tuple[int, str]:
        """CSeq: number and method."""
        return self._one("CSeq", parse_cseq)

    @property
    def vias(self) -> list[Via]:
        """Via, the last hop first."""
        return self.read_all("Via", parse_via)

    @property
    def from_(self) -> NameAddr:
        """From."""
        return self._one("From", parse_name_addr)

    @property
    def to(self) -> NameAddr:
        """To."""
        return self._one("To", parse_name_addr)

    @property
    def contacts(self) -> list[NameAddr]:
        """Contact; none where it is `*`."""
        return [] if self.all("Contact") == [b"*"] else self.read_all("Contact", parse_name_addr)

    @property
    def routes(self) -> list[NameAddr]:
        """Route, the next hop first."""
        return self.read_all("Route", parse_name_addr)

    @property
    def record_routes(self) -> list[NameAddr]:
        """Record-Route, the last proxy first."""
        return self.read_all("Record-Route", parse_name_addr)

    @property
    def max_forwards(self) -> int | None:
        """Max-Forwards, None when there is none."""
        return self.read("Max-Forwards", lambda value: parse_number(value, MOST_FORWARDS))

    @property
    def expires(self) -> int | None:
        """Expires in seconds, None when there is none."""
        return self.read("Expires", lambda value: parse_number(value, MOST_SECONDS))

    def check(self) -> None:
        """Read with care all that every answer needs; MalformedMessage when something is missing or wrong."""
        missing = sorted(name.decode() for name in _REQUIRED - self._fields.keys())
        if missing:
            raise MalformedMessage(f"has no {', '.join(missing)}", self._span[0])
        _ = self.call_id, self.vias, self.from_, self.to, self.contacts, self.max_forwards, self.cseq


class Request(Message):
    """A request. `uri` is the Request-URI as it stands, `target` the same parsed."""

    __slots__ = ("method", "uri")

    def __init__(self, method: str, uri: bytes, raw: bytes, fields: Fields, span: tuple[int, int]) -> None:
        super().__init__(raw, fields, span)
        self.method = method
        self.uri = uri

    @property
    def target(self) -> Uri:
        """The Request-URI; one of a scheme that nobody knows is for its user to answer 416."""
        try:
            return parse_uri(self.uri)
        except MalformedMessage as wrong:
            raise wrong.moved(head.begin(self.raw) + len(self.method) + 1) from None

    def check(self) -> None:
        """As for any message, and the Request-URI and the method of CSeq."""
        if self.target.headers:
            at = self.raw.index(b"?")
            raise MalformedMessage("a Request-URI has no headers (19.1.1)", at)
        super().check()
        if self.cseq[1] != self.method:
            raise MalformedMessage("CSeq has another method than the request (8.1.1.5)", head.place(self.raw, b"CSeq"))

    @classmethod
    def build(cls, method: str, uri: bytes | str | Uri, headers: Headers, body: bytes = b"") -> Self:
        """A request of these headers; Content-Length is put there. MalformedMessage when it would be none."""
        text = uri.to_bytes() if isinstance(uri, Uri) else uri.encode() if isinstance(uri, str) else uri
        made = parse_message(head.written(b"%s %s SIP/2.0" % (method.encode(), text), headers, body))
        if not isinstance(made, cls):
            raise MalformedMessage("is no request")
        return made


class Response(Message):
    """A response; `reason` is for people and may be empty."""

    __slots__ = ("reason", "status")

    def __init__(self, status: int, reason: str, raw: bytes, fields: Fields, span: tuple[int, int]) -> None:
        super().__init__(raw, fields, span)
        self.status = status
        self.reason = reason

    @classmethod
    def build(
        cls, request: Request, status: int, reason: str | None = None, headers: Headers = (), body: bytes = b"",
        *, to_tag: bytes | str | None = None,
    ) -> Self:  # fmt: skip
        """An answer (8.2.6): Via, From, To, Call-ID and CSeq are those of the request, To with `to_tag` where it had
        none; so is Timestamp in a 100, and Record-Route where the answer makes a dialog (12.1.1)."""
        copied: list[tuple[str, bytes | str]] = [("Via", value) for value in request.all("Via")]
        if 100 < status < 300:
            copied += [("Record-Route", value) for value in request.all("Record-Route")]
        to = request.first("To") or b""
        if to_tag is not None and not request.to.tag:
            to += b";tag=" + (to_tag.encode() if isinstance(to_tag, str) else to_tag)
        copied += [("From", request.first("From") or b""), ("To", to), ("Call-ID", request.call_id)]
        copied.append(("CSeq", request.first("CSeq") or b""))
        stamp = request.first("Timestamp")
        if status == 100 and stamp is not None:
            copied.append(("Timestamp", stamp))
        phrase = REASONS.get(status, "") if reason is None else reason
        made = parse_message(head.written(f"SIP/2.0 {status} {phrase}".encode(), [*copied, *headers], body))
        if not isinstance(made, cls):
            raise MalformedMessage("is no response")
        return made


def parse_message(data: bytes) -> Request | Response:
    """The message in a datagram, or in what the framing of a stream gave. MalformedMessage has the reason, the octet
    and the response code; octets after the body are passed over (18.3)."""
    start, fields, begin = head.part(data)
    span = begin, _end(data, fields, begin)
    asked = _REQUEST.fullmatch(start)
    message: Request | Response
    if asked is not None:
        method, uri = asked.groups()
        if len(uri) > MOST_URI:
            at = head.begin(data) + len(method) + 1
            raise MalformedMessage(f"has a Request-URI of more than {MOST_URI} octets", at, 414)
        message = Request(method.decode(), uri, data, fields, span)
        ordinary = _is_ordinary(start[:-8], fields)
    else:
        answer = _STATUS.fullmatch(start)
        if answer is None:
            raise _no_start(start, head.begin(data))
        message = Response(int(answer[1]), (answer[2] or b"").decode("utf-8", "replace"), data, fields, span)
        ordinary = _is_ordinary(b"", fields)
    if not ordinary:
        message.check()
    return message


def _is_ordinary(asked: bytes, fields: Fields) -> bool:
    """Whether all that every answer needs is there and looks as it mostly does; `asked` is method and URI."""
    if not fields.keys() >= _REQUIRED:
        return False
    contact, forwards = fields.get(b"Contact", _ABSENT), fields.get(b"Max-Forwards", _ABSENT)
    if len(contact) > 1:
        return False
    looks = b"\n".join((
        asked, fields[b"Call-ID"][0], fields[b"CSeq"][0], fields[b"From"][0], fields[b"To"][0],
        b",".join(fields[b"Via"]), contact[0], forwards[0],
    ))  # fmt: skip
    return _ORDINARY(looks) is not None


def _end(data: bytes, fields: Fields, begin: int) -> int:
    """Where the body ends that begins at `begin`: where Content-Length says, or with the datagram (18.3)."""
    values = fields.get(b"Content-Length")
    if values is None:
        return len(data)
    try:
        length = parse_number(values[0], MOST_SECONDS)
    except MalformedMessage as wrong:
        raise wrong.moved(head.place(data, b"Content-Length")) from None
    if length > len(data) - begin:
        raise MalformedMessage("has less body than its Content-Length says", len(data))
    return begin + length


def _no_start(start: bytes, at: int) -> MalformedMessage:
    """Why this start line is none (7.1, 7.2, 21.5.6)."""
    version = _VERSION.search(start)
    if version is not None and (int(version[1]), int(version[2])) != (2, 0):
        return MalformedMessage("is of another version than SIP/2.0", at + version.start(), 505)
    if version is None:
        return MalformedMessage("has no start line of SIP/2.0", at)
    if version.start() == 0:
        return MalformedMessage("a status line is SIP/2.0, a code of 100 to 699, and a reason", at + version.end())
    method = _TOKEN.match(start)
    if method is None or start[method.end() : method.end() + 1] != b" ":
        return MalformedMessage("a request line begins with a method and one space", at)
    return MalformedMessage("a request line is METHOD URI SIP/2.0, parted by one space each", at + method.end() + 1)
