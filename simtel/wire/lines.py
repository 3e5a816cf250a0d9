"""scapy layers of text: a head of `name mark value end` lines that keeps every octet, and reads and writes by name.

What a line holds beside name and value (the colon with its blanks, the line's end, folded lines within the value) is
kept with it, so a layer that was dissected is built again octet for octet, also after one of its lines was changed.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple, cast

from scapy.fields import Field, StrField
from scapy.packet import Packet

Octets = bytes | str


class Line(NamedTuple):
    """One line. A `value` of None is computed when the packet is built, where the layer knows how."""

    name: bytes
    value: bytes | None
    mark: bytes
    end: bytes = b"\r\n"

    def to_bytes(self) -> bytes:
        """As it goes on the wire."""
        return self.name + self.mark + (self.value or b"") + self.end


def octets(text: Octets | int) -> bytes:
    """What a user gives as value: octets as they are, text in UTF-8, numbers in decimal; a scapy layer is built."""
    if isinstance(text, str):
        return text.encode()
    return b"%d" % text if isinstance(text, int) else bytes(text)


class LinesField(Field[Any, Any]):
    """A list of `Line`. Pairs of name and value, a dict of them, and octets as they go on the wire become one."""

    __slots__ = ("_fold", "_mark", "_parted")
    islist = 1

    def __init__(
        self, name: str, default: Iterable[tuple[str, str | None]], mark: bytes, parted: re.Pattern[bytes], fold: bool
    ) -> None:
        self._mark, self._parted, self._fold = mark, parted, fold
        super().__init__(name, [Line(octets(one), octets(value), mark) if value is not None
                                else Line(octets(one), None, mark) for one, value in default])  # fmt: skip

    def line(self, given: Any) -> Line:
        """A line of whatever the user gave for it."""
        if isinstance(given, Line):
            return given
        if isinstance(given, bytes | str):
            return self._parted_at_mark(octets(given))
        name, value = given
        return Line(octets(name), None if value is None else octets(value), self._mark)

    def cut(self, text: bytes) -> list[Line]:
        """The lines of a text; their octets together are the text."""
        pieces: list[list[bytes]] = []
        for piece in text.splitlines(keepends=True):
            if self._fold and pieces and piece[:1] in (b" ", b"\t"):
                pieces[-1].append(piece)
            else:
                pieces.append([piece])
        return [self._parted_at_mark(b"".join(piece)) for piece in pieces]

    def _parted_at_mark(self, piece: bytes) -> Line:
        end = piece[-2:] if piece.endswith(b"\r\n") else piece[-1:] if piece[-1:] in (b"\r", b"\n") else b""
        text = piece[: len(piece) - len(end)]
        found = self._parted.match(text)
        return Line(b"", text, b"", end) if found is None else Line(found[1], text[found.end() :], found[2], end)

    def any2i(self, pkt: Packet | None, x: Any) -> list[Line]:
        """Lines of a list, a dict or octets."""
        if isinstance(x, bytes | str):
            return self.cut(octets(x))
        return [self.line(one) for one in (x.items() if isinstance(x, dict) else x or ())]

    def i2repr(self, pkt: Packet | None, x: Any) -> str:
        """The lines below each other."""
        shown = [f"{one.name.decode('latin-1')}{one.mark.decode('latin-1')}" for one in map(self.line, x)]
        values = [repr(self.line(one).value) for one in x]
        return "".join(f"\n     {name}{value}" for name, value in zip(shown, values, strict=True)) or "[]"

    def i2len(self, pkt: Packet | None, x: Any) -> int:
        """Octets of the lines."""
        return sum(len(self.line(one).to_bytes()) for one in x)

    def randval(self) -> Any:
        """Nothing: `fuzz()` leaves the lines alone, each is the user's to spoil."""
        return None


class Lines(Packet):
    """A layer with a field of lines that are also read, written and given to the constructor by their names.

    A layer says in `lines` which field holds them, in `spelt` how the name of an attribute stands on the wire (None
    for what is no line's name), and in `computed` what the value of a line is that was left None.
    """

    lines = "lines"
    computed: dict[bytes, Callable[[Any], bytes | None]] = {}  # noqa: RUF012 - scapy's metaclass takes annotations amiss
    _value = StrField("value", b"")

    def __init__(self, _pkt: bytes = b"", *words: Any, **given: Any) -> None:
        known = {field.name for field in self.fields_desc}
        named = {name: given.pop(name) for name in list(given) if name not in known and self.spelt(name)}
        super().__init__(_pkt, *words, **given)
        for name, value in named.items():
            self.put(name, value)

    @staticmethod
    def spelt(attribute: str) -> str | None:
        """How the name of an attribute stands on the wire."""
        raise KeyError(attribute)

    @staticmethod
    def same(name: bytes) -> bytes:
        """What two spellings of one name have alike."""
        return name

    def _field(self) -> LinesField:
        return cast(LinesField, self.get_field(self.lines))

    def _lines(self) -> list[Line]:
        return list(map(self._field().line, self.getfieldval(self.lines)))

    def all(self, name: str) -> list[bytes | None]:
        """The value of each line of that name, in order."""
        wanted = self.same(name.encode())
        return [line.value for line in self._lines() if self.same(line.name) == wanted]

    def get(self, name: str) -> bytes | None:
        """The value of the first line of that name; None where there is none."""
        found = self.all(name)
        return found[0] if found else None

    def put(self, name: str, value: Any) -> None:
        """Set the line of that name where it stands, else below the others. A list makes a line of each member and
        an empty one takes the line away; None has the value computed."""
        spelt = self.spelt(name) or name
        wanted, lines = self.same(spelt.encode()), self._lines()
        at = next((n for n, line in enumerate(lines) if self.same(line.name) == wanted), len(lines))
        rest = [line for line in lines if self.same(line.name) != wanted]
        members = value if isinstance(value, list) else [value]
        new = [self._field().line((spelt, member)) for member in members]
        self.setfieldval(self.lines, [*rest[:at], *new, *rest[at:]])

    def getfield_and_val(self, attr: str) -> tuple[Any, Any]:
        """scapy's own look-up, and the lines by their names."""
        try:
            found: tuple[Any, Any] = super().getfield_and_val(attr)
        except ValueError:
            spelt = self.spelt(attr)
            if spelt is None or not self.all(spelt):
                raise
            return self._value, self.get(spelt)
        return found

    def setfieldval(self, attr: str, val: Any) -> None:
        """scapy's own, and the lines by their names."""
        if attr not in self.default_fields and attr != "payload" and self.spelt(attr):
            self.put(attr, val)
        else:
            super().setfieldval(attr, val)

    def built(self) -> bytes:
        """The lines as they go on the wire; those whose computed value is None are left out."""
        out = []
        for line in self._lines():
            compute = self.computed.get(self.same(line.name)) if line.value is None else None
            value = compute(self) if compute is not None else line.value
            if compute is None or value is not None:
                out.append(line._replace(value=value).to_bytes())
        return b"".join(out)
