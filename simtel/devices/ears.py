"""What one end of a call hears: when sound stops, how long the silence lasts, and when people have had enough."""

from simtel.core.clock import Ns
from simtel.core.events import Kind
from simtel.core.machine import Out


class Ears:
    """Silences of the calls of one end. `end` is 'public' or 'seat'."""

    __slots__ = ("_emit", "_end", "_longest", "_since")

    def __init__(self, end: str, out: Out) -> None:
        self._end = end
        self._emit = out.emit
        self._since: dict[str, int] = {}
        self._longest: dict[str, int] = {}

    def sound(self, call: str, on: bool, now: Ns) -> bool:
        """Sound came or went; says whether that was news."""
        if not on:
            if call in self._since:
                return False
            self._since[call] = now
            self._emit(Kind.MEDIA_INTERRUPTED, call, end=self._end)
            return True
        since = self._since.pop(call, None)
        if since is None:
            return False
        gap = now - since
        self._longest[call] = max(gap, self._longest.get(call, 0))
        self._emit(Kind.MEDIA_RESUMED, call, end=self._end, gap=gap)
        return True

    def silent(self, call: str) -> bool:
        """Whether this end hears nothing."""
        return call in self._since

    def close(self, call: str, now: Ns) -> tuple[int, int]:
        """The call is over: longest silence, and the silence that still lasted (both ns)."""
        since = self._since.pop(call, None)
        silent = 0 if since is None else now - since
        return max(silent, self._longest.pop(call, 0)), silent
