"""`simtel list`: everything that a command line or a scenario can name is there, in the reader's language."""

import re

import pytest

from simtel.core.causes import CAUSES
from simtel.core.events import FIELDS
from simtel.core.faults import FAULTS
from simtel.profiles.catalogue import site_names
from simtel.run.choose import shipped_scenarios
from simtel.scenario.load import LOADS
from simtel.scenario.meanings import KEYS
from simtel.verdict.criteria import CRITERIA
from tests.cli.conftest import Simtel

EVERYTHING = {
    "scenarios": shipped_scenarios(),
    "sites": site_names(),
    "criteria": CRITERIA,
    "faults": FAULTS,
    "loads": LOADS,
    "keys": KEYS,
    "events": FIELDS,
}


def names(text: str) -> set[str]:
    """The first words of the rows."""
    return {line.split()[0] for line in text.splitlines() if line.startswith("  ") and not line.startswith("   ")}


@pytest.mark.parametrize("kind", EVERYTHING)
def test_each_kind_lists_all_that_there_is(simtel: Simtel, kind: str) -> None:
    done = simtel("list", kind)
    assert done.exit_code == 0
    assert names(done.output) == set(map(str, EVERYTHING[kind]))


def test_without_a_word_all_is_listed(simtel: Simtel) -> None:
    assert names(simtel("list").output) == {str(name) for kind in EVERYTHING.values() for name in kind}


def test_a_listed_scenario_can_be_run(simtel: Simtel) -> None:
    listed = sorted(names(simtel("list", "scenarios").output))
    done = simtel("run", listed[0], "--site", max(names(simtel("list", "sites").output)), "--out", "out")
    assert done.exit_code in (0, 1, 3)


def test_criteria_say_what_limits_they_take(simtel: Simtel) -> None:
    lines = simtel("list", "criteria").output.splitlines()
    limit = next(line for line in lines if "gap_at_most" in line)
    assert "time, such as 50ms" in limit
    assert "2 s when none is given (assumed:" in limit
    assert "may be left out" in next(line for line in lines if "with_free_resources_at_most" in line)
    assert "judged in every run" in next(line for line in lines if "conservation" in line)


def test_faults_say_what_they_strike(simtel: Simtel) -> None:
    done = simtel("list", "faults")
    assert "the E1 cable is cut" in done.output
    assert "strikes: spans" in done.output
    assert "needs  : factor" in done.output


def test_events_say_for_which_causes_a_call_is_refused(simtel: Simtel) -> None:
    done = simtel("list", "events")
    assert [line.split(": ")[1].split(", ") for line in done.output.splitlines() if "causes" in line] == [list(CAUSES)]
    assert "release unconfirmed (maintenance), RESTART too (out-of-service)" in done.output


def test_titles_are_in_the_chosen_language(simtel: Simtel) -> None:
    done = simtel("list", "--lang", "zh")
    assert "主用服务器在满席通话时崩溃" in done.output
    assert "Active server" not in done.output
    assert "such as" not in done.output
    assert "E1 电缆被切断" in done.output


def test_what_cannot_be_listed_is_a_usage_error(simtel: Simtel) -> None:
    done = simtel("list", "profile")
    assert done.exit_code == 2
    assert (
        "'profile' is not one of 'scenarios', 'sites', 'criteria', 'faults', 'loads', 'keys', 'events'" in done.stderr
    )


def test_nothing_of_a_chinese_list_is_an_english_sentence(simtel: Simtel) -> None:
    said = simtel("list", "criteria", "--lang", "zh").output
    assert "国内验收指标" in said, "where a limit comes from that a scenario leaves open"
    assert not re.findall(r"[A-Za-z]{2,}(?:[ ,]+[a-z]{2,}){2,}", said)
