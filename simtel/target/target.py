"""What every target is: it says what it can see and break, runs a plan, and leaves the site as it found it."""

from typing import Protocol

from simtel.core.events import Kind
from simtel.core.faults import FaultKind
from simtel.core.log import EvidenceWriter
from simtel.target.plan import Plan


class Target(Protocol):
    """A place where a plan can be run."""

    @property
    def kind(self) -> str:
        """virtual, loopback or bench."""

    def observes(self) -> frozenset[Kind]:
        """Kinds of events that it can see; a criterion that needs another is inconclusive here."""

    def faults(self) -> frozenset[FaultKind]:
        """Faults that it can inject."""

    def run(self, plan: Plan, out: EvidenceWriter) -> None:
        """Run, write the evidence and close the log with its footer.

        BadInput, before anything is started, for a plan that it cannot run. A machine or process that failed is
        written to the footer as the error of the run. On KeyboardInterrupt the log is kept without a footer.
        """
