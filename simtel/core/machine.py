"""What a state machine is, and what it may do to the world.

A machine gets messages and deadlines, each with the instant `now`, and answers by `Out`: it sends messages and emits
evidence. It owns no clock, no socket and no calendar; whoever hosts it (SimPy or an OS process) delivers and wakes.
"""

from typing import Any, Protocol

from simtel.core.clock import Ns
from simtel.core.events import Kind
from simtel.core.timers import Timers


class Out(Protocol):
    """Given to a machine at birth; tests pass a recorder."""

    def send(self, to: str, message: object) -> None:
        """Hand a message to the host. It is never delivered within the step."""

    def emit(self, kind: Kind, call: str | None = None, subject: str | None = None, /, **fields: Any) -> None:
        """Say what was seen. The observer is the machine; the subject is the machine unless another is named."""


class Machine(Protocol):
    """Every state machine in protocols/, callcentre/ and devices/.

    `timers.earlier` tells of each new earliest deadline; a machine of several parts hands theirs on.
    """

    @property
    def timers(self) -> Timers:
        """Its deadlines."""

    def receive(self, message: Any, now: Ns) -> None:
        """A message arrived."""

    def deadline(self) -> Ns | None:
        """The next instant at which `on_deadline` wants to be called; O(1)."""

    def on_deadline(self, now: Ns) -> None:
        """The deadline is reached."""
