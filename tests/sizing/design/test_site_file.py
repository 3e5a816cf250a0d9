"""The parts list as a site file: `simtel` reads it, builds it, and every seat of it can talk."""

from dataclasses import replace

import pytest
import yaml

from simtel.profiles.catalogue import read_devices
from simtel.profiles.resolve import resolve
from simtel.profiles.site import read_site
from simtel.sizing.design.need import Need, Targets
from simtel.sizing.design.plan import plan
from simtel.sizing.design.site_file import quantities, site_file
from simtel.sizing.theory.site_queue import Traffic

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
    parts = plan(need)
    listed = yaml.safe_load(site_file(need, parts, "sized"))["parts"]
    assert {part["profile"]: part["quantity"] for part in listed} == {
        "lpt-2000-ds": 2, "e1-module-1": 2, "adapter-24": 3, "licence-core-channel": 26, "licence-agent": 26,
        "licence-recording": 26, "headset": 26, "softphone-pc": 26, "lan-switch": 2, "crm-server": 1,
    }  # fmt: skip
    assert dict(quantities(replace(parts, boards=0)))["ip-phone"] == 26


def test_one_server_registers_nobody_twice() -> None:
    site = resolve(read_site(site_file(NEED, plan(NEED), "sized").encode(), DEVICES, "site.yaml"))
    assert {site.choice(f"{role}.registration.mode") for role in ("gateways", "consoles", "boards")} == {"vip"}
