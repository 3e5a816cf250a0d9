"""Workers end with the process that started them, however that one ends."""

import signal
import subprocess
import sys
import time
from pathlib import Path


def _children(pid: int) -> list[int]:
    try:
        return [int(n) for n in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _wait(condition: object, seconds: float = 30.0) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if condition():  # type: ignore[operator]
            return True
        time.sleep(0.05)
    return False


def test_workers_do_not_outlive_a_killed_run(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "simtel", "run", "failover.active-server-crash", "--site", "today", "--site",
             "proposal-as-drawn", "--jobs", "2", "--out", str(tmp_path)]  # fmt: skip
    run = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        assert _wait(lambda: len(_children(run.pid)) >= 2)
        workers = _children(run.pid)
    finally:
        run.send_signal(signal.SIGKILL)
        run.wait()
    assert _wait(lambda: not any(Path(f"/proc/{pid}/exe").exists() for pid in workers))
