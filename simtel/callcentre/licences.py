"""Licences that are used up by calls and agents: a pool of so many at once for each name."""


class Licences:
    """Counts what is in use against what was bought. A name that was never bought has no limit set: KeyError."""

    __slots__ = ("_in_use", "_limits")

    def __init__(self, limits: dict[str, int]) -> None:
        self._limits = dict(limits)
        self._in_use = dict.fromkeys(limits, 0)

    def take(self, name: str, count: int = 1) -> bool:
        """Take `count`, all or none; False when not enough are left."""
        if self._in_use[name] + count > self._limits[name]:
            return False
        self._in_use[name] += count
        return True

    def bought(self, name: str, limit: int) -> None:
        """So many from now on; what is in use stays in use."""
        self._limits[name] = limit

    def force(self, name: str, count: int = 1) -> None:
        """Take without asking: calls inherited at a take-over are up already."""
        self._in_use[name] += count

    def give(self, name: str, count: int = 1) -> None:
        """Give back. ValueError when more comes back than was taken: a bug in the caller."""
        if self._in_use[name] < count:
            raise ValueError(f"{name}: {count} given back, {self._in_use[name]} in use")
        self._in_use[name] -= count

    def in_use(self, name: str) -> int:
        """How many are in use."""
        return self._in_use[name]
