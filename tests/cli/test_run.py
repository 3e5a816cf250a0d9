"""`simtel run`."""

import json
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from simtel.cli.group import COMMANDS
from simtel.cli.run import run
from simtel.cli.show import Minutes
from simtel.core import data
from simtel.run import session
from simtel.run.choose import SITES
from tests.cli.conftest import Simtel
from tests.run.fake import FakeTarget

CRASH = ("run", "failover.active-server-crash", "--site", "proposal-as-drawn", "--out", "out")
MINE = """\
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


def write(path: Path, limit: str) -> str:
    path.write_text(MINE.replace("LIMIT", limit), encoding="utf-8")
    return str(path)


def test_the_table_names_site_and_outcome(simtel: Simtel) -> None:
    done = simtel(*CRASH)
    assert "INCONCLUSIVE" in done.output
    assert "PASS (estimate)" in done.output
    assert "report.html" in done.output
    assert done.exit_code == 3


def test_all_files_of_a_run_are_there(simtel: Simtel) -> None:
    simtel(*CRASH)
    assert {path.name for path in Path("out").iterdir()} == {
        "run.json", "junit.xml", "report.html", "failover.active-server-crash",
    }  # fmt: skip


def test_no_report_when_none_is_wanted(simtel: Simtel) -> None:
    simtel(*CRASH, "--no-report")
    assert not Path("out/report.html").exists()
    assert Path("out/run.json").exists()


def test_without_out_the_folder_is_named_by_the_time(simtel: Simtel) -> None:
    simtel(*CRASH[:4])
    (folder,) = Path("reports").iterdir()
    assert (folder / "run.json").exists()


def test_without_a_site_two_are_compared(simtel: Simtel) -> None:
    done = simtel("run", "failover.active-server-crash", "--out", "out", "--format", "json")
    assert [item["site"] for item in json.loads(done.output)["items"]] == list(SITES)


@pytest.mark.parametrize(("form", "reader"), [("json", json.loads), ("junit", ET.fromstring)])
def test_machine_formats_are_all_that_is_printed(simtel: Simtel, form: str, reader: object) -> None:
    done = simtel(*CRASH, "--format", form)
    assert reader(done.stdout.encode())  # type: ignore[operator]


def test_csv_has_a_line_for_each_verdict(simtel: Simtel) -> None:
    done = simtel(*CRASH, "--format", "csv")
    verdicts = json.loads(next(Path("out").rglob("verdicts.json")).read_bytes())["verdicts"]
    assert len(done.stdout.splitlines()) == 1 + len(verdicts)


def test_seats_and_seed_reach_the_header(simtel: Simtel) -> None:
    simtel(*CRASH, "--seats", "20", "--seats", "60", "--seed", "7", "--jobs", "1")
    told = json.loads(Path("out/run.json").read_bytes())
    assert [item["seats"] for item in told["items"]] == [20, 60]
    assert told["seed"] == 7
    heads = [json.loads(path.read_bytes())["header"] for path in Path("out").rglob("verdicts.json")]
    (whole,) = {(head["started"], head["made_by"]) for head in heads}
    assert datetime.fromisoformat(whole[0]).tzinfo is not None
    assert whole[1].endswith("--site proposal-as-drawn --seats 20 --seats 60 --seed 7 --target virtual")


@pytest.mark.parametrize(("limit", "code"), [("1ms", 1), ("1h", 3)])
def test_the_exit_code_follows_the_verdict(simtel: Simtel, tmp_path: Path, limit: str, code: int) -> None:
    # The fake target takes no census, so quiescence stays open and nothing is better than inconclusive.
    mine = write(tmp_path / "mine.yaml", limit)
    assert simtel("run", mine, "--site", "today", "--out", "out").exit_code == code


def test_a_failing_machine_exits_with_4(simtel: Simtel, fake: FakeTarget) -> None:
    fake.fail = True
    done = simtel(*CRASH)
    assert done.exit_code == 4
    assert "the planted machine broke" in " ".join(done.output.split())


def test_a_mistake_of_ours_is_never_taken_for_a_verdict(simtel: Simtel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "make_target", lambda _: 1 / 0)
    done = simtel(*CRASH)
    assert done.exit_code == 4
    assert "mistake of simtel itself: ZeroDivisionError" in done.stderr


def test_limits_of_the_buyer_turn_a_verdict(simtel: Simtel, tmp_path: Path) -> None:
    limits = tmp_path / "limits.yaml"
    limits.write_text(
        "simtel: limits/1\nlimits:\n  failover-time:\n    at_most: {value: 1ms, basis: buyer, source: contract}\n"
    )
    mine = write(tmp_path / "mine.yaml", "1h")
    done = simtel("run", mine, "--site", "today", "--out", "out", "--limits", str(limits), "--format", "json")
    (verdict,) = [v for v in json.loads(done.output)["items"][0]["verdicts"] if v["criterion"] == "failover-time"]
    assert verdict["outcome"] == "FAIL"
    assert verdict["limit"] == {
        "name": "at_most",
        "value": 1_000_000,
        "unit": "time",
        "basis": "buyer",
        "source": "contract",
    }


def test_the_ladder_of_a_call_is_printed(simtel: Simtel) -> None:
    done = simtel(*CRASH, "--trace", "c1")
    assert "Call c1" in done.output
    assert "seat.1" in done.output


def test_an_unknown_call_is_named_with_some_that_are_there(simtel: Simtel) -> None:
    done = simtel(*CRASH, "--trace", "nobody")
    assert done.exit_code == 2
    assert done.stderr == (
        "simtel: --trace: no run has the call 'nobody'; there are c1. All else was done and stands.\n"
    )
    assert "failover-time" in done.stdout or "Time until the service is back" in done.stdout
    assert Path("out/run.json").exists()
    assert Path("out/report.html").exists()


def test_an_unknown_call_is_wrong_usage_whatever_the_verdict(simtel: Simtel, tmp_path: Path) -> None:
    mine = write(tmp_path / "mine.yaml", "1ms")  # FAIL: exit code 1 without --trace
    assert simtel("run", mine, "--site", "today", "--out", "out", "--trace", "c1").exit_code == 1
    assert simtel("run", mine, "--site", "today", "--out", "out", "--trace", "c2").exit_code == 2


def test_where_nothing_was_run_no_call_can_be_traced(simtel: Simtel) -> None:
    done = simtel("run", "seats.board-crash", "--site", "proposal-as-drawn", "--out", "out", "--trace", "c1")
    assert done.exit_code == 2
    assert "no run has a call at all" in done.stderr


def test_the_ladder_stays_out_of_what_a_program_reads(simtel: Simtel) -> None:
    done = simtel(*CRASH, "--trace", "c1", "--format", "json")
    assert json.loads(done.stdout)["items"]
    assert "Call c1" in done.stderr


@pytest.mark.parametrize("out", ["/proc/simtel", "/proc", "file/below"])
def test_a_folder_that_cannot_be_written_is_told_before_anything_is_run(
    simtel: Simtel, fake: FakeTarget, out: str
) -> None:
    Path("file").touch()
    done = simtel(*CRASH[:-1], out)
    assert done.exit_code == 2
    assert "no files can be written here" in done.stderr or "is a file" in done.stderr
    assert "Traceback" not in done.stderr
    assert fake.runs == 0
    assert [path.name for path in Path().iterdir()] == ["file"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("run", "failover.active-server-crush"), "did you mean 'failover.active-server-crash',"),
        (("run", "scenarios/failover/active-server-crush.yaml"), "active-server-crash.yaml"),
        (("run", "failover.active-server-crash", "--site", "todya"), "did you mean 'today'?"),
        (("run", "failover.active-server-crash", "--site", "today", "--seats", "9999"), "seats"),
        (("run", "failover.active-server-crash", "--limits", "nowhere.yaml"), "nowhere.yaml"),
    ],
)  # fmt: skip
def test_bad_input_is_said_with_exit_code_2_and_nothing_is_written(
    simtel: Simtel, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    done = simtel(*arguments)
    assert done.exit_code == 2
    assert said in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("run", "nosuch"), "there is no scenario 'nosuch'\n      `simtel list scenarios` says which there are\n"),
        (("run", "desk-crash"), "there is no scenario 'desk-crash'\n      did you mean 'seats.desk-crash'?\n"),
        (("run", "nosuch", "elsewhere.yaml"), "there is no scenario 'elsewhere.yaml'\n"),
        (("run", "seats.desk-crash", "--site", "nosuch"),
         "there is no site 'nosuch'\n      `simtel list sites` says which there are;"),
        (("run", "seats.desk-crash", "--site", "nowhere.yaml"), "nowhere.yaml: cannot be read: No such file"),
        (("run", str(data.sites() / "today.yaml")), "today.yaml: is a site file: give it by --site\n"),
        (("run", str(data.devices())), "headset.yaml: is a device profile: a site names it"),
        (("run", "seats.desk-crash", "--site", str(data.scenarios() / "seats" / "desk-crash.yaml")),
         "desk-crash.yaml: is a scenario file: give it to `simtel run`"),
        (("run", "seats.desk-crash", "--limits", str(data.sites() / "today.yaml")), "today.yaml: is a site file: give"),
        (("judge", str(data.sites() / "today.yaml")), "today.yaml: is a site file: give it by --site\n"),
        (("run", "log"), "log: is an evidence log: give it to `simtel judge`\n"),
        (("run", "seats.desk-crash", "--site", "log"), "log: is an evidence log: give it to `simtel judge`\n"),
    ],
)  # fmt: skip
def test_what_is_in_the_wrong_place_or_nowhere_is_told_as_such(
    simtel: Simtel, arguments: tuple[str, ...], said: str
) -> None:
    Path("log").write_text('{"simtel":"evidence/1","header":{}}\n')
    done = simtel(*arguments)
    assert done.exit_code == 2
    assert said in done.stderr
    assert ":1:1" not in done.stderr
    assert "missing" not in done.stderr


def test_scenario_site_and_limits_are_all_looked_at_before_any_of_them_is_refused(
    simtel: Simtel, tmp_path: Path
) -> None:
    bad = {"scenario": "simtel: scenario/1\n", "site": "simtel: site/1\n", "limits": "simtel: limits/1\n"}
    for name, text in bad.items():
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    paths = {name: str(tmp_path / f"{name}.yaml") for name in bad}
    done = simtel("run", paths["scenario"], "--site", paths["site"], "--limits", paths["limits"], "--out", "out")
    assert done.exit_code == 2
    assert [name for name in bad if f"{name}.yaml:1:1: key " in done.stderr] == list(bad)


def test_a_bad_scenario_is_shown_with_place(simtel: Simtel, tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text(MINE.replace("LIMIT", "1h").replace("roles:", "rolls:"), encoding="utf-8")
    done = simtel("run", str(bad), "--out", "out")
    assert done.exit_code == 2
    assert "bad.yaml:6:1: unknown key 'rolls'" in done.stderr
    assert not Path("out").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ("run",),
        ("run", "x", "--format", "xml"),
        ("run", "x", "--target", "moon"),
        ("run", "x", "--seats", "0"),
        ("rn",),
    ],
)
def test_wrong_usage_exits_with_2(simtel: Simtel, arguments: tuple[str, ...]) -> None:
    assert simtel(*arguments).exit_code == 2


def test_a_mistyped_command_is_guessed(simtel: Simtel) -> None:
    assert "did you mean 'run'?" in simtel("rnu").output


def test_chinese_is_spoken_when_asked(simtel: Simtel) -> None:
    done = simtel("--lang", "zh", *CRASH)
    assert "主用服务器" in done.output
    assert "INCONCLUSIVE" not in done.output


@pytest.mark.parametrize("command", list(COMMANDS))
def test_every_command_has_help(simtel: Simtel, command: str) -> None:
    done = simtel(command, "--help")
    assert done.exit_code == 0
    assert "Usage" in done.output


def test_the_options_of_run_are_those_that_the_readme_names() -> None:
    named = {option for parameter in run.params for option in parameter.opts}
    assert named >= {
        "--site", "--seats", "--seed", "--target", "--limits", "--out", "--format", "--parts", "--trace", "--jobs",
        "--report",
    }  # fmt: skip


def test_a_quick_look_passes_nothing_that_rests_on_assumptions(simtel: Simtel, fake: FakeTarget) -> None:
    simtel(*CRASH)
    fake.runs = 0
    done = simtel(*CRASH, "--no-vary", "--format", "json")
    assert fake.runs == 1
    (item,) = json.loads(done.stdout)["items"]
    assert "PASS" not in {verdict["outcome"] for verdict in item["verdicts"]}
    assert "not varied" in done.stdout
    assert not list(Path("out").rglob("variants.jsonl"))  # none of the earlier run


def test_two_sites_of_one_id_are_refused(simtel: Simtel, tmp_path: Path) -> None:
    shipped = (data.sites() / "today.yaml").read_text()
    for name in ("one.yaml", "two.yaml"):
        (tmp_path / name).write_text(shipped)
    done = simtel(*CRASH[:2], "--site", str(tmp_path / "one.yaml"), "--site", str(tmp_path / "two.yaml"))
    assert done.exit_code == 2
    assert f"two.yaml: has the id 'today' of {tmp_path / 'one.yaml'} too" in done.stderr


def test_a_run_in_the_folder_of_an_earlier_one_says_what_goes(simtel: Simtel) -> None:
    assert "gives way" not in simtel(*CRASH).stderr
    assert "simtel: out holds an earlier run; its 1 item gives way to this one" in simtel(*CRASH).stderr


def test_where_no_terminal_is_a_long_run_says_a_line_each_minute(capsys: pytest.CaptureFixture[str]) -> None:
    instants = iter([0.0, 1.0, 59.0, 61.0, 62.0, 185.0])
    minutes = Minutes(lambda: next(instants))
    for done in range(5):
        minutes(done, 5, f"item-{done}")
    assert capsys.readouterr().err == "[2/5] 1:00 item-2\n[4/5] 3:00 item-4\n"


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_help_says_the_defaults(simtel: Simtel, lang: str) -> None:
    said = " ".join(simtel("--lang", lang, "run", "--help").output.replace("│", " ").split())
    assert {"en": "[default: virtual]", "zh": "[默认：virtual]"}[lang] in said
