"""How many minutes a year a site is down, and what they are owed to: tables for a terminal, and JSON."""

from collections.abc import Iterator

import msgspec
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text as Line

from simtel.core.i18n import Message, pick, term, told, translate
from simtel.profiles.spec import SiteSpec
from simtel.report.table import printed
from simtel.report.words import plain
from simtel.sizing.availability import SYSTEM_LIMIT, USER_LIMIT
from simtel.sizing.site_downtime import Crew, Servers, Share, SiteDowntime

SCHEMA = "availability/1"
_HOUR = 3600.0
KINDS = {
    "servers": Message("call servers"), "gateways": Message("gateways"), "spans": Message("E1 lines"),
    "boards": Message("seat boards"), "switches": Message("LAN switches"), "feeds": Message("power feeds"),
    "consoles": Message("consoles"), "phones": Message("telephones or headsets"),
    "ip_phones": Message("IP telephones of seats without a port"),
}  # fmt: skip


def render_availability(
    site: SiteSpec, crew: Crew, found: SiteDowntime, lang: str = "en", colour: bool = False, width: int | None = None
) -> str:
    """The tables as text, `width` columns wide (the terminal's own width when None)."""
    said = [told(line, lang) for line in _remarks(crew, found)]
    title = translate("{site}, {seats} seats: minutes a year in outages of more than 30 s", lang,
                      site=plain(pick(site.title, lang)), seats=site.seats)  # fmt: skip
    parts: list[RenderableType] = [_limits(found, title, lang), "", _shares(found, lang), *map(Line, said)]
    return printed(parts, colour, width)


def _limits(found: SiteDowntime, title: str, lang: str) -> Table:
    table = Table(title=Line(title), title_justify="left")
    for n, head in enumerate((
        translate("what is down", lang), translate("minutes a year", lang),
        translate("all figures at their good - bad ends", lang), translate("limit", lang), translate("met", lang),
    )):  # fmt: skip
        table.add_column(head, overflow="fold", justify="right" if n else "left")
    for what, minutes, ends, limit in (
        (translate("the site: half of its seats or trunks", lang), found.system, found.system_ends, SYSTEM_LIMIT),
        (translate("the seat that is out most", lang), found.user, found.user_ends, USER_LIMIT),
    ):
        met = term("yes" if minutes <= limit else "no", lang)
        table.add_row(what, _minutes(minutes), f"{_minutes(ends[0])} - {_minutes(ends[1])}", _minutes(limit), met)
    return table


def _shares(found: SiteDowntime, lang: str) -> Table:
    table = Table()
    for n, head in enumerate((
        translate("units", lang), translate("how many", lang), translate("one fails every", lang),
        translate("and is away for", lang), translate("one alone, minutes a year", lang),
        translate("the site owes to all of them", lang), translate("the seat owes", lang),
    )):  # fmt: skip
        table.add_column(head, overflow="fold", justify="right" if n else "left")
    for share in found.shares:
        star = "*" if share.assumed else ""
        table.add_row(
            told(KINDS[share.kind], lang), str(share.count), f"{share.mtbf / _HOUR:,.0f} h{star}",
            f"{share.away / _HOUR:.1f} h{star}", _minutes(share.alone), _minutes(share.system), _minutes(share.user),
        )  # fmt: skip
    return table


def _remarks(crew: Crew, found: SiteDowntime) -> Iterator[Message]:
    if found.pair is not None:
        yield from _pair(found.pair)
    if found.shares:
        yield Message("most is owed to: {unit}", unit=KINDS[found.shares[0].kind])
    for kind in found.silent:
        yield Message("how often they fail is not stated, and taken as never: {unit}", unit=KINDS[kind])
    if any(share.assumed for share in found.shares):
        yield Message("* assumed, or stands in for what nobody knows")
    yield Message(
        "a repair is the way ({travel} h), the repair and the boot; who hangs is switched off after {notice} min",
        travel=f"{crew.travel / _HOUR:g}", notice=f"{crew.notice / 60:g}",
    )  # fmt: skip


def _pair(pair: Servers) -> Iterator[Message]:
    yield Message(
        "the pair of servers: {exact} min a year by its six states, {counted} of them in outages of more than 30 s;"
        " {first} by the first-order formula",
        exact=_minutes(pair.exact.total), counted=_minutes(pair.exact.counted), first=_minutes(pair.first_order),
    )  # fmt: skip
    if not pair.trusted:
        yield Message("which does not hold here: a second failure within a repair or between two tests is not rare")


def _minutes(minutes: float) -> str:
    """To three digits; what would be written as nothing is less than the last of them."""
    minutes = max(0.0, minutes)  # what is owed to a kind is a difference
    return f"{minutes:,.0f}" if minutes >= 100 else f"{minutes:.1f}" if minutes >= 10 else f"{minutes:.2f}"


def availability_json(site: SiteSpec, crew: Crew, found: SiteDowntime) -> bytes:
    """The same for programs: minutes a year, other times in seconds."""
    content = {
        "simtel": SCHEMA,
        "site": site.id,
        "seats": site.seats,
        "crew": {"travel": crew.travel, "notice": crew.notice},
        "system": _of(found.system, found.system_ends, SYSTEM_LIMIT),
        "user": _of(found.user, found.user_ends, USER_LIMIT),
        "units": [_share(share) for share in found.shares],
        "never_failing": found.silent,
        "pair": None if found.pair is None else {
            "switching": found.pair.exact.switching, "uncovered": found.pair.exact.uncovered,
            "both": found.pair.exact.both, "counted": found.pair.exact.counted,
            "first_order": found.pair.first_order, "first_order_trusted": found.pair.trusted,
        },
    }  # fmt: skip
    return msgspec.json.format(msgspec.json.encode(content), indent=2) + b"\n"


def _of(minutes: float, ends: tuple[float, float], limit: float) -> dict[str, float]:
    return {"minutes": minutes, "good_end": ends[0], "bad_end": ends[1], "limit": limit}


def _share(share: Share) -> dict[str, object]:
    return {
        "kind": share.kind, "count": share.count, "mtbf": share.mtbf, "away": share.away, "alone": share.alone,
        "system": share.system, "user": share.user, "assumed": share.assumed,
    }  # fmt: skip
