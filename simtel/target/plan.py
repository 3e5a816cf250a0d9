"""What a target is asked to run: a scenario on a site under a seed; and how every target reads the same figures."""

import msgspec

from simtel.core.clock import SECOND
from simtel.profiles.spec import SiteSpec
from simtel.protocols.election import Times
from simtel.scenario.spec import Load, Scenario

START_UP = 5 * SECOND  # nobody calls before
PRIORITIES = (150, 100)  # of the first and the second server, as VRRP: the first is active when both start


class Plan(msgspec.Struct, frozen=True):
    """One run."""

    scenario: Scenario
    site: SiteSpec
    seed: int


def election_times(site: SiteSpec) -> Times:
    """The figures of the site's servers that the election works with."""
    path = "servers.election."
    return Times(
        advert_interval=site.time(path + "advert_interval"),
        promote_time=site.time(path + "promote_time"),
        address_time=site.time(path + "address_time"),
        fencing_time=site.time(path + "fencing_time"),
        preempt_delay=site.time(path + "preempt_delay"),
    )


def load_length(load: Load) -> int:
    """From the start until no further call is offered, in nanoseconds."""
    match load.kind:
        case "full-occupancy":
            return load.ramp + load.hold
        case "burst":
            return load.length + load.hold
        case "connections":
            return START_UP + load.calls * load.pace
        case _:
            return load.length
