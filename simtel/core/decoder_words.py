"""What the JSON decoder says of a file, to be told in other languages. Anything else stays as the decoder says it."""

import re

from simtel.core.i18n import Message

_PLACE = r"(?: - at `(?P<place>[^`]+)`)?"
_SAYS: tuple[tuple[re.Pattern[str], Message], ...] = tuple((re.compile(shape + _PLACE), message) for shape, message in (
    (r"JSON is malformed: (?P<what>.+) \(byte (?P<byte>\d+)\)", Message("JSON is malformed: {what} (byte {byte})")),
    (r"Input data was truncated", Message("Input data was truncated")),
    (r"Expected `(?P<due>[^`]+)`, got `(?P<given>[^`]+)`", Message("Expected `{due}`, got `{given}`")),
    (r"Expected `(?P<due>[^`]+)`", Message("Expected `{due}`")),
    (r"Object missing required field `(?P<name>[^`]+)`", Message("Object missing required field `{name}`")),
    (r"Object contains unknown field `(?P<name>[^`]+)`", Message("Object contains unknown field `{name}`")),
    (r"Invalid (?:enum )?value (?P<given>.+?)", Message("Invalid value {given}")),
    (r"Invalid UTF-8 encoded string", Message("Invalid UTF-8 encoded string")),
    (r".*codec can't decode byte .* in position (?P<byte>\d+).*", Message("no UTF-8 at byte {byte}")),
    (r"maximum recursion depth exceeded.*", Message("nested too deeply")),
))  # fmt: skip
_KNOWN: dict[str, str] = {message: message for message in (
    Message("invalid character"), Message("trailing characters"), Message("expected ',' or ']'"),
    Message("expected ',' or '}'"), Message("expected ':'"), Message("object keys must be strings"),
    Message("expected '\"'"), Message("trailing comma in array"), Message("trailing comma in object"),
    Message("invalid escape character in string"), Message("invalid number"), Message("number out of range"),
)}  # fmt: skip


def decoder_said(error: Exception) -> str:
    """The complaint of msgspec, or of whoever read the bytes for it."""
    said = str(error)
    for shape, message in _SAYS:
        found = shape.fullmatch(said)
        if found is not None:
            fields: dict[str, str | int] = {
                name: _KNOWN.get(value, value) for name, value in found.groupdict().items() if value is not None
            }
            place = str(fields.pop("place", ""))
            told = Message(message.template, **fields)
            return Message("{what} - at `{place}`", what=told, place=place) if place else told
    return said
