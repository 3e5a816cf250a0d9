"""Runs pytest again and again, each time in a fork that has imported what is not ours: that saves half of a short test.

Started in the folder of a project, with nothing of it imported. Each line of standard input is a run: a JSON list of
the file for its output, the seconds it may take, whether bytecode is kept, and pytest's arguments. Its answer is a line
with the exit code; one that takes too long is ended by SIGALRM, and the code is minus its number.
"""

import json
import os
import signal
import sys

import hypothesis.strategies  # noqa: F401 - for all forks
import msgspec  # noqa: F401 - the same
import numpy as np  # noqa: F401 - the same
import pytest
import simpy  # noqa: F401 - the same
import yaml  # noqa: F401 - the same


def run(output: str, seconds: int, keep: bool, arguments: list[str]) -> None:
    """One run; ends the process."""
    signal.alarm(seconds)
    sys.dont_write_bytecode = not keep
    os.environ["PYTHONDONTWRITEBYTECODE"] = "" if keep else "1"  # for what a test starts
    written = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for ours, theirs in ((nothing, 0), (written, 1), (written, 2)):
        os.dup2(ours, theirs)
    code = int(pytest.main(arguments))
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    for line in sys.stdin:
        child = os.fork()
        if not child:
            run(*json.loads(line))
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
