"""What is compared: options, each in the readings that make another site of it, in plain figures."""

from collections.abc import Mapping
from dataclasses import dataclass

from simtel.core.i18n import Message
from simtel.profiles.site import Site
from simtel.profiles.spec import SiteSpec
from simtel.quotes.ranged import Ranged, known

NONE = known(0.0)
CORE = "licence-core-channel"
_LICENCES = ("core-channel", "agent", "recording")


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to mean an option. `site` is None where it makes none, and `why` says so. Money of the option's currency,
    with tax where it is known: `offer` is what is paid, `listed` the list price of what is bought, `owned` that of
    owned parts that stay in use (parts without a price are `unpriced`). `says`: what each choice means by which it
    differs from the first reading, in the first reading what all of them mean. `needed`: list price of `lacking`, the
    parts that the site works with and that nobody has ordered, or that the buyer is to supply; of those `blank` have
    no price. `missing`: kinds of part of which there is none."""

    name: str
    site: Site | None
    why: Message | None
    offer: Ranged
    listed: Ranged
    owned: Ranged
    unpriced: tuple[str, ...]
    says: tuple[Mapping[str, str], ...] = ()
    needed: Ranged = NONE
    lacking: tuple[tuple[str, int], ...] = ()
    blank: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Option:
    """One quote. `prices`: list price of a part; `warranty` in years, None where none is stated. The first reading is
    the one that it is ranked by; `left`: readings that are not taken; `taxed`: the tax on what is paid is known."""

    id: str
    title: Mapping[str, str]
    currency: str
    prices: Mapping[str, Ranged]
    warranty: Ranged | None
    readings: tuple[Reading, ...]
    left: int = 0
    taxed: bool = False


def counts(spec: SiteSpec) -> dict[str, int]:
    """How many of each part a site has that grows with its seats."""
    layout, of = spec.layout, spec.profiles
    found = {of["servers"]: layout.servers, of["gateways"]: sum(layout.spans)}
    if layout.loops:
        found[of["loops"]] = layout.loops
    if layout.boards:
        found[of["boards"]] = layout.boards
    if layout.ip_seats:
        found[of["ip_phones"]] = layout.ip_seats
    for role, number in (("phones", spec.seats - layout.ip_seats if layout.phone != "none" else 0),
                         ("consoles", spec.seats if layout.console else 0)):  # fmt: skip
        if number:
            found[of[role]] = number
    return found | {f"licence-{name}": spec.licences[name] for name in _LICENCES}
