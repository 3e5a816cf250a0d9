"""The parts list as a site file: `simtel` reads it, builds it, and every seat of it can talk."""

from dataclasses import replace

import pytest
import yaml

from simtel.profiles.catalogue import read_devices
from simtel.profiles.resolve import resolve
from simtel.profiles.site import read_site
from simtel.sizing.design.need import Need, Targets, analog_seats
from simtel.sizing.design.plan import Given, all_talking, plan
from simtel.sizing.design.site_file import quantities, site_file
from simtel.sizing.design.survive import left
from simtel.sizing.theory.site_queue import Traffic
from simtel.target.building import names

NEED = Need(Traffic(300 / 3600, 150.0, 30.0, 25.0, patience=120.0), Targets(0.8, 20.0, 0.01))
DEVICES = read_devices()


@pytest.mark.parametrize(
    "need",
    [
        NEED,
        replace(NEED, survive=True),
        replace(NEED, analog=0.0, redial=1 / 3),
        replace(NEED, analog=0.3, survive=True),
        replace(
            NEED, loop_lines=True, channels_count_seats=True, traffic=replace(NEED.traffic, arrival_rate=456 / 3600)
        ),
        Need(Traffic(300 / 3600, 7200.0, 0.0, 0.0), Targets(0.8, 20.0, 0.01), survive=True, analog=0.0),
    ],
)
def test_a_site_is_built_from_it(need: Need) -> None:
    parts = plan(need)
    site = resolve(read_site(site_file(need, parts, "sized").encode(), DEVICES, "site.yaml"))
    assert (site.seats, site.layout.spans, site.layout.loops) == (parts.seats, parts.spans, parts.loops)
    assert (site.layout.servers, site.layout.switches) == (parts.servers, parts.switches)
    assert site.layout.boards >= parts.boards
    assert site.licences == {
        "core-channel": parts.core_channels, "agent": parts.agent_licences, "recording": parts.recording,
    }  # fmt: skip
    assert site.time("people.talk_time") == min(need.traffic.talk, 3600) * 10**9
    assert site.time("people.ivr_time") == max(need.traffic.ivr, 1) * 10**9
    assert site.number("people.redial") == pytest.approx(need.redial, abs=1e-6)
    assert site.choice("site.core_channel_counts") == ("trunks-and-agents" if need.channels_count_seats else "trunks")


def test_its_parts_are_those_of_the_plan() -> None:
    need = replace(NEED, survive=True)
    parts = all_talking(need, Given(), plan(need))
    listed = yaml.safe_load(site_file(need, parts, "sized"))["parts"]
    assert {part["profile"]: part["quantity"] for part in listed} == {
        "lpt-2000-ds": 2, "e1-module-1": 2, "adapter-24": 2, "licence-core-channel": 34, "licence-agent": 34,
        "licence-recording": 34, "headset": 34, "softphone-pc": 34, "lan-switch": 2, "crm-server": 1,
    }  # fmt: skip
    over_ip = dict(quantities(replace(need, analog=0.0), replace(parts, boards=0)))
    assert (over_ip["ip-phone"], over_ip["headset"]) == (34, 0)
    both = dict(quantities(replace(need, analog=0.25), replace(parts, boards=1)))
    assert (both["headset"], both["ip-phone"]) == (9, 25)


@pytest.mark.parametrize("share", [0.5, 0.3, 0.05])
def test_some_seats_hang_on_boards_and_some_have_ip_telephones(share: float) -> None:
    need = replace(NEED, analog=share, survive=True)
    parts = plan(need)
    site = resolve(read_site(site_file(need, parts, "sized").encode(), DEVICES, "site.yaml"))
    there, analog = names(site), analog_seats(need, parts.seats)
    assert site.layout.boards == parts.boards
    assert (len(there.ports), site.layout.ip_seats) == (analog, parts.seats - analog)
    assert all(there.seats[seat] == ("phone", "console") for seat in there.seats)
    double = resolve(read_site(site_file(need, parts, "sized").encode(), DEVICES, "site.yaml"), 2 * parts.seats)
    assert double.layout.ip_seats == 2 * site.layout.ip_seats


@pytest.mark.parametrize(("share", "feeds", "boards"), [(1.0, 2, 3), (0.5, 2, 2), (1.0, 1, 2), (0.7, 2, 5)])
def test_a_feed_takes_along_what_hangs_on_it_where_the_site_is_run(share: float, feeds: int, boards: int) -> None:
    """The same seats and trunks as in the virtual site."""
    need = replace(NEED, analog=share, survive=True, loop_lines=True)
    more = {"seats": 40, "boards": boards, "feeds": feeds, "loops": 3, "agent_licences": 40, "agents": 40}
    parts = replace(plan(need), **more, core_channels=200)
    spec = resolve(read_site(site_file(need, parts, "sized").encode(), DEVICES, "site.yaml"))
    there = names(spec)
    for feed, unit in enumerate(there.feeds):
        dark = {thing for thing, fed in there.fed().items() if fed == unit}
        seats = sum(seat not in there.ports or there.ports[seat][0] not in dark for seat in there.seats)
        trunks = 30 * sum(gateway not in dark for gateway in there.spans.values())
        trunks += 4 * sum(module not in dark for module in there.loops.values())
        works = not all(server in dark for server in there.servers)
        words = [f"power feed {feed + 1}", "power feed"]
        found = {str(name): (agents, lines) for name, agents, lines in left(need, parts) if str(name) in words}
        assert list(found.values()) == [(seats, trunks) if works else (0, 0)]


def test_one_server_registers_nobody_twice() -> None:
    site = resolve(read_site(site_file(NEED, plan(NEED), "sized").encode(), DEVICES, "site.yaml"))
    assert {site.choice(f"{role}.registration.mode") for role in ("gateways", "consoles", "boards")} == {"vip"}
