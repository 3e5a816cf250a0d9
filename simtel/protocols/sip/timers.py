"""The timers of SIP transactions (RFC 3261 17 and table 4, RFC 6026): all follow from T1, T2 and T4."""

import msgspec

from simtel.core.clock import MS, SECOND


class Times(msgspec.Struct, frozen=True):
    """Nanoseconds. T1: the round trip; T2: the longest retransmission interval; T4: a message stays on the way."""

    t1: int = 500 * MS
    t2: int = 4 * SECOND
    t4: int = 5 * SECOND
    trying: int = 200 * MS  # an INVITE that nobody has answered by then gets 100 (17.2.1)
    least_d: int = 32 * SECOND  # how long a retransmitted final answer to INVITE is acknowledged at least (17.1.1.2)

    def __post_init__(self) -> None:
        if not 0 < self.t1 <= self.t2:
            raise ValueError("T1 is above 0 and at most T2")
        if min(self.t4, self.trying, self.least_d) < 0:
            raise ValueError("a timer lasts 0 ns or more")

    @property
    def gives_up(self) -> int:
        """64 * T1: timers B, F, H, J, L and M."""
        return 64 * self.t1

    @property
    def d(self) -> int:
        """Timer D over UDP."""
        return max(self.least_d, self.gives_up)
