"""Who calls, when, and what each caller is like: drawn block by block, so that memory does not grow with their number.

A caller keeps what he is like however often he dials. Chances that fall later (to dial again, to leave a number) are
draws by his number, so that they are the same on every design.
"""

from typing import Final

from simtel.sizing.kernels.compiled import compiler, part
from simtel.sizing.kernels.draws import SECOND, Float, Int, Keys, Law, chance, drawn

compiled = compiler("callers", "draws", "lanes")

NEVER: Final = 2**62  # ns

PURPOSES: Final = ("arrivals", "menu", "talk", "wrap-up", "patience", "chances", "dialled talk", "dialled wrap-up",
                   "failures")  # fmt: skip
(CHANCES, DIALLED_TALK, DIALLED_WRAP_UP, FAILURES) = range(5, 9)

# Rows of a block [5, callers], all in ns.
(CAME, MENU, TALK, WRAP_UP, PATIENCE) = range(5)

# What falls by chance at each attempt of a caller; his class and whether he wants an agent fall at the first.
(CLASS, WANTS_AGENT, LEAVES_NUMBER, DIALS_AGAIN, AGAIN_AFTER) = range(5)
_WHATS: Final = 8
_TRIES: Final = 4095  # attempts with chances of their own; nobody gets that far who does not dial for ever


@compiled
def falls(stream: Keys, number: int, tries: int, what: int) -> float:
    """The uniform in (0, 1) that decides `what` for a caller at his attempt `tries` (0, 1, ...)."""
    return chance(stream, (number * (_TRIES + 1) + min(tries, _TRIES)) * _WHATS + what)


@part
def _instants(gaps: Int, since: int, rate: Float, interval: int, into: Int) -> None:
    """A Poisson process whose rate changes: on the clock of expected callers they come at gaps of mean one (1e9).

    `rate` [intervals] in calls a nanosecond, each for `interval` (ns); whoever would come after the last never does.
    """
    now, end, here = since, rate.size * interval, since // interval
    over = (here + 1) * interval
    for n in range(gaps.size):
        expected = gaps[n] / SECOND
        while now < end:
            left = rate[here] * (over - now)
            if left > expected:
                now += int(expected / rate[here])
                break
            expected -= left
            now, here, over = over, here + 1, over + interval
        into[n] = now if now < end else NEVER
        now = min(end, now)


@compiled
def refill(block: Int, menu: Law, talk: Law, wrap_up: Law, patience: Law, rate: Float, interval: int, streams: Keys,
           first: int, since: int) -> None:  # fmt: skip
    """Draw the callers `first`, `first + 1` ... into `block` [5, callers]; the one before them came at `since`.

    `streams` [9, 2, 1] are those of PURPOSES.
    """
    laws = (Law(0, 1.0, 0.0, 0.0, 0.0), menu, talk, wrap_up, patience)
    for row in range(5):
        drawn(laws[row], streams[row], first, block[row].reshape(-1, 1))
    _instants(block[CAME], since, rate, interval, block[CAME])
