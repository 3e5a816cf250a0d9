"""The public exchange whose callers come from outside: somebody else dials, waits and hangs up, and is told.

Everything between caller and agent is the exchange's own. Of its people only these rules differ:
 1. Nobody loses patience and nobody dials again here: whoever calls from outside sees to that himself.
 2. When the talk is over, the agent hangs up, unless the caller did before.
"""

from collections.abc import Callable
from typing import Any, ClassVar

from msgspec.structs import replace

from simtel.core.clock import Ns
from simtel.devices.callers import Arrival, Call, Habits
from simtel.devices.exchange import Exchange

Told = Callable[[str, str, str], None]  # call, "connected" or how it ended (a disposition), cause


class OpenExchange(Exchange):
    """An exchange with a door."""

    def __init__(self, *args: Any, habits: Habits, **named: Any) -> None:
        """As `Exchange`."""
        super().__init__(*args, habits=replace(habits, redial=0.0, caller_ends=0.0), **named)
        self.told: Told = lambda _call, _what, _cause: None

    def start(self, now: Ns) -> None:
        """Nobody of its own calls."""

    def dial(self, skill: str, talk: int, now: Ns) -> str:
        """Somebody calls; the name of his call. It may have ended before this returns, which is told all the same."""
        name = f"c{self.offered + 1}"
        self._offer(Arrival(now, talk, skill), 1, now)
        return name

    def hang_up(self, name: str, now: Ns) -> None:
        """The caller hangs up, if the call is still there."""
        call = self._calls.get(name)
        if call is not None:
            self._hang_up(call, "completed" if call.talking or call.finished else "abandoned", "caller", now)

    # --- what differs

    def _connected(self, call: Call, now: Ns) -> None:
        super()._connected(call, now)
        self.told(call.id, "connected", "")

    def _end(self, call: Call, disposition: str, cause: str, now: Ns) -> None:
        super()._end(call, disposition, cause, now)
        self.told(call.id, disposition, cause)

    def _have_patience(self, call: Call, now: Ns) -> None:
        """Rule 1."""

    def _lose_patience(self, call: Call, now: Ns) -> None:
        """Rule 1."""

    def _waits_on(self, call: Call, now: Ns) -> None:
        """Rule 1."""

    STEPS: ClassVar[dict[str, Any]] = {**Exchange.STEPS, "wait": _waits_on}
