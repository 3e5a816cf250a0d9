"""A point of a sweep: simulated and by formula, where both must agree and where they must not."""

from math import inf, log

import msgspec
import numpy as np
import pytest

from simtel.core.problems import BadInput
from simtel.core.quantity import Basis
from simtel.profiles.demand import Demand, read_demand
from simtel.profiles.law import Law as Stated
from simtel.profiles.law import empirical_mean
from simtel.report.sweep import WHY
from simtel.sizing.design.simulated import service_of
from simtel.sizing.design.sweep_point import MEASURES, Question, point, question
from simtel.sizing.kernels.draws import Law
from tests.sizing.demands import demand_file, law

pytestmark = pytest.mark.timeout(180)  # the kernel may have to be compiled


def demand(**laws: str) -> Demand:
    return read_demand(demand_file(**laws).encode(), "demand.yaml")


def asked(replications: int = 30, calls: int = 2_000, half_width: float | None = None, **laws: str) -> Question:
    return question(demand(**laws), replications, calls, seed=1, half_width=half_width)


@pytest.mark.parametrize("seats", [8, 10, 13])
def test_where_the_formula_is_exact_both_agree(seats: int) -> None:
    """Exponential talk and patience, no wrap-up; a tenth of the callers leaves the IVR: 8.1 erlang remain."""
    found = point(asked(calls=4_000), seats)
    assert list(found.shares) == list(MEASURES[:3])
    assert found.replications == 30
    for name, share in found.shares.items():
        slack = (share.high - share.low) / 2  # three points of three measures: one in ten would miss its interval
        assert share.low - slack <= share.formula <= share.high + slack, name
        assert 0 < share.high - share.low < 0.05
    assert found.shares["occupancy"].formula == pytest.approx(
        8.1 * (1 - found.shares["abandonment"].formula) / seats, rel=1e-9
    )


def test_where_talks_are_alike_the_simulation_knows_and_the_formula_does_not() -> None:
    """Nobody gives up: with fixed services the waits are about half as long, so more are answered in time."""
    laws = {"talk": law("deterministic", 150), "wrap_up": law("deterministic", 30), "patience": ""}
    alike = point(asked(calls=8_000, **laws), 9).shares["service_level"]
    assert alike.low > alike.formula + 0.02


def test_as_many_replications_as_the_half_width_takes() -> None:
    wide, sharp = asked(10), asked(10, half_width=0.004)
    found = point(sharp, 10)
    assert found.replications > point(wide, 10).replications == 10
    assert all(share.high - share.low <= 2 * 0.004 * (1 + 1e-9) for share in found.shares.values())
    assert max(share.high - share.low for share in point(wide, 10).shares.values()) > 0.008


def test_a_house_that_can_never_do_the_work_has_no_figures() -> None:
    never = asked(patience="")
    assert point(never, 8).shares == {}
    assert point(never, 9).shares


def test_a_point_depends_on_what_is_asked_alone() -> None:
    one, other = point(asked(5, 200), 10), point(asked(5, 200), 10)
    assert one == other
    assert point(msgspec.structs.replace(asked(5, 200), seed=2), 10) != one
    assert 0 < one.warm_up < 200


def test_talk_and_wrap_up_hold_the_seat_together() -> None:
    both = asked(talk=law("exponential", 150), wrap_up=law("exponential", 30)).service
    assert both == Law.lognormal(180.0, (150**2 + 30**2) ** 0.5 / 180)
    assert asked(wrap_up=law("deterministic", 0)).service == Law.exponential(180.0)
    assert asked(talk=law("deterministic", 0), wrap_up=law("exponential", 30)).service == Law.exponential(30.0)
    assert asked(talk=law("deterministic", 1), wrap_up=law("deterministic", 2)).service == Law.fixed(3.0)
    assert asked(patience="").callers.patience == Law.fixed(inf)
    assert asked().callers.wants_agent == 0.9  # a tenth leaves the IVR served


LAWS = [
    Stated("deterministic", 30.0, Basis.MEASURED, ""),
    Stated("exponential", 30.0, Basis.MEASURED, ""),
    Stated("log-normal", 30.0, Basis.MEASURED, "", deviation=50.0),
    Stated("hyperexponential", 0.3 * 10 + 0.7 * 100, Basis.MEASURED, "", phases=((0.3, 10.0), (0.7, 100.0))),
    Stated("empirical", empirical_mean((0.0, 10.0, 200.0), 0.9, 30.0), Basis.MEASURED, "", quantiles=(0.0, 10.0, 200.0),
           upto=0.9, tail=30.0),
]  # fmt: skip


