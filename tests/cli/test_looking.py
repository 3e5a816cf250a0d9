"""`simtel coverage`, `diff` and `profiles`, and `run --check`: what they print, and what they exit with."""

import json
import os
from pathlib import Path

import pytest

from simtel.core.clock import SECOND
from simtel.profiles.catalogue import read_devices
from tests.cli.conftest import Simtel
from tests.report.sample import run_folder
from tests.run.fake import FakeTarget

CRASH = ("run", "failover.active-server-crash", "--site", "proposal-as-drawn", "--no-report", "--jobs", "1")


def test_check_says_what_would_be_run_and_writes_nothing(simtel: Simtel, fake: FakeTarget) -> None:
    done = simtel("run", "scenarios/failover", "--site", "today", "--site", "proposal-as-drawn", "--check")
    assert done.exit_code == 0
    assert "Not applicable: 2 servers are needed, the site has 1: today-20" in done.output
    assert "items would be run" in done.output
    assert fake.runs == 0
    assert not list(Path().iterdir())


@pytest.mark.parametrize("bad", [("--site", "nowhere"), ("--format", "csv"), ("--limits", "none.yaml")])
def test_check_finds_what_run_would_find(simtel: Simtel, bad: tuple[str, ...]) -> None:
    assert simtel("run", "scenarios/failover", "--check", *bad).exit_code == 2


def test_check_finds_a_bad_scenario(simtel: Simtel) -> None:
    Path("bad.yaml").write_text("simtel: scenario/1\nid: [\n", encoding="utf-8")
    done = simtel("run", "bad.yaml", "--check")
    assert done.exit_code == 2
    assert "bad.yaml:3:1" in done.stderr


def test_diff_of_a_run_with_itself(simtel: Simtel) -> None:
    simtel(*CRASH, "--out", "a")
    done = simtel("diff", "a", "a")
    assert done.exit_code == 0
    assert "1 with the very same events" in done.output


def test_diff_fails_when_an_outcome_got_worse(simtel: Simtel, fake: FakeTarget) -> None:
    simtel(*CRASH, "--out", "a")
    fake.also = ("servers.boot_time",)
    simtel(*CRASH, "--out", "b")
    done = simtel("diff", "a", "b")
    assert done.exit_code == 1
    assert "Worse" in done.output
    assert simtel("diff", "b", "a").exit_code == 0
    found = json.loads(simtel("diff", "a", "b", "--format", "json").output)
    assert found["outcome"] == "FAIL"
    assert any(change["delta"] and change["delta"] >= SECOND for change in found["changes"])


def test_diff_tells_what_is_missing(simtel: Simtel, tmp_path: Path) -> None:
    simtel(*CRASH, "--out", "a")
    run_folder(tmp_path / "b")
    done = simtel("diff", "a", "b")
    assert done.exit_code == 3
    assert "Missing in the second run" in done.output


@pytest.mark.parametrize(
    "content", [None, b"{", b"[" * 100_000, b'{"simtel":"run/9","items":[]}', b"\xff\xfe",
                b'{"simtel":"run/1","items":[{"scenario":"x","site":"x","seats":1,"outcome":"x","verdicts":"../../etc/passwd"}]}']
)  # fmt: skip
def test_a_hostile_folder_is_a_bad_file(simtel: Simtel, content: bytes | None) -> None:
    Path("bad").mkdir()
    if content is not None:
        Path("bad/run.json").write_bytes(content)
    done = simtel("diff", "bad", "nowhere")
    assert done.exit_code == 2
    assert "bad" in done.stderr
    assert "nowhere" in done.stderr
    if content is not None:
        assert simtel("coverage", "bad").exit_code == 2


def test_coverage_reads_what_runs_left_and_the_newest_counts(simtel: Simtel, fake: FakeTarget) -> None:
    fake.also = ("servers.boot_time",)
    simtel(*CRASH, "--no-vary", "--out", "reports/a")
    assert json.loads(simtel("coverage", "--format", "json").output)["claims"][0]["outcome"] == "FAIL"
    fake.also = ()
    simtel(*CRASH, "--no-vary", "--out", "reports/b")
    os.utime("reports/a/run.json", (1, 1))
    done = simtel("coverage", "--format", "json")
    found = json.loads(done.stdout)
    assert found["claims"][0]["outcome"] == "INCONCLUSIVE"
    assert "R13" in found["without_verdict"]
    assert done.exit_code == 3
    os.utime("reports/b/run.json", (0, 0))
    assert simtel("coverage").exit_code == 1


