"""What a state machine is, and what it may do to the world.

A machine gets messages and timers that are due, each with the instant `now`, and answers by `Out`: it sends messages,
emits evidence and sets timers. It owns no clock, no socket and no calendar; whoever hosts it (SimPy or an OS process)
delivers and wakes.
"""

from typing import Any, Protocol

from simtel.core.clock import Ns
from simtel.core.events import Kind
from simtel.core.timers import Key, Timers


class Out(Protocol):
    """Given to a machine at birth; tests pass a recorder."""

    @property
    def timers(self) -> Timers:
        """The machine's timers."""

    def send(self, to: str, message: object) -> None:
        """Hand a message to the host. It is never delivered within the step."""

    def emit(self, kind: Kind, call: str | None = None, subject: str | None = None, /, **fields: Any) -> None:
        """Say what was seen. The observer is the machine; the subject is the machine unless another is named."""


class Machine(Protocol):
    """Every state machine in protocols/, callcentre/ and devices/."""

    def receive(self, message: Any, now: Ns) -> None:
        """A message arrived."""

    def on_timer(self, key: Key, now: Ns) -> None:
        """A timer is due."""
