import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from simtel.core.events import Kind
from simtel.core.merge import PartWriter
from simtel.probe.fault_process import Signals, Tail
from simtel.wire.codec import Codec
from simtel.wire.host import Host


def test_tail_gives_each_event_once_and_waits_for_a_whole_line(tmp_path: Path) -> None:
    own = tmp_path / "own.part"
    mine, other = PartWriter(own, "harness"), PartWriter(tmp_path / "watch.part", "watch")
    tail = Tail(tmp_path, own)
    mine.event(1, Kind.LOAD_ENDED, "harness", None, {"offered": 0})
    other.event(2, Kind.SERVER_ADVERTISED, "server.a", None, {})
    other.late(10**9)
    assert [seen.t for seen in tail()] == [2]
    assert list(tail()) == []
    whole = tmp_path / "late.part"
    PartWriter(whole, "late").event(3, Kind.SERVER_DETECTED, "late", None, {})
    line = whole.read_bytes()
    whole.write_bytes(line[:20])
    assert list(tail()) == []
    whole.write_bytes(line)
    assert [seen.t for seen in tail()] == [3]


@pytest.fixture
def victim() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        yield process
        process.kill()


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Host]:
    made = Host(PartWriter(tmp_path / "part", "harness"), Codec(b"run-0001"), {})
    yield made
    made.close()


def state(process: subprocess.Popen[bytes]) -> str:
    return Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()[0]


def test_signals_reach_the_process_and_no_stopped_one_is_left(
    tmp_path: Path, victim: subprocess.Popen[bytes], host: Host
) -> None:
    pids = tmp_path / "pids.json"
    pids.write_bytes(msgspec.json.encode({"server.a": victim.pid}))
    signals = Signals(pids, host)
    signals("server.a", signal.SIGSTOP)
    assert host.now > 0
    assert host.uncertainty > 0
    while state(victim) not in "Tt":
        pass
    signals.release()
    while state(victim) in "Tt":
        pass
    signals("server.a", signal.SIGKILL)
    assert victim.wait(5) == -signal.SIGKILL
    assert host.killed == ["server.a"]


def test_server_that_nobody_started(tmp_path: Path, host: Host) -> None:
    (tmp_path / "pids.json").write_text("{}")
    with pytest.raises(KeyError, match=r"server\.a"):
        Signals(tmp_path / "pids.json", host)("server.a", signal.SIGKILL)
