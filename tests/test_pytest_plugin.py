"""The pytest plugin, as a user's pytest runs it."""

import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from simtel.pytest_plugin import TOLD, CriterionItem
from simtel.run import session, shared

pytest_plugins = ["pytester"]

ROOT = Path(__file__).resolve().parent.parent
SCENARIO = """\
# A scenario of one's own.
simtel: scenario/1
id: failover.mine
title: {en: Mine, zh: 我的}
why: {en: To see, zh: 看看}
requirement: [R1]
roles: {servers: call-server-pair}
load: {kind: poisson, rate: 1/min, length: 60s}
watch: true
faults:
  - {at: 10s, kind: crash, subject: servers.active}
expect:
  failover-time: {at_most: LIMIT, basis: buyer, source: contract}
"""
# The target of these tests is the one that their authors know by heart.
FAKE = """
import pytest
from simtel.run import session
from simtel.run import shared
from tests.run.fake import FakeTarget

target = FakeTarget()
session.make_target = shared.make_target = lambda name: target

@pytest.fixture
def runs():
    return target
"""
ON_TERMINAL = """
def pytest_sessionstart(session):
    reporter = session.config.pluginmanager.getplugin("terminalreporter")
    reporter.isatty = type(reporter.isatty)(True)
"""
ARGUMENTS = ("--simtel-site", "proposal-as-drawn", "-p", "no:cacheprovider")


