"""The formulas turned round: how many agents or trunks meet a target, and how many calls a given site can take.

Each target moves one way with what is looked for, so that halving finds the answer, and the answer is checked by the
formula itself. A target that nothing can meet is an error that says how close one can come.
"""

from collections.abc import Callable
from math import inf

from simtel.sizing.theory import arguments
from simtel.sizing.theory.erlang_a import erlang_a_queue
from simtel.sizing.theory.ivr import trunks_ivr_agents
from simtel.sizing.theory.queue import Queue, excess_load

_SHARP = 1e-12  # relative: a rate of calls is found this exactly


class Unreachable(ValueError):  # noqa: N818  (it names the target's state)
    """No number of agents or trunks meets the target."""


def erlang_a_agents(
    arrival_rate: float,
    aht: float,
    patience: float,
    service_level: float,
    threshold: float,
    max_abandon: float = 1.0,
    trunks: int | None = None,
) -> int:
    """The fewest agents that answer at least the share `service_level` of offered calls within `threshold` seconds and
    lose at most the share `max_abandon` to impatience.

    `arrival_rate` per second; times in seconds, `patience` from 0 to infinity; `trunks` hold as many calls as they are,
    those in service included (None: any number), and agents beyond them could not work. ValueError: an argument out of
    its domain. `Unreachable` (a ValueError): not even an agent for each trunk meets the target.
    Source: `erlang_a_queue`.
    """
    wanted, most = arguments.inner_share("service_level", service_level), arguments.share("max_abandon", max_abandon)
    if most == 0:
        raise ValueError("max_abandon must be above 0: some caller is always too impatient")
    rate, aht = arguments.load("arrival_rate", arrival_rate), arguments.positive("aht", aht)
    arguments.countable("arrival_rate * aht", rate * aht)

    def queue(n: int) -> Queue:
        return erlang_a_queue(rate, aht, patience, n, trunks, threshold)

    def enough(n: int) -> bool:
        try:
            found = queue(n)
        except arguments.Unstable:
            return False
        return found.service_level >= wanted and found.p_abandon <= most

    if trunks is not None and not enough(trunks):
        level = queue(trunks).service_level
        raise Unreachable(f"with an agent for each of {trunks} trunks {level:.4%} are answered, not {wanted:.4%}")
    return _fewest(enough, 1, trunks)


def erlang_a_trunks(arrival_rate: float, aht: float, patience: float, servers: int, max_blocking: float) -> int:
    """The fewest trunks that refuse at most the share `max_blocking` of calls, when `servers` answer them and the rest
    wait on their trunk for their patience.

    Units as for `erlang_a_agents`. ValueError: an argument out of its domain, or a share outside ]0, 1].
    `Unreachable` (a ValueError): endless patience and more calls than the servers end lose this share on any number of
    trunks. Source: `erlang_a_queue`.
    """
    most, n = arguments.share("max_blocking", max_blocking), arguments.whole("servers", servers)
    if most == 0:
        raise ValueError("max_blocking must be above 0: any number of trunks refuses some calls")

    rate, aht = arguments.load("arrival_rate", arrival_rate), arguments.positive("aht", aht)
    excess = excess_load(rate, aht, n)
    if patience == inf and excess > 0 and excess / (n + excess) >= most:
        raise Unreachable(f"any number of trunks refuses more than {excess / (n + excess):.4%}: nobody gives up")

    def enough(trunks: int) -> bool:
        return erlang_a_queue(rate, aht, patience, n, trunks).p_block <= most

    return _fewest(enough, n, None)


def erlang_a_rate(
    aht: float,
    patience: float,
    servers: int,
    service_level: float,
    threshold: float,
    trunks: int | None = None,
) -> float:
    """The most calls per second of which `servers` still answer the share `service_level` within `threshold` seconds.

    Units and errors as for `erlang_a_agents`. Source: `erlang_a_queue`.
    """
    wanted, n = arguments.inner_share("service_level", service_level), arguments.whole("servers", servers)
    aht = arguments.positive("aht", aht)

    def enough(rate: float) -> bool:
        try:
            return erlang_a_queue(rate, aht, patience, n, trunks, threshold).service_level >= wanted
        except arguments.Unstable:
            return False

    low, high = 0.0, n / aht
    while enough(high):
        low, high = high, 2 * high
    while high - low > _SHARP * high:
        middle = (low + high) / 2
        low, high = (middle, high) if enough(middle) else (low, middle)
    return low


def trunks_and_agents(
    arrival_rate: float,
    ivr_mean: float,
    p_agent: float,
    aht: float,
    service_level: float,
    threshold: float,
    max_blocking: float,
) -> tuple[int, int]:
    """Trunks and agents of a site whose calls hold a trunk through IVR, queue and talk: the fewest agents that meet
    both targets with any number of trunks, and with them the fewest trunks.

    At most the share `max_blocking` of calls is refused; of those let in that want an agent, at least the share
    `service_level` is answered within `threshold` seconds. Units as for `trunks_ivr_agents`. ValueError: an argument
    out of its domain. Source: Srinivasan, Talim & Wang 2004.
    """
    wanted = arguments.inner_share("service_level", service_level)
    most = arguments.inner_share("max_blocking", max_blocking)
    rate, aht = arguments.load("arrival_rate", arrival_rate), arguments.positive("aht", aht)
    ivr = rate * arguments.duration("ivr_mean", ivr_mean)
    arguments.countable("the load of IVR and agents", ivr + rate * arguments.share("p_agent", p_agent) * aht)

    def site(trunks: int, agents: int) -> Queue:
        return trunks_ivr_agents(rate, ivr_mean, p_agent, aht, trunks, agents, threshold)

    def trunks_for(agents: int) -> int | None:
        """More trunks refuse fewer calls, of which more then wait: the fewest that do are the best for the waits."""
        least, level = 1, 1.0
        while level >= wanted:
            if (found := site(least, agents)).p_block <= most:
                return _fewest(lambda trunks: site(trunks, agents).p_block <= most, 1, least)
            least, level = 2 * least, found.service_level_answered
        return None

    def enough(agents: int) -> bool:
        trunks = trunks_for(agents)
        return trunks is not None and site(trunks, agents).service_level_answered >= wanted

    agents = _fewest(enough, 1, None)
    trunks = trunks_for(agents)
    assert trunks is not None  # noqa: S101  (said by `enough`)
    return trunks, agents


def _fewest(enough: Callable[[int], bool], least: int, most: int | None) -> int:
    """The smallest number from `least` on that is enough, of which `most` is known to be."""
    low, high = least - 1, most if most is not None else least
    if most is None:
        while not enough(high):
            if high > arguments.LARGEST_GROUP // 2:
                raise Unreachable(f"not even {high:,} are enough")
            low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high
