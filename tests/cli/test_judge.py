"""`simtel judge`: a log judged again gives the verdicts of its run."""

import json
from pathlib import Path
from typing import Any

import pytest

from simtel.core.log import read_log
from tests.cli.conftest import Simtel

LIMITS = "simtel: limits/1\nlimits:\n  failover-time:\n    at_most: {value: 1ms, basis: buyer, source: contract}\n"


@pytest.fixture
def log(simtel: Simtel) -> Path:
    simtel("run", "failover.active-server-crash", "--site", "proposal-as-drawn", "--out", "out")
    return next(Path("out").rglob("evidence.jsonl"))


def outcomes(done: Any) -> dict[str, str]:
    (item,) = json.loads(done.stdout)["items"]
    return {verdict["criterion"]: verdict["outcome"] for verdict in item["verdicts"]}


def test_the_verdicts_are_those_of_the_run(simtel: Simtel, log: Path) -> None:
    ran = json.loads(log.with_name("verdicts.json").read_bytes())["verdicts"]
    names = ["PASS", "INCONCLUSIVE", "FAIL", "ERROR"]
    done = simtel("judge", str(log), "--format", "json")
    assert outcomes(done) == {verdict["criterion"]: names[verdict["outcome"]] for verdict in ran}
    assert outcomes(done)["failover-time"] == "PASS"


def test_without_its_variants_a_log_with_assumed_figures_passes_nothing(simtel: Simtel, log: Path) -> None:
    log.with_name("variants.jsonl").unlink()
    done = simtel("judge", str(log), "--format", "json")
    assert "PASS" not in outcomes(done).values()


def test_variants_of_another_log_are_left_out_and_that_is_said(simtel: Simtel, log: Path) -> None:
    beside = log.with_name("variants.jsonl")
    digest = read_log(log).footer.digest  # type: ignore[union-attr]
    beside.write_text(beside.read_text().replace(digest, "sha256:other"))
    done = simtel("judge", str(log), "--format", "json")
    assert "belongs to another log" in done.stderr
    assert "PASS" not in outcomes(done).values()


def test_a_limit_of_the_buyer_is_judged_without_the_variants_of_the_old_one(simtel: Simtel, log: Path) -> None:
    Path("limits.yaml").write_text(LIMITS)
    strict = outcomes(simtel("judge", str(log), "--format", "json", "--limits", "limits.yaml"))
    assert strict["failover-time"] == "FAIL"
    Path("limits.yaml").write_text(LIMITS.replace("1ms", "1h"))
    loose = outcomes(simtel("judge", str(log), "--format", "json", "--limits", "limits.yaml"))
    assert loose["failover-time"] == "INCONCLUSIVE"
    assert loose["conservation"] == "PASS"


def test_the_exit_code_follows_the_verdicts(simtel: Simtel, log: Path) -> None:
    Path("limits.yaml").write_text(LIMITS)
    assert simtel("judge", str(log)).exit_code == 3
    assert simtel("judge", str(log), "--limits", "limits.yaml").exit_code == 1


@pytest.mark.parametrize("content", [b"", b"no log\n", b'{"simtel":"evidence/9","header":{}}\n'])
def test_what_is_no_log_exits_with_2(simtel: Simtel, content: bytes) -> None:
    Path("foreign").write_bytes(content)
    done = simtel("judge", "foreign")
    assert done.exit_code == 2
    assert "foreign:1:1: " in done.stderr


def test_an_altered_log_is_refused(simtel: Simtel, log: Path) -> None:
    log.write_bytes(log.read_bytes().replace(b'"silent":0', b'"silent":1'))
    done = simtel("judge", str(log))
    assert done.exit_code == 2
    assert "the digest does not match the events" in done.stderr


def test_all_bad_logs_are_named_at_once(simtel: Simtel) -> None:
    done = simtel("judge", "a", "b")
    assert done.exit_code == 2
    assert "a: cannot be read" in done.stderr
    assert "b: cannot be read" in done.stderr


def test_a_folder_of_a_run_stands_for_the_logs_in_it(simtel: Simtel, log: Path) -> None:
    assert simtel("judge", "out", "--format", "json").stdout == simtel("judge", str(log), "--format", "json").stdout
    Path("empty").mkdir()
    refused = simtel("judge", "empty")
    assert refused.exit_code == 2
    assert "empty: holds no evidence.jsonl" in refused.stderr


def test_a_capture_without_its_mapping_is_told_as_one(simtel: Simtel, tmp_path: Path) -> None:
    capture = tmp_path / "call.pcap"
    capture.write_bytes(bytes.fromhex("d4c3b2a1020004000000000000000000ffff000001000000"))
    refused = simtel("judge", str(capture))
    assert refused.exit_code == 2
    assert "is a packet capture: give --map too" in refused.stderr
    assert "JSON" not in refused.stderr
