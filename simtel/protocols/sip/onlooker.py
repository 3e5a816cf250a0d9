"""What a SIP message says, as far as an onlooker needs it (RFC 3261, SDP after RFC 4566). A pure parser, no stack.

Read are the start line, the headers that identify dialog and transaction, the numbers, the registration's life, and of
an SDP body where media is to be sent and in which direction it flows. Nothing else leaves this file: credentials
(Authorization, Proxy-Authorization) and media keys (a=crypto, a=key-mgmt, k=) are never looked at.

An onlooker answers nobody, so that it takes what a party would refuse: the head is taken apart as for everybody, but
loosely, and of a value what can be recognized. Whatever arrives ends in a message or in `NotSipError` with the reason;
sizes are bounded, and octets that are no UTF-8 are replaced.
"""

import re

import msgspec

from simtel.protocols.sip import head
from simtel.protocols.sip.errors import MalformedMessage
from simtel.protocols.sip.names import key
from simtel.protocols.sip.values import parse_cseq

MOST_WORD = 256  # characters of an identifier

_METHOD = re.compile(rb"([A-Z][A-Z0-9.!%*_+`'~-]{0,31}) (\S{1,1024}) SIP/2\.0")
_STATUS = re.compile(rb"SIP/2\.0 ([1-6]\d\d)(?: .*)?", re.DOTALL)
_USER = re.compile(r"<?(?:sips?|tel):([^@;>?\s]{1,256})", re.IGNORECASE)
_TAG = re.compile(r";\s*tag\s*=\s*([^;,\s>]{1,256})", re.IGNORECASE)
_BRANCH = re.compile(r";\s*branch\s*=\s*([^;,\s]{1,256})", re.IGNORECASE)
_EXPIRES = re.compile(r";\s*expires\s*=\s*(\d{1,10})", re.IGNORECASE)
_ADDRESS = re.compile(r"IN IP[46] ([0-9A-Fa-f:.]{2,45})(?:/\d{1,3}){0,2}")
_AUDIO = re.compile(r"audio (\d{1,5})(?:/\d{1,2})? \S+(?: .*)?")
_DIRECTIONS = ("sendrecv", "sendonly", "recvonly", "inactive")
_STARTS = re.compile(rb"SIP/2\.0 |[A-Z][A-Z0-9.!%*_+`'~-]{0,31} \S{1,1024} SIP/2\.0\r?\n")


class NotSipError(ValueError):
    """These bytes are no SIP message; why."""


class Media(msgspec.Struct, frozen=True):
    """Where a party wants to hear: address and port of its audio, and the direction as it sees it."""

    address: str
    port: int
    direction: str = "sendrecv"

    @property
    def held(self) -> bool:
        """Whether the party means not to hear and be heard."""
        return self.direction != "sendrecv" or self.port == 0 or self.address in ("0.0.0.0", "::")  # noqa: S104


class Sip(msgspec.Struct, frozen=True):
    """One message. `status` is 0 for a request; `method` of an answer is that of its CSeq."""

    method: str
    status: int
    call_id: str
    cseq: int
    branch: str
    from_user: str
    to_user: str
    to_tag: str
    expires: int | None = None
    media: Media | None = None
    marks: tuple[str, ...] = ()  # values of the headers that were asked for, in that order

    @property
    def request(self) -> bool:
        """Whether it is a request."""
        return self.status == 0


def looks_like_sip(payload: bytes) -> bool:
    """Whether the first bytes are those of a SIP message, so that anything wrong after them is worth a word."""
    return _STARTS.match(payload) is not None


def parse(payload: bytes, marks: tuple[str, ...] = ()) -> Sip:
    """The message; `marks` are further headers whose values are wanted. NotSipError says why not."""
    if len(payload) > head.MOST_BYTES:
        raise NotSipError("is longer than a datagram")
    try:
        start, fields, body = head.loose(payload)
    except MalformedMessage as wrong:
        raise NotSipError(wrong.reason) from None
    request, answer = _METHOD.fullmatch(start), _STATUS.fullmatch(start)
    if request is None and answer is None:
        raise NotSipError("has no start line of SIP/2.0")

    def first(name: str) -> str:  # of several Via, the first is the one that counts; of several Contact, any
        return fields.get(key(name), (b"",))[0].decode("utf-8", "replace")

    call_id = first("Call-ID")
    try:
        number, method = parse_cseq(fields.get(b"CSeq", (b"",))[0])
    except MalformedMessage:
        call_id = ""
    if not call_id or len(call_id) > MOST_WORD:
        raise NotSipError("lacks a Call-ID or a CSeq that can be read")
    if request is not None and method.encode() != request[1]:
        raise NotSipError("has a CSeq of another method than its own")
    origin, target = first("From"), first("To")
    if not origin or not target:
        raise NotSipError("lacks From or To")
    return Sip(
        method=method, status=int(answer[1]) if answer is not None else 0, call_id=call_id, cseq=number,
        branch=_found(_BRANCH, first("Via")), from_user=_found(_USER, origin), to_user=_found(_USER, target),
        to_tag=_found(_TAG, target), expires=_life(first("Contact"), first("Expires")),
        media=_media(body) if "sdp" in first("Content-Type").lower() else None,
        marks=tuple(first(mark)[:MOST_WORD] for mark in marks),
    )  # fmt: skip


def _found(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found[1] if found is not None else ""


def _life(contact: str, plain: str) -> int | None:
    """Seconds for which a registration is asked or granted; what the Contact says goes before the header."""
    found = _EXPIRES.search(contact)
    if found is not None:
        return int(found[1])
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) <= 10 else None


def _media(body: bytes) -> Media | None:
    """The first audio stream of an SDP; an address or direction of its own goes before that of the session."""
    address = direction = ""
    port: int | None = None
    for line in body.decode("utf-8", "replace").split("\n"):
        kind, text = line[:2], line[2:].strip()
        if kind == "m=":
            if port is not None:
                break
            audio = _AUDIO.fullmatch(text)
            port = int(audio[1]) if audio is not None else None
        elif kind == "c=":
            found = _ADDRESS.fullmatch(text)
            address = found[1] if found is not None else address
        elif kind == "a=" and text in _DIRECTIONS:
            direction = text
    if port is None or port > 65_535 or not address:
        return None
    return Media(address, port, direction or "sendrecv")
