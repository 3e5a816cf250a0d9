"""Each scenario of the library notices a broken rule that few others notice (tests/kills.py)."""

import subprocess
import sys
from collections.abc import Iterable

import pytest

from simtel.run.choose import scenarios_of
from tests.kills import (
    CHECK,
    ENDLESS,
    FEW,
    NO,
    QUICK,
    WIDE,
    YES,
    Found,
    Matrix,
    Try,
    Witness,
    lost,
    main,
    read,
    site_of,
)
from tests.mutants import ROOT

ROWS = read()


def test_each_scenario_has_a_witness_that_few_others_notice_or_says_why_not() -> None:
    assert set(ROWS) == {scenario.id for scenario in scenarios_of(["scenarios"])}, "run `make kills`"
    assert [name for name, row in ROWS.items() if bool(row.rule) == bool(row.why.strip())] == []
    assert [name for name, row in ROWS.items() if row.rule and not 1 <= row.noticed_by <= FEW] == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["seats"], "knows --check [--quick] [SCENARIO ...]"),
        ([QUICK], "not --quick"),
        ([CHECK, "seat.", "trunks."], "no scenario begins with seat.; they begin with capacity, failover, maintenance"),
    ],
)
def test_a_word_that_says_nothing_known_is_an_error(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for work in ("lost", "fill"):
        monkeypatch.setattr(f"tests.kills.{work}", None)
    assert main(words) == 2
    assert said in capsys.readouterr().err


def test_a_scenario_that_does_not_notice_its_witness_is_told() -> None:
    """In a process that has not imported the rules that it breaks. `make kills CHECK=1` sees all of the table."""
    other = Witness("loop 5: busy tone is counted", ROWS["maintenance.seat-added"].site, 1)
    table = {"maintenance.seat-added": other, "maintenance.config-drift": ROWS["maintenance.config-drift"]}
    say = f"from tests.kills import Witness, lost; print('lost', lost({table!r}))"
    done = subprocess.run([sys.executable, "-c", say], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.endswith("lost ['maintenance.seat-added']\n")


def test_a_witness_that_is_no_rule_of_the_list_or_on_another_site_is_told() -> None:
    name = "maintenance.seat-added"
    site = ROWS[name].site
    assert lost({name: Witness("no such rule", site, 1)}) == [name]
    assert lost({name: Witness(ROWS[name].rule, "no such site", 1)}) == [name]
    assert lost({"no.such-scenario": Witness(ROWS[name].rule, site, 1)}) == ["no.such-scenario"]


def test_a_scenario_is_run_where_most_passes_and_least_is_open() -> None:
    rows = {
        "s/here": {"a": "PASS", "b": "FAIL", "c": "INCONCLUSIVE"},
        "s/there": {"a": "PASS", "b": "FAIL", "c": "FAIL"},
        "s/today": {"a": "FAIL", "b": "FAIL", "c": "FAIL"},
        "s/far": {"a": "PASS", "b": "FAIL", "c": "FAIL"},
    }
    assert site_of("s", rows, ["here", "today", "there"]) == "there"
    assert site_of("s", rows, ["today", "far", "there"]) == "far"


# --- the matrix, on scenarios that are names and rules that nobody breaks


class Told:
    """Tries whose results are told beforehand: rule -> scenarios that would notice."""

    def __init__(self, would: dict[str, Iterable[str]], endless: Iterable[str] = ()) -> None:
        self.would, self.endless = would, endless
        self.come_by: dict[str, set[str]] = {}
        self.run: list[tuple[str, str]] = []

    def __call__(self, one: Try) -> Found:
        found: Found = {}
        for name in one.scenarios:
            if sum(said != NO for said in found.values()) <= one.most:
                said = ENDLESS if one.rule in self.endless else YES
                found[name] = said if name in self.would[one.rule] else NO
                self.run.append((one.rule, name))
        return found


def _filled(told: Told, quick: Iterable[str], slow: Iterable[str] = ()) -> tuple[Matrix, dict[str, str]]:
    cells = {rule: {n: NO for n in quick if n not in told.come_by.get(rule, quick)} for rule in told.would}
    matrix = Matrix(cells, [*quick], [*slow], told)
    return matrix, matrix.fill()


def test_the_witness_is_the_rule_that_the_fewest_notice() -> None:
    matrix, found = _filled(Told({"all": "abc", "two": "ab", "one": "b", "none": ""}), "abc")
    assert found == {"a": "two", "b": "one", "c": "all"}
    assert [matrix.noticed_by(rule) for rule in ("all", "two", "one", "none")] == [3, 2, 1, 0]


def test_what_more_than_few_notice_is_no_witness_and_tried_no_further() -> None:
    names = [f"s{n}" for n in range(FEW + 5)]
    told = Told({"all": names})
    assert _filled(told, names)[1] == {}
    assert len(told.run) == FEW + 1


def test_what_does_not_end_is_nobodys_witness() -> None:
    assert _filled(Told({"loops": "a", "one": "ab"}, endless=["loops"]), "ab")[1] == {"a": "one", "b": "one"}


def test_a_slow_scenario_is_tried_until_it_has_a_witness_and_that_on_all() -> None:
    told = Told({"many": "abcdx", "one": "ax", "other": "bx", "c's": "c", "d's": "d", "none": ""})
    matrix, found = _filled(told, "abcd", "x")
    assert found == {"a": "one", "b": "other", "c": "c's", "d": "d's", "x": "one"}
    assert matrix.noticed_by("one") == 2
    assert ("many", "x") not in told.run
    assert ("none", "x") not in told.run


def test_a_slow_scenario_may_be_the_only_one_to_notice() -> None:
    assert _filled(Told({"all": "ab", "rare": "x"}), "ab", "x")[1]["x"] == "rare"


def test_a_rule_that_slow_scenarios_notice_as_well_may_lose_its_place() -> None:
    slow = [f"x{n}" for n in range(FEW)]
    told = Told({"common": ["a", *slow], "rarer": ["a", "b"]} | {f"of {x}": [x] for x in slow})
    assert _filled(told, "ab", slow)[1]["a"] == "rarer"


def test_a_rule_that_many_come_by_is_tried_where_a_witness_is_wanting() -> None:
    names = [f"s{n}" for n in range(WIDE + 5)]
    told = Told({"wide": names[:2], "of most": names[-3:]} | {f"of {x}": [x] for x in names[3:]})
    for rule in told.would.keys() - {"wide", "of most"}:
        told.come_by[rule] = {rule.removeprefix("of ")}
    matrix, found = _filled(told, names)
    assert found == {"s0": "wide", "s1": "wide"} | {x: f"of {x}" for x in names[3:]}
    assert matrix.noticed_by("wide") == 2
    assert {name for rule, name in told.run if rule == "wide"} == set(names)
    assert {name for rule, name in told.run if rule == "of most"} == {"s2"}
