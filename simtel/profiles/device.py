"""Reading of device profiles (`simtel: profile/1`): one file, one device.

Head: id, kind, name in both languages, aliases, source, notes. All else are figures, grouped as the table
of kinds names them: `limits.attempts` stands under `limits:` as `attempts:`. Every figure of the kind must
be stated, or be unknown with a reason, but for groups that a device may lack as a whole (`LACKING`). A
figure that the table does not know is welcome if it says `descriptive: true` and gives its unit: it is
printed and steers nothing.
"""

import os
from hashlib import sha256
from typing import Any

import msgspec

from simtel.core.document import Doc, Loc
from simtel.core.i18n import Message
from simtel.core.problems import did_you_mean, quoted
from simtel.core.quantity import Quantity, Unit, Unknown
from simtel.core.strict_yaml import load
from simtel.profiles.figure import FigureShape
from simtel.profiles.kinds import KINDS, FigureSpec
from simtel.profiles.printed import PRINTED
from simtel.profiles.shape import ListOf, Record, Report, Text, Word, both_languages, id_text, shown
from simtel.profiles.spec import Given

SCHEMA = "profile/1"
HEAD = Record({
    "simtel": Word(SCHEMA), "id": id_text(), "kind": Word(*KINDS), "name": both_languages(),
    "aliases?": ListOf(Text()), "source": Text(), "notes?": Text(),
})  # fmt: skip
# Groups of figures that a device may lack as a whole: a server without a peer, a platform that is no server.
FAILING = "failure."  # any device may leave open how often it fails: then it cannot be asked to
LACKING: dict[str, tuple[str, ...]] = {
    "call-server": ("election.", "replication."),
    "platform": ("election.", "replication.", ""),
    "e1-gateway": ("limits.",),  # without it, it takes whatever comes
}


class Profile(msgspec.Struct, frozen=True):
    """One device as its file describes it."""

    id: str
    kind: str
    name: dict[str, str]
    figures: dict[str, Given]
    aliases: tuple[str, ...]
    source: str
    notes: str
    path: str
    hash: str


def file_hash(doc: Doc) -> str:
    """Hash of a file's text, whatever its line ends."""
    return "sha256:" + sha256("\n".join(doc.lines).encode()).hexdigest()


def read_device(source: str | os.PathLike[str] | bytes, name: str | None = None) -> Profile:
    """The device that a file describes. BadInput holds everything that is wrong with the file."""
    doc = load(source, name)
    report = Report(doc)
    data = doc.data if isinstance(doc.data, dict) else None
    if data is None:
        report.add((), Message("{found} where a profile (key: value) is due", found=shown(doc.data)))
        report.stop()
    head = HEAD.read({key: value for key, value in data.items() if key in HEAD.fields}, (), report) or {}
    figures: dict[str, Given] = {}
    kind = head.get("kind")
    if kind is not None:
        groups = {key: value for key, value in data.items() if key not in HEAD.fields}
        _walk(groups, (), KINDS[kind], figures, report)
        _missing(kind, groups, figures, report)
    report.done()
    return Profile(
        head["id"],
        head["kind"],
        head["name"],
        figures,
        head.get("aliases", ()),
        head["source"],
        head.get("notes", ""),
        doc.name,
        file_hash(doc),
    )


def _walk(
    raw: dict[str, Any], loc: Loc, specs: dict[str, FigureSpec], figures: dict[str, Given], report: Report
) -> None:
    """Figures of a group and of the groups below it."""
    for key, value in raw.items():
        at = (*loc, key)
        path = ".".join(map(str, at))
        spec, rest = specs.get(path), value
        if spec is None and isinstance(value, dict) and value.get("descriptive") is True:
            spec, rest = _told(value, at, report)
        if spec is not None:
            stated: Quantity | Unknown | None = FigureShape(spec).read(rest, at, report)
            if stated is not None:
                figures[path] = Given(stated, spec)
        elif isinstance(value, dict) and value and "value" not in value:
            _walk(value, at, specs, figures, report)
        else:
            hint = did_you_mean(path, specs) or (None if loc else did_you_mean(key, HEAD.fields))
            advice = Message("a figure that steers nothing says 'descriptive: true' and its 'unit'")
            report.add(at, Message("unknown figure {figure}", figure=quoted(path)), hint or advice, at_key=True)


def _told(raw: dict[str, Any], loc: Loc, report: Report) -> tuple[FigureSpec | None, dict[str, Any]]:
    """The specification that a descriptive figure brings along, and what is left of it."""
    unit = Word(*Unit).read(raw.get("unit"), (*loc, "unit"), report)
    rest = {key: value for key, value in raw.items() if key not in ("unit", "descriptive")}
    return FigureSpec(Unit(unit or Unit.CHOICE), PRINTED.get(str(loc[-1]), ""), descriptive=True), rest


def _missing(kind: str, groups: dict[str, Any], figures: dict[str, Given], report: Report) -> None:
    """Every figure of the kind is there, but for groups that are absent as a whole."""
    specs = KINDS[kind]
    absent = tuple(group for group in (*LACKING.get(kind, ()), FAILING) if not _written(groups, group, specs))
    for path in specs:
        if path not in figures and not path.startswith(absent) and not _has(groups, path):
            name = path.rpartition(".")[2]
            hint = Message("state it, or write '{name}: {{value: unknown, reason: ...}}'", name=name)
            message = Message("a {kind} has the figure {figure}, which is missing here", kind=kind, figure=quoted(path))
            report.add(("kind",), message, hint)


def _written(groups: dict[str, Any], prefix: str, specs: dict[str, FigureSpec]) -> bool:
    return any(path.startswith(prefix) and _has(groups, path) for path in specs)


def _has(groups: Any, path: str) -> bool:
    for step in path.split("."):
        if not isinstance(groups, dict) or step not in groups:
            return False
        groups = groups[step]
    return True
