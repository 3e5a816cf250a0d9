"""Both kernels against the site of devices: the same calls meet the same and wait as long, but for the signalling.

Menus, trunks, IVR ports, places in the queue, skill groups, priorities, patience and wrap-up are what both know. The
whole number of sites is a matter of the library.
"""

import pytest

from simtel.core.clock import MS
from simtel.sizing.kernels import site_world as world
from tests.sizing.device_site import side_by_side

pytestmark = pytest.mark.timeout(240)  # the first to run compiles; on a busy machine that takes a while


def test_every_call_meets_what_it_met_among_devices() -> None:
    seen = side_by_side(range(36))
    for outcome in (world.BLOCKED, world.MENU_FULL, world.QUEUE_FULL, world.GAVE_UP, world.ANSWERED):
        assert seen[f"outcome {outcome}"] > 10, outcome  # or nothing would be shown about it
    for way in ("site", "sorted", "heap"):
        assert seen[f"{way} sites"] > 6
        assert seen[f"{way} agree"] > 0.9 * seen[f"{way} calls"]  # ties end few comparisons, and late
        assert seen[f"{way} exact"] > 0.99 * seen[f"{way} agree"]  # the others waited in line
        assert seen[f"{way} largest"] < 30 * MS
