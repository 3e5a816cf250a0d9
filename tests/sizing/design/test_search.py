"""The cheapest design against all designs of a grid, one by one; and what is told when the time is over."""

from functools import partial
from itertools import product
from math import exp

from hypothesis import example, given, settings
from hypothesis import strategies as st

from simtel.sizing.design.search import Design, OutOfTime, Space, cheapest

MOST = Design(9, 14, 14)


def judge(seats: float, lines: float, menus: float, steep: float, slow: float, design: Design) -> frozenset[str]:
    """A world of which only what the search takes for granted is so: the queue grows with trunks and ports and falls
    with agents; the blocking falls with trunks and ports, and goes up and down with agents."""
    agents, trunks, ports = design
    waits = trunks * slow + ports * 0.01 + seats - agents
    need = lines + steep * ((agents * 7) % 5)
    blocking = exp(need - trunks) + exp(menus - ports)
    return frozenset({"service_level"} if waits > 0 else ()) | frozenset({"blocking"} if blocking > 1 else ())


def price(prices: tuple[float, float, float], block: int, design: Design) -> float:
    """Trunks come in blocks too."""
    agents, trunks, ports = design
    return agents * prices[0] + trunks * prices[1] + ports * prices[2] + 10 * -(-trunks // block)


def uneven(prices: tuple[float, float, float], block: int, design: Design) -> float:
    """What is spare differs from design to design, and so the price may fall when a part grows, trunks with a port each
    among them."""
    return price(prices, block, design) + 3.0 * ((5 * design.agents + 3 * design.trunks + 2 * design.ports) % 4)


worlds = st.tuples(st.floats(0, 10), st.floats(0, 13), st.floats(0, 9), st.floats(0, 2), st.sampled_from([0.02, 0.4]))
amounts = st.tuples(*[st.sampled_from([0.0, 1.0, 3.5, 20.0])] * 3)


@settings(max_examples=200, deadline=None)
@given(worlds, amounts, st.sampled_from([1, 5, 30]), st.booleans(), st.tuples(*[st.integers(0, 16)] * 3), st.booleans())
@example((2.0, 4.0, 8.0, 1.0, 0.4), (1.0, 20.0, 20.0), 1, True, (8, 5, 10), False)  # fewer trunks help who waits
@example((8.0, 0.0, 3.0, 1.0, 0.02), (3.5, 0.0, 0.0), 30, False, (0, 11, 9), True)  # a trunk more is cheaper
@example((3.0, 8.0, 0.0, 2.0, 0.4), (1.0, 1.0, 3.5), 5, True, (0, 4, 3), True)  # a port more is
def test_no_design_of_the_whole_grid_is_cheaper(
    world: tuple[float, float, float, float, float], prices: tuple[float, float, float], block: int, ports_cost: bool,
    start: tuple[int, int, int], falls: bool,
) -> None:  # fmt: skip
    space = Space(Design(1, 1, 1), MOST, ports_cost)
    met = partial(judge, *world)
    floor = partial(price, prices if ports_cost else (*prices[:2], 0.0), block)
    cost = partial(uneven if falls else price, *floor.args)
    grid = [
        Design(a, t, p)
        for a, t, p in product(range(1, 10), range(1, 15), range(1, 15))
        if p == t or (ports_cost and p <= t)
    ]
    right = min(((cost(design), *design) for design in grid if not met(design)), default=None)
    found = cheapest(space, cost, met, Design(*start), floor)
    assert found.finished
    assert (found.chosen and (cost(found.chosen), *found.chosen)) == right


def test_few_designs_are_judged() -> None:
    found = cheapest(
        Space(Design(1, 1, 1), MOST), lambda _: 0.0, partial(judge, 8.0, 9.0, 0.0, 0.3, 0.02), Design(9, 10, 10)
    )
    assert found.chosen == Design(9, 10, 10)
    assert found.tried < 25


def test_dear_trunks_are_saved_by_agents() -> None:
    """In this world eight agents need 13 trunks and ten need 9."""
    world = partial(judge, 7.0, 9.0, 0.0, 4.0, 0.02)
    space = Space(Design(1, 1, 1), Design(14, 20, 20))
    cheap = cheapest(space, partial(price, (3.0, 0.1, 0.0), 30), world, Design(8, 10, 10)).chosen
    dear = cheapest(space, partial(price, (3.0, 20.0, 0.0), 30), world, Design(8, 10, 10)).chosen
    assert cheap is not None
    assert dear is not None
    assert cheap.agents < dear.agents
    assert cheap.trunks > dear.trunks


def test_when_the_time_is_over_it_tells_what_was_reached() -> None:
    """Rows of eight and nine agents are done; in those of more a trunk may be saved."""

    def hurried(design: Design) -> frozenset[str]:
        if design.agents > 9:
            raise OutOfTime
        return judge(8.0, 9.0, 0.0, 0.3, 0.02, design)

    space = Space(Design(8, 1, 1), Design(14, 20, 20))
    found = cheapest(space, partial(price, (0.0, 1.0, 0.0), 30), hurried, Design(9, 12, 12))
    assert not found.finished
    assert found.chosen == Design(9, 10, 10)
    assert found.bound == Design(10, 1, 1)


def test_the_bound_is_a_site_that_may_yet_hold() -> None:
    """The time is over within a row of which so many trunks are known to be too few."""
    tried: list[Design] = []

    def hurried(design: Design) -> frozenset[str]:
        if len(tried) == 2:
            raise OutOfTime
        tried.append(design)
        return frozenset({"blocking"})

    space = Space(Design(9, 4, 4), Design(9, 20, 20))
    found = cheapest(space, lambda _: 0.0, hurried, Design(9, 6, 6))
    assert (found.finished, found.chosen) == (False, None)
    assert found.bound == Design(9, tried[-1].trunks + 1, tried[-1].trunks + 1)
