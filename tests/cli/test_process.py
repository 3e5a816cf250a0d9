"""The command line as a process: exit codes, Ctrl-C, a full disk, a closed pipe."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from simtel.core.log import read_log

ROOT = Path(__file__).resolve().parents[2]
RUN = ["run", "failover.active-server-crash", "--site", "proposal-as-drawn"]


def start(how: str, *arguments: str, cwd: Path, stdout: int = subprocess.PIPE) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.cli.driver", how, *arguments]
    env = os.environ | {"PYTHONPATH": str(ROOT), "SIMTEL_LANG": "en", "COLUMNS": "200"}
    return subprocess.Popen(command, cwd=cwd, env=env, stdout=stdout, stderr=subprocess.PIPE, text=True)


def finish(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=50)
    return process.returncode, out or "", err


def await_files(folder: Path, *names: str) -> None:
    for _ in range(2000):
        if all((folder / name).exists() for name in names):
            return
        time.sleep(0.02)
    pytest.fail(f"no {names} in {folder}")


@pytest.mark.parametrize(("jobs", "seats"), [("1", ["20"]), ("2", ["20", "60", "100"])])
def test_ctrl_c_keeps_readable_evidence_without_footer(tmp_path: Path, jobs: str, seats: list[str]) -> None:
    sizes = [word for size in seats for word in ("--seats", size)]
    process = start("wait", *RUN, *sizes, "--jobs", jobs, "--out", "out", cwd=tmp_path)
    begun = seats[: int(jobs)]
    await_files(tmp_path, *(f"waiting-{size}" for size in begun))
    process.send_signal(signal.SIGINT)
    code, _, err = finish(process)
    assert code == 130
    assert f"{len(begun)} {'log is' if len(begun) == 1 else 'logs are'} kept below out" in err
    assert "Traceback" not in err
    kept = sorted((tmp_path / "out").rglob("evidence.jsonl*"))
    assert len(kept) == len(begun)
    for path in kept:
        log = read_log(path)
        assert not log.complete
        assert len(log.events) == 6
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["failover.active-server-crash"]  # no run.json


def test_a_log_that_was_broken_off_passes_nothing(tmp_path: Path) -> None:
    process = start("wait", *RUN, "--out", "out", cwd=tmp_path)
    await_files(tmp_path, "waiting-20")
    process.send_signal(signal.SIGINT)
    finish(process)
    (path,) = (tmp_path / "out").rglob("evidence.jsonl")
    code, out, _ = finish(start("plain", "judge", str(path), "--format", "csv", cwd=tmp_path))
    assert code in (1, 3)
    assert ",PASS," not in out


def test_a_file_size_limit_leaves_nothing_that_looks_whole(tmp_path: Path) -> None:
    code, _, err = finish(start("full", *RUN, "--out", "out", cwd=tmp_path))
    assert code == 4
    assert err.count("\n") == 1
    assert "simtel: cannot write" in err
    assert "File too large" in err
    assert not [path for path in (tmp_path / "out").rglob("*") if path.is_file()]


def test_a_full_disk_under_a_pool_is_one_line(tmp_path: Path) -> None:
    code, _, err = finish(
        start("full", *RUN, "--seats", "20", "--seats", "60", "--jobs", "2", "--out", "out", cwd=tmp_path)
    )
    assert code == 4
    assert "simtel: cannot write" in err
    assert "Traceback" not in err
    assert not (tmp_path / "out" / "run.json").exists()


def test_output_to_a_full_disk_is_an_error(tmp_path: Path) -> None:
    with Path("/dev/full").open("w") as full:
        code, _, err = finish(
            start("plain", *RUN, "--out", "out", "--format", "json", cwd=tmp_path, stdout=full.fileno())
        )
    assert code == 4
    assert "cannot write" in err
    assert "Traceback" not in err


def test_a_reader_that_goes_away_is_no_traceback(tmp_path: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    process = start("plain", *RUN, "--out", "out", cwd=tmp_path, stdout=write)
    os.close(write)
    code, _, err = finish(process)
    assert code == 4
    assert "Traceback" not in err


@pytest.mark.parametrize(("module", "words", "said"), [
    ("simtel.cli.group", ["list", "sites"], "broken off"), ("click", ["list", "sites"], "broken off"),
    ("simtel.cli.speech", ["list", "sites", "--lang", "zh"], "已中断"),
    ("simtel.cli.listing", ["list", "sites"], "broken off"), ("rich.table", ["--help"], "broken off"),
])  # fmt: skip
def test_ctrl_c_among_the_imports_is_a_word_and_no_traceback(
    tmp_path: Path, module: str, words: list[str], said: str
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.cli.interrupted", module, *words], cwd=tmp_path, timeout=50, check=False,
        env=os.environ | {"PYTHONPATH": str(ROOT), "SIMTEL_LANG": "en"}, capture_output=True, text=True,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (130, "")
    assert done.stderr == f"simtel: {said}\n"


def test_python_m_simtel_is_the_command(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "simtel", "--version"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("simtel, version ")
