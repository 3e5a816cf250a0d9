"""A child process of `loopback`, its part file, and what became of it."""

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
from pathlib import Path
from typing import IO, Any, cast

import msgspec

import simtel
from simtel.wire.process import Start

_READY_WITHIN = 20.0  # seconds for a process to bind its addresses on a loaded machine
_END_WITHIN = 5.0  # seconds for a process to end in order


class Process:
    """A child process, its part file, and what became of it."""

    def __init__(self, module: str, config: dict[str, Any], folder: Path, life: int = 1) -> None:
        self.name = str(config["observer"])
        label = module.rpartition(".")[2] if self.name == "harness" else self.name
        self.part = folder / f"{label}-{life}.part"
        self.life = life
        # -P, and a path that leads to this very package: not to another that lies in the working folder.
        root = Path(simtel.__file__).resolve().parent.parent
        paths = [str(root), *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
        with (folder / f"{label}-{life}.stderr").open("wb") as errors:
            self._popen = subprocess.Popen(
                [sys.executable, "-P", "-m", module, json.dumps({**config, "part": str(self.part)})],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, process_group=0,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
            )  # fmt: skip
        self.pid = self._popen.pid
        self._to, self._from = cast(IO[bytes], self._popen.stdin), cast(IO[bytes], self._popen.stdout)  # both are pipes

    def await_ready(self) -> None:
        """Its addresses are bound."""
        readable, _, _ = select.select([self._from], [], [], _READY_WITHIN)
        if not readable or self._from.readline() != b"ready\n":
            raise RuntimeError(f"{self.name} did not start: {self._said()}")

    def go(self, start: Start) -> None:
        """Tell it when to begin. It may be dead already, which is seen elsewhere."""
        with contextlib.suppress(BrokenPipeError):
            self._to.write(msgspec.json.encode(start) + b"\n")
            self._to.flush()

    def over(self) -> int | None:
        """How it ended, as Popen says it, or None while it lives. It is not collected: its id stays taken."""
        if self._popen.returncode is not None:
            return self._popen.returncode
        found = os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        if found is None:
            return None
        return found.si_status if found.si_code == os.CLD_EXITED else -found.si_status

    def tell(self, number: signal.Signals) -> None:
        """Send a signal to a process that was not collected yet."""
        if self._popen.returncode is None:
            os.kill(self.pid, number)

    def collect(self) -> None:
        """Wait for it; end it by force when it does not end, and close the pipes."""
        try:
            self._popen.wait(_END_WITHIN)
        except subprocess.TimeoutExpired:
            self._popen.kill()
            self._popen.wait()
        for pipe in (self._to, self._from):
            with contextlib.suppress(BrokenPipeError):
                pipe.close()

    def _said(self) -> str:
        said = self.part.with_suffix(".stderr").read_text(errors="replace").strip().splitlines()
        return said[-1] if said else "no word"