def test_coverage_of_nothing_says_so(simtel: Simtel) -> None:
    done = simtel("coverage")
    assert done.exit_code == 3
    assert "no result was found" in done.stderr
    assert "27 without a verdict" in done.output
    assert simtel("coverage", "nowhere").exit_code == 2


def test_coverage_shows_the_sites_and_targets_asked_for(simtel: Simtel) -> None:
    simtel(*CRASH, "--out", "reports/a")
    assert "proposal-as-drawn-20" in simtel("coverage", "--site", "proposal-as-drawn").output
    assert "proposal-as-drawn-20" not in simtel("coverage", "--site", "today").output
    assert "proposal-as-drawn-20" not in simtel("coverage", "--target", "loopback").output


def test_coverage_runs_the_whole_library_when_asked(simtel: Simtel, fake: FakeTarget) -> None:
    done = simtel("coverage", "--run", "--site", "today", "--no-vary", "--jobs", "1", "--format", "json")
    found = json.loads(done.stdout)
    assert done.exit_code in (1, 3)
    assert fake.runs > 20
    assert all(one["results"] for claim in found["claims"] for one in claim["scenarios"])
    assert list(Path("reports").glob("coverage-*/run.json"))


def test_the_page_is_written_whole(simtel: Simtel) -> None:
    done = simtel("coverage", "--format", "html", "--out", "coverage.html", "--lang", "zh")
    assert done.output.count("\n") <= 1
    page = Path("coverage.html").read_text(encoding="utf-8")
    assert page.rstrip().endswith("</html>")
    assert 'id="lang-zh" class="switch" checked' in page


def test_profiles_lists_every_device(simtel: Simtel) -> None:
    done = simtel("profiles", "list")
    assert {line.split()[0] for line in done.output.splitlines()[2:]} == set(read_devices())
    assert "E1 网关" in simtel("profiles", "list", "--lang", "zh").output


def test_a_profile_shows_known_assumed_and_unknown(simtel: Simtel) -> None:
    text = simtel("profiles", "show", "lts-1000t").output
    assert text.index("Known") < text.index("ports.spans") < text.index("Assumed") < text.index("4.6 ppm")
    assert text.index("Unknown") < text.index("time from power-on to service is not stated")
    chinese = simtel("profiles", "show", "lts-1000t", "--lang", "zh").output
    assert "not stated" not in chinese
    for told, row in ((text, "time 10 s 2 s 30 s assumed"), (chinese, "时间 10 s 2 s 30 s 假定")):
        (keepalive,) = (line for line in told.splitlines() if line.startswith("registration.keepalive"))
        assert row in " ".join(keepalive.replace("│", " ").split()), "unit, nominal value, low and high"
    (device,) = json.loads(simtel("profiles", "show", "lts-1000t", "--format", "json").output)["devices"]
    assert device["figures"]["boot_time"]["sort"] == "unknown"
    assert device["figures"]["ports.spans"]["value"] == 2
    assert device["figures"]["ports.spans"]["meaning"] == "E1 ports"


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_figure_of_every_device_has_a_meaning(simtel: Simtel, lang: str) -> None:
    devices = read_devices().values()
    assert not [(one.id, path) for one in devices for path, given in one.figures.items() if not given.spec.meaning]
    text = simtel("profiles", "show", "public-exchange", "--lang", lang).output
    assert {"en": "order in which incoming calls take timeslots", "zh": "呼入选用时隙的次序"}[lang] in text


def test_two_profiles_show_where_they_differ(simtel: Simtel) -> None:
    text = simtel("profiles", "diff", "lts-1000t", "e1-module-1").output
    assert "ports.spans" in text
    assert "line.t200" not in text
    assert "has no such figure" in text
    assert simtel("profiles", "diff", "headset", "headset").output == "4 of 4 figures are stated alike\n"
    found = json.loads(simtel("profiles", "diff", "lts-1000t", "e1-module-1", "--format", "json").output)
    assert "ports.spans" in found["differ"]
    assert "line.t200" not in found["differ"]


@pytest.mark.parametrize(
    "words", [("show",), ("show", "nothing"), ("diff", "headset"), ("list", "headset"), ("show", "no.yaml"), ("walk",)]
)
def test_a_device_that_is_none_is_a_usage_error(simtel: Simtel, words: tuple[str, ...]) -> None:
    assert simtel("profiles", *words).exit_code == 2


def test_a_near_name_is_suggested(simtel: Simtel) -> None:
    assert "lts-1000t" in simtel("profiles", "show", "lts-1000").stderr
