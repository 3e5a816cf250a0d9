"""What a scenario may expect, and a buyer's limits in their place (`--limits FILE`).

A limit is a figure too: each carries basis and source, printed beside the verdict.
"""

import os
from typing import Any

from simtel.core.document import Loc
from simtel.core.i18n import Message
from simtel.core.log import Limit
from simtel.core.problems import quoted
from simtel.core.quantity import Basis, Unit
from simtel.core.strict_yaml import load
from simtel.profiles.shape import Measure, Record, Report, Shape, Text, Word
from simtel.verdict import criteria
from simtel.verdict.criterion import Criterion, LimitSpec

SCHEMA = "limits/1"
SEATS = "seats"  # as the value of a count: as many as the site has seats


# What a scenario may ask for; what is judged in every run is not for it to ask.
CRITERIA: dict[str, Criterion] = {
    name: criterion for name, criterion in criteria.CRITERIA.items() if name not in criteria.ALWAYS
}


class LimitValue:
    """The value of a limit; of a count also the word `seats`."""

    def __init__(self, spec: LimitSpec) -> None:
        self.unit = spec.unit
        self._measure = Measure(spec.unit, None if spec.most is None else 1, spec.most)

    def read(self, raw: Any, loc: Loc, report: Report) -> Any:
        if self.unit is Unit.COUNT and raw == SEATS:
            return SEATS
        return self._measure.read(raw, loc, report)

    def schema(self) -> dict[str, Any]:
        plain = self._measure.schema()
        return {"anyOf": [plain, {"const": SEATS}]} if self.unit is Unit.COUNT else plain


def _shape() -> Record:
    shapes: dict[str, Shape] = {}
    for name, criterion in CRITERIA.items():
        fields: dict[str, Shape] = {
            f"{limit}?": Record({"value": LimitValue(spec), "basis": Word(*Basis), "source": Text()})
            for limit, spec in criterion.limits.items()
        }
        if fields:
            shapes[f"{name}?"] = Record(fields)
    return Record({"simtel": Word(SCHEMA), "limits": Record(shapes)})


SHAPE = _shape()


def read_limits(source: str | os.PathLike[str] | bytes, name: str | None = None) -> dict[str, dict[str, Limit]]:
    """Criterion -> limit name -> limit. BadInput holds everything that is wrong with the file."""
    doc = load(source, name)
    report = Report(doc)
    found = SHAPE.read(doc.data, (), report) or {}
    limits = {
        criterion: {
            limit: Limit(limit, given["value"], CRITERIA[criterion].limits[limit].unit, given["basis"], given["source"])
            for limit, given in named.items()
            if {"value", "basis", "source"} <= given.keys()
        }
        for criterion, named in found.get("limits", {}).items()
    }
    if not limits and not report.problems:
        names = ", ".join(map(quoted, CRITERIA))
        report.add(("limits",), Message("sets no limit; there are limits of {criteria}", criteria=names), at_key=True)
    report.done()
    return limits
