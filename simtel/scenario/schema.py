"""JSON Schema (2020-12) of the files that people write, drawn from the same tables that read them.

An editor that knows the schema completes and checks while one types. It is the weaker of the two: what joins several
values (a fault and its subject, a value and its range) only `simtel check` sees.
"""

from typing import Any

from simtel.profiles import columns, demand, device, mapping, site
from simtel.profiles.figure import FigureShape
from simtel.profiles.kinds import KINDS, FigureSpec
from simtel.scenario import limits, load
from simtel.scenario.meanings import KEYS

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema() -> dict[str, dict[str, Any]]:
    """Kind of file -> its schema."""
    shapes = {"scenario": load.SHAPE, "site": site.SHAPE, "limits": limits.SHAPE,
              "mapping": mapping.SHAPE, "demand": demand.SHAPE, "columns": columns.SHAPE}  # fmt: skip
    schemas = {kind: shape.schema() for kind, shape in shapes.items()} | {"profile": _profile()}
    _describe(schemas["scenario"], "")
    return {kind: {"$schema": DIALECT, "title": f"simtel {kind}"} | schema for kind, schema in schemas.items()}


def _describe(schema: dict[str, Any], path: str) -> None:
    """Say what each key means, beside the form of its value."""
    for name, below in schema.get("items", schema).get("properties", {}).items():
        place = f"{path}.{name}" if path else name
        if place in KEYS:
            form = f" ({below['description']})" if "description" in below else ""
            below["description"] = f"{KEYS[place]}{form}"
        _describe(below, place)


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
