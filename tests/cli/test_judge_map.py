"""`simtel judge --map`: a recording from the command line."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Simtel
from tests.target.recorded.flow import MAPPING, failover
from tests.target.recorded.rig import fault


@pytest.fixture
def files(simtel: Simtel) -> list[str]:
    Path("m.yaml").write_text(MAPPING + fault(20))
    failover().save(Path("a.pcap"))
    return ["a.pcap", "--map", "m.yaml"]


def test_verdicts_on_standard_output_and_what_was_seen_on_standard_error(simtel: Simtel, files: list[str]) -> None:
    done = simtel("judge", *files, "--format", "json")
    (item,) = json.loads(done.stdout)["items"]
    found = {verdict["criterion"]: verdict["outcome"] for verdict in item["verdicts"]}
    assert (found["failover-time"], found["cdr-exactly-once"]) == ("PASS", "INCONCLUSIVE")
    assert done.exit_code == 3
    assert "packets: 9 calls, 9 seats" in done.stderr


def test_in_chinese(simtel: Simtel, files: list[str]) -> None:
    done = simtel("judge", *files, "--lang", "zh")
    assert "个数据包" in done.stderr
    assert "台架倒换试验" in done.stdout
    assert "由他人记录" in done.stdout


def test_the_table_says_what_a_pass_on_a_recording_is_worth(simtel: Simtel, files: list[str]) -> None:
    assert "Recorded by others: it is worth as much as the mapping" in simtel("judge", *files).stdout


def test_limits_of_the_buyer(simtel: Simtel, files: list[str]) -> None:
    Path("limits.yaml").write_text(
        "simtel: limits/1\nlimits:\n  failover-time:\n    at_most: {value: 100ms, basis: buyer, source: contract}\n"
    )
    assert simtel("judge", *files, "--limits", "limits.yaml").exit_code == 1


def test_the_evidence_can_be_kept_and_judged_again(simtel: Simtel, files: list[str]) -> None:
    first = simtel("judge", *files, "--keep", "kept/evidence.jsonl", "--format", "json")
    again = simtel("judge", "kept/evidence.jsonl", "--format", "json")
    assert again.stdout == first.stdout
    assert simtel("judge", "kept/evidence.jsonl", "--keep", "x").exit_code == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["none.pcap", "--map", "m.yaml"], "none.pcap: cannot be read: No such file"),
        (["a.pcap", "--map", "none.yaml"], "none.yaml: cannot be read"),
        (["m.yaml", "--map", "m.yaml"], "m.yaml: is a mapping: give it to `simtel judge` by --map"),
        (["a.pcap", "--map", "a.pcap"], "a.pcap:1:"),
        (["a.pcap"], "a.pcap: is a packet capture: give --map too"),
        ([".", "--map", "m.yaml"], ".: is not a regular file"),
    ],
)
def test_what_cannot_be_used_exits_with_2(simtel: Simtel, files: list[str], words: list[str], said: str) -> None:
    done = simtel("judge", *words)
    assert done.exit_code == 2
    assert said in done.stderr
    assert not done.stdout


def test_the_schema_of_a_mapping(simtel: Simtel) -> None:
    schema = json.loads(simtel("schema", "mapping").stdout)
    assert schema["title"] == "simtel mapping"
    assert {"addresses", "consoles", "faults", "scenario"} <= schema["properties"].keys()
