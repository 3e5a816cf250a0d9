"""Reading of sites (`simtel: site/1`).

A site names a profile for each role, says how many there are, and may set single figures of a profile anew
(`settings`), each with a basis and source of its own. What stands in the file is the site at its default
number of seats; `simtel.profiles.resolve` builds it for any other.
"""

import os
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import msgspec

from simtel.core.document import Doc, Loc
from simtel.core.i18n import Message, either
from simtel.core.problems import did_you_mean, quoted
from simtel.core.quantity import Unit
from simtel.core.strict_yaml import load
from simtel.profiles.device import Profile, file_hash
from simtel.profiles.figure import FigureShape
from simtel.profiles.kinds import SITE, FigureSpec
from simtel.profiles.shape import (
    ListOf,
    Measure,
    Record,
    Report,
    Text,
    Word,
    both_languages,
    id_text,
    known_profile,
    requirements,
    shown,
)
from simtel.profiles.spec import Given

SCHEMA = "site/1"

# Role -> the kinds of device that can fill it.
KINDS_OF: dict[str, tuple[str, ...]] = {
    "servers": ("call-server", "platform"),
    "gateways": ("e1-gateway",),
    "loops": ("loop-module",),
    "exchange": ("exchange", "r2-exchange"),
    "consoles": ("softphone",),
    "phones": ("ip-phone", "analog-console", "headset"),
    "ip_phones": ("ip-phone",),  # of the seats without a port, where the others have one
    "boards": ("agent-board",),
    "lan": ("lan-switch",),
    "switching": ("timeslot-interchange", "clos-network"),
    "feeds": ("power-feed",),
    "people": ("people",),
}
ON_BOARD = ("analog-console", "headset")
LICENCES = {
    "core-channel": FigureSpec(Unit.COUNT, "channels that the core licence allows at once", 0, 10_000),
    "agent": FigureSpec(Unit.COUNT, "agents that may be logged in at once", 0, 1_000),
    "recording": FigureSpec(Unit.COUNT, "calls that may be recorded at once", 0, 10_000),
}
_PAIR = ("election.", "replication.")  # what a second server needs


class AnyMapping:
    """Settings: read later, when the profile is known and with it the units."""

    def read(self, raw: Any, loc: Loc, report: Report) -> dict[str, Any] | None:
        if isinstance(raw, dict):
            return raw
        report.add(loc, Message("{found} where a mapping (figure: value) is due", found=shown(raw)), at_key=True)
        return None

    def schema(self) -> dict[str, Any]:
        return {
            "type": "object",
            "description": "figures of the profile, set anew: 'group.figure: {value, basis, source}'",
        }


def _count(least: int, most: int) -> Measure:
    return Measure(Unit.COUNT, least, most)


def _role(**fields: Any) -> Record:
    return Record({"profile": id_text(), **fields, "settings?": AnyMapping()})


def _positive(found: dict[str, Any], loc: Loc, report: Report) -> None:
    if not found:
        report.add(loc, Message("says neither 'per_seats' nor 'per_span'"), at_key=True)


_GROWS = Record({"per_seats?": _count(1, 1_000), "per_span?": _count(1, 1_000)}, _positive)
SHAPE = Record({
    "simtel": Word(SCHEMA),
    "id": id_text(),
    "title": both_languages(),
    "why": both_languages(),
    "requirement": requirements(),
    "seats": Record({"default": _count(1, 1_000), "at_most": _count(1, 1_000)}),
    "servers": _role(count=_count(1, 2)),
    "gateways": _role(spans=ListOf(_count(0, 64), least=1), **{"housed?": Measure(Unit.FLAG)}),
    "loops?": _role(count=_count(1, 16)),
    "exchange": _role(),
    "consoles?": _role(),
    "phones?": _role(),
    "ip_phones?": _role(seats=_count(1, 1_000)),
    "boards?": _role(count=_count(1, 100), **{"spread?": Measure(Unit.FLAG)}),
    "lan": _role(count=_count(1, 2)),
    "switching?": _role(),
    "feeds": _role(count=_count(1, 2)),
    "people": _role(),
    "others?": ListOf(id_text()),
    "licences": Record({name: FigureShape(spec) for name, spec in LICENCES.items()}),
    **{name: FigureShape(spec) for name, spec in SITE.items()},
    "cold_spare?": Measure(Unit.FLAG),
    "parts?": ListOf(Record({"profile": id_text(), "quantity": _count(1, 10_000), "note?": Text()})),
    "growth?": Record({f"{name}?": _GROWS for name in ("spans", "boards", *LICENCES)}),
})  # fmt: skip


class Site(msgspec.Struct, frozen=True):
    """A site as its file describes it; `resolve` builds it for a number of seats."""

    id: str
    data: dict[str, Any]  # what SHAPE read
    figures: dict[str, Given]
    profiles: dict[str, Profile]  # role -> device
    parts: tuple[tuple[str, int], ...]  # bill of materials: profile id, quantity
    others: tuple[str, ...]  # profile ids of what stands there and steers nothing
    doc: Doc
    hash: str

    @property
    def default_seats(self) -> int:
        """The number of seats that the file describes."""
        return int(self.data["seats"]["default"])


