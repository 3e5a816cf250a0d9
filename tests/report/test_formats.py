"""JSON, CSV and JUnit carry the same facts, keep the kind of target beside each outcome, and survive hostile names."""

import csv
import io
import json
import re
from pathlib import Path
from typing import Any, Literal
from xml.etree import ElementTree as ET

import msgspec
import pytest

from simtel.core.quantity import Unit
from simtel.report.formats import BASE_UNITS, COLUMNS, schemas, to_csv, to_json, to_junit
from simtel.report.words import tell
from simtel.verdict.judge import Judgement
from simtel.verdict.outcome import Outcome
from simtel.verdict.verdict import Measured, Verdict, sampled, say
from tests.report import sample

WORD = Measured("bye", Unit.CHOICE)


@pytest.fixture
def judgements(tmp_path: Path) -> list[Judgement]:
    return sample.run_folder(tmp_path)


@pytest.fixture
def mixed(judgements: list[Judgement]) -> list[Judgement]:
    """One verdict of each outcome, with names as an enemy would choose them."""
    reason = say("The criterion broke: {kind}: {error}", kind="E\x00", error="]]>\ud800<x>")
    verdicts = tuple(Verdict(f"={outcome.name.lower()}", outcome, reason, events=(1, 2)) for outcome in Outcome)
    return [msgspec.structs.replace(judgements[0], verdicts=verdicts, outcome=Outcome.ERROR)]


def test_json(judgements: list[Judgement]) -> None:
    document = json.loads(to_json(judgements))
    assert document["simtel"] == "verdicts/1"
    assert document["outcome"] == "FAIL"
    today, proposal = document["items"]
    assert (today["site"], today["seats"], today["target"], today["seed"]) == ("today", 20, "virtual", 7)
    by_name = {verdict["criterion"]: verdict for verdict in proposal["verdicts"]}
    back = by_name["failover-time"]
    assert back["outcome"] == "PASS"
    assert back["measured"] == {"value": 3_600_000_000, "unit": "time", "uncertainty": 0, "low": 3_600_000_000,
                                "high": 3_600_000_000}  # fmt: skip
    assert back["limit"]["basis"] == "assumed"
    assert "3.6 s" in back["reason"]
    assert today["digest"].startswith("sha256:")


def test_csv_opens_in_a_spreadsheet(judgements: list[Judgement]) -> None:
    text = to_csv(judgements)
    assert text.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert list(rows[0]) == list(COLUMNS)
    assert len(rows) == sum(len(j.verdicts) for j in judgements)
    assert {row["outcome"] for row in rows} == {"PASS", "FAIL"}
    assert {row["target"] for row in rows} == {"virtual"}


def test_csv_in_chinese_has_chinese_headings_and_sentences_under_the_same_schema(judgements: list[Judgement]) -> None:
    english, chinese = (
        list(csv.reader(io.StringIO(to_csv(judgements, lang).removeprefix("\ufeff")))) for lang in ("en", "zh")
    )
    assert chinese[0][0] == "simtel"
    assert not [name for name in chinese[0][1:] if re.search("[A-Za-z]", name)]
    assert len(set(chinese[0])) == len(COLUMNS)
    told = [list(COLUMNS).index(name) for name in ("reason", "limit_source", "notes")]
    for row, other in zip(english[1:], chinese[1:], strict=True):
        for place, (one, same) in enumerate(zip(row, other, strict=True)):
            assert one == same or place in told
        assert re.search("[\u4e00-\u9fff]", other[told[0]])


def test_csv_runs_no_formula(mixed: list[Judgement]) -> None:
    rows = list(csv.DictReader(io.StringIO(to_csv(mixed).removeprefix("\ufeff"))))
    assert [row["criterion"] for row in rows] == ["'=pass", "'=inconclusive", "'=fail", "'=error"]


def test_junit_counts_and_properties(judgements: list[Judgement]) -> None:
    root = ET.fromstring(to_junit(judgements))  # noqa: S314 (our own text)
    assert (root.get("tests"), root.get("failures"), root.get("errors")) == ("17", "6", "0")
    case = root.find("testsuite/testcase[@name='media-gap']")
    assert case is not None
    facts = {p.get("name"): p.get("value") for p in case.iter("property")}
    assert facts["target"] == "virtual"
    assert facts["outcome"] == "FAIL"
    assert facts["limit"] == "2000000000"
    assert {"measured", "uncertainty", "digest"} <= set(facts)


def test_junit_an_inconclusive_is_no_pass(mixed: list[Judgement]) -> None:
    root = ET.fromstring(to_junit(mixed))  # noqa: S314 (our own text; hostile names must not break it)
    assert (root.get("tests"), root.get("failures"), root.get("errors")) == ("4", "2", "1")
    kinds = {case.get("name"): [(child.tag, child.get("type")) for child in case if child.tag != "properties"]
             for case in root.iter("testcase")}  # fmt: skip
    assert kinds == {
        "=pass": [], "=inconclusive": [("failure", "inconclusive")], "=fail": [("failure", "fail")],
        "=error": [("error", "error")],
    }  # fmt: skip


