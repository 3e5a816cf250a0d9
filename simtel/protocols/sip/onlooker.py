"""What a SIP message says, as far as an onlooker needs it (RFC 3261, SDP after RFC 4566). A pure parser, no stack.

Read are the start line, the headers that identify dialog and transaction, the numbers, the registration's life, and of
an SDP body where media is to be sent and in which direction it flows. Nothing else leaves this file: credentials
(Authorization, Proxy-Authorization) and media keys (a=crypto, a=key-mgmt, k=) are never looked at.

Whatever arrives ends in a message or in `NotSipError` with the reason: line folding is undone, compact header names are
known, sizes are bounded, and bytes that are no UTF-8 are replaced.
"""

import re

import msgspec

MOST_BYTES = 65_535
MOST_LINES = 512
MOST_WORD = 256  # characters of an identifier

_METHOD = re.compile(r"([A-Z][A-Z0-9.!%*_+`'~-]{0,31}) (\S{1,1024}) SIP/2\.0")
_STATUS = re.compile(r"SIP/2\.0 ([1-6]\d\d)(?: .*)?")
_CSEQ = re.compile(r"(\d{1,10})\s+([A-Z][A-Z0-9.!%*_+`'~-]{0,31})")
_USER = re.compile(r"<?(?:sips?|tel):([^@;>?\s]{1,256})", re.IGNORECASE)
_TAG = re.compile(r";\s*tag\s*=\s*([^;,\s>]{1,256})", re.IGNORECASE)
_BRANCH = re.compile(r";\s*branch\s*=\s*([^;,\s]{1,256})", re.IGNORECASE)
_EXPIRES = re.compile(r";\s*expires\s*=\s*(\d{1,10})", re.IGNORECASE)
_ADDRESS = re.compile(r"IN IP[46] ([0-9A-Fa-f:.]{2,45})(?:/\d{1,3}){0,2}")
_AUDIO = re.compile(r"audio (\d{1,5})(?:/\d{1,2})? \S+(?: .*)?")
_COMPACT = {
    "i": "call-id",
    "f": "from",
    "t": "to",
    "v": "via",
    "m": "contact",
    "c": "content-type",
}
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
    """The message; `marks` are further headers (lower case) whose values are wanted. NotSipError says why not."""
    if len(payload) > MOST_BYTES:
        raise NotSipError("is longer than a datagram")
    head, _, body = payload.replace(b"\r\n", b"\n").partition(b"\n\n")
    lines = _unfolded(head.decode("utf-8", "replace"))
    request, answer = _METHOD.fullmatch(lines[0]), _STATUS.fullmatch(lines[0])
    if request is None and answer is None:
        raise NotSipError("has no start line of SIP/2.0")
    headers: dict[str, str] = {}
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        key = name.strip().lower()
        if colon:  # of several Via, the first is the one that counts; of several Contact, any
            headers.setdefault(_COMPACT.get(key, key), value.strip())
    cseq = _CSEQ.fullmatch(headers.get("cseq", ""))
    call_id = headers.get("call-id", "")
    if cseq is None or not call_id or len(call_id) > MOST_WORD:
        raise NotSipError("lacks a Call-ID or a CSeq that can be read")
    if request is not None and cseq[2] != request[1]:
        raise NotSipError("has a CSeq of another method than its own")
    origin, target = headers.get("from", ""), headers.get("to", "")
    if not origin or not target:
        raise NotSipError("lacks From or To")
    tag = _TAG.search(target)
    return Sip(
        method=cseq[2], status=int(answer[1]) if answer is not None else 0, call_id=call_id, cseq=int(cseq[1]),
        branch=_found(_BRANCH, headers.get("via", "")), from_user=_found(_USER, origin), to_user=_found(_USER, target),
        to_tag=tag[1] if tag is not None else "", expires=_life(headers),
        media=_media(body) if "sdp" in headers.get("content-type", "").lower() else None,
        marks=tuple(headers.get(mark, "")[:MOST_WORD] for mark in marks),
    )  # fmt: skip


def _unfolded(head: str) -> list[str]:
    lines: list[str] = []
    for line in head.split("\n"):
        if lines and line[:1] in (" ", "\t"):
            lines[-1] += " " + line.strip()
        else:
            lines.append(line)
        if len(lines) > MOST_LINES:
            raise NotSipError("has too many header lines")
    return lines


def _found(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found[1] if found is not None else ""


def _life(headers: dict[str, str]) -> int | None:
    """Seconds for which a registration is asked or granted; what the Contact says goes before the header."""
    contact = _EXPIRES.search(headers.get("contact", ""))
    if contact is not None:
        return int(contact[1])
    plain = headers.get("expires", "")
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) <= 10 else None


def _media(body: bytes) -> Media | None:
    """The first audio stream of an SDP; an address or direction of its own goes before that of the session."""
    address = direction = ""
    port: int | None = None
    for line in body[:MOST_BYTES].decode("utf-8", "replace").split("\n"):
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
