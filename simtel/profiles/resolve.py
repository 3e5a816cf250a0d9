"""A site for a number of seats.

Up to the default number of seats a site is what its file says. For more seats the parts grow by the file's
table: one of a part for so many seats begun, and so many for each span; never fewer than are written. New
spans go to the gateway that has fewest. Of seats on boards and seats with IP phones there is the same share at
any number of them, rounded. `as-quoted` keeps what is written whatever the seats: what then
binds is for the run to show. Grown parts suffice, or the site cannot have so many seats.
"""

from hashlib import sha256
from math import ceil
from typing import Literal

import msgspec

from simtel.core.i18n import Message
from simtel.core.problems import BadInput, quoted
from simtel.core.quantity import Basis, Quantity
from simtel.profiles.site import LICENCES, ON_BOARD, Site
from simtel.profiles.spec import Given, Layout, SiteSpec

Parts = Literal["grown", "as-quoted"]
BEARERS = 30  # channels of an E1 that carry speech


def resolve(site: Site, seats: int | None = None, parts: Parts = "grown") -> SiteSpec:
    """The site for a number of seats. BadInput when it cannot have so many."""
    data = site.data
    default, at_most = site.default_seats, int(data["seats"]["at_most"])
    count = default if seats is None else seats
    if not 1 <= count <= at_most:
        message = Message("{count} seats: site {site} has 1 to {most}", count=count, site=quoted(site.id), most=at_most)
        raise BadInput([site.doc.problem(("seats", "at_most"), message)])
    grow = data.get("growth", {}) if parts == "grown" and count > default else {}
    housed, cold = bool(data["gateways"].get("housed")), bool(data.get("cold_spare"))
    spans = _spread(_grown(grow, "spans", sum(data["gateways"]["spans"]), count, 0), data["gateways"]["spans"], cold)
    phones = site.profiles.get("phones")
    phone = "none" if phones is None else "board" if phones.kind in ON_BOARD else "ip"
    boards = _grown(grow, "boards", data["boards"]["count"], count, sum(spans)) if "boards" in data else 0
    ports = site.figures.get("gateways.ports.spans")
    if ports is not None and not housed and max(spans) > int(ports.value):
        message = Message("{spans} E1 on a gateway that has {ports} ports, at {count} seats",
                          spans=max(spans), ports=str(ports.value), count=count)  # fmt: skip
        raise BadInput([site.doc.problem(("gateways", "spans"), message)])
    if parts == "grown":
        _ports_suffice(site, sum(spans), count)
    licences = {name: _grown(grow, name, int(data["licences"][name].value), count, sum(spans)) for name in LICENCES}
    figures = dict(site.figures)
    for name, number in licences.items():
        figures[f"licences.{name}"] = _raised(figures[f"licences.{name}"], number, count)
    layout = Layout(
        servers=data["servers"]["count"], gateways=len(spans), spans=spans, boards=boards,
        switches=data["lan"]["count"], feeds=data["feeds"]["count"], housed=housed,
        console="consoles" in data, phone=phone, cold_spare=cold,
        ip_seats=round(data["ip_phones"]["seats"] * count / default) if "ip_phones" in data else 0,
        loops=data["loops"]["count"] if "loops" in data else 0,
        spread=bool(data.get("boards", {}).get("spread")),
    )  # fmt: skip
    digest = sha256(f"{site.hash} {count} {parts}".encode()).hexdigest()
    return SiteSpec(
        site.id, data["title"], data["why"], data["requirement"], count, layout, figures, licences,
        {role: profile.id for role, profile in site.profiles.items()},
        {role: profile.name for role, profile in site.profiles.items()}, f"sha256:{digest}",
    )  # fmt: skip


def _ports_suffice(site: Site, spans: int, seats: int) -> None:
    """A switching network has a port for each circuit on its one side, and for each seat on the other. BadInput."""
    inlets, outer = (site.figures.get(f"switching.stages.{name}") for name in ("inlets", "outer"))
    if inlets is None or outer is None:
        return
    ports = int(inlets.value) * int(outer.value)
    circuits, lines = spans * BEARERS, site.figures.get("loops.ports.lines")
    if lines is not None:
        circuits += int(site.data["loops"]["count"]) * int(lines.value)
    if max(circuits, seats) > ports:
        message = Message("{circuits} circuits and {seats} seats on a switching network of {ports} ports a side",
                          circuits=circuits, seats=seats, ports=ports)  # fmt: skip
        raise BadInput([site.doc.problem(("switching", "profile"), message)])


def _grown(rules: dict[str, dict[str, int]], part: str, written: int, seats: int, spans: int) -> int:
    """How many of a part, never fewer than are written."""
    rule = rules.get(part, {})
    due = ceil(seats / rule["per_seats"]) if "per_seats" in rule else 0
    return max(written, due + rule.get("per_span", 0) * spans)


def _spread(total: int, written: tuple[int, ...], cold: bool) -> tuple[int, ...]:
    """Spans of each gateway: as written and the rest spread evenly, or all on the first if one is spare."""
    spans = list(written)
    while sum(spans) < total:
        spans[0 if cold else spans.index(min(spans))] += 1
    return tuple(spans)


def _raised(given: Given, number: int, seats: int) -> Given:
    """A licence that grew with the seats; what was quoted for fewer seats is now computed."""
    stated = given.stated
    if not isinstance(stated, Quantity) or stated.value == number:
        return given
    source = f"grown from {stated.value} for {seats} seats; {stated.source}"
    if stated.basis is not Basis.ASSUMED:
        return Given(Quantity(number, stated.unit, Basis.COMPUTED, source), given.spec)
    low, high = (None if end is None else max(int(end), number) for end in (stated.low, stated.high))
    return Given(msgspec.structs.replace(stated, value=number, low=low, high=high, source=source), given.spec)
