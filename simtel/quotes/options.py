"""What is compared: options, each in the readings that make another site of it, in plain figures."""

from collections.abc import Mapping
from dataclasses import dataclass

from simtel.core.i18n import Message
from simtel.profiles.site import Site
from simtel.profiles.spec import SiteSpec
from simtel.quotes.ranged import Ranged

CORE = "licence-core-channel"
_LICENCES = ("core-channel", "agent", "recording")


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to mean an option. `site` is None where it makes none, and `why` says so. Money of the option's currency:
    `offer` is what is paid, `listed` the list price of what is bought, `owned` that of owned parts that stay in use
    (parts without a price are `unpriced`)."""

    name: str
    site: Site | None
    why: Message | None
    offer: Ranged
    listed: float
    owned: float
    unpriced: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Option:
    """One quote. `prices`: list price of a part; `warranty` in years, None where none is stated. The first reading is
    the one that it is ranked by."""

    id: str
    title: Mapping[str, str]
    currency: str
    prices: Mapping[str, float]
    warranty: Ranged | None
    readings: tuple[Reading, ...]


def counts(spec: SiteSpec) -> dict[str, int]:
    """How many of each part a site has that grows with its seats."""
    layout, of = spec.layout, spec.profiles
    found = {of["servers"]: layout.servers, of["gateways"]: sum(layout.spans)}
    if layout.loops:
        found[of["loops"]] = layout.loops
    if layout.boards:
        found[of["boards"]] = layout.boards
    for role, there in (("phones", layout.phone != "none"), ("consoles", layout.console)):
        if there:
            found[of[role]] = spec.seats
    return found | {f"licence-{name}": spec.licences[name] for name in _LICENCES}
