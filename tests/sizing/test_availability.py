"""The pair of servers against its states in fractions and the printed table; the site against all its states."""

from fractions import Fraction
from itertools import product
from math import exp, nan

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simtel.sizing.availability import (
    MINUTES_A_YEAR,
    SYSTEM_LIMIT,
    Downtime,
    Pair,
    Part,
    first_order,
    pair_downtime,
    parallel,
    series,
    single_downtime,
    system_downtime,
    user_downtime,
)
from simtel.sizing.theory.markov import steady_state

HOUR = 3600.0


def solved(rates: dict[tuple[int, int], Fraction], size: int) -> list[Fraction]:
    """Balance equations of so many states, by Gauss in fractions."""
    rows = [[Fraction(0)] * (size + 1) for _ in range(size)]
    for (one, other), rate in rates.items():
        rows[other][one] += rate
        rows[one][one] -= rate
    rows[-1] = [Fraction(1)] * (size + 1)
    for n in range(size):
        pivot = next(row for row in range(n, size) if rows[row][n])
        rows[n], rows[pivot] = rows[pivot], rows[n]
        for row in range(size):
            if row != n and rows[row][n]:
                factor = rows[row][n] / rows[n][n]
                rows[row] = [a - factor * b for a, b in zip(rows[row], rows[n], strict=True)]
    return [rows[n][-1] / rows[n][n] for n in range(size)]


# Hours: MTBF, MTTR; then minutes a year for a single server and for the pair of each column.
TABLE = [
    (2_000, 4, 1049, 4.55, 5.86, 11.08, 15.24, 46.17, 154.9),
    (10_000, 4, 210, 0.24, 0.50, 1.55, 1.72, 3.56, 17.5),
    (50_000, 4, 42.0, 0.02, 0.07, 0.28, 0.29, 0.37, 1.79),
    (50_000, 24, 252, 0.26, 0.31, 0.52, 0.56, 1.05, 5.35),
]
COLUMNS = [  # coverage, shown, hours between tests, seconds to switch, minutes by hand
    (1.0, 1.0, 168.0, 5.0, 30.0),
    (0.99, 1.0, 168.0, 5.0, 30.0),
    (0.95, 1.0, 168.0, 5.0, 30.0),
    (0.95, 0.9, 168.0, 5.0, 30.0),
    (0.95, 0.9, 2160.0, 5.0, 30.0),
    (0.90, 0.8, 8760.0, 30.0, 60.0),
]


def pair(mtbf: float, mttr: float, coverage: float, shown: float, test: float, switch: float, manual: float) -> Pair:
    return Pair(mtbf * HOUR, mttr * HOUR, coverage, shown, test * HOUR, switch, manual * 60)


@pytest.mark.parametrize("row", TABLE)
def test_the_table_of_the_hardware_facts(row: tuple[float, ...]) -> None:
    mtbf, mttr, single, *pairs = row
    assert single_downtime(mtbf * HOUR, mttr * HOUR) == pytest.approx(single, rel=2e-3)
    for column, minutes in zip(COLUMNS, pairs, strict=True):
        assert pair_downtime(pair(mtbf, mttr, *column)).total == pytest.approx(minutes, rel=3e-3, abs=5.1e-3)


@settings(max_examples=50)
@given(
    mtbf=st.floats(10.0, 1e6), mttr=st.floats(0.01, 200.0), coverage=st.floats(0.0, 1.0), shown=st.floats(0.0, 1.0),
    test=st.floats(0.1, 1e5), switch=st.floats(0.01, 600.0), manual=st.floats(0.01, 600.0),
)  # fmt: skip
def test_the_six_states(
    mtbf: float, mttr: float, coverage: float, shown: float, test: float, switch: float, manual: float
) -> None:
    given_ = pair(mtbf, mttr, coverage, shown, test, switch, manual)
    fails, mends = 1 / Fraction(given_.mtbf), 1 / Fraction(given_.mttr)
    c, d = Fraction(coverage), Fraction(shown)
    shares = solved({
        (0, 3): fails * c, (0, 4): fails * (1 - c), (0, 1): fails * d, (0, 2): fails * (1 - d),
        (3, 1): 1 / Fraction(given_.switch), (4, 1): 1 / Fraction(given_.manual), (1, 0): mends, (1, 5): fails,
        (2, 1): 2 / Fraction(given_.test_every), (2, 5): fails, (5, 1): mends,
    }, 6)  # fmt: skip
    found = pair_downtime(given_)
    for minutes, share in zip((found.switching, found.uncovered, found.both), shares[3:], strict=True):
        assert minutes == pytest.approx(float(share) * MINUTES_A_YEAR, rel=1e-11, abs=1e-300)
    assert 0 <= found.counted <= found.total * (1 + 1e-12)


