"""What passes between one unit outside and the servers under one Call-ID, and the call to which it belongs."""

from dataclasses import dataclass, field

from simtel.core.clock import SECOND
from simtel.protocols.sip.onlooker import Media
from simtel.target.recorded.sound import Ear

TIMEOUT = 32 * SECOND  # 64 T1: nobody waits longer for an answer


@dataclass(slots=True)
class Call:
    """One call, from its first INVITE to its end."""

    id: str
    incoming: bool
    caller: str
    called: str
    mark: str
    public: "Leg | None" = None
    offered: int = 0
    answered: int | None = None
    queued: bool = False
    over: bool = False
    seats: int = 0  # deliveries so far
    talks: set[str] = field(default_factory=set)
    talked: bool = False
    left_by_seat: bool = False


@dataclass(slots=True)
class Leg:
    """One dialog between a unit outside and the servers."""

    call: Call | None
    call_id: str
    address: str
    unit: str
    invited_by_unit: bool
    since: int
    cseq: int
    state: str = "trying"  # trying, ringing, again, answered, over
    heard: bool = False  # any answer at all
    cancelled: int | None = None
    ear: Ear | None = None
    sinks: list[tuple[str, int]] = field(default_factory=list)
    asked: dict[tuple[str, int, str], Media | None] = field(default_factory=dict)  # requests inside, not answered
    seen: set[tuple[str, int, str]] = field(default_factory=set)

    @property
    def public(self) -> bool:
        """Whether it is the public side."""
        return not self.unit.startswith("seat.")
