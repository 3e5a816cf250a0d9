"""Headers of the extensions that call centres use, parsed when asked: each a value and its standard.

Ask for them with `message.read(NAME, parser)` or, where several may stand, `message.read_all`.
"""

import re

import msgspec

from simtel.protocols.sip.errors import MalformedMessage
from simtel.protocols.sip.message import MOST_SECONDS
from simtel.protocols.sip.uri import unescaped
from simtel.protocols.sip.values import (
    TOKEN,
    NameAddr,
    params_at,
    parse_cseq,
    parse_name_addr,
    parse_number,
    quoted,
    written,
)  # fmt: skip

LEAST_SESSION = 90  # seconds, RFC 4028, 4: no Session-Expires and no Min-SE below it
_TOKEN = re.compile(TOKEN + rb"+")
_DIGITS = re.compile(rb"[ \t]*(\d{1,10})")
_CALL = re.compile(rb"[ \t]*([^ \t;]+)")


class Reason(msgspec.Struct, frozen=True):
    """Reason (RFC 3326): why a request is sent, after SIP or Q.850."""

    protocol: str
    cause: int | None = None
    text: bytes = b""

    def to_bytes(self) -> bytes:
        """As it is written in a message."""
        out = self.protocol.encode() + (b";cause=%d" % self.cause if self.cause is not None else b"")
        return out + (b";text=" + quoted(self.text) if self.text else b"")


class SessionExpires(msgspec.Struct, frozen=True):
    """Session-Expires (RFC 4028): seconds, and who refreshes ("uac", "uas", or "" for "not said")."""

    seconds: int
    refresher: str = ""

    def to_bytes(self) -> bytes:
        """As it is written in a message."""
        return f"{self.seconds}{';refresher=' if self.refresher else ''}{self.refresher}".encode()


class Replaces(msgspec.Struct, frozen=True):
    """Replaces (RFC 3891): the dialog whose place this call takes, as the one who gets it sees the tags."""

    call_id: bytes
    to_tag: bytes
    from_tag: bytes
    early_only: bool = False

    def to_bytes(self) -> bytes:
        """As it is written in a message."""
        tags = written({"to-tag": self.to_tag, "from-tag": self.from_tag})
        return self.call_id + tags + (b";early-only" if self.early_only else b"")


class RAck(msgspec.Struct, frozen=True):
    """RAck (RFC 3262): RSeq and CSeq of the provisional answer that a PRACK acknowledges."""

    rseq: int
    cseq: int
    method: str

    def to_bytes(self) -> bytes:
        """As it is written in a message."""
        return f"{self.rseq} {self.cseq} {self.method}".encode()


def parse_reason(value: bytes) -> Reason:
    """One value of Reason."""
    lead = len(value) - len(value.lstrip(b" \t"))
    found = _TOKEN.match(value, lead)
    if found is None:
        raise MalformedMessage("names no protocol", lead)
    params = params_at(value, found.end())
    cause = params.get("cause")
    return Reason(found[0].decode(), parse_number(cause, 999) if cause is not None else None, params.get("text", b""))


def parse_session_expires(value: bytes) -> SessionExpires:
    """Session-Expires; what is below 90 s is for its user to answer 422."""
    found = _DIGITS.match(value)
    if found is None or int(found[1]) > MOST_SECONDS:
        raise MalformedMessage("begins with no number of seconds")
    refresher = params_at(value, found.end()).get("refresher", b"").lower()
    if refresher not in (b"", b"uac", b"uas"):
        raise MalformedMessage("has a refresher that is neither uac nor uas", found.end())
    return SessionExpires(int(found[1]), refresher.decode())


def parse_min_se(value: bytes) -> int:
    """Min-SE in seconds (RFC 4028)."""
    found = _DIGITS.match(value)
    if found is None or int(found[1]) > MOST_SECONDS:
        raise MalformedMessage("begins with no number of seconds")
    params_at(value, found.end())
    return int(found[1])


def parse_replaces(value: bytes) -> Replaces:
    """Replaces; both tags must be there, and once."""
    found = _CALL.match(value)
    if found is None:
        raise MalformedMessage("names no Call-ID")
    params = params_at(value, found.end())
    if not params.get("to-tag") or not params.get("from-tag"):
        raise MalformedMessage("has no to-tag or no from-tag", found.end())
    return Replaces(found[1], params["to-tag"], params["from-tag"], "early-only" in params)


def parse_refer_to(value: bytes) -> tuple[NameAddr, Replaces | None]:
    """Refer-To (RFC 3515), and the Replaces that its URI carries in a transfer with consultation (RFC 5589)."""
    target = parse_name_addr(value)
    for name, escaped in target.uri.headers:
        if unescaped(name).lower() == b"replaces":
            return target, parse_replaces(unescaped(escaped))
    return target, None


def parse_rseq(value: bytes) -> int:
    """RSeq (RFC 3262, 7.1): 1 to 2**32 - 1, the first one below 2**31."""
    number = parse_number(value, 2**32 - 1)
    if number == 0:
        raise MalformedMessage("is no number from 1")
    return number


def parse_rack(value: bytes) -> RAck:
    """RAck."""
    first, _, rest = value.strip(b" \t").partition(b" ")
    cseq, method = parse_cseq(rest)
    return RAck(parse_rseq(first), cseq, method)
