"""Verdicts for other programs: JSON and CSV (schema verdicts/1), and JUnit XML for build servers.

All three carry the same facts in English: outcome, reason, measured figure with its uncertainty, limit with its basis
and source, what the verdict rests on. Figures are in base units, which stand beside them (BASE_UNITS). The kind of
target stands beside each outcome, so that an estimate is never taken for evidence about a product.
"""

import csv
import io
import re
from collections.abc import Sequence
from typing import Any, Literal, cast
from xml.etree import ElementTree as ET

import msgspec

from simtel.core.i18n import translate
from simtel.core.log import Limit
from simtel.core.quantity import Unit, Value
from simtel.report.words import plain, tell
from simtel.scenario.schema import DIALECT
from simtel.verdict.judge import SCHEMA as JUDGEMENT
from simtel.verdict.judge import Judgement
from simtel.verdict.outcome import Outcome, merge
from simtel.verdict.verdict import Measured, Text, Verdict, say

SCHEMA = "verdicts/1"
TABLE = "https://datapackage.org/profiles/2.0/tableschema.json"
# Column of the CSV -> (its type in Table Schema, what it holds).
COLUMNS = {
    "simtel": ("string", f"schema of the table: {SCHEMA}"),
    "scenario": ("string", "id of the scenario; what follows an @ is one strike of a sweep"),
    "site": ("string", "id of the site"),
    "seats": ("integer", "seats of the site"),
    "target": ("string", "virtual: an estimate; loopback: a self-test of simtel; bench: evidence about a product"),
    "seed": ("integer", "seed of all that is random"),
    "criterion": ("string", "id of the criterion"),
    "subject": ("string", "the unit that the verdict is about, empty when it is about the site"),
    "outcome": ("string", "PASS, INCONCLUSIVE, FAIL or ERROR"),
    "applies": ("boolean", "False when there was nothing to judge"),
    "reason": ("string", "why, in English"),
    "measured": ("any", "the measured figure in its base unit, empty when nothing was measured"),
    "uncertainty": ("number", "how far it may be off either way, in its base unit"),
    "low": ("number", "the least that it may be (of a sample: the 95 % interval), in its base unit"),
    "high": ("number", "the most that it may be, in its base unit"),
    "unit": ("string", "dimension of the measured figure"),
    "base_unit": ("string", "unit of measured, uncertainty, low and high"),
    "limit": ("any", "the limit in its base unit"),
    "limit_name": ("string", "name of the limit; it ends in at_most or at_least"),
    "limit_unit": ("string", "dimension of the limit"),
    "limit_base_unit": ("string", "unit of the limit"),
    "limit_basis": ("string", "measured, standard, datasheet, quoted, computed, buyer or assumed"),
    "limit_source": ("string", "where the limit comes from"),
    "rests_on": ("string", "assumed and unknown figures of the site that it rests on, with semicolons between"),
    "notes": ("string", "what must be read with it, with semicolons between"),
    "digest": ("string", "SHA-256 of the events that were judged"),
}
# The same columns for a reader of another language; the schema keeps its name, by which a program knows the table.
HEADINGS = {
    "scenario": say("scenario"), "site": say("site"), "seats": say("seats"), "target": say("target"),
    "seed": say("seed"), "criterion": say("criterion"), "subject": say("about which unit"),
    "outcome": say("outcome"), "applies": say("applies"), "reason": say("reason"), "measured": say("measured"),
    "uncertainty": say("uncertainty"), "low": say("low"), "high": say("high"), "unit": say("dimension"),
    "base_unit": say("unit"), "limit": say("limit"), "limit_name": say("name of the limit"),
    "limit_unit": say("dimension of the limit"), "limit_base_unit": say("unit of the limit"),
    "limit_basis": say("basis of the limit"), "limit_source": say("source of the limit"),
    "rests_on": say("rests on"), "notes": say("notes"), "digest": say("digest of the events"),
}  # fmt: skip
# In what figures of each dimension are written.
BASE_UNITS = {
    Unit.TIME: "ns", Unit.RATE: "1/s", Unit.SHARE: "0..1", Unit.COUNT: "1", Unit.FLAG: "true or false",
    Unit.CHOICE: "word", Unit.BITRATE: "bit/s", Unit.ACCURACY: "1e-12",
}  # fmt: skip
# Control characters that XML 1.0 cannot carry even escaped, and lone surrogates.
_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


