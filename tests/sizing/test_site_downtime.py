"""A site's downtime: what its parts owe each other. Against devices that fail: `library/test_downtime`."""

from functools import cache

import msgspec
import pytest

from simtel.core.clock import HOUR, MINUTE
from simtel.core.quantity import Value
from simtel.profiles.catalogue import find_site, read_devices, site_names
from simtel.profiles.resolve import resolve
from simtel.profiles.spec import SiteSpec
from simtel.sizing.availability import MINUTES_A_YEAR
from simtel.sizing.site_downtime import UNITS, Crew, Share, SiteDowntime, site_downtime

DEVICES = read_devices()


@cache
def site(name: str) -> SiteSpec:
    return resolve(find_site(name, DEVICES))


def changed(name: str, **figures: Value) -> SiteSpec:
    found = site(name)
    for path, value in figures.items():
        found = found.with_figure(path.replace("__", "."), value)
    return found


def of(found: SiteDowntime, kind: str) -> Share:
    return next(share for share in found.shares if share.kind == kind)


def layout(spec: SiteSpec, **changes: object) -> SiteSpec:
    return msgspec.structs.replace(spec, layout=msgspec.structs.replace(spec.layout, **changes))


def test_one_of_each_is_a_chain_of_all() -> None:
    """Today: one server, one switch, one feed; a gateway of two E1s, either of which is half of the trunks."""
    spec = site("today")
    found = site_downtime(spec)

    def works(path: str, away: float) -> float:
        life = spec.number(f"{path}.failure.mtbf_hours")
        return life / (life + away)

    def hours(path: str) -> float:
        return spec.time(path) / HOUR

    boot = hours("servers.boot_time")
    server = works("servers", 1 + hours("servers.failure.repair_time") + boot + 0.5 * 0.05)  # 1 in 20 hangs for 30 min
    switch = works("lan", 1 + hours("lan.failure.repair_time") + hours("lan.boot_time"))
    again = max(boot, hours("gateways.boot_time"), hours("lan.boot_time"))
    feed = works("feeds", 1 + hours("feeds.failure.repair_time") + again)
    gateway = works("gateways", 1 + hours("gateways.failure.repair_time") + hours("gateways.boot_time"))
    line = works("exchange", 1 + hours("exchange.failure.repair_time"))
    assert found.system == pytest.approx(MINUTES_A_YEAR * (1 - server * switch * feed * gateway * line**2), rel=1e-9)
    board = works("boards", 1 + hours("boards.failure.repair_time") + hours("boards.boot_time"))
    phone = works("phones", 1 + hours("phones.failure.repair_time"))
    console = works("consoles", 1 + hours("consoles.failure.repair_time") + hours("consoles.boot_time"))
    desk = 1 - (1 - board * phone) * (1 - console)
    assert found.user == pytest.approx(MINUTES_A_YEAR * (1 - server * switch * feed * desk), rel=1e-9)
    assert found.pair is None


def test_the_pair_is_that_of_the_six_states() -> None:
    found = site_downtime(site("proposal-as-drawn"), Crew(travel=7_200.0, notice=600.0))
    assert found.pair is not None
    # 10,000 h, 4 h + 2 h on the way + 10 s to boot; 3.3 s to take over, or 10 min by hand.
    assert of(found, "servers").away == pytest.approx(6 * 3_600, rel=0.02)
    assert found.pair.exact.uncovered == pytest.approx(MINUTES_A_YEAR * 0.05 * 600 / 3.6e7, rel=0.01)
    assert found.pair.exact.switching == pytest.approx(MINUTES_A_YEAR * 0.95 * 3.3 / 3.6e7, rel=0.01)
    assert of(found, "servers").system == pytest.approx(found.pair.exact.counted, rel=0.01)


def test_a_formula_that_does_not_hold_is_not_trusted() -> None:
    rare, often = (
        site_downtime(changed("proposal-as-drawn", servers__failure__mtbf_hours=life)) for life in (10_000, 1_000)
    )
    assert rare.pair is not None
    assert often.pair is not None
    assert (rare.pair.trusted, often.pair.trusted) == (True, False)


