"""Verdicts for other programs: JSON (schema verdicts/1), CSV for spreadsheets, JUnit XML for build servers.

All three carry the same facts in English: outcome, reason, measured figure with its uncertainty, limit with its basis
and source, what the verdict rests on. Figures are in base units, which stand beside them (BASE_UNITS). The kind of
target stands beside each outcome, so that an estimate is never taken for evidence about a product.
"""

import csv
import io
import re
from collections.abc import Sequence
from typing import Any
from xml.etree import ElementTree as ET

import msgspec

from simtel.core.quantity import Unit
from simtel.report.words import plain, tell
from simtel.verdict.judge import Judgement
from simtel.verdict.outcome import Outcome, merge
from simtel.verdict.verdict import Verdict

SCHEMA = "verdicts/1"
COLUMNS = (
    "scenario", "site", "seats", "target", "seed", "criterion", "subject", "outcome", "applies", "reason", "measured",
    "uncertainty", "unit", "base_unit", "limit", "limit_name", "limit_unit", "limit_base_unit", "limit_basis",
    "limit_source", "rests_on", "notes", "digest",
)  # fmt: skip
# In what figures of each dimension are written.
BASE_UNITS = {
    Unit.TIME: "ns", Unit.RATE: "1/s", Unit.SHARE: "0..1", Unit.COUNT: "1", Unit.FLAG: "true or false",
    Unit.CHOICE: "word", Unit.BITRATE: "bit/s",
}  # fmt: skip
# Control characters that XML 1.0 cannot carry even escaped, and lone surrogates.
_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def to_json(judgements: Sequence[Judgement]) -> str:
    """All judgements as one document."""
    items = [_item(judgement) for judgement in judgements]
    outcome = merge(j.outcome for j in judgements).name
    document = {"simtel": SCHEMA, "outcome": outcome, "base_units": BASE_UNITS, "items": items}
    return msgspec.json.format(msgspec.json.encode(document), indent=2).decode()


def _item(judgement: Judgement) -> dict[str, Any]:
    header = judgement.header
    return {
        "scenario": header.scenario, "site": header.site, "seats": header.seats, "target": header.target,
        "seed": header.seed, "version": header.version, "requirement": header.requirement,
        "scenario_hash": header.scenario_hash, "site_hash": header.site_hash,
        "outcome": judgement.outcome.name, "digest": judgement.digest, "complete": judgement.complete,
        "verdicts": [
            {**msgspec.to_builtins(verdict), "outcome": verdict.outcome.name, "reason": tell(verdict.reason, "en"),
             "notes": [tell(note, "en") for note in verdict.notes]}
            for verdict in judgement.verdicts
        ],
    }  # fmt: skip


def to_csv(judgements: Sequence[Judgement]) -> str:
    """One line per verdict, with the mark at its head by which spreadsheets know UTF-8: write it as plain UTF-8."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for judgement in judgements:
        head = judgement.header
        for verdict in judgement.verdicts:
            facts = {
                "scenario": head.scenario, "site": head.site, "seats": head.seats, "target": head.target,
                "seed": head.seed, "criterion": verdict.criterion, "subject": verdict.subject, **_facts(verdict),
                "digest": judgement.digest,
            }  # fmt: skip
            writer.writerow([_safe(facts.get(column, "")) for column in COLUMNS])
    return "\ufeff" + out.getvalue()


def _facts(verdict: Verdict) -> dict[str, object]:
    """What a verdict says, by the names of the columns; what it does not have is left out."""
    measured, limit = verdict.measured, verdict.limit
    facts: dict[str, object] = {
        "outcome": verdict.outcome.name,
        "applies": verdict.applies,
        "reason": tell(verdict.reason, "en"),
    }
    if measured is not None:
        facts |= {"measured": measured.value, "uncertainty": measured.uncertainty, "unit": str(measured.unit),
                  "base_unit": BASE_UNITS[measured.unit]}  # fmt: skip
    if limit is not None:
        facts |= {"limit": limit.value, "limit_name": limit.name, "limit_unit": str(limit.unit),
                  "limit_base_unit": BASE_UNITS[limit.unit], "limit_basis": limit.basis,
                  "limit_source": limit.source}  # fmt: skip
    if verdict.rests_on:
        facts["rests_on"] = "; ".join(verdict.rests_on)
    if verdict.notes:
        facts["notes"] = "; ".join(tell(note, "en") for note in verdict.notes)
    return facts


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
    _properties(case, {"target": judgement.header.target, **_facts(verdict), "digest": judgement.digest})
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