@pytest.mark.parametrize("stated", LAWS, ids=lambda stated: stated.kind)
def test_the_deviation_of_every_law(stated: Stated) -> None:
    """Against two million draws of it, made from its own figures."""
    rng, n = np.random.default_rng(2), 2_000_000
    u = rng.uniform(size=n)
    if stated.kind == "empirical":
        inner = np.interp(u / stated.upto, np.linspace(0, 1, len(stated.quantiles)), stated.quantiles)
        drawn = np.where(u < stated.upto, inner, stated.quantiles[-1] + rng.exponential(stated.tail, n))
    elif stated.kind == "hyperexponential":
        drawn = rng.exponential(np.where(u < 0.3, 10.0, 100.0))
    elif stated.kind == "log-normal":
        spread = np.log(1 + (stated.deviation / stated.mean) ** 2)
        drawn = rng.lognormal(np.log(stated.mean) - spread / 2, spread**0.5, n)
    else:
        drawn = rng.exponential(stated.mean, n) if stated.kind == "exponential" else np.full(n, stated.mean)
    assert drawn.mean() == pytest.approx(stated.mean, rel=0.01)
    none = Stated("deterministic", 0.0, Basis.MEASURED, "")
    assert service_of(stated, none).deviation == pytest.approx(drawn.std(), rel=0.02, abs=1e-9)


def test_laws_that_no_formula_knows_are_simulated_alone() -> None:
    """Quantiles that follow an exponential law nearly: the simulation knows what the formula would say of that law."""
    like = ", ".join(f"{180 * abs(log(1 - n / 20)):.3f}s" for n in range(20))
    quantiles = f"{{law: empirical, quantiles: [{like}], upto: 95%, tail: 180s, basis: measured, source: log}}"
    seen = asked(16, 3_000, talk=quantiles)
    assert (seen.service, seen.apart) == (None, ())
    found, alike = point(seen, 10), point(asked(30), 10)
    assert list(found.shares) == list(MEASURES[:3])
    for name, share in found.shares.items():
        right = alike.shares[name].formula
        assert share.formula is None
        assert right is not None
        slack = (share.high - share.low) / 2 + 0.01  # straight lines between quantiles are a little longer
        assert share.low - slack <= right <= share.high + slack, name
    wild = "{law: hyperexponential, phases: [{share: 80%, mean: 10s}, {share: 20%, mean: 400s}], basis: measured, source: log}"  # noqa: E501
    assert asked(patience=wild).service is None
    assert asked(patience="").service is not None


def test_why_formula_and_simulation_differ() -> None:
    assert asked().apart == ()
    both = asked(wrap_up=law("exponential", 30))
    assert both.apart == ("service",)
    site = msgspec.structs.replace(both, trunks=20, ports=20)
    assert site.apart == ("wrap_up",)
    callers = msgspec.structs.replace(
        site.callers, redials=0.5, talk=Law.fixed(1.0), wrap_up=Law.fixed(1.0), patience=Law.fixed(60.0)
    )
    assert msgspec.structs.replace(site, callers=callers, ports=9).apart == (
        "patience", "redials", "ports", "wrap_up", "talk", "wrap_up_law",
    )  # fmt: skip
    assert set(msgspec.structs.replace(site, callers=callers, ports=9).apart) | set(both.apart) == set(WHY)


def test_what_cannot_be_simulated_is_named() -> None:
    with pytest.raises(BadInput, match="nobody asks for a seat"):
        asked(rate="0/h")
    hyper = "{law: hyperexponential, phases: [{share: 40%, mean: 10s}, {share: 60%, mean: 90s}], basis: measured, source: log}"  # noqa: E501
    assert asked(patience=hyper).callers.patience == Law.hyperexponential(0.4, 10.0, 90.0)


def test_near_saturation_the_start_is_forgotten_before_calls_count() -> None:
    """49 erlang on 50 seats, nobody gives up: a start that takes hours to forget would make the service look better."""
    busy = demand(rate=f"{49 / 180 / 0.9 * 3600:.6f}/h", patience="")
    found = [point(question(busy, 40, 2_000, seed), 50).shares["service_level"] for seed in range(6)]
    assert all(share.formula is not None and share.low <= share.formula <= share.high for share in found)
    off = np.array([share.mean - (share.formula or 0.0) for share in found])
    assert abs(off.mean()) < 3 * off.std(ddof=1) / np.sqrt(len(off))
    assert np.all(np.array([share.high - share.low for share in found]) < 0.35)


def test_where_nobody_is_refused_some_still_may_be() -> None:
    """All in time: of 20 times 100 calls some 5 in 2,000 may be late yet, and the interval says so."""
    share = point(asked(20, calls=100, patience=""), 40).shares["service_level"]
    assert share.mean == share.high == 1.0
    assert 0.996 < share.low < 0.9985
