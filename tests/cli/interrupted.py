"""The command with Ctrl-C in the midst of its imports: `python -m tests.cli.interrupted MODULE ARGUMENTS...`.

SIGINT comes when MODULE is about to be imported for the first time.
"""

import os
import signal
import sys
from importlib.abc import MetaPathFinder


class Interrupt(MetaPathFinder):
    """Finds nothing; sends the signal once."""

    def __init__(self, name: str) -> None:
        self._name = name

    def find_spec(self, name: str, _path: object = None, _target: object = None) -> None:
        """Asked for each module before anybody else."""
        if name == self._name:
            self._name = ""
            os.kill(os.getpid(), signal.SIGINT)


if __name__ == "__main__":
    assert sys.argv[1] not in sys.modules
    sys.meta_path.insert(0, Interrupt(sys.argv.pop(1)))
    from simtel.cli import main

    main()
