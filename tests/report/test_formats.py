"""JSON, CSV and JUnit carry the same facts, keep the kind of target beside each outcome, and survive hostile names."""

import csv
import io
import json
from pathlib import Path
from xml.etree import ElementTree as ET

import msgspec
import pytest

from simtel.report.formats import COLUMNS, to_csv, to_json, to_junit
from simtel.verdict.judge import Judgement
from simtel.verdict.outcome import Outcome
from simtel.verdict.verdict import Verdict, say
from tests.report import sample


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
    assert back["measured"] == {"value": 3_600_000_000, "unit": "time", "uncertainty": 0}
    assert back["limit"]["basis"] == "assumed"
    assert "3.6 s" in back["reason"]
    assert today["digest"].startswith("sha256:")


def test_csv_opens_in_a_spreadsheet(judgements: list[Judgement]) -> None:
    text = to_csv(judgements)
    assert text.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert tuple(rows[0]) == COLUMNS
    assert len(rows) == sum(len(j.verdicts) for j in judgements)
    assert {row["outcome"] for row in rows} == {"PASS", "FAIL"}
    assert {row["target"] for row in rows} == {"virtual"}


def test_csv_runs_no_formula(mixed: list[Judgement]) -> None:
    rows = list(csv.DictReader(io.StringIO(to_csv(mixed).removeprefix("\ufeff"))))
    assert [row["criterion"] for row in rows] == ["'=pass", "'=inconclusive", "'=fail", "'=error"]


def test_junit_counts_and_properties(judgements: list[Judgement]) -> None:
    root = ET.fromstring(to_junit(judgements))  # noqa: S314 (our own text)
    assert (root.get("tests"), root.get("failures"), root.get("errors")) == ("16", "6", "0")
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