Word = Literal["PASS", "INCONCLUSIVE", "FAIL", "ERROR"]


class Figure(msgspec.Struct, frozen=True):
    """A measured figure: as `Measured`, with both ends of what it may be; null when it is no number."""

    value: Value
    unit: Unit
    uncertainty: int | float
    low: int | float | None
    high: int | float | None


class Told(msgspec.Struct, frozen=True):
    """A verdict in words: as `Verdict`, with its sentences in English."""

    criterion: str
    outcome: Word
    reason: str
    measured: Figure | None
    limit: Limit | None
    events: tuple[int, ...]
    figures: dict[str, Figure]
    subject: str
    rests_on: tuple[str, ...]
    notes: tuple[str, ...]
    applies: bool


class Item(msgspec.Struct, frozen=True):
    """One scenario at one site."""

    scenario: str
    site: str
    seats: int
    target: str
    seed: int
    version: str
    requirement: tuple[str, ...]
    scenario_hash: str
    site_hash: str
    outcome: Word
    digest: str
    complete: bool
    verdicts: tuple[Told, ...]


class Document(msgspec.Struct, frozen=True, tag_field="simtel", tag=SCHEMA):
    """What `--format json` prints. `outcome` is the worst of all, `base_units` says in what figures are written."""

    outcome: Word
    base_units: dict[str, str]
    items: tuple[Item, ...]


def to_json(judgements: Sequence[Judgement]) -> str:
    """All judgements as one document."""
    outcome = _word(merge(j.outcome for j in judgements))
    document = Document(outcome, {str(unit): base for unit, base in BASE_UNITS.items()}, tuple(map(_item, judgements)))
    return msgspec.json.format(msgspec.json.encode(document), indent=2).decode()


def _item(judgement: Judgement) -> Item:
    header = judgement.header
    return Item(
        header.scenario, header.site, header.seats, header.target, header.seed, header.version, header.requirement,
        header.scenario_hash, header.site_hash, _word(judgement.outcome), judgement.digest, judgement.complete,
        tuple(
            Told(v.criterion, _word(v.outcome), tell(v.reason, "en"), figure_of(v.measured), v.limit, v.events,
                 {name: _figure(figure) for name, figure in v.figures.items()}, v.subject, v.rests_on,
                 tuple(tell(note, "en") for note in v.notes), v.applies)
            for v in judgement.verdicts
        ),
    )  # fmt: skip


def figure_of(measured: Measured | None) -> Figure | None:
    """A measured figure as it is written; None when nothing was measured."""
    return None if measured is None else _figure(measured)


def _figure(measured: Measured) -> Figure:
    low, high = measured.ends or (None, None)
    return Figure(measured.value, measured.unit, measured.uncertainty, low, high)


def _word(outcome: Outcome) -> Word:
    return cast("Word", outcome.name)


def schemas() -> dict[str, dict[str, Any]]:
    """Kind of file that simtel writes -> its schema: JSON Schema, and Table Schema for the columns of the CSV."""
    fields = [{"name": name, "type": type_, "description": holds} for name, (type_, holds) in COLUMNS.items()]
    return {
        "verdicts": {"$schema": DIALECT, "title": SCHEMA} | msgspec.json.schema(Document),
        "verdicts-csv": {"$schema": TABLE, "title": SCHEMA, "fields": fields},
        "judgement": {"$schema": DIALECT, "title": JUDGEMENT} | msgspec.json.schema(Judgement),
    }


