"""The command line with a fake target in a process of its own: `python -m tests.cli.driver HOW ARGUMENTS...`.

HOW is `plain`; `wait`, which stops in the middle of each run until a signal comes, saying so by a file beside the
evidence; or `full`, which has a file size limit of 2 KiB.
"""

import resource
import signal
import sys
from pathlib import Path

from simtel.cli import main
from simtel.core.log import EvidenceWriter
from simtel.run import session
from simtel.target.plan import Plan
from tests.run.fake import FakeTarget


class WaitingTarget(FakeTarget):
    """Writes half a log, says so, and waits for ever."""

    def run(self, plan: Plan, writer: EvidenceWriter) -> None:
        self.stop = _HalfWrittenError()
        try:
            super().run(plan, writer)
        except _HalfWrittenError:
            Path(f"waiting-{plan.site.seats}").touch()
            while True:
                signal.pause()


class _HalfWrittenError(Exception):
    """Half a log is written."""


if __name__ == "__main__":
    how = sys.argv.pop(1)
    target = WaitingTarget() if how == "wait" else FakeTarget()
    session.make_target = lambda _: target  # type: ignore[assignment]
    if how == "full":
        resource.setrlimit(resource.RLIMIT_FSIZE, (2048, 2048))
    main()
