"""What a load of SIP calls amounts to: the metrics of RFC 6076, from the ends of its calls. Pure.

Delays are nanoseconds, ratios 0..1 or None where there was nothing to take them of. A call without any answer counts as
one that got 408. The formulas and the codes in them are those of RFC 6076 4.3 to 4.10.
"""

from collections import Counter

import msgspec

EFFECTIVE = frozenset({480, 486, 600, 603})  # 4.7: the network did its work, the called user did not take the call
INEFFECTIVE = frozenset({408, 500, 503, 504})  # 4.8
TIMED_OUT = 408
QUANTILES = (0.5, 0.95, 0.99, 1.0)


class Delays(msgspec.Struct, frozen=True):
    """Of a sample: how many, mean, and the quantiles of `QUANTILES` (nearest rank)."""

    count: int
    mean: float
    quantiles: tuple[int, ...]


class Ratios(msgspec.Struct, frozen=True):
    """SER 4.6, SEER 4.7, ISA 4.8, SCR 4.9."""

    ser: float | None
    seer: float | None
    isa: float | None
    scr: float | None


class Tally(msgspec.Struct):
    """Filled while calls run. `refused`: final status above 299 -> calls; `broken`: cause -> calls that were up and
    ended in another way than by their caller's BYE and its 2xx."""

    attempts: int = 0
    answered: int = 0
    completed: int = 0
    refused: Counter[int] = msgspec.field(default_factory=Counter)
    broken: Counter[str] = msgspec.field(default_factory=Counter)
    request: list[int] = []  # SRD 4.3.1: INVITE until the first answer that tells the caller something, 180 or 2xx
    failing: list[int] = []  # SRD 4.3.2: INVITE until it is refused
    disconnect: list[int] = []  # SDD 4.4: BYE until its 2xx
    setup: list[int] = []  # INVITE until 2xx: no metric of RFC 6076, and what a caller waits for
    duration: list[int] = []  # SDT 4.5: 2xx until BYE

    @property
    def open(self) -> int:
        """Calls that have not ended."""
        return self.attempts - self.completed - self.refused.total() - self.broken.total()

    def ratios(self) -> Ratios:
        """See `Ratios`. A redirection is no attempt that failed: 4.6 and 4.7 leave it out."""
        redirected = sum(count for status, count in self.refused.items() if 300 <= status < 400)
        asked = self.attempts - redirected
        effective = self.answered + sum(self.refused[status] for status in EFFECTIVE)
        return Ratios(
            ser=_share(self.answered, asked),
            seer=_share(effective, asked),
            isa=_share(sum(self.refused[status] for status in INEFFECTIVE), self.attempts),
            scr=_share(self.completed, self.attempts),
        )


def delays(sample: list[int]) -> Delays | None:
    """Summary of a sample; None of an empty one."""
    if not sample:
        return None
    ordered = sorted(sample)
    last = len(ordered) - 1
    ranks = (min(last, max(0, -int(-share * len(ordered) // 1) - 1)) for share in QUANTILES)
    return Delays(len(ordered), sum(ordered) / len(ordered), tuple(ordered[rank] for rank in ranks))


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
