"""SIPp, whose SIP nobody here wrote: it answers our load, and it calls our site.

Needs sipp; .ci/run installs it. SIPp runs under `timeout -s INT`, for a 200 that is lost leaves it waiting for ever.
"""

import csv
import json
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from simtel.core.events import Kind
from simtel.core.log import read_log

SIPP = ["timeout", "-s", "INT", "50", "sipp"]
USUAL = ["-i", "127.0.0.1", "-buff_size", "4194304", "-nostdin", "-trace_stat", "-fd", "1"]


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def simtel(*words: str) -> list[str]:
    return [sys.executable, "-m", "simtel", "--lang", "en", *words]


@contextmanager
def sipp(folder: Path, *words: str) -> Iterator["subprocess.Popen[bytes]"]:
    """A SIPp that is ended in order."""
    running = subprocess.Popen([*SIPP, *words, *USUAL], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        yield running
    finally:
        if running.poll() is None:
            running.send_signal(signal.SIGINT)
        running.communicate(timeout=10)


def listening(port: int) -> None:
    """Wait until somebody has the port."""
    for _ in range(200):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            try:
                sock.bind(("127.0.0.1", port))
            except OSError:
                return
        time.sleep(0.05)
    raise AssertionError("nobody listens")


def counted(folder: Path) -> dict[str, int]:
    """The last line of SIPp's own statistics."""
    (file,) = folder.glob("*_.csv")
    with file.open() as lines:
        last = list(csv.DictReader(lines, delimiter=";"))[-1]
    return {name: int(last[name]) for name in ("SuccessfulCall(C)", "FailedCall(C)", "IncomingCall(C)")}


def test_sipp_is_there() -> None:
    assert shutil.which("sipp"), "install sip-tester: without it nothing judges SIP from outside"


def test_our_load_against_the_uas_of_sipp(tmp_path: Path) -> None:
    port = free_port()
    with sipp(tmp_path, "-sn", "uas", "-p", str(port)) as far:
        listening(port)
        done = subprocess.run(
            simtel("load", "--to", f"sip:1000@127.0.0.1:{port}", "--rate", "100/s", "--calls", "200", "--hold", "200ms",
                   "--format", "json"),
            capture_output=True, check=False, timeout=50,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        far.send_signal(signal.SIGINT)
        far.wait(10)
    found = json.loads(done.stdout)
    assert (found["attempts"], found["completed"], found["delays"]["srd"]["count"]) == (200, 200, 200)
    theirs = counted(tmp_path)
    assert theirs["IncomingCall(C)"] == 200
    assert theirs["FailedCall(C)"] == 0


def test_one_call_to_the_uas_of_sipp_is_shown(tmp_path: Path) -> None:
    port = free_port()
    with sipp(tmp_path, "-sn", "uas", "-p", str(port)):
        listening(port)
        words = simtel("call", "--to", f"sip:1000@127.0.0.1:{port}", "--hold", "0s")
        done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=30)
    assert done.returncode == 0, done.stderr
    rows = [line.partition("ms  ")[2] for line in done.stdout.splitlines() if "|" in line]
    assert [row.strip("|-<> ").split(" sip:")[0] for row in rows] == [
        "INVITE", "SIP/2.0 180 Ringing", "SIP/2.0 200 OK", "ACK", "BYE", "SIP/2.0 200 OK",
    ]  # fmt: skip


@contextmanager
def emulated(*words: str) -> Iterator[tuple["subprocess.Popen[str]", int]]:
    """`simtel emulate` of today's site, and the port where it takes calls."""
    command = simtel("emulate", "today", "--sip", "127.0.0.1:0", "--duration", "50s", *words)
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert running.stdout is not None
        said = running.stdout.readline()
        yield running, int(said.partition("127.0.0.1:")[2].partition(";")[0])
    finally:
        if running.poll() is None:
            running.send_signal(signal.SIGINT)
        running.communicate(timeout=10)


def test_the_uac_of_sipp_calls_the_emulated_site(tmp_path: Path) -> None:
    evidence = tmp_path / "site.jsonl"
    with emulated("--evidence", str(evidence)) as (site, port):
        words = ("-sn", "uac", "-r", "4", "-m", "8", "-d", "300", "-s", "1000", f"127.0.0.1:{port}")
        with sipp(tmp_path, *words) as far:
            assert far.wait(40) == 0
        site.send_signal(signal.SIGINT)
        said, troubles = site.communicate(timeout=10)
    assert (site.returncode, troubles) == (0, "")
    assert said.splitlines()[0] == "8 calls came, 8 were answered"
    theirs = counted(tmp_path)
    assert (theirs["SuccessfulCall(C)"], theirs["FailedCall(C)"]) == (8, 0)
    log = read_log(evidence)
    assert log.complete
    assert len({event.call for event in log.events if event.kind == Kind.CALL_CONNECTED}) == 8


def test_ctrl_c_hangs_up_and_ends_the_evidence(tmp_path: Path) -> None:
    evidence = tmp_path / "site.jsonl"
    with emulated("--evidence", str(evidence)) as (site, port):
        words = simtel("load", "--to", f"sip:1000@127.0.0.1:{port}", "--rate", "4/s", "--calls", "3", "--hold", "40s",
                       "--format", "json")  # fmt: skip
        caller = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        time.sleep(4)  # the three are up
        site.send_signal(signal.SIGINT)
        said, _ = site.communicate(timeout=10)
        figures, _ = caller.communicate(timeout=10)
    assert site.returncode == 0
    assert "3 calls came, 3 were answered" in said
    found = json.loads(figures)
    assert (caller.returncode, found["answered"], found["broken"]) == (1, 3, {"bye": 3})
    assert read_log(evidence).complete


def test_nobody_there_is_an_exit_code(tmp_path: Path) -> None:
    port = free_port()  # a closed port: nobody answers for 32 s, so the load is broken off
    words = simtel("load", "--to", f"sip:1000@127.0.0.1:{port}", "--calls", "1")
    running = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    time.sleep(2)
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=20)
    assert (running.returncode, b"broken off" in said) == (130, True)
