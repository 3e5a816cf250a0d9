"""What every queue formula answers, in one record, and the offered load measured so that saturation stays sharp."""

from dataclasses import dataclass
from fractions import Fraction

from simtel.sizing.theory.arguments import Unstable, load

NEAREST = 1e-12  # of the servers: a spare below is what the rounding of rates and times leaves, and nothing real


@dataclass(frozen=True, slots=True)
class Queue:
    """The steady state of a queue as its callers and its servers see it. Times in seconds, shares from 0 to 1.

    `p_block`: share of offered calls refused because every trunk is held.
    `p_wait`: share of offered calls let in that find all servers busy.
    `p_abandon`: share of offered calls that hang up while they wait.
    `service_level`: share of offered calls answered within the threshold.
    `service_level_answered`: the same, of answered calls.
    `asa`: mean wait of answered calls, those not kept waiting included (average speed of answer).
    `mean_wait`: mean wait of all calls let in, answered or not, those not kept waiting included.
    `mean_queue`: mean number of callers that wait: the rate of calls let in times `mean_wait` (Little).
    `occupancy`: share of the servers that is busy in the mean.
    """

    p_block: float
    p_wait: float
    p_abandon: float
    service_level: float
    service_level_answered: float
    asa: float
    mean_wait: float
    mean_queue: float
    occupancy: float


def excess_load(arrival_rate: float, aht: float, servers: int) -> float:
    """Offered load above the servers, in erlang: negative where they keep up.

    Rounded once. In floats the product alone would lose as many digits as saturation is near. ValueError: a load that
    no float can hold.
    """
    load("arrival_rate * aht", arrival_rate * aht)
    return float(Fraction(arrival_rate) * Fraction(aht) - servers)


def keeps_up(spare: float, offered: float, servers: int) -> float:
    """`spare` servers, in erlang. `Unstable`: none, or fewer than a `NEAREST` part of the servers."""
    if spare < NEAREST * servers:
        raise Unstable(
            f"unstable: {offered:g} erlang meet {servers} servers, and nobody gives up; the load must be below the "
            f"servers, by {NEAREST:g} of them at least"
        )
    return spare
