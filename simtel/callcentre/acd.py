"""Automatic call distribution: who waits, who is free, who gets whom.

Rules:
 1. Callers of one skill group wait by priority, those of one priority in order of arrival.
 2. A free caller goes to the free agent of the group who has been idle longest.
 3. An agent who becomes free takes, of all groups that he serves, the caller of highest priority who came first.
Nothing here knows a clock: order is by counting.
"""

from heapq import heappop, heappush

_Waiting = tuple[int, int, str]  # priority, negated; place; call


class Acd:
    """Queue and agents of one call centre."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Nobody is known and nobody waits."""
        self._skills: dict[str, tuple[str, ...]] = {}  # agent -> groups that he serves
        self._idle: dict[str, None] = {}  # free agents, longest idle first
        self._queues: dict[str, list[_Waiting]] = {}
        self._where: dict[str, _Waiting] = {}  # waiting caller -> its place
        self._count = 0

    def log_in(self, agent: str, skills: tuple[str, ...]) -> None:
        """The agent serves these groups from now on (but is not free yet)."""
        self._skills[agent] = skills

    def log_out(self, agent: str) -> None:
        """The agent is gone."""
        self._skills.pop(agent, None)
        self._idle.pop(agent, None)

    def busy(self, agent: str) -> None:
        """The agent is not free any more."""
        self._idle.pop(agent, None)

    def free(self, agent: str) -> str | None:
        """Rule 3: the agent is free; the caller for him leaves the queue, or None and he is idle."""
        best: str | None = None
        for skill in self._skills.get(agent, ()):
            queue = self._queues.get(skill)
            while queue:
                head = queue[0]
                if self._where.get(head[2]) is not head:
                    heappop(queue)
                    continue
                if best is None or head < self._where[best]:
                    best = head[2]
                break
        if best is not None:
            self.leave(best)
            return best
        if agent in self._skills:
            self._idle.pop(agent, None)
            self._idle[agent] = None
        return None

    def seek(self, skill: str) -> str | None:
        """Rule 2: the agent for a caller of that group; he is not idle any more. None when all are busy."""
        for agent in self._idle:
            if skill in self._skills[agent]:
                del self._idle[agent]
                return agent
        return None

    def arrive(self) -> int:
        """A place behind all others, for a caller who comes now; it stays his, also when he is served at once."""
        self._count += 1
        return self._count

    def enter(self, call: str, skill: str, place: int, priority: int = 0) -> None:
        """Rule 1: wait at a place from `arrive`, of this distributor or of the one that it replaces."""
        self._count = max(self._count, place)
        entry = (-priority, place, call)
        self._where[call] = entry
        heappush(self._queues.setdefault(skill, []), entry)

    def leave(self, call: str) -> bool:
        """The caller waits no longer; says whether he did."""
        return self._where.pop(call, None) is not None

    def waiting(self) -> int:
        """How many wait."""
        return len(self._where)

    def skills_of(self, agent: str) -> tuple[str, ...]:
        """The groups of an agent."""
        return self._skills.get(agent, ())