@pytest.fixture
def house(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    monkeypatch.syspath_prepend(str(ROOT))
    monkeypatch.delenv("PYTEST_XDIST_WORKER", raising=False)
    for module in (session, shared):  # the conftest below puts the fake target here: take it away afterwards
        monkeypatch.setattr(module, "make_target", module.make_target)
    pytester.makeconftest(FAKE)
    return pytester


def scenario(house: pytest.Pytester, limit: str = "1h", name: str = "mine.yaml") -> Path:
    path = house.path / name
    path.write_text(SCENARIO.replace("LIMIT", limit), encoding="utf-8")
    return path


def test_a_scenario_is_a_test_for_each_site_size_and_criterion(house: pytest.Pytester) -> None:
    scenario(house)
    found = house.runpytest(
        "--collect-only", "-q", "--simtel-site", "today", "--simtel-site", "proposal-as-drawn",
        "--simtel-seats", "20", "--simtel-seats", "60",
    )  # fmt: skip
    found.stdout.fnmatch_lines_random([
        f"mine.yaml::failover.mine?virtual-{site}-{seats}-{criterion}?"
        for site in ("today", "proposal-as-drawn") for seats in (20, 60)
        for criterion in ("failover-time", "conservation", "quiescence", "one-active")
        if (site, criterion) != ("today", "one-active")  # one server is no pair
    ])  # fmt: skip
    found.stdout.fnmatch_lines(["*14 tests collected*"])


def test_pass_fail_and_inconclusive(house: pytest.Pytester) -> None:
    scenario(house)
    house.runpytest(*ARGUMENTS).assert_outcomes(passed=3, failed=1)
    house.runpytest(*ARGUMENTS, "--simtel-inconclusive", "allow").assert_outcomes(passed=3, skipped=1)
    scenario(house, "1ms")
    house.runpytest(*ARGUMENTS, "--simtel-inconclusive", "allow").assert_outcomes(passed=2, failed=1, skipped=1)


def test_a_failure_says_all_on_which_it_rests(house: pytest.Pytester) -> None:
    scenario(house, "1ms")
    shown = house.runpytest(*ARGUMENTS, "--simtel-out", "out", "-k", "failover-time")
    shown.stdout.fnmatch_lines([
        "FAIL: The service answered again after *",
        "*failover-time of failover.mine on proposal-as-drawn, 20 seats*",
        "*target virtual, seed 1*", "*measured: *", "*limit: ≤ 1 ms (buyer: contract)*", "*events: *",
        "*evidence: *out/failover.mine/proposal-as-drawn-20/evidence.jsonl*",
    ])  # fmt: skip


def test_an_allowed_inconclusive_says_why(house: pytest.Pytester) -> None:
    scenario(house)
    shown = house.runpytest(*ARGUMENTS, "--simtel-inconclusive", "allow", "-rs")
    shown.stdout.fnmatch_lines(["SKIPPED*INCONCLUSIVE: Nobody looked*"])


def test_a_scenario_runs_once_however_many_criteria_ask(house: pytest.Pytester) -> None:
    scenario(house)
    house.makepyfile("""
        def test_runs(runs, simtel_run):
            before = runs.runs
            simtel_run("mine.yaml")
            once = runs.runs
            assert once > before
            simtel_run("mine.yaml")
            assert runs.runs == once
    """)
    house.runpytest(*ARGUMENTS, "-k", "test_runs").assert_outcomes(passed=1, deselected=4)


def test_the_facts_stand_in_the_junit_file(house: pytest.Pytester) -> None:
    scenario(house)
    house.runpytest(*ARGUMENTS, "--junitxml", "junit.xml")
    cases = {case.get("name"): case for case in ET.parse(house.path / "junit.xml").iter("testcase")}  # noqa: S314
    case = cases["failover.mine[virtual-proposal-as-drawn-20-failover-time]"]
    told = {one.get("name"): one.get("value") for one in case.iter("property")}
    assert told.keys() >= {"target", "outcome", "measured", "uncertainty", "limit", "limit_name", "digest"}
    assert (told["base_unit"], told["limit_base_unit"], told["limit_unit"]) == ("ns", "ns", "time")
    assert told["limit_basis"]
    assert "The service answered again after" in str(told["reason"])
    assert (told["target"], told["outcome"], told["limit"]) == ("virtual", "PASS", "3600000000000")
    assert str(told["digest"]).startswith("sha256:")


def test_a_verdict_is_told_in_the_language_asked_for(house: pytest.Pytester) -> None:
    path = scenario(house)
    path.write_text(path.read_text(encoding="utf-8").replace("at_most: 1h", "at_most: 1ms"), encoding="utf-8")
    shown = house.runpytest(*ARGUMENTS, "--simtel-lang", "zh", "-k", "failover-time").stdout.str()
    assert "FAIL: 业务在" in shown
    assert "实测：" in shown
    assert "证据：" in shown
    path.write_text(path.read_text(encoding="utf-8").replace("roles:", "rolls:"), encoding="utf-8")
    assert "未知" in house.runpytest(*ARGUMENTS, "--simtel-lang", "zh").stdout.str()


def test_out_holds_the_run_of_the_session(house: pytest.Pytester) -> None:
    scenario(house)
    house.runpytest(*ARGUMENTS, "--simtel-out", "out", "--simtel-seed", "5")
    told = json.loads((house.path / "out" / "run.json").read_bytes())
    assert told["seed"] == 5
    assert [item["scenario"] for item in told["items"]] == ["failover.mine"]
    assert (house.path / "out" / told["items"][0]["evidence"]).is_file()


def test_a_bad_scenario_is_a_collection_error_with_place(house: pytest.Pytester) -> None:
    path = scenario(house)
    path.write_text(path.read_text(encoding="utf-8").replace("roles:", "rolls:"), encoding="utf-8")
    shown = house.runpytest(*ARGUMENTS)
    shown.assert_outcomes(errors=1)
    shown.stdout.fnmatch_lines(["*mine.yaml:7:1: unknown key 'rolls'*"])


def test_a_machine_that_fails_is_a_failure_with_its_word(house: pytest.Pytester) -> None:
    scenario(house)
    (house.path / "conftest.py").write_text(FAKE.replace("FakeTarget()", "FakeTarget(fail=True)"))
    shown = house.runpytest(*ARGUMENTS, "--simtel-inconclusive", "allow")
    shown.assert_outcomes(failed=4)
    shown.stdout.fnmatch_lines(["ERROR: *the planted machine broke*"])


@pytest.mark.parametrize(
    "option", [("--simtel-site", "todya"), ("--simtel-target", "moon"), ("--simtel-seats", "9999")]
)
def test_a_wrong_option_is_a_usage_error(house: pytest.Pytester, option: tuple[str, str]) -> None:
    scenario(house)
    if option[0] == "--simtel-target":
        (house.path / "conftest.py").unlink()
    shown = house.runpytest(*option)
    assert shown.ret in (pytest.ExitCode.USAGE_ERROR, pytest.ExitCode.INTERRUPTED)
    shown.assert_outcomes(errors=shown.parseoutcomes().get("errors", 0))
    assert option[1] in shown.stdout.str() + shown.stderr.str()


def test_other_yaml_files_are_left_alone(house: pytest.Pytester) -> None:
    (house.path / "other.yaml").write_text("a: 1\n")
    (house.path / "site.yaml").write_text("simtel: site/1\n")
    (house.path / "empty.yml").write_text("")
    (house.path / "binary.yaml").write_bytes(b"\xff\xfe\x00")
    assert house.runpytest().ret == pytest.ExitCode.NO_TESTS_COLLECTED


def test_fixtures(house: pytest.Pytester) -> None:
    scenario(house)
    house.makepyfile("""
        import pytest

        def test_run(simtel_run, simtel_site):
            run = simtel_run("mine.yaml")
            assert run.verdict("failover-time").outcome.name == "PASS"
            assert run.log.header.site == simtel_site.id
            assert run.log.header.seats == simtel_site.seats
            assert (run.folder / "evidence.jsonl").is_file()

        def test_shipped(simtel_run):
            assert simtel_run("failover.active-server-crash").log.header.scenario == "failover.active-server-crash"

        @pytest.mark.simtel("failover.active-server-crash")
        def test_evidence(simtel_evidence, simtel_seed):
            assert simtel_evidence.complete
            assert simtel_evidence.header.seed == simtel_seed == 9

        def test_target(simtel_target):
            assert simtel_target.kind == "virtual"
    """)
    shown = house.runpytest(
        *ARGUMENTS, "--simtel-site", "today", "--simtel-seed", "9", "-k", "test_", "--strict-markers"
    )
    shown.assert_outcomes(passed=7, deselected=7)


def test_evidence_without_a_marker_is_said(house: pytest.Pytester) -> None:
    house.makepyfile("def test_it(simtel_evidence): pass")
    shown = house.runpytest(*ARGUMENTS)
    shown.assert_outcomes(errors=1)
    shown.stdout.fnmatch_lines(["*simtel_evidence needs a marker*"])


def test_a_sweep_takes_the_worst_of_its_strikes(house: pytest.Pytester) -> None:
    path = scenario(house)
    path.write_text(path.read_text(encoding="utf-8").replace("at: 10s, ", "") + "sweep: takeover\n", encoding="utf-8")
    shown = house.runpytest(*ARGUMENTS, "--simtel-out", "out")
    shown.assert_outcomes(passed=3, failed=1)
    assert len(json.loads((house.path / "out" / "run.json").read_bytes())["items"]) == 10


def test_under_xdist_a_scenario_stays_with_one_worker_in_a_folder_of_its_own(house: pytest.Pytester) -> None:
    scenario(house)
    shown = house.runpytest_subprocess(*ARGUMENTS, "-n", "2", "--dist", "loadfile", "--simtel-out", "out")
    shown.assert_outcomes(passed=3, failed=1)
    (told,) = (house.path / "out").glob("*/run.json")
    assert told.parent.name.startswith("gw")


def announced(shown: pytest.RunResult) -> list[str]:
    return [line for line in shown.outlines if line.startswith("simtel: run")]


def test_with_v_each_run_is_announced_once_and_without_none(house: pytest.Pytester) -> None:
    scenario(house)
    sizes = ("--simtel-seats", "20", "--simtel-seats", "60")
    assert announced(house.runpytest(*ARGUMENTS, *sizes, "-v")) == [
        "simtel: run 1 of 2: failover.mine/proposal-as-drawn-20",
        "simtel: run 2 of 2: failover.mine/proposal-as-drawn-60",
    ]
    assert announced(house.runpytest(*ARGUMENTS, *sizes)) == []


def test_a_long_sweep_is_announced_in_few_lines(house: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    scenario(house)
    monkeypatch.setattr(shared, "strikes_of", lambda item: [item] * 95)
    lines = announced(house.runpytest(*ARGUMENTS, "-v"))
    assert lines[0] == "simtel: run 1 of 1: failover.mine/proposal-as-drawn-20, strike 1 of 95"
    assert lines[-1] == "simtel: run 1 of 1: failover.mine/proposal-as-drawn-20, strike 95 of 95"
    assert len(lines) == TOLD + 1


def test_a_terminal_is_told_and_a_quiet_one_is_not(house: pytest.Pytester) -> None:
    scenario(house)
    (house.path / "conftest.py").write_text(FAKE + ON_TERMINAL)
    assert len(announced(house.runpytest(*ARGUMENTS))) == 1
    assert announced(house.runpytest(*ARGUMENTS, "-q")) == []


def test_workers_of_xdist_announce_nothing(house: pytest.Pytester) -> None:
    scenario(house)
    shown = house.runpytest_subprocess(*ARGUMENTS, "-n", "1", "-v")
    shown.assert_outcomes(passed=3, failed=1)
    assert announced(shown) == []


def test_the_plugin_costs_nothing_where_no_scenario_is(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(
        "import sys\ndef test_it():\n"
        "    heavy = {'simpy', 'msgspec', 'yaml', 'matplotlib', 'scapy', 'click'} & sys.modules.keys()\n"
        "    assert 'simtel.pytest_plugin' in sys.modules and not heavy, heavy\n"
    )
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:hypothesispytest",
        str(tmp_path),
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


SLOW = """
import time
from simtel.run import session, shared
from tests.run.fake import FakeTarget

class Slow(FakeTarget):
    def run(self, plan, writer):
        time.sleep(1.5)
        super().run(plan, writer)

session.make_target = shared.make_target = lambda name: Slow()
"""


def test_the_time_that_a_project_gives_its_own_tests_does_not_break_off_a_scenario(house: pytest.Pytester) -> None:
    house.makeconftest(SLOW)
    house.makepyprojecttoml("[tool.pytest.ini_options]\ntimeout = 1\n")
    scenario(house)
    house.runpytest(*ARGUMENTS, "-k", "failover-time").assert_outcomes(passed=1, deselected=3)


def test_a_failure_that_pytest_cannot_show_is_told_all_the_same(
    house: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lineless(*_: object) -> None:
        raise TypeError("unsupported operand type(s) for -: 'NoneType' and 'int'")

    monkeypatch.setattr(pytest.Item, "repr_failure", lineless)
    monkeypatch.setattr(CriterionItem, "runtest", lambda _: 1 // 0)
    scenario(house)
    shown = house.runpytest(*ARGUMENTS)
    shown.assert_outcomes(failed=4)
    assert "ZeroDivisionError" in shown.stdout.str()
    assert "INTERNALERROR" not in shown.stdout.str()
