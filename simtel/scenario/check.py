"""Checking of files and folders without running anything: whatever a file says it is, it is read as that.

Sites are read with the shipped devices and those among the files, which come first. While a device cannot be read,
what sites want of devices is not checked: it would only say the same again. Kinds of file that a room above this one
reads are given as `more`: what the file says it is -> its reader, which is handed the devices too.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from simtel.core import data
from simtel.core.i18n import Message
from simtel.core.problems import BadInput, Problem, quoted
from simtel.core.strict_yaml import load
from simtel.profiles import columns, demand, device, mapping, prices, site
from simtel.profiles.catalogue import read_devices
from simtel.profiles.device import Profile, read_device
from simtel.profiles.resolve import resolve
from simtel.profiles.shape import Report, Word, shown, unchecked
from simtel.profiles.site import read_site
from simtel.scenario import limits
from simtel.scenario import load as scenarios
from simtel.scenario.collect import files

T = TypeVar("T")
Reader = Callable[..., Any]  # of a path, and of `parts`: devices by id, None while one of them cannot be read
SCHEMAS = (device.SCHEMA, site.SCHEMA, scenarios.SCHEMA, limits.SCHEMA, mapping.SCHEMA, demand.SCHEMA, prices.SCHEMA,
           columns.SCHEMA)  # fmt: skip


def check(
    paths: Sequence[str | os.PathLike[str]], more: Mapping[str, Reader] | None = None
) -> tuple[list[Problem], int]:
    """What is wrong with the files and those below the folders, in order, and how many files there are."""
    problems: list[Problem] = []
    others = more or {}
    try:
        found = files(paths)
    except BadInput as bad:
        return list(bad.problems), 0
    kinds: dict[Path, str] = {}
    for path in found:
        kind = _collect(problems, lambda path: _schema(path, (*SCHEMAS, *others)), path)
        if kind is not None:
            kinds[path] = kind
    given = _ids(kinds, device.SCHEMA, read_device, problems)
    devices: dict[str, Profile] | None = None
    if not problems:
        shipped = _collect(problems, read_devices, data.devices())
        devices = None if shipped is None else shipped | given
    _ids(kinds, scenarios.SCHEMA, scenarios.read_scenario, problems)
    _ids(kinds, site.SCHEMA, lambda path: _site(path, devices), problems)
    for path in (path for path, kind in kinds.items() if kind == limits.SCHEMA):
        _collect(problems, limits.read_limits, path)
    _ids(kinds, mapping.SCHEMA, mapping.read_mapping, problems)
    _ids(kinds, demand.SCHEMA, demand.read_demand, problems)
    _ids(kinds, prices.SCHEMA, prices.read_prices, problems)
    _ids(kinds, columns.SCHEMA, columns.read_columns, problems)
    for schema, read in others.items():
        _ids(kinds, schema, partial(read, parts=devices), problems)
    order = {str(path): index for index, path in enumerate(found)}
    return sorted(problems, key=lambda p: (order.get(p.path, -1), p.line, p.column)), len(found)


def _schema(path: Path, schemas: tuple[str, ...]) -> str:
    """What the file says it is."""
    doc = load(path)
    report = Report(doc)
    if not isinstance(doc.data, dict):
        report.add((), Message("{found} where a mapping (key: value) is due", found=shown(doc.data)))
    elif "simtel" not in doc.data:
        kinds = ", ".join(schemas)
        report.add((), Message("key 'simtel' is missing, which says what the file is: {kinds}", kinds=kinds))
    else:
        Word(*schemas).read(doc.data["simtel"], ("simtel",), report)
    report.done()
    return str(doc.data["simtel"])


def _site(path: Path, devices: dict[str, Profile] | None) -> Any:
    if devices is not None:
        try:
            read = read_site(path, devices)
        except BadInput as bad:
            what = Message("whether the parts suffice at full size")
            raise BadInput([*bad.problems, unchecked(load(path), ("seats", "at_most"), what)]) from None
        resolve(read, int(read.data["seats"]["at_most"]))
        return read
    report = Report(load(path))
    site.SHAPE.read(report.doc.data, (), report)
    report.unchecked(("simtel",), Message("whether the devices fit, for a file is wrong that may be one of them"))
    return report.done()


def _ids(kinds: dict[Path, str], kind: str, read: Callable[[Path], Any], problems: list[Problem]) -> dict[str, Any]:
    """Everything of one kind by id; an id may be given once."""
    found: dict[str, Any] = {}
    first: dict[str, Path] = {}
    for path in (path for path, schema in kinds.items() if schema == kind):
        one = _collect(problems, read, path)
        if one is None:
            continue
        if one.id in found:
            message = Message("{id} is described by {path} too", id=quoted(one.id), path=str(first[one.id]))
            problems.append(Problem(str(path), 1, 1, message))
        found[one.id], first[one.id] = one, path
    return found


def _collect(problems: list[Problem], read: Callable[[Path], T], path: Path) -> T | None:
    """What was read, or None with the reasons among the problems."""
    try:
        return read(path)
    except BadInput as bad:
        problems += bad.problems
        return None
