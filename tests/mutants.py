"""Mutants: edit one rule at a time and see that the test which guards it goes red.

tests/mutants.toml lists them. Each `[[mutant]]` holds `rule` (what is broken, in words), `file`, `old` (text
that stands in the file exactly once), `new`, and `test` (a pytest node id). Each of two workers has a copy of
the project, in which one edit is made at a time and taken back afterwards, and a process that forks for each edit
(tests/forked.py); the checkout is never touched. First
the named tests must pass unedited in such a copy, or their failing would prove nothing. That run leaves its
bytecode behind, and the edited file alone is compiled anew. Exit code 0: all killed. 1: one survived.
2: the list is wrong, or a named test does not exist or fails unedited. A word as argument runs only the rules
that hold it.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from importlib.util import cache_from_source
from pathlib import Path
from queue import SimpleQueue
from typing import NamedTuple, Self

ROOT = Path(__file__).resolve().parent.parent
COPIED = ("simtel", "tests", "scenarios", "hardware_profiles", "pyproject.toml")
PASSED, FAILED = 0, 1  # pytest's exit codes
TOO_LONG = 124  # ours, for a test that an edit keeps from ending
LONGEST = 600  # seconds
FORKED = Path(__file__).with_name("forked.py")
OPTIONS = [
    *("-q", "-x", "-p", "no:cacheprovider", "-p", "no:xdist", "--hypothesis-profile=first"),
    # A test over its time ends its process as failed: in a thread, for no plug-in can catch that on the way.
    "--timeout-method=thread",
    *("-W", "ignore:Module already imported"),  # and so not rewritten by pytest: before the fork, and not ours
]


class Mutant(NamedTuple):
    rule: str
    file: str
    old: str
    new: str
    test: str


class ListError(Exception):
    """The list of mutants says something that cannot be done."""


def read(path: Path, root: Path) -> list[Mutant]:
    """The mutants of `path`; raises ListError unless each can be applied below `root`."""
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8"))["mutant"]
        mutants = [Mutant(**entry) for entry in entries]
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise ListError(f"{path.name}: {error!r}") from error
    if not mutants:
        raise ListError(f"{path.name}: lists no mutant")
    for mutant in mutants:
        source = root / mutant.file
        count = source.read_text(encoding="utf-8").count(mutant.old) if source.is_file() else 0
        if count != 1 or mutant.old == mutant.new:
            raise ListError(f"{path.name}: {mutant.rule}: `old` stands {count} times in {mutant.file}, want one edit")
    return mutants


class Pytest:
    """Runs tests of a copy of the project, each time in a new process with the modules of the copy as they are then."""

    def __init__(self, root: Path) -> None:
        self.root = root
        env = os.environ | {"PYTHONPATH": str(root)}
        self._process = subprocess.Popen(
            [sys.executable, "-P", FORKED], cwd=root, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._output = root / "pytest.out"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_raised: object) -> None:
        self._process.communicate()

    def __call__(self, *tests: str, keep: bool = False) -> tuple[int, str]:
        """Exit code and output; `keep` the bytecode for later runs."""
        assert self._process.stdin
        assert self._process.stdout
        print(json.dumps([str(self._output), LONGEST, keep, [*OPTIONS, *tests]]), file=self._process.stdin, flush=True)
        code = int(self._process.stdout.readline())
        said = self._output.read_text(encoding="utf-8", errors="replace")
        return (TOO_LONG, f"{said}no end after {LONGEST} s\n") if code == -signal.SIGALRM else (code, said)


@contextmanager
def copied(root: Path) -> Iterator[Path]:
    """A copy of the project, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="mutant-") as folder:
        copy = Path(folder)
        for name in COPIED:
            if (root / name).is_dir():
                shutil.copytree(root / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
            elif (root / name).is_file():
                shutil.copy(root / name, copy / name)
        yield copy


def run(mutant: Mutant, copies: SimpleQueue[Pytest]) -> tuple[int, float, str]:
    """pytest's exit code with the edit made in a copy that is free, seconds, and output."""
    copy = copies.get()
    begun = time.monotonic()
    edited = copy.root / mutant.file
    Path(cache_from_source(str(edited))).unlink(missing_ok=True)
    whole = edited.read_bytes()
    edited.write_text(whole.decode().replace(mutant.old, mutant.new), encoding="utf-8")
    try:
        code, output = copy(mutant.test)
    finally:
        edited.write_bytes(whole)
        # What one edit was killed by is not tried on the next.
        shutil.rmtree(copy.root / ".hypothesis", ignore_errors=True)
        copies.put(copy)
    return code, time.monotonic() - begun, output


def main(root: Path = ROOT, only: str = "") -> int:
    """Run the mutants of `root` whose rule holds `only`."""
    try:
        listed = read(root / "tests" / "mutants.toml", root)
    except ListError as error:
        print(error, file=sys.stderr)
        return 2
    mutants = [mutant for mutant in listed if only in mutant.rule]
    if not mutants:
        print(f"no rule holds {only!r}", file=sys.stderr)
        return 2
    lived: list[str] = []
    seconds: list[tuple[float, str]] = []
    codes: list[int] = []
    with copied(root) as first, Pytest(first) as one, tempfile.TemporaryDirectory(prefix="mutant-") as other:
        code, output = one(*sorted({mutant.test for mutant in mutants}), keep=True)
        if code != PASSED:
            print(f"{output}\nmutants: the named tests do not pass unedited", file=sys.stderr)
            return 2
        copies: SimpleQueue[Pytest] = SimpleQueue()
        second = Path(shutil.copytree(first, other, dirs_exist_ok=True))
        with Pytest(second) as two, ThreadPoolExecutor(max_workers=2) as pool:
            copies.put(one)
            copies.put(two)
            for mutant, done in zip(mutants, pool.map(lambda m: run(m, copies), mutants), strict=True):
                code, took, output = done
                codes.append(code)
                seconds.append((took, mutant.rule))
                word = {FAILED: "killed", PASSED: "SURVIVED"}.get(code, f"BROKEN (pytest exit code {code})")
                line = f"{word:8}  {mutant.rule}  [{mutant.test}]"
                print(line, flush=True)
                if code != FAILED:
                    lived.append(f"{line}\n{output if code != PASSED else ''}".rstrip())
    print("slowest:")
    for took, rule in sorted(seconds, reverse=True)[:10]:
        print(f"{took:6.1f} s  {rule}")
    for line in lived:
        print(line)
    killed, survived = codes.count(FAILED), codes.count(PASSED)
    print(f"mutants: {killed} killed, {survived} survived, {len(codes) - killed - survived} broken")
    if killed + survived < len(codes):
        return 2
    return 1 if survived else 0


if __name__ == "__main__":
    sys.exit(main(only=sys.argv[1] if len(sys.argv) > 1 else ""))