def read_site(source: str | os.PathLike[str] | bytes, profiles: Mapping[str, Profile], name: str | None = None) -> Site:
    """The site that a file describes. BadInput holds everything that is wrong with the file."""
    doc = load(source, name)
    report = Report(doc)
    found = SHAPE.read(doc.data, (), report)
    if found is None:
        report.stop()
    chosen = _chosen(found, profiles, report)
    figures = _figures(found, chosen, report)
    _fit(found, chosen, report)
    for index, part in enumerate(found.get("parts", ())):
        if "profile" in part:
            known_profile(report, ("parts", index, "profile"), part["profile"], profiles)
    for index, other in enumerate(found.get("others", ())):
        known_profile(report, ("others", index), other, profiles)
    report.done()
    used = sorted({profile.hash for profile in chosen.values()})
    return Site(
        found["id"], found, figures, chosen,
        tuple((part["profile"], part["quantity"]) for part in found.get("parts", ())),
        found.get("others", ()), doc,
        "sha256:" + sha256("\n".join([file_hash(doc), *used]).encode()).hexdigest(),
    )  # fmt: skip


def _chosen(found: dict[str, Any], profiles: Mapping[str, Profile], report: Report) -> dict[str, Profile]:
    """Role -> device, each of a kind that can fill the role."""
    chosen: dict[str, Profile] = {}
    for role, kinds in KINDS_OF.items():
        name = found.get(role, {}).get("profile")
        profile = profiles[name] if name and known_profile(report, (role, "profile"), name, profiles) else None
        if profile is not None and profile.kind in kinds:
            chosen[role] = profile
            continue
        if found.get(role, {}).get("settings"):
            report.unchecked((role, "settings"), Message("figures of a device that is not known"))
        if profile is not None:
            message = Message("{name} is a {kind}; {role} must be {kinds}",
                              name=quoted(name), kind=profile.kind, role=role, kinds=either(kinds))  # fmt: skip
            report.add((role, "profile"), message)
    return chosen


def _figures(found: dict[str, Any], chosen: dict[str, Profile], report: Report) -> dict[str, Given]:
    """Every figure that steers the site, by path: of the devices, of the site itself, of the licences."""
    figures: dict[str, Given] = {}
    for role, profile in chosen.items():
        own = dict(profile.figures)
        for path, raw in found[role].get("settings", {}).items():
            at = (role, "settings", path)
            if path not in own:
                message = Message("there is no figure of {profile} named {figure}",
                                  profile=quoted(profile.id), figure=quoted(path))  # fmt: skip
                report.add(at, message, did_you_mean(path, own), at_key=True)
            else:
                stated = FigureShape(own[path].spec).read(raw, at, report)
                if stated is not None:
                    own[path] = Given(stated, own[path].spec)
        figures |= {f"{role}.{path}": given for path, given in own.items()}
    figures |= {f"site.{path}": Given(found[path], spec) for path, spec in SITE.items() if path in found}
    licences = found.get("licences", {})
    figures |= {f"licences.{name}": Given(licences[name], spec) for name, spec in LICENCES.items() if name in licences}
    return figures


def _fit(found: dict[str, Any], chosen: dict[str, Profile], report: Report) -> None:
    """Whether the parts go together."""
    seats = found.get("seats", {})
    if seats.get("default", 0) > seats.get("at_most", seats.get("default", 0)):
        report.add(("seats", "default"), Message("is more than 'at_most'"))
    servers = chosen.get("servers")
    if servers is not None:
        for group in _PAIR:
            if found["servers"].get("count") == 2 and not any(path.startswith(group) for path in servers.figures):
                report.add(
                    ("servers", "count"),
                    Message(
                        "two servers need the figures {group}, which {profile} lacks",
                        group=f"{group}*",
                        profile=quoted(servers.id),
                    ),
                )
        if not any(path.startswith("limits.") for path in servers.figures):
            message = Message("{profile} has no figures of a call server", profile=quoted(servers.id))
            report.add(("servers", "profile"), message)
    gateways = found.get("gateways", {})
    spans = gateways.get("spans", ())
    if gateways.get("housed") and len(spans) != found.get("servers", {}).get("count", len(spans)):
        report.add(
            ("gateways", "spans"),
            Message("a gateway that is housed in a server needs as many entries as there are servers"),
        )
    if spans and not sum(spans):
        report.add(("gateways", "spans"), Message("no E1 at all"))
    if found.get("cold_spare") and (len(spans) < 2 or sum(spans[1:])):
        report.add(("cold_spare",), Message("a cold spare needs a second gateway, and all E1 on the first"))
    phones = chosen.get("phones")
    if phones is not None and phones.kind in ON_BOARD and "boards" not in found:
        message = Message("{profile} is connected to an agent board: 'boards' is missing", profile=quoted(phones.id))
        report.add(("phones", "profile"), message)
    if "ip_phones" in found and (phones is None or phones.kind not in ON_BOARD):
        message = Message("only seats beside those with a telephone on a board have phones of their own: see 'phones'")
        report.add(("ip_phones",), message, at_key=True)
    if found.get("ip_phones", {}).get("seats", 0) > seats.get("default", 1_000):
        report.add(("ip_phones", "seats"), Message("is more than there are seats"))
    if phones is None and "consoles" not in found and "phones" not in found:
        report.add((), Message("seats need 'consoles' or 'phones'"))
