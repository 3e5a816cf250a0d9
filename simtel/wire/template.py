"""A SIP message as octets with slots of fixed length, for load: rendering one is joining octets, no packet is built.

    >>> template = Template(bytes(SIP(method="INVITE", Call_ID="00000000@load", CSeq="0001 INVITE")))
    >>> template.render(call_id=7, cseq=1)

Since every value has the length of what it takes the place of, Content-Length stays right and the lengths of UDP and IP
may be rendered once. A hot path takes no look at what it renders: values are checked for their length alone.
"""

import re
from collections.abc import Mapping

from simtel.protocols.sip import parse_message
from simtel.protocols.sip.head import headers
from simtel.protocols.sip.names import key

_TAG = re.compile(rb";[ \t]*tag[ \t]*=[ \t]*([^;,\s]+)", re.IGNORECASE)

# Slot -> the header in which it stands, and what of its value it is. Of several Via the first counts (RFC 3261, 8.1.1.7
# has the cookie before the branch), of a Call-ID the word before the @.
_SLOTS = {
    "call_id": (b"Call-ID", re.compile(rb"([^@\s]+)")),
    "branch": (b"Via", re.compile(rb";[ \t]*branch[ \t]*=[ \t]*z9hG4bK([^;,\s]+)", re.IGNORECASE)),
    "from_tag": (b"From", _TAG),
    "to_tag": (b"To", _TAG),
    "cseq": (b"CSeq", re.compile(rb"(\d+)")),
}


class Template:
    """A message with slots. `more` adds slots: a name, and the octets that a value takes the place of wherever they
    stand. MalformedMessage for what is no SIP message, ValueError for a slot that is not there or overlaps another."""

    def __init__(self, message: bytes, more: Mapping[str, bytes] = {}) -> None:
        parse_message(message)
        places = [*_standing(message), *_added(message, more)]
        places.sort()
        self.widths: dict[str, int] = {}
        self._pieces: list[bytes] = []  # what stands before each slot, and behind the last
        self._names: list[str] = []
        self._given: dict[str, bytes] = {}
        at = 0
        for start, end, name in places:
            if start < at:
                raise ValueError(f"slot {name} overlaps another at octet {start}")
            if self.widths.setdefault(name, end - start) != end - start:
                raise ValueError(f"slot {name} has two lengths")
            self._pieces.append(message[at:start])
            self._names.append(name)
            self._given[name] = message[start:end]
            at = end
        self._pieces.append(message[at:])

    def render(self, **values: bytes | int) -> bytes:
        """The message with these values; slots that are not named keep what they have. A number is written in decimal
        with zeros before it. KeyError for a slot that there is not, ValueError for a value of another length."""
        filled = dict(self._given)
        for name, value in values.items():
            width = self.widths[name]
            octets = b"%0*d" % (width, value) if isinstance(value, int) else value
            if len(octets) != width:
                raise ValueError(f"slot {name} takes {width} octets, not {len(octets)}")
            filled[name] = octets
        out = [b""] * (2 * len(self._names) + 1)
        out[::2] = self._pieces
        out[1::2] = [filled[name] for name in self._names]
        return b"".join(out)


def _standing(message: bytes) -> list[tuple[int, int, str]]:
    """Begin, end and name of the slots that the message has by itself."""
    places, seen = [], set()
    for name, value, at in headers(message):
        for slot, (header, pattern) in _SLOTS.items():
            if key(name) == header and slot not in seen:
                seen.add(slot)
                if (found := pattern.search(value)) is not None:
                    places.append((at + found.start(1), at + found.end(1), slot))
    return places


def _added(message: bytes, more: Mapping[str, bytes]) -> list[tuple[int, int, str]]:
    places = []
    for name, octets in more.items():
        if name in _SLOTS or not octets:
            raise ValueError(f"slot {name} cannot be added")
        found = [(one.start(), one.end(), name) for one in re.finditer(re.escape(octets), message)]
        if not found:
            raise ValueError(f"slot {name}: {octets!r} does not stand in the message")
        places += found
    return places