def test_only_outages_of_more_than_30_seconds_count() -> None:
    short, long = (pair_downtime(pair(2000, 4, 0.95, 1, 168, switch, 30)) for switch in (30.0, 30.001))
    assert short.counted == pytest.approx(short.uncovered + short.both, rel=1e-5)
    assert long.counted == pytest.approx(long.total, rel=1e-5)
    quick = pair_downtime(Pair(1e4, 30.0, 1.0, 1.0, 1.0, 0.0, 1.0))  # repaired in 30 s: 2/e of the time is in long ones
    assert quick.counted == pytest.approx(quick.both * 2 / exp(1), rel=1e-12)
    assert pair_downtime(pair(2000, 4, 0.0, 1, 168, 5, 0.4)).counted < 5  # a person within 24 s: no outage at all


def test_a_take_over_in_no_time_is_the_limit_of_a_short_one() -> None:
    none, short = (pair_downtime(pair(2000, 4, 0.9, 0.8, 168, switch, 30)) for switch in (0.0, 1e-6))
    assert none.switching == 0
    assert (none.uncovered, none.both) == pytest.approx((short.uncovered, short.both), rel=1e-6)


def test_what_the_limits_say_of_the_table() -> None:
    """Against 3 minutes a year a pair of 2,000 h fails in every column; one of 10,000 h passes with weekly tests."""
    assert all(pair_downtime(pair(2000, 4, *column)).total > SYSTEM_LIMIT for column in COLUMNS)
    assert all(pair_downtime(pair(10_000, 4, *column)).total < SYSTEM_LIMIT for column in COLUMNS[:4])
    assert pair_downtime(pair(10_000, 4, *COLUMNS[4])).total > SYSTEM_LIMIT


@pytest.mark.parametrize(
    ("mtbf", "column", "minutes", "trusted"),
    [
        (2_000, (0.95, 0.9, 168.0, 5.0, 30.0), 15.3, True),
        (10_000, (0.95, 0.9, 2160.0, 5.0, 30.0), 3.81, False),
        (2_000, (0.95, 0.9, 2160.0, 5.0, 30.0), 67.7, False),
        (2_000, (0.90, 0.8, 8760.0, 30.0, 60.0), 492, False),
    ],
)
def test_the_first_order_and_where_it_fails(
    mtbf: float, column: tuple[float, ...], minutes: float, trusted: bool
) -> None:
    found, may_be_trusted = first_order(pair(mtbf, 4, *column))
    assert found == pytest.approx(minutes, rel=2e-2)
    assert may_be_trusted is trusted


@settings(max_examples=60)
@given(
    mtbf=st.floats(100.0, 1e6), mttr=st.floats(0.1, 100.0), coverage=st.floats(0.0, 1.0), shown=st.floats(0.0, 1.0),
    test=st.floats(0.1, 1e4), switch=st.floats(0.01, 60.0), manual=st.floats(0.1, 60.0),
)  # fmt: skip
def test_where_the_first_order_is_trusted_it_is_near(
    mtbf: float, mttr: float, coverage: float, shown: float, test: float, switch: float, manual: float
) -> None:
    given_ = pair(mtbf, mttr, coverage, shown, test, switch, manual)
    minutes, trusted = first_order(given_)
    if trusted:
        assert minutes == pytest.approx(pair_downtime(given_).total, rel=0.35)


def states_of(site: Part) -> tuple[float, dict[str, float]]:
    """System and users from every state of every part, one by one."""
    parts: list[tuple[Part, tuple[int, ...]]] = []

    def walk(part: Part, above: tuple[int, ...]) -> None:
        line = (*above, len(parts))
        parts.append((part, line))
        for within in part.parts:
            walk(within, line)

    walk(site, ())
    trunks, seats = sum(p.trunks for p, _ in parts), sum(p.seats for p, _ in parts)
    system, users = 0.0, {p.name: 0.0 for p, _ in parts if p.seats}
    for up in product((True, False), repeat=len(parts)):
        share = 1.0
        for works, (part, _) in zip(up, parts, strict=True):
            share *= 1 - part.down if works else part.down
        alive = [all(up[k] for k in line) for _, line in parts]
        left_trunks = sum(p.trunks for (p, _), works in zip(parts, alive, strict=True) if works)
        left_seats = sum(p.seats for (p, _), works in zip(parts, alive, strict=True) if works)
        if (trunks and 2 * (trunks - left_trunks) >= trunks) or (seats and 2 * (seats - left_seats) >= seats):
            system += share
        for (part, _), works in zip(parts, alive, strict=True):
            if part.seats and not works:
                users[part.name] += share
    return system * MINUTES_A_YEAR, {name: share * MINUTES_A_YEAR for name, share in users.items()}


