import itertools
from collections import Counter

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simtel.core.clock import HOUR, SECOND, Ns
from simtel.core.streams import Streams
from simtel.devices.callers import Arrival
from simtel.scenario.spec import Load, Spot
from simtel.target.arrivals import START_UP, arrivals, poisson

TALK = 180 * SECOND


def s(seconds: float) -> Ns:
    return Ns(round(seconds * SECOND))


def calls(load: Load, seats: int = 20, seed: int = 7) -> list[Arrival]:
    return list(arrivals(load, seats, TALK, Streams(seed)))


def filling(**changes: object) -> Load:
    return Load(**{"kind": "full-occupancy", "ramp": s(30), "hold": s(120), **changes})  # type: ignore[arg-type]


def test_full_occupancy_is_one_call_a_seat_within_the_ramp_that_lasts_to_the_end() -> None:
    found = calls(filling())
    assert len(found) == 20
    assert found[0].at == START_UP
    assert found[-1].at < s(30)
    gaps = {b.at - a.at for a, b in itertools.pairwise(found)}
    assert gaps == {s(25) // 20}
    assert all(call.at + call.talk >= s(150) and call.talk >= s(120) for call in found)


@pytest.mark.parametrize(("pairs", "made"), [(12, 12), (20, 20), (21, 20)])
def test_full_occupancy_of_so_many_pairs_is_so_many_calls_and_never_more_than_seats(pairs: int, made: int) -> None:
    found = calls(filling(calls=pairs))
    assert len(found) == made
    assert {b.at - a.at for a, b in itertools.pairwise(found)} <= {s(25) // made, s(25) // made + 1}


def test_a_ramp_shorter_than_the_start_up_brings_all_at_its_end() -> None:
    assert {call.at for call in calls(filling(ramp=s(2)))} == {START_UP}


@pytest.mark.parametrize("waiting", [1, 10, 30])
def test_who_waits_comes_after_the_ramp_and_the_rest_after_them(waiting: int) -> None:
    found = calls(filling(waiting=waiting, rate=2.0))
    assert [call.at for call in found[20 : 20 + waiting]] == [s(30) + s(0.1) * (n + 1) for n in range(waiting)]
    rest = [call.at for call in found[20 + waiting :]]
    assert rest
    assert min(rest) > s(30) + max(s(1), s(0.1) * waiting)
    assert max(rest) < s(150)


def test_poisson_arrivals_have_their_rate_and_their_talks_their_mean() -> None:
    found = calls(Load("poisson", rate=1.0, length=s(10_005)))
    assert abs(len(found) - 10_000) < 400, "four standard deviations"
    assert abs(sum(call.talk for call in found) / len(found) - TALK) < 4 * TALK / len(found) ** 0.5
    first_half = sum(call.at < s(5_005) for call in found)
    assert abs(first_half - len(found) / 2) < 200


def test_a_talk_of_the_load_replaces_that_of_the_site() -> None:
    found = calls(Load("poisson", rate=1.0, length=s(5_000), talk=s(10)))
    assert abs(sum(call.talk for call in found) / len(found) - s(10)) < s(1)


def test_a_burst_is_even_and_others_follow_it() -> None:
    found = calls(Load("burst", calls=50, length=s(10), hold=s(100), rate=1.0))
    assert [call.at for call in found[:50]] == [START_UP + s(5) * n // 50 for n in range(50)]
    assert all(s(10) < call.at < s(110) for call in found[50:])
    assert 60 < len(found) - 50 < 140


def surge(*spots: Spot, rate: float = 0.0, length: float = 4000) -> Load:
    return Load("surge", rate=rate, length=s(length), spots=spots)


def test_a_spot_brings_its_callers_and_they_die_away_with_its_time_constant() -> None:
    found = [call.at - s(100) for call in calls(surge(Spot(s(100), 5_000, s(60))))]
    assert abs(len(found) - 5_000) < 4 * 5_000**0.5
    assert abs(sum(found) / len(found) - s(60)) < 4 * s(60) / 5_000**0.5  # exponential: mean and deviation are one
    for seconds, share in ((60, 0.6321), (180, 0.9502)):
        assert abs(sum(at < s(seconds) for at in found) / len(found) - share) < 0.03
    numbers = [len(calls(surge(Spot(s(100), 50, s(20))), seed=seed)) for seed in range(200)]
    mean = sum(numbers) / len(numbers)
    assert abs(mean - 50) < 2
    assert 30 < sum((n - mean) ** 2 for n in numbers) / len(numbers) < 75, "Poisson: the variance is the mean"


def test_spots_are_repeated_and_come_on_top_of_those_who_call_anyway() -> None:
    found = calls(surge(Spot(s(1000), 300, s(10), s(1000), 2), rate=0.1))
    counted = Counter(call.at // s(1000) for call in found)
    assert abs(counted[0] - 100) < 40
    assert abs(counted[1] - 400) < 80
    assert abs(counted[2] - 400) < 80
    assert abs(counted[3] - 100) < 40
    plain = [call.at for call in calls(Load("poisson", rate=0.1, length=s(4000)))]
    assert set(plain) < {call.at for call in found}, "who calls anyway, calls all the same"


def test_a_surge_ends_with_the_load() -> None:
    found = calls(surge(Spot(s(90), 500, s(60)), length=100))
    assert 40 < len(found) < 120
    assert all(s(90) <= call.at < s(100) for call in found)


def test_without_a_rate_nobody_follows() -> None:
    assert len(calls(Load("burst", calls=5, length=s(10), hold=s(1000)))) == 5
    assert calls(Load("poisson", length=s(1000))) == []


def test_share_of_outgoing_calls_and_desks_at_random() -> None:
    found = calls(Load("poisson", rate=1.0, length=s(4_000), outbound=0.25), seats=4)
    outward = [call for call in found if call.seat]
    assert abs(len(outward) / len(found) - 0.25) < 0.03
    assert set(Counter(call.seat for call in outward)) == {f"seat.{n}" for n in range(1, 5)}
    assert not any(call.seat for call in calls(Load("poisson", rate=1.0, length=s(500))))


def test_shares_of_callers_with_priority_and_of_talks_that_are_recorded() -> None:
    found = calls(Load("poisson", rate=1.0, length=s(4_000), priority=0.25, recorded=0.5, outbound=0.5))
    inward = [call for call in found if not call.seat]
    assert abs(sum(call.priority for call in inward) / len(inward) - 0.25) < 0.04
    assert not any(call.priority for call in found if call.seat)
    assert abs(sum(call.recorded for call in found) / len(found) - 0.5) < 0.04


def test_skills_at_random() -> None:
    found = calls(Load("poisson", rate=1.0, length=s(1_000), skills=("a", "b")))
    counted = Counter(call.skill for call in found)
    assert set(counted) == {"a", "b"}
    assert abs(counted["a"] - counted["b"]) < 4 * len(found) ** 0.5


def test_same_seed_same_callers_another_seed_others() -> None:
    load = Load("poisson", rate=0.1, length=HOUR, outbound=0.2, skills=("a", "b"))
    assert calls(load) == calls(load)
    assert calls(load) != calls(load, seed=8)


def test_another_size_or_share_does_not_shift_when_people_call_and_how_long_they_talk() -> None:
    load, outward = Load("poisson", rate=0.1, length=HOUR), Load("poisson", rate=0.1, length=HOUR, outbound=0.5)
    plain = [(call.at, call.talk) for call in calls(load)]
    assert [(call.at, call.talk) for call in calls(load, seats=99)] == plain
    assert [(call.at, call.talk) for call in calls(outward)] == plain
    marked = Load("poisson", rate=0.1, length=HOUR, priority=0.5, recorded=0.5)
    assert [(call.at, call.talk) for call in calls(marked)] == plain


def test_a_load_for_so_many_seats_grows_and_shrinks_with_the_seats_and_is_the_same_on_its_own() -> None:
    load = Load("poisson", rate=0.1, length=s(20_000), for_seats=20)
    plain = calls(msgspec.structs.replace(load, for_seats=None))
    assert calls(load) == plain, "no draw is another"
    assert calls(msgspec.structs.replace(load, for_seats=None), seats=50) == plain, "nothing grows unasked"
    for seats in (5, 50):
        due = 2_000 * seats / 20
        assert abs(len(calls(load, seats=seats)) - due) < 4 * due**0.5
    between = poisson(load, 50, TALK, Streams(7))
    assert abs(len(list(between(s(0), s(20_000)))) - 5_000) < 4 * 5_000**0.5, "so do calls around failures"


def test_the_callers_of_a_spot_and_of_a_burst_grow_with_the_seats_and_so_do_those_who_wait() -> None:
    spots = msgspec.structs.replace(surge(Spot(s(100), 500, s(60))), for_seats=20)
    assert calls(spots) == calls(msgspec.structs.replace(spots, for_seats=None))
    assert abs(len(calls(spots, seats=50)) - 1_250) < 4 * 1_250**0.5
    few = msgspec.structs.replace(surge(Spot(s(100), 5, s(60))), for_seats=100)
    numbers = [len(calls(few, seats=10, seed=seed)) for seed in range(400)]
    assert abs(sum(numbers) / len(numbers) - 0.5) < 4 * (0.5 / 400) ** 0.5, "half a caller on average is not rounded"
    burst = Load("burst", calls=5, length=s(10), for_seats=20)
    assert [len(calls(burst, seats=seats)) for seats in (1, 9, 10, 20, 30, 50)] == [1, 2, 3, 5, 8, 13]
    full = filling(calls=12, waiting=5, for_seats=20)
    assert [len(calls(full, seats=seats)) for seats in (20, 30, 50, 100)] == [17, 12 + 8, 12 + 13, 12 + 25]
    assert len(calls(filling(calls=12, for_seats=20), seats=50)) == 12, "nobody waits where nobody did"


@given(
    st.sampled_from(["full-occupancy", "poisson", "burst", "surge"]),
    st.integers(0, 60),
    st.integers(1, 60),
    st.integers(0, 40),
    st.integers(0, 40),
    st.sampled_from([0.0, 0.1, 3.0]),
    st.integers(1, 30),
)
def test_always_in_order_and_nobody_during_the_start_up(
    kind: str, first: int, hold: int, waiting: int, count: int, rate: float, seats: int
) -> None:
    spots = (Spot(s(waiting), 1 + count, s(hold)), Spot(s(0), 1 + waiting, s(1 + count), s(hold), 3))
    load = Load(
        kind, ramp=s(first), hold=s(hold), waiting=waiting, rate=rate, length=s(first), calls=count, spots=spots
    )
    found = calls(load, seats)
    assert all(a.at <= b.at for a, b in itertools.pairwise(found))
    assert all(call.at >= START_UP and call.talk > 0 for call in found)
