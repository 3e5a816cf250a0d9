"""Who calls, when, and what each caller is like: drawn block by block, so that memory does not grow with their number.

A caller keeps what he is like however often he dials. Chances that fall later (to dial again, to leave a number) are
draws by his number, so that they are the same on every design.
"""

from typing import Final

from simtel.sizing.kernels.compiled import compiler
from simtel.sizing.kernels.draws import SECOND, Float, Int, Keys, Law, chance, draw

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


def refill(block: Int, menu: Law, talk: Law, wrap_up: Law, patience: Law, rate: Float, interval: int, streams: Keys,
           first: int, since: int) -> None:  # fmt: skip
    """Draw the callers `first`, `first + 1` ... into `block` [5, callers]; the one before them came at `since`.

    `streams` [9, 2, 1] are those of PURPOSES.
    """
    draw(Law(0, 1.0, 0.0, 0.0, 0.0), streams[CAME], first, block[CAME].reshape(-1, 1))
    draw(menu, streams[MENU], first, block[MENU].reshape(-1, 1))
    draw(talk, streams[TALK], first, block[TALK].reshape(-1, 1))
    draw(wrap_up, streams[WRAP_UP], first, block[WRAP_UP].reshape(-1, 1))
    draw(patience, streams[PATIENCE], first, block[PATIENCE].reshape(-1, 1))
    instants(block[CAME], since, rate, interval, block[CAME])


@compiled
def instants(gaps: Int, since: int, rate: Float, interval: int, into: Int) -> None:
    """A Poisson process whose rate changes: on the clock of expected callers they come at gaps of mean one (1e9).

    `rate` [intervals] in calls a nanosecond, each for `interval` (ns); whoever would come after the last never does.
    """
    now, end = since, rate.size * interval
    for n in range(gaps.size):
        expected = gaps[n] / SECOND
        while now < end:
            here = now // interval
            left = (here + 1) * interval - now
            if rate[here] * left > expected:
                now += int(expected / rate[here])
                break
            expected -= rate[here] * left
            now += left
        into[n] = now if now < end else NEVER
        now = min(end, now)