QUOTED = Part(
    "core", 1e-5,
    parts=(
        Part("platform 1", 1e-3, parts=(Part("E1 1", 2e-4, trunks=30),)),
        Part("platform 2", 1e-3, parts=(Part("E1 2", 2e-4, trunks=30),)),
        Part("adapter", 4e-4, seats=20),
    ),
)  # fmt: skip


@pytest.mark.parametrize(
    "site",
    [
        QUOTED,
        Part("core", 0.1, trunks=4, seats=3),
        Part("core", 0.01, parts=(Part("a", 0.2, 30, 8), Part("b", 0.3, 30, 8), Part("c", 0.1, 30, 4))),
        Part("core", 0.0, parts=tuple(Part(f"board {n}", 0.05, seats=24) for n in range(5))),
        Part(
            "core",
            0.05,
            parts=(Part("g", 0.1, 10, parts=(Part("e", 0.2, 20), Part("s", 0.3, seats=5))), Part("t", 0.1, 7, 9)),
        ),
        Part("trunks alone", 0.25, trunks=30),
    ],
    ids=lambda site: f"{site.name}-{len(site.parts)}",
)
def test_a_site_is_all_its_states(site: Part) -> None:
    system, users = states_of(site)
    assert system_downtime(site) == pytest.approx(system, rel=1e-12)
    assert user_downtime(site) == pytest.approx(users, rel=1e-12)


def test_one_of_two_gateways_is_half_the_trunks() -> None:
    """With one E1 on each of two platforms the loss of either is an outage of the system; with three it is none."""
    two = system_downtime(QUOTED)
    third = Part("platform 3", 1e-3, parts=(Part("E1 3", 2e-4, trunks=30),))
    three = system_downtime(Part("core", 1e-5, parts=(*QUOTED.parts, third)))
    assert two == pytest.approx(MINUTES_A_YEAR * (1e-5 + 2 * 1.2e-3 + 4e-4), rel=1e-2)
    assert three == pytest.approx(MINUTES_A_YEAR * (1e-5 + 4e-4 + 3 * 1.2e-3**2), rel=1e-2)


def test_series_and_parallel() -> None:
    assert series((0.1, 0.2)) == pytest.approx(0.28)
    assert series((1e-12, 1e-13)) == pytest.approx(1.1e-12, rel=1e-9)
    assert parallel((0.1, 0.2)) == pytest.approx(0.02)
    assert (series(()), parallel(())) == (0, 1)


def test_a_chain_of_any_size() -> None:
    """Birth and death: state k is rate^k / k! times state 0."""
    rates = {(k, k + 1): 2.5 for k in range(30)} | {(k + 1, k): k + 1.0 for k in range(30)}
    shares = steady_state(rates)
    weight = shares[0]
    for k in range(1, 31):
        weight *= 2.5 / k
        assert shares[k] == pytest.approx(weight, rel=1e-13)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Pair(0, 1, 1, 1, 1, 1, 1), "mtbf must be above zero"),
        (lambda: Pair(1, nan, 1, 1, 1, 1, 1), "mttr"),
        (lambda: Pair(1, 1, 1.1, 1, 1, 1, 1), "coverage must be from 0 to 1"),
        (lambda: Pair(1, 1, 1, nan, 1, 1, 1), "shown"),
        (lambda: Pair(1, 1, 1, 1, 0, 1, 1), "test_every"),
        (lambda: Pair(1, 1, 1, 1, 1, -1, 1), "switch"),
        (lambda: Pair(1, 1, 1, 1, 1, 1, 0), "manual"),
        (lambda: single_downtime(1.0, 0.0), "mttr"),
        (lambda: Part("E1", 2.0), "E1: down must be from 0 to 1"),
        (lambda: Part("E1", 0.1, trunks=-1), "E1: trunks"),
        (lambda: system_downtime(Part("core", 0.1)), "core has neither trunks nor seats"),
        (lambda: series((0.1, 1.5)), "down must be from 0 to 1"),
        (lambda: steady_state({(0, 1): -1.0, (1, 0): 1.0}), "from state 0 to 1 must be zero or more"),
        (lambda: steady_state({(0, 1): 1.0, (1, 0): 0.0}), "state 1 is never left"),
    ],
)
def test_what_cannot_be_is_named(make, words: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match=words):
        make()


def test_downtime_adds_up() -> None:
    assert Downtime(1.0, 2.0, 3.0, 5.0).total == 6.0