def to_csv(judgements: Sequence[Judgement], lang: str = "en") -> str:
    """One line per verdict, with the mark at its head by which spreadsheets know UTF-8: write it as plain UTF-8.

    In another language than English headings and sentences are in it; ids, words and figures are those of any language.
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS if lang == "en" else [tell(HEADINGS.get(name, Text(name)), lang) for name in COLUMNS])
    for judgement in judgements:
        head = judgement.header
        for verdict in judgement.verdicts:
            row = {
                "simtel": SCHEMA, "scenario": head.scenario, "site": head.site, "seats": head.seats,
                "target": head.target, "seed": head.seed, "criterion": verdict.criterion,
                "subject": verdict.subject, **facts(verdict, lang), "digest": judgement.digest,
            }  # fmt: skip
            writer.writerow([_safe(row.get(column, "")) for column in COLUMNS])
    return "\ufeff" + out.getvalue()


def facts(verdict: Verdict, lang: str = "en") -> dict[str, object]:
    """What a verdict says, by the names of the columns; what it does not have is left out. Sentences are in `lang`."""
    measured, limit = verdict.measured, verdict.limit
    found: dict[str, object] = {
        "outcome": verdict.outcome.name,
        "applies": verdict.applies,
        "reason": tell(verdict.reason, lang),
    }
    if measured is not None:
        found |= {"measured": measured.value, "uncertainty": measured.uncertainty, "unit": str(measured.unit),
                  "base_unit": BASE_UNITS[measured.unit]}  # fmt: skip
        if measured.ends is not None:
            found |= dict(zip(("low", "high"), measured.ends, strict=True))
    if limit is not None:
        found |= {"limit": limit.value, "limit_name": limit.name, "limit_unit": str(limit.unit),
                  "limit_base_unit": BASE_UNITS[limit.unit], "limit_basis": limit.basis,
                  "limit_source": limit.source if lang == "en" else translate(limit.source, lang)}  # fmt: skip
    if verdict.rests_on:
        found["rests_on"] = "; ".join(verdict.rests_on)
    if verdict.notes:
        found["notes"] = ("; " if lang == "en" else "；").join(tell(note, lang) for note in verdict.notes)
    return found


def _safe(field: object) -> object:
    """A text that a spreadsheet would run as a formula gets a quote in front."""
    if not isinstance(field, str):
        return field
    return "'" + plain(field) if field.startswith(_FORMULA) else plain(field)


def to_junit(judgements: Sequence[Judgement]) -> str:
    """One suite per item, one case per verdict. INCONCLUSIVE is a failure of its own type: it is not a pass."""
    root = ET.Element("testsuites", name="simtel")
    totals = {"tests": 0, "failures": 0, "errors": 0}
    for judgement in judgements:
        head = judgement.header
        name = f"{head.scenario}[{head.target}-{head.site}-{head.seats}]"
        outcomes = [verdict.outcome for verdict in judgement.verdicts]
        counts = {
            "tests": len(outcomes),
            "failures": sum(outcome in (Outcome.FAIL, Outcome.INCONCLUSIVE) for outcome in outcomes),
            "errors": outcomes.count(Outcome.ERROR),
        }
        suite = ET.SubElement(root, "testsuite", name=_xml(name))
        for key, value in counts.items():
            suite.set(key, str(value))
        _properties(suite, {"target": head.target, "outcome": judgement.outcome.name, "digest": judgement.digest,
                            "seed": head.seed, "version": head.version})  # fmt: skip
        for verdict in judgement.verdicts:
            _case(suite, name, judgement, verdict)
        totals = {key: totals[key] + counts[key] for key in totals}
    for key, value in totals.items():
        root.set(key, str(value))
    ET.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _case(suite: ET.Element, name: str, judgement: Judgement, verdict: Verdict) -> None:
    case = ET.SubElement(suite, "testcase", classname=_xml(name), name=_xml(verdict.key))
    _properties(case, {"target": judgement.header.target, **facts(verdict), "digest": judgement.digest})
    if verdict.outcome is Outcome.PASS:
        return
    reason = tell(verdict.reason, "en")
    tag = "error" if verdict.outcome is Outcome.ERROR else "failure"
    trouble = ET.SubElement(case, tag, type=verdict.outcome.name.lower(), message=_xml(reason))
    notes = [tell(note, "en") for note in verdict.notes]
    trouble.text = _xml("\n".join([reason, *notes, f"events: {', '.join(map(str, verdict.events))}"]))


def _properties(parent: ET.Element, facts: dict[str, object]) -> None:
    box = ET.SubElement(parent, "properties")
    for name, value in facts.items():
        ET.SubElement(box, "property", name=name, value=_xml(str(value)))


def _xml(text: str) -> str:
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)
