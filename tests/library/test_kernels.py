"""Both kernels of sizing against the site of devices, call by call, on more sites than a quick run has time for."""

from math import exp

import msgspec
import numpy as np

from simtel.core.clock import MS, SECOND, Ns
from simtel.core.events import Kind
from simtel.core.quantity import Value
from simtel.devices.server.control import IVR_LONGEST
from simtel.scenario.spec import Load
from simtel.sizing.kernels.draws import Law
from simtel.sizing.kernels.site_plan import Demand, Redial, Site, Team
from simtel.sizing.kernels.site_runs import simulate_site
from simtel.target.plan import START_UP
from tests.properties.world import live, scenario_of, site_of
from tests.sizing.device_site import side_by_side

SITES = 240


def test_kernels_and_devices_tell_the_same_of_every_call() -> None:
    seen = side_by_side(range(1_000, 1_000 + SITES))
    for way in ("site", "sorted", "heap"):
        print(
            f"{way}: {seen[f'{way} sites']} sites, {seen[f'{way} calls']} calls, {seen[f'{way} agree']} agree,"
            f" {seen[f'{way} exact']} of them to the nanosecond, the others within {seen[f'{way} largest'] / MS} ms;"
            f" {seen[f'{way} ties']} ties"
        )
        assert seen[f"{way} sites"] > 50
        assert seen[f"{way} agree"] > 0.95 * seen[f"{way} calls"]
        assert seen[f"{way} exact"] > 0.99 * seen[f"{way} agree"]
        assert seen[f"{way} largest"] < 30 * MS  # SETUPs wait in line, INVITEs for the server
        assert seen[f"{way} ties"] < 0.05 * seen[f"{way} sites"]


def test_who_dials_again_fills_the_trunks_of_both_alike() -> None:
    """Retrials in distribution: devices draw theirs from streams of their own."""
    share, delay, wrap_up, talk, patience, length, rate = 0.4, 20, 5, 60, 40, 1_800, 0.42
    menu = 15 * (1 - exp(-IVR_LONGEST))  # in the mean: nobody hears it for longer
    figures: dict[str, Value] = {
        "people.redial": share, "people.redial_delay": delay * SECOND, "people.wrap_up": wrap_up * SECOND,
        "people.answer_time": MS, "people.ivr_time": 15 * SECOND, "people.queue_patience": patience * SECOND,
        "servers.limits.attempts": 1_000.0,
    }  # fmt: skip
    site = site_of("proposal-as-drawn", 26)
    for path, value in figures.items():
        site = site.with_figure(path, value)
    site = msgspec.structs.replace(site, layout=msgspec.structs.replace(site.layout, gateways=1, spans=(1,)))
    scenario = scenario_of(Load("poisson", rate=rate, length=Ns(START_UP + length * SECOND), talk=Ns(talk * SECOND)))
    among_devices = []
    for seed in range(20):
        offered = live(site, scenario, seed, rest=False).log.of(Kind.CALL_OFFERED, Kind.CALL_REFUSED)
        attempts = [int(event.data["attempt"]) for event in offered if event.kind == Kind.CALL_OFFERED]
        among_devices.append((len(attempts) / attempts.count(1), len(offered) / len(attempts) - 1))
    runs = simulate_site(
        Site(float(length), 30, 120, [Team([0], [26])]),
        Demand(
            [rate], Law.exponential(talk), Law.exponential(patience), Law.fixed(menu), Law.fixed(wrap_up),
            redial=Redial(share, share, delay),
        ),
        replications=range(100),
    ).whole()  # fmt: skip
    by_kernel = (runs.attempts / runs.callers, runs.blocked / runs.attempts)
    for seen, told in zip(np.transpose(among_devices), by_kernel, strict=True):
        off = seen.mean() - told.mean()
        error = np.sqrt(seen.var(ddof=1) / seen.size + told.var(ddof=1) / told.size)
        print(f"{seen.mean():.4f} among devices, {told.mean():.4f} by the kernel, standard error {error:.4f}")
        assert abs(off) < 3 * error
        assert told.mean() % 1 > 8 * error  # of blocking and of further attempts there is enough to tell
