"""Whether a result on disk is still about the files that are there now."""

from collections.abc import Callable, Sequence
from functools import cache

from simtel.core.log import Header
from simtel.core.problems import BadInput
from simtel.profiles.catalogue import find_site, read_devices, site_names
from simtel.profiles.resolve import resolve
from simtel.scenario.spec import Scenario


def current(library: Sequence[Scenario]) -> Callable[[Header], bool]:
    """Says of the header of a result whether the scenario of the library and the shipped site are still the same.

    What is not shipped cannot be compared and counts as the same.
    """
    hashes = {scenario.id: scenario.hash for scenario in library}
    devices = read_devices()
    shipped = site_names()

    @cache
    def built(site: str, seats: int) -> frozenset[str]:
        try:
            whole = find_site(site, devices)
            return frozenset(resolve(whole, seats, parts).hash for parts in ("grown", "as-quoted"))
        except BadInput:  # the site cannot have so many seats any more
            return frozenset()

    def same(header: Header) -> bool:
        scenario = header.scenario.partition("@")[0]
        return hashes.get(scenario, header.scenario_hash) == header.scenario_hash and (
            header.site not in shipped or header.site_hash in built(header.site, header.seats)
        )

    return same
