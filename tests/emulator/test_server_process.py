"""A server process by itself, as a stranger on the network meets it."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest

from simtel.core.clock import MS
from simtel.core.merge import End, read_part
from simtel.protocols.election import Advert, Fence
from simtel.protocols.service import Check, Checked
from simtel.wire.codec import Codec
from simtel.wire.process import Start, soon
from simtel.wire.udp import Address, address_of, reserve

TAG = b"run-0001"
MODULE = "simtel.emulator.server_process"


class Neighbour:
    """Somebody who talks to the server and hears its answers."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.codec = Codec(TAG)
        self.ear = stack.enter_context(reserve("127.79.1.1"))
        self.ear.settimeout(5)
        self.heartbeat = address_of(stack.enter_context(reserve("127.79.1.2")))
        self.service = address_of(stack.enter_context(reserve("127.79.1.3")))
        self.part = folder / "part"

    def config(self, **changed: Any) -> dict[str, Any]:
        times = {"advert_interval": 100 * MS, "promote_time": 0, "address_time": 0}
        return {
            "observer": "server.1",
            "part": str(self.part),
            "tag": TAG.hex(),
            "routes": {"watch": [address_of(self.ear)]},
            "peer": None,
            "priority": 100,
            "active": True,
            "times": times,
            "paths": [],
            "ears": [self.heartbeat],
            "service": self.service,
        } | changed

    def say(self, message: object, to: Address) -> None:
        self.ear.sendto(self.codec.encode(message), to)

    def ask(self, number: int) -> Checked:
        """Ask until an answer to this question comes: the server may still be binding its address."""
        for _ in range(100):
            self.say(Check("watch", number), self.service)
            try:
                self.ear.settimeout(0.1)
                answer = self.codec.decode(self.ear.recv(1000))
            except TimeoutError:
                continue
            if isinstance(answer, Checked) and answer.number == number:
                return answer
        raise AssertionError("no answer")

    def end(self) -> End:
        end = read_part(self.part).end
        assert end is not None
        return end


@pytest.fixture
def neighbour(tmp_path: Path) -> Iterator[Neighbour]:
    with ExitStack() as stack:
        yield Neighbour(tmp_path, stack)


@contextmanager
def server(config: dict[str, Any], *, by_stdin: bool = False) -> Iterator[subprocess.Popen[bytes]]:
    """The process, told to start; it is ended in any case."""
    text = json.dumps(config)
    with subprocess.Popen(
        [sys.executable, "-m", MODULE, *([] if by_stdin else [text])],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdin
        assert process.stdout
        try:
            if by_stdin:
                process.stdin.write(text.encode() + b"\n")
                process.stdin.flush()
            if process.stdout.readline() == b"ready\n":
                process.stdin.write(msgspec.json.encode(soon()) + b"\n")
                process.stdin.flush()
            yield process
        finally:
            process.kill()


def test_hostile_datagrams_neither_end_it_nor_stop_its_answers(neighbour: Neighbour) -> None:
    with server(neighbour.config()) as process:
        assert neighbour.ask(1) == Checked("server.1", 1)
        for place in (neighbour.heartbeat, neighbour.service):
            for rubbish in (b"", b"\xff" * 2000, TAG, TAG + b"\x91" * 400, os.urandom(100), TAG + os.urandom(40)):
                neighbour.ear.sendto(rubbish, place)
        neighbour.say(Check("nobody knows me", 1), neighbour.service)
        neighbour.say(Advert("server.9", 255, -1), neighbour.heartbeat)
        assert neighbour.ask(2) == Checked("server.1", 2)
        process.send_signal(signal.SIGTERM)
        assert process.wait(5) == 0
    end = neighbour.end()
    assert sum(end.rejected.values()) >= 13
    assert end.undelivered == 1
    assert read_part(neighbour.part).errors == ()


def test_message_that_is_not_for_a_server_is_ignored(neighbour: Neighbour) -> None:
    with server(neighbour.config()) as process:
        neighbour.ask(1)
        neighbour.say(Checked("server.2", 1), neighbour.heartbeat)
        neighbour.say(Fence("server.1"), neighbour.heartbeat)
        assert neighbour.ask(2) == Checked("server.1", 2)
        process.send_signal(signal.SIGTERM)
        assert process.wait(5) == 0
    assert neighbour.end().rejected == {"not for this machine": 2}


def test_configuration_by_standard_input_and_end_when_it_closes(neighbour: Neighbour) -> None:
    with server(neighbour.config(), by_stdin=True) as process:
        neighbour.ask(1)
        assert process.stdin
        process.stdin.close()
        assert process.wait(5) == 0
    assert "devices" in neighbour.end().rooms


def test_start_in_the_configuration(neighbour: Neighbour) -> None:
    at = time.monotonic_ns()
    with subprocess.Popen(
        [sys.executable, "-m", MODULE, json.dumps(neighbour.config(start=msgspec.to_builtins(Start(at, at))))],
        stdin=subprocess.PIPE,
    ) as process:
        neighbour.ask(1)
        process.send_signal(signal.SIGTERM)
        assert process.wait(5) == 0


@pytest.mark.parametrize(
    "text", ["{", '{"observer":1}', "{}", "/no/such/file", '{"observer":"a","part":"/","tag":"xx"}']
)
def test_bad_configuration_is_exit_status_2(text: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", MODULE, text], capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False
    )
    assert done.returncode == 2
    assert done.stderr.startswith("configuration: ")
    assert done.stderr.count("\n") == 1


def test_address_in_use_is_an_error_and_is_written_down(neighbour: Neighbour) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        stranger.bind(("127.79.1.4", 0))
        with server(neighbour.config(ears=[address_of(stranger)])) as process:
            assert process.wait(5) == 1
    (error,) = read_part(neighbour.part).errors
    assert "in use" in error
