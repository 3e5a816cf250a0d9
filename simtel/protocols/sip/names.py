"""Header names: compact forms, spellings, and which headers are lists or stand once (RFC 3261, 7.3 and table 2)."""

# Compact form and name: RFC 3261, 20, with 3515 (r), 3892 (b), 4028 (x), 6665 (o, u), 3841 (a, d, j), 8224 (y).
COMPACT = {
    "a": "accept-contact", "b": "referred-by", "c": "content-type", "d": "request-disposition",
    "e": "content-encoding", "f": "from", "i": "call-id", "j": "reject-contact", "k": "supported",
    "l": "content-length", "m": "contact", "o": "event", "r": "refer-to", "s": "subject", "t": "to",
    "u": "allow-events", "v": "via", "x": "session-expires", "y": "identity",
}  # fmt: skip

# Several values may stand in one line, parted by commas. Not among them, though several may come: the four headers
# of authentication, whose commas part their own parameters (7.3.1).
_LISTS = frozenset({
    "accept", "accept-contact", "accept-encoding", "accept-language", "alert-info", "allow", "allow-events",
    "call-info", "contact", "content-encoding", "content-language", "diversion", "error-info", "history-info",
    "in-reply-to", "p-asserted-identity", "p-associated-uri", "p-preferred-identity", "path", "proxy-require", "reason",
    "record-route", "reject-contact", "require", "route", "security-client", "security-server", "security-verify",
    "service-route", "supported", "unsupported", "via", "warning",
})  # fmt: skip

_ONCE = frozenset({
    "call-id", "content-disposition", "content-length", "content-type", "cseq", "date", "event", "expires", "from",
    "max-forwards", "mime-version", "min-expires", "min-se", "rack", "refer-to", "referred-by", "replaces",
    "retry-after", "rseq", "session-expires", "subject", "timestamp", "to",
})  # fmt: skip

_WRITTEN = (
    "Accept", "Allow", "Allow-Events", "Authorization", "Call-ID", "Contact", "Content-Disposition", "Content-Length",
    "Content-Type", "CSeq", "Date", "Event", "Expires", "From", "Max-Forwards", "Min-Expires", "Min-SE",
    "P-Asserted-Identity", "P-Preferred-Identity", "Privacy", "Proxy-Authenticate", "Proxy-Authorization",
    "Proxy-Require", "RAck", "RSeq", "Reason", "Record-Route", "Refer-To", "Referred-By", "Replaces", "Require",
    "Retry-After", "Route", "Server", "Session-Expires", "Subject", "Subscription-State", "Supported", "Timestamp",
    "To", "Unsupported", "User-Agent", "Via", "WWW-Authenticate", "Warning",
)  # fmt: skip

# Headers are kept under the spelling of this table, others in lower case: a message that is spelt so, as nearly all
# are, needs no look at its names. Asked for they are in any spelling.
KEYS = {name.lower(): name.encode() for name in _WRITTEN}
KEYS |= {short: KEYS.get(name, name.encode()) for short, name in COMPACT.items()}
KEYS |= {name: name.encode() for name in _WRITTEN}
SPELT = frozenset(name.encode() for name in _WRITTEN)


def key(name: str) -> bytes:
    """Under what a header is kept."""
    return KEYS.get(name) or KEYS.get(name.lower()) or name.lower().encode("utf-8", "surrogateescape")


def _keys(names: frozenset[str]) -> frozenset[bytes]:
    return frozenset(map(key, names))


LISTS, ONCE = _keys(_LISTS), _keys(_ONCE)
