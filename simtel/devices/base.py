"""What every device machine has: a name, a way out, timers, and a table from message type to method."""

from collections.abc import Callable
from typing import Any, ClassVar

from simtel.core.clock import Ns
from simtel.core.machine import Out
from simtel.core.timers import Key


class Device:
    """Base of the machines. Subclasses fill `HANDLERS` (message type -> method) and `TIMERS` (key[0] -> method)."""

    HANDLERS: ClassVar[dict[type, Callable[[Any, Any, Ns], None]]] = {}
    TIMERS: ClassVar[dict[str, Callable[[Any, Key, Ns], None]]] = {}

    def __init__(self, name: str, out: Out) -> None:
        self.name = name
        self.timers = out.timers
        self.send = out.send
        self.emit = out.emit

    def receive(self, message: object, now: Ns) -> None:
        """A message arrived. TypeError when the device has no use for its type: a bug, not an event."""
        try:
            handler = self.HANDLERS[type(message)]
        except KeyError:
            raise TypeError(f"{self.name} cannot handle {message!r}") from None
        handler(self, message, now)

    def on_timer(self, key: Key, now: Ns) -> None:
        """A timer is due."""
        self.TIMERS[key[0]](self, key, now)

    def holds(self) -> dict[str, int]:
        """Census: what the device still holds. All zero when it is quiet."""
        return {}