class AMeasured(msgspec.Struct, forbid_unknown_fields=True):
    value: int | float | bool | str
    unit: Unit
    uncertainty: int | float
    low: int | float | None
    high: int | float | None


class ALimit(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    value: int | float | bool | str
    unit: Unit
    basis: str
    source: str


class AVerdict(msgspec.Struct, forbid_unknown_fields=True):
    criterion: str
    outcome: Literal["PASS", "INCONCLUSIVE", "FAIL", "ERROR"]
    reason: str
    measured: AMeasured | None
    limit: ALimit | None
    events: list[int]
    figures: dict[str, AMeasured]
    subject: str
    rests_on: list[str]
    notes: list[str]
    applies: bool


class AnItem(msgspec.Struct, forbid_unknown_fields=True):
    scenario: str
    site: str
    seats: int
    target: Literal["virtual", "loopback", "bench"]
    seed: int
    version: str
    requirement: list[str]
    scenario_hash: str
    site_hash: str
    outcome: Literal["PASS", "INCONCLUSIVE", "FAIL", "ERROR"]
    digest: str
    complete: bool
    verdicts: list[AVerdict]


class ADocument(msgspec.Struct, forbid_unknown_fields=True):
    """verdicts/1, as a reader that knows nothing of simtel expects it."""

    simtel: Literal["verdicts/1"]
    outcome: Literal["PASS", "INCONCLUSIVE", "FAIL", "ERROR"]
    base_units: dict[Unit, str]
    items: list[AnItem]


def facts_of(verdict: AVerdict) -> dict[str, str]:
    """What the JSON document says of a verdict, as the other two formats must say it."""
    facts = {"outcome": verdict.outcome, "applies": str(verdict.applies), "reason": verdict.reason,
             "rests_on": "; ".join(verdict.rests_on),
             "notes": "; ".join(verdict.notes)}  # fmt: skip
    if verdict.measured is not None:
        measured = verdict.measured
        facts |= {"measured": str(measured.value), "unit": measured.unit, "uncertainty": str(measured.uncertainty),
                  "low": str(measured.low), "high": str(measured.high),
                  "base_unit": BASE_UNITS[measured.unit]}  # fmt: skip
    if verdict.limit is not None:
        limit = verdict.limit
        facts |= {"limit": str(limit.value), "limit_name": limit.name, "limit_unit": limit.unit,
                  "limit_base_unit": BASE_UNITS[limit.unit], "limit_basis": limit.basis,
                  "limit_source": limit.source}  # fmt: skip
    return {name: text for name, text in facts.items() if text}


def test_json_is_what_its_schema_says_and_complete(judgements: list[Judgement]) -> None:
    document = msgspec.json.decode(to_json(judgements), type=ADocument)
    assert document.base_units.keys() == set(Unit)
    assert document.base_units[Unit.TIME] == "ns"
    for judgement, item in zip(judgements, document.items, strict=True):
        for verdict, shown in zip(judgement.verdicts, item.verdicts, strict=True):
            assert shown.reason == tell(verdict.reason, "en")
            assert (shown.limit is None) == (verdict.limit is None)
            assert (shown.measured is None) == (verdict.measured is None)
            if shown.measured and verdict.measured:
                assert shown.measured.uncertainty == verdict.measured.uncertainty


def with_everything(judgement: Judgement) -> Judgement:
    """Every verdict with uncertainty, with what it rests on and with a note."""
    verdicts = tuple(
        msgspec.structs.replace(
            v, rests_on=("a.b", "c.d"), notes=(say("a note"), say("another")),
            measured=v.measured and msgspec.structs.replace(v.measured, uncertainty=3),
        )
        for v in judgement.verdicts
    )  # fmt: skip
    return msgspec.structs.replace(judgement, verdicts=verdicts)


def test_the_ends_of_a_sample_stand_in_every_format(judgements: list[Judgement]) -> None:
    verdict = msgspec.structs.replace(
        judgements[0].verdicts[0], measured=sampled(6_687e9, 169e9, 130_000e9, Unit.TIME), figures={"word": WORD}
    )
    told = [msgspec.structs.replace(judgements[0], verdicts=(verdict,))]
    shown = msgspec.json.decode(to_json(told), type=ADocument).items[0].verdicts[0]
    assert shown.measured == AMeasured(6_687 * 10**9, Unit.TIME, 123_313 * 10**9, 169 * 10**9, 130_000 * 10**9)
    assert (shown.figures["word"].low, shown.figures["word"].high) == (None, None)
    (row,) = csv.DictReader(io.StringIO(to_csv(told).removeprefix("\ufeff")))
    assert (row["low"], row["high"]) == (str(169 * 10**9), str(130_000 * 10**9))
    assert f'"low" value="{169 * 10**9}"' in to_junit(told)


def test_all_three_formats_say_the_same(judgements: list[Judgement]) -> None:
    told = [with_everything(judgement) for judgement in judgements]
    document = msgspec.json.decode(to_json(told), type=ADocument)
    facts = [facts_of(verdict) for item in document.items for verdict in item.verdicts]
    assert all({"outcome", "reason", "rests_on", "notes"} <= found.keys() for found in facts)
    assert sum("limit_source" in found for found in facts) == 8
    assert sum(found.get("uncertainty") == "3" for found in facts) >= 12
    rows = list(csv.DictReader(io.StringIO(to_csv(told).removeprefix("\ufeff"))))
    head = ("simtel", "scenario", "site", "seats", "target", "seed", "criterion", "subject", "digest")
    assert [{k: v for k, v in row.items() if v and k not in head} for row in rows] == facts
    root = ET.fromstring(to_junit(told))  # noqa: S314 (our own text)
    cases = [{p.get("name"): p.get("value") for p in case.iter("property")} for case in root.iter("testcase")]
    assert [{k: v for k, v in case.items() if k not in head} for case in cases] == facts


# What build servers accept: for each element its attributes and the elements within, in this order.
JUNIT: dict[str, tuple[set[str], list[str]]] = {
    "testsuites": ({"name", "tests", "failures", "errors"}, ["testsuite"]),
    "testsuite": ({"name", "tests", "failures", "errors"}, ["properties", "testcase"]),
    "testcase": ({"classname", "name"}, ["properties", "skipped", "error", "failure"]),
    "properties": (set(), ["property"]),
    "property": ({"name", "value"}, []),
    "failure": ({"type", "message"}, []),
    "error": ({"type", "message"}, []),
    "skipped": ({"message"}, []),
}


def test_junit_has_the_elements_attributes_and_sums_that_build_servers_accept(
    judgements: list[Judgement], mixed: list[Judgement]
) -> None:
    for told in (judgements, mixed, []):
        root = ET.fromstring(to_junit(told))  # noqa: S314 (our own text)
        assert root.tag == "testsuites"
        for element in root.iter():
            attributes, within = JUNIT[element.tag]
            assert set(element.attrib) == attributes
            order = [within.index(child.tag) for child in element]
            assert order == sorted(order)
        for suite in root.iter("testsuite"):
            names = [case.get("name") for case in suite.iter("testcase")]
            assert len(names) == len(set(names)) == int(suite.get("tests", ""))
            assert len(list(suite.iter("failure"))) == int(suite.get("failures", ""))
            assert len(list(suite.iter("error"))) == int(suite.get("errors", ""))
        for count in ("tests", "failures", "errors"):
            assert int(root.get(count, "")) == sum(int(suite.get(count, "")) for suite in root.iter("testsuite"))


def test_the_document_meets_the_schema_that_is_printed_for_it(judgements: list[Judgement]) -> None:
    document = json.loads(to_json(judgements))
    schema = schemas()["verdicts"]
    defined = schema["$defs"]

    def fits(value: object, rule: dict[str, Any]) -> bool:
        rule = defined[rule["$ref"].rpartition("/")[2]] if "$ref" in rule else rule
        if "anyOf" in rule:
            return any(fits(value, one) for one in rule["anyOf"])
        if "enum" in rule:
            return value in rule["enum"]
        if isinstance(value, dict):
            known, more = rule.get("properties", {}), rule.get("additionalProperties", {})
            lacking = set(rule.get("required", ())) - set(value)
            return (rule["type"] == "object" and not lacking
                    and all(fits(one, known.get(name, more)) for name, one in value.items()))  # fmt: skip
        if isinstance(value, list):
            return rule["type"] == "array" and all(fits(one, rule.get("items", {})) for one in value)
        kinds = {str: "string", bool: "boolean", int: "integer", float: "number", type(None): "null"}
        return rule.get("type") in (kinds[type(value)], None, "number" if type(value) is int else None)

    assert fits(document, schema)
    for wrong in ({**document, "simtel": "verdicts/9"}, {"items": []}, {**document, "outcome": "GOOD"}):
        assert not fits(wrong, schema)
    assert not fits({name: value for name, value in document.items() if name != "simtel"}, schema)


def test_the_table_names_its_schema_in_every_line_and_each_column_is_explained(judgements: list[Judgement]) -> None:
    rows = list(csv.DictReader(io.StringIO(to_csv(judgements).removeprefix("\ufeff"))))
    assert {row["simtel"] for row in rows} == {"verdicts/1"}
    fields = schemas()["verdicts-csv"]["fields"]
    assert list(rows[0]) == [field["name"] for field in fields]
    assert all(field["description"] for field in fields)
    for row in rows:
        for field in fields:
            value = row[field["name"]]
            if value and field["type"] in ("integer", "number"):
                float(value)
            if field["type"] == "boolean":
                assert value in ("True", "False")


def test_names_of_columns_are_single_words() -> None:
    assert all(re.fullmatch("[a-z_]+", name) for name in COLUMNS)
