"""Quantiles in place of a law: what is drawn has the quantiles, the tail and the mean that were asked for."""

import msgspec
import numpy as np
import pytest

from simtel.core.quantity import Basis
from simtel.profiles.law import Law as Stated
from simtel.profiles.law import empirical_mean
from simtel.sizing.fitting.laws import shorter
from simtel.sizing.kernels.draws import SECOND, Law, draw, keys
from simtel.sizing.kernels.quantiles import Quantiles, kernels, shaped
from simtel.sizing.kernels.site_plan import Demand, Site, Team
from simtel.sizing.kernels.site_runs import simulate_site
from simtel.sizing.kernels.site_steady import drawn

pytestmark = pytest.mark.timeout(240)  # the kernel may have to be compiled

PIECES = (5.0, 10.0, 40.0, 45.0)
LAWS = [
    Stated("empirical", empirical_mean(PIECES, 0.9, 30.0), Basis.MEASURED, "", quantiles=PIECES, upto=0.9, tail=30.0),
    Stated("empirical", empirical_mean(PIECES, 1.0, 0.0), Basis.MEASURED, "", quantiles=PIECES),
    Stated("hyperexponential", 0.2 * 5 + 0.5 * 50 + 0.3 * 300, Basis.MEASURED, "",
           phases=((0.2, 5.0), (0.5, 50.0), (0.0, 7.0), (0.3, 300.0))),
]  # fmt: skip


@pytest.mark.parametrize("stated", LAWS, ids=["tail", "whole", "three"])
def test_what_is_drawn_follows_the_law(stated: Stated) -> None:
    law = drawn(stated)
    assert isinstance(law, Quantiles)
    assert law.mean == pytest.approx(stated.mean)
    out = np.empty((200_000, 1), np.int64)
    draw(kernels(law), keys(1, "talk", range(1)), 0, out)
    shaped(law, out[:, 0])
    lengths = np.sort(out[:, 0]) / SECOND
    assert lengths.mean() == pytest.approx(stated.mean, rel=0.02)
    below = shorter(stated, lengths)
    assert np.abs(below - (np.arange(len(lengths)) + 0.5) / len(lengths)).max() < 1.95 / len(lengths) ** 0.5


def test_a_law_of_the_kernels_own_is_left_alone() -> None:
    out = np.arange(5)
    shaped(Law.exponential(3.0), out)
    assert out.tolist() == [0, 1, 2, 3, 4]
    assert kernels(Law.exponential(3.0)) == Law.exponential(3.0)


def test_a_site_draws_each_duration_by_its_own_law() -> None:
    """Fixed lengths as quantiles of two alike: the same calls and times as with fixed laws."""

    def alike(length: float) -> Quantiles:
        return Quantiles(length, (length, length), 1.0, ())

    site = Site(20_000.0, 8, 8, [Team([0], [4])], dial_above=2)
    lengths = (60.0, 25.0, 10.0, 30.0)
    told = [
        simulate_site(site, Demand([0.05], *(law(length) for length in lengths)), replications=range(2))
        for law in (Law.fixed, alike)
    ]
    for name in ("attempts", "blocked", "answered", "gave_up", "dialled_out", "waited", "busy", "trunks_held"):
        assert (getattr(told[0], name) == getattr(told[1], name)).all(), name
    assert min(told[0].dialled_out.sum(), told[0].gave_up.sum()) > 0
    assert isinstance(msgspec.json.decode(msgspec.json.encode(alike(3.0)), type=Law | Quantiles), Quantiles)
