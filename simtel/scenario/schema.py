"""JSON Schema (2020-12) of the files that people write, drawn from the same tables that read them.

An editor that knows the schema completes and checks while one types. It is the weaker of the two: what joins several
values (a fault and its subject, a value and its range) only `simtel check` sees.
"""

from collections.abc import Mapping
from typing import Any

from simtel.core.i18n import Message, told, translate
from simtel.profiles import column_keys, columns, demand, device, mapping, prices, site
from simtel.profiles.figure import FigureShape
from simtel.profiles.kinds import KINDS, FigureSpec
from simtel.scenario import limits, load
from simtel.scenario.meanings import KEYS

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema() -> dict[str, dict[str, Any]]:
    """Kind of file -> its schema."""
    shapes = {"scenario": load.SHAPE, "site": site.SHAPE, "limits": limits.SHAPE,
              "mapping": mapping.SHAPE, "demand": demand.SHAPE, "prices": prices.SHAPE,
              "columns": columns.SHAPE}  # fmt: skip
    schemas = {kind: shape.schema() for kind, shape in shapes.items()} | {"profile": _profile()}
    _describe(schemas["scenario"], KEYS)
    _describe(schemas["columns"], column_keys.KEYS)
    return {kind: {"$schema": DIALECT, "title": f"simtel {kind}"} | schema for kind, schema in schemas.items()}


def in_language(schema: Any, lang: str) -> Any:
    """The same schema with its descriptions in a language; what the catalogue lacks stays English."""
    if isinstance(schema, list):
        return [in_language(one, lang) for one in schema]
    if not isinstance(schema, dict):
        return schema
    said = {key: in_language(value, lang) for key, value in schema.items()}
    text = said.get("description")
    if isinstance(text, str):
        said["description"] = str(told(text, lang)) if isinstance(text, Message) else translate(text, lang)
    return said


def _describe(schema: dict[str, Any], keys: Mapping[str, Message], path: str = "") -> None:
    """Say what each key means, beside the form of its value."""
    for name, below in schema.get("items", schema).get("properties", {}).items():
        place = f"{path}.{name}" if path else name
        if place in keys:
            form = below.get("description")
            below["description"] = (
                Message("{meaning} ({form})", meaning=keys[place], form=form) if form else keys[place]
            )
        _describe(below, keys, place)


def _profile() -> dict[str, Any]:
    """Head of a profile, and for each kind of device its figures; others may stand beside them if descriptive."""
    head = device.HEAD.schema()
    head["additionalProperties"] = {"type": "object"}
    head["allOf"] = [
        {"if": {"properties": {"kind": {"const": kind}}}, "then": _figures(kind, specs)}
        for kind, specs in KINDS.items()
    ]
    return head


def _figures(kind: str, specs: dict[str, FigureSpec]) -> dict[str, Any]:
    """Figures of one kind, nested as their dotted names say."""
    may_lack = (*device.LACKING.get(kind, ()), device.FAILING)
    top: dict[str, Any] = {"properties": {}, "required": []}
    for path, spec in specs.items():
        *groups, name = path.split(".")
        within = top
        for group in groups:
            below = {"type": "object", "properties": {}, "required": []}
            if group not in within["properties"] and not path.startswith(may_lack):
                within["required"].append(group)
            within = within["properties"].setdefault(group, below)
        within["properties"][name] = FigureShape(spec).schema()
        if within is not top or not path.startswith(may_lack):
            within["required"].append(name)
    return top