def test_two_switches_fail_together_or_one_by_one() -> None:
    apart, together = (
        of(site_downtime(changed("proposal-as-drawn", lan__failure__together=share)), "switches")
        for share in (0.0, 1.0)
    )
    assert together.system == pytest.approx(2 * together.alone, rel=0.01)
    assert apart.system == pytest.approx(apart.alone**2 / MINUTES_A_YEAR, rel=0.01)


def test_each_of_two_feeds_takes_its_gateway_along() -> None:
    """Which is half of the trunks; of a seat, only both together are an outage."""
    feeds = of(site_downtime(changed("proposal-as-drawn", feeds__failure__together=0.0)), "feeds")
    assert feeds.system == pytest.approx(2 * feeds.alone, rel=0.01)
    assert feeds.user < 0.001 * feeds.system
    alone = layout(changed("proposal-as-drawn", feeds__failure__together=0.0), switches=1)
    switched = of(site_downtime(alone), "feeds")
    assert switched.user == pytest.approx(feeds.alone, rel=0.01)  # the first has the switch
    assert switched.system == pytest.approx(2 * feeds.alone, rel=0.01)  # and its gateway, which is the same outage


def test_a_gateway_in_a_servers_box_goes_with_it() -> None:
    housed = site("as-quoted-one-e1-each")
    box = of(site_downtime(housed), "servers")
    assert box.system == pytest.approx(2 * box.alone, rel=0.02)  # either is half of the trunks
    apart = of(site_downtime(layout(housed, housed=False)), "servers")
    assert apart.system < 2.0


def test_cables_that_a_person_moves_end_an_outage_before_the_repair() -> None:
    found = site_downtime(changed("as-quoted-two-e1-active", site__cable_move_time=20 * MINUTE))
    assert of(found, "gateways").away == 20 * 60
    assert of(found, "gateways").count == 1  # that of the spare carries nothing
    longer = site_downtime(changed("as-quoted-two-e1-active", site__cable_move_time=100 * HOUR))
    assert of(longer, "gateways").away > 5 * 3_600
    assert of(longer, "servers").system > 3 * of(found, "servers").system  # whose box takes the gateway along


def test_a_seat_with_nothing_but_a_telephone_hangs_on_its_board() -> None:
    spec = layout(site("two-boards"), console=False)
    found = site_downtime(spec)
    assert of(found, "boards").user == pytest.approx(of(found, "boards").alone, rel=0.01)
    assert of(found, "boards").system == pytest.approx(2 * of(found, "boards").alone, rel=0.01)  # half of the seats
    whole = site_downtime(layout(spec, spread=False, boards=1))
    assert of(whole, "boards").system == pytest.approx(of(found, "boards").alone, rel=0.01)
    assert of(site_downtime(site("two-boards")), "boards").user < 1.0  # the console goes on


@pytest.mark.parametrize("name", site_names())
def test_ends_hold_the_figures_between_them_and_shares_make_up_the_whole(name: str) -> None:
    found = site_downtime(site(name))
    for minutes, (good, bad) in ((found.system, found.system_ends), (found.user, found.user_ends)):
        assert good < minutes < bad
    assert sum(share.system for share in found.shares) == pytest.approx(found.system, rel=0.02)
    assert all(share.assumed and share.alone > 0 for share in found.shares)
    assert {share.kind for share in found.shares}.isdisjoint(found.silent)
    assert {share.kind for share in found.shares} | set(found.silent) <= UNITS.keys()


def test_what_no_profile_states_is_told() -> None:
    assert site_downtime(site("public-mediant-800")).silent == ("gateways", "boards")
    spec = site("proposal-as-drawn")
    figures = {path: given for path, given in spec.figures.items() if ".failure." not in path}
    found = site_downtime(msgspec.structs.replace(spec, figures=figures))
    assert (found.system, found.user, found.shares, found.pair) == (0.0, 0.0, (), None)
    assert set(found.silent) == UNITS.keys() - {"boards", "ip_phones"}
