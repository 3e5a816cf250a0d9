"""One figure in a file: stated with basis and source, or unknown with a reason.

1. A stated figure has value, basis and source; its unit is the one that the table of kinds gives it.
2. An assumed figure says how far off it may be: low and high round the value, or for a choice or a flag at
   least one alternative. Only an assumed figure does.
3. An unknown figure has a reason. A figure that steers a machine may be unknown only if the table of kinds
   has values to try in its place.
"""

from typing import Any

from simtel.core.document import Loc
from simtel.core.i18n import Message, said_by
from simtel.core.problems import did_you_mean, quoted
from simtel.core.quantity import Basis, Quantity, Unit, Unknown, Value
from simtel.core.units import EXAMPLES, parse, show
from simtel.profiles.kinds import FigureSpec
from simtel.profiles.shape import Report, outside, shown

_STATED = ("value", "basis", "source", "low", "high", "alternatives")
_UNKNOWN = ("value", "reason")
_ODD_STATED, _ODD_UNKNOWN = (
    Message("unknown key {key} in a stated figure"),
    Message("unknown key {key} in an unknown figure"),
)


class FigureShape:
    """A figure of one specification. `ranged`: on what basis it may have a range; an assumed one must."""

    ranged: tuple[Basis, ...] = (Basis.ASSUMED,)

    def __init__(self, spec: FigureSpec) -> None:
        self.spec = spec

    def read(self, raw: Any, loc: Loc, report: Report) -> Quantity | Unknown | None:
        if not isinstance(raw, dict):
            report.add(
                loc,
                Message("{found} where a figure is due: {{value: ..., basis: ..., source: ...}}", found=shown(raw)),
                at_key=True,
            )
            return None
        unknown = raw.get("value") == "unknown"
        allowed = _UNKNOWN if unknown else _STATED
        for name in raw:
            if name not in allowed:
                hint = did_you_mean(name, set(allowed) - raw.keys())
                template = _ODD_UNKNOWN if unknown else _ODD_STATED
                report.add((*loc, name), Message(template.template, key=quoted(name)), hint, at_key=True)
        known = len(report.problems)
        stated = self._unknown(raw, loc, report) if unknown else self._stated(raw, loc, report)
        return stated if len(report.problems) == known else None

    def _unknown(self, raw: dict[str, Any], loc: Loc, report: Report) -> Unknown:
        if not self.spec.descriptive and not self.spec.tries:
            report.add(
                (*loc, "value"),
                Message("may not be unknown, for nothing can stand in for it: assume it, with a range"),
            )
        return Unknown(self.spec.unit, _text(raw, "reason", loc, report))

    def _stated(self, raw: dict[str, Any], loc: Loc, report: Report) -> Quantity | None:
        spec = self.spec
        source = _text(raw, "source", loc, report)
        basis = raw.get("basis")
        if basis not in list(Basis):
            place = (*loc, "basis") if "basis" in raw else loc
            words = ", ".join(Basis)
            message = (
                Message("{found} where one of these is due: {words}", found=shown(basis), words=words)
                if "basis" in raw
                else Message("key {key} is missing", key="'basis'")
            )
            report.add(place, message, did_you_mean(str(basis), Basis) if basis else None, at_key="basis" not in raw)
        if "value" not in raw:
            report.add(loc, Message("key {key} is missing", key="'value'"), at_key=True)
            return None
        value = self._value(raw["value"], (*loc, "value"), report)
        low, high = (self._value(raw[end], (*loc, end), report) if end in raw else None for end in ("low", "high"))
        given = raw.get("alternatives", [])
        if not isinstance(given, list):
            report.add((*loc, "alternatives"), Message("{found} where a list is due", found=shown(given)), at_key=True)
            given = []
        read = [self._value(item, (*loc, "alternatives", index), report) for index, item in enumerate(given)]
        alternatives = tuple(item for item in read if item is not None)
        if value is None:
            return None
        named = spec.unit in (Unit.CHOICE, Unit.FLAG)
        if basis not in self.ranged:
            for name in ("low", "high", "alternatives"):
                if name in raw:
                    message = Message("{key} belongs to an assumed figure only", key=quoted(name))
                    report.add((*loc, name), message, at_key=True)
        elif named:
            if not [item for item in alternatives if item != value]:
                message = Message("an assumed choice needs 'alternatives': at least one other value")
                report.add(loc, message, at_key=True)
        elif basis == Basis.ASSUMED and ("low" not in raw or "high" not in raw):
            report.add(loc, Message("an assumed figure needs a range: 'low' and 'high'"), at_key=True)
        elif ("low" in raw) is not ("high" in raw):
            report.add(loc, Message("a range has both 'low' and 'high'"), at_key=True)
        elif low is not None and high is not None and not low <= value <= high:  # type: ignore[operator]
            report.add(
                (*loc, "value"),
                Message(
                    "{value} is not within its range, {low} to {high}",
                    value=show(value, spec.unit),
                    low=show(low, spec.unit),
                    high=show(high, spec.unit),
                ),
            )
        elif low is not None and low == high:
            report.add((*loc, "low"), Message("is a range of one value: an assumed figure may be off by something"))
        if named and ("low" in raw or "high" in raw):
            report.add(loc, Message("a choice has 'alternatives', not a range"), at_key=True)
        return (
            Quantity(value, spec.unit, Basis(basis), source, low, high, alternatives) if basis in list(Basis) else None
        )

    def _value(self, raw: Any, loc: Loc, report: Report) -> Value | None:
        spec = self.spec
        try:
            value = parse(raw, spec.unit)
        except ValueError as error:
            report.add(loc, said_by(error))
            return None
        if spec.choices and value not in spec.choices:
            report.add(
                loc,
                Message("{found} where one of these is due: {words}", found=shown(raw), words=", ".join(spec.choices)),
                did_you_mean(str(raw), spec.choices),
            )
            return None
        if (spec.low is not None and value < spec.low) or (spec.high is not None and value > spec.high):  # type: ignore[operator]
            report.add(loc, outside(value, spec.unit, spec.low, spec.high))
            return None
        return value

    def schema(self) -> dict[str, Any]:
        value: dict[str, Any] = {"description": f"{self.spec.unit}, such as {EXAMPLES[self.spec.unit]}"}
        if self.spec.choices:
            value = {"enum": list(self.spec.choices)}
        elif self.spec.unit is Unit.FLAG:
            value = {"type": "boolean"}
        elif self.spec.unit is Unit.COUNT:
            value = {"type": "integer"}
        else:
            value["type"] = "string"
        text = {"type": "string", "minLength": 1}
        stated = {
            "type": "object",
            "properties": {
                "value": value,
                "basis": {"enum": list(Basis)},
                "source": text,
                "low": value,
                "high": value,
                "alternatives": {"type": "array", "items": value, "minItems": 1},
            },
            "required": ["value", "basis", "source"],
            "additionalProperties": False,
        }
        unknown = {
            "type": "object",
            "properties": {"value": {"const": "unknown"}, "reason": text},
            "required": ["value", "reason"],
            "additionalProperties": False,
        }
        return {"description": self.spec.meaning, "oneOf": [stated, unknown]}


def _text(raw: dict[str, Any], key: str, loc: Loc, report: Report) -> str:
    if key not in raw:
        report.add(loc, Message("key {key} is missing", key=quoted(key)), at_key=True)
        return ""
    text = raw[key]
    if not isinstance(text, str) or not text.strip():
        report.add((*loc, key), Message("{found} where text is due", found=shown(text)))
        return ""
    return text
