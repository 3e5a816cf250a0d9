"""The four outcomes of a judgement, their order, and what they mean to a shell.

The worst outcome wins: ERROR over FAIL over INCONCLUSIVE over PASS. Nothing judged is not a pass.
"""

from collections.abc import Iterable
from enum import IntEnum


class Outcome(IntEnum):
    """Ordered so that `max` is the merged outcome."""

    PASS = 0
    INCONCLUSIVE = 1
    FAIL = 2
    ERROR = 3


# What a process that judged exits with; 2 is kept for bad usage and bad files.
_EXIT = {Outcome.PASS: 0, Outcome.FAIL: 1, Outcome.INCONCLUSIVE: 3, Outcome.ERROR: 4}


def merge(outcomes: Iterable[Outcome]) -> Outcome:
    """The worst of these; of nothing, INCONCLUSIVE."""
    return max(outcomes, default=Outcome.INCONCLUSIVE)


def exit_code(outcome: Outcome) -> int:
    """The exit status that stands for an outcome."""
    return _EXIT[outcome]
