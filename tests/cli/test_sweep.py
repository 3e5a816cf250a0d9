"""`simtel sweep` from the outside: what it prints and writes, what it refuses, and Ctrl-C."""

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import Result

from simtel.cli.sweep import _bar
from simtel.report.pixels import speaks
from tests.cli.conftest import Simtel
from tests.cli.test_process import ROOT
from tests.sizing.demands import demand_file, law

pytestmark = pytest.mark.timeout(180)  # the kernel may have to be compiled
QUICK = ("--replications", "4", "--calls", "100", "--jobs", "1")


@pytest.fixture
def given(tmp_path: Path) -> str:
    (tmp_path / "demand.yaml").write_text(demand_file(), encoding="utf-8")
    return "demand.yaml"


def test_a_sweep_is_printed_written_and_drawn(simtel: Simtel, given: str, tmp_path: Path) -> None:
    done = simtel("sweep", given, "--seats", "8:14:3", *QUICK, "--out", "out")
    assert (done.exit_code, done.stderr) == (0, "")
    assert [line.split()[0] for line in done.stdout.splitlines()[1:4]] == ["8", "11", "14"]
    assert "all files of this sweep: out" in done.stdout
    out = tmp_path / "out"
    kept = ["points", "sweep.csv", "sweep.json", "sweep.png", "sweep.zh.png"]
    assert sorted(path.name for path in out.iterdir()) == kept
    alike = (out / "sweep.png").read_bytes() == (out / "sweep.zh.png").read_bytes()
    assert alike is (speaks("zh") == "en")  # no Chinese font here
    found = json.loads((out / "sweep.json").read_text())
    assert (found["simtel"], found["demand"], len(found["points"])) == ("sweep/1", "tests", 3)

    again = simtel("sweep", given, "--seats", "8:14:3", *QUICK, "--out", "out", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(again.stdout)))
    assert [float(row["service_level"]) for row in rows] == [
        point["shares"]["service_level"]["mean"] for point in found["points"]
    ]
    printed = simtel("sweep", given, "--seats", "8:14:3", *QUICK, "--out", "out", "--format", "json")
    assert json.loads(printed.stdout) == found


def test_redialling_is_said_to_be_left_out_and_a_hopeless_house_has_no_picture(simtel: Simtel, tmp_path: Path) -> None:
    text = (
        demand_file(patience="")
        + f"retrials: {{share: {{value: 50%, basis: measured, source: log}}, delay: {law('exponential', 60)}}}\n"
    )
    (tmp_path / "demand.yaml").write_text(text, encoding="utf-8")
    done = simtel("sweep", "demand.yaml", "--seats", "3", *QUICK, "--out", "out")
    assert done.exit_code == 0
    assert "not simulated" in done.stderr
    assert "no steady state" in done.stdout
    assert not (tmp_path / "out" / "sweep.png").exists()


def test_the_bar_says_how_far_a_sweep_is() -> None:
    told: list[tuple[int, int, str]] = []
    bar = _bar(lambda *words: told.append(words))
    bar(3, 12, "14")
    bar(12, 12, "30")
    assert told == [(3, 12, f"|{'#' * 7}{' ' * 23}| 14 seats"), (12, 12, f"|{'#' * 30}| 30 seats")]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--seats", "8-14"), "is no span of seats"),
        (("--seats", "14:8"), "goes upwards"),
        (("--seats", "0:8"), "goes upwards"),
        (("--seats", "1:1001"), "1000 at most"),
        (("--seats", "8:14:0"), "goes upwards"),
        (("--seats", "8", "--half-width", "0%"), "above 0%"),
        (("--seats", "8", "--half-width", "0.1"), "is not a share"),
        (("--seats", "8", "--replications", "1"), "2<=x<=10000"),
        (("--seats", "8", "--executor", "cloud"), "local or dask://"),
        (("--seats", "8", "--half-width", "x"), "is not a share"),
        (("--seats", "8", "--ivr-ports", "4"), "goes with --trunks"),
        ((), "Missing option '--seats'"),
    ],
)
def test_bad_words_are_refused(simtel: Simtel, given: str, words: tuple[str, ...], said: str, tmp_path: Path) -> None:
    done = simtel("sweep", given, *words, "--out", "out")
    assert done.exit_code == 2
    assert said in " ".join(done.output.replace("│", " ").split())
    assert not list((tmp_path / "out").glob("*"))


def test_bad_files_are_refused(simtel: Simtel, tmp_path: Path) -> None:
    def refused(text: str) -> Result:
        (tmp_path / "demand.yaml").write_text(text, encoding="utf-8")
        done = simtel("sweep", "demand.yaml", "--seats", "8", "--out", "out")
        assert done.exit_code == 2
        assert not (tmp_path / "out").exists()
        return done

    assert "nobody asks for a seat" in refused(demand_file(rate="0/h")).output
    assert "is a site file" in refused("simtel: site/1\n").output
    assert simtel("sweep", "absent.yaml", "--seats", "8").exit_code == 2


def test_ctrl_c_keeps_what_is_ready_and_the_same_command_goes_on(given: str, simtel: Simtel, tmp_path: Path) -> None:
    words = ["sweep", given, "--seats", "10:17", "--replications", "64", "--calls", "40000", "--jobs", "2"]
    env = os.environ | {"PYTHONPATH": str(ROOT), "SIMTEL_LANG": "en"}
    process = subprocess.Popen(
        [sys.executable, "-m", "simtel", *words, "--out", "out"],
        cwd=tmp_path,
        env=env,
        stderr=subprocess.PIPE,
        text=True,
    )
    points = tmp_path / "out" / "points"
    for _ in range(3000):
        if points.exists() and len(list(points.glob("*.json"))) >= 2:
            break
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "the same command goes on from there" in err
    assert "Traceback" not in err
    kept = {path.name: (path.stat().st_mtime_ns, path.read_bytes()) for path in points.iterdir()}
    assert 2 <= len(kept) < 8
    assert not (tmp_path / "out" / "sweep.json").exists()
    assert simtel(*words, "--out", "out").exit_code == 0
    for name, (written, content) in kept.items():
        assert (points / name).stat().st_mtime_ns == written
        assert (points / name).read_bytes() == content
    assert len(list(points.iterdir())) == 8
