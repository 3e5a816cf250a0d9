"""A quote on one reading as the site that it would buy (`simtel: site/1`).

1. Servers are the call servers that are there, and the platforms where the reading says so. Two of them are a pair.
2. E1 modules sit in what houses them: the platforms, or else the server. A gateway that is a box of its own stands
   alone, and takes as many of the lines that the buyer asked for as it has ports.
3. Licences are those that are there, not those that would be needed. Where a quote sells none of a kind, it is assumed
   that the parts go without.
4. What every site needs and a quote may lack (headsets, consoles, a LAN switch) stands there, with a note: without it
   there is nothing to try. What the site is for and cannot do without (a call server, an E1 gateway) is not made up:
   there is no site then, and why.
5. Every number names the line that it comes from, and how well it can be read there.
"""

from collections.abc import Mapping
from math import inf
from typing import Any

import yaml

from simtel.core.i18n import Message, pick
from simtel.core.problems import BadInput
from simtel.core.quantity import Basis
from simtel.profiles.device import Profile
from simtel.profiles.resolve import BEARERS
from simtel.profiles.site import read_site
from simtel.quotes.parts import LICENCE, MODULES, PLATFORM, ports, role_of
from simtel.quotes.quote import Alternative, Quote
from simtel.quotes.readings import Reading, Stock, stock

LICENCES = ("core-channel", "agent", "recording")
_BOUGHT, _KEPT = ["R1", "R2", "R4", "R5", "R6", "R7"], ["R1", "R4", "R7"]  # what a site is about
_ALONE = "one server: there is no second to register with"
_SETS = ("analog-console", "headset")  # kinds of telephone on a board: the first that is there is used
_IP = "ip-phone"


class NoSiteError(Exception):
    """A reading buys no site that could take a call; the argument is a Message that says why."""


def site_text(quote: Quote, taken: Reading, profiles: Mapping[str, Profile]) -> str:
    """The site file. NoSiteError: there is none.

    BadInput: a number cannot be read, is no number of pieces, or is more than a site can have.
    """
    site = _Site(quote, taken, profiles).written()
    text = yaml.safe_dump(site, allow_unicode=True, sort_keys=False, width=inf, default_flow_style=None)
    read_site(text.encode(), profiles, f"{site_id(quote, taken)}.yaml")
    return str(text)


def needed(quote: Quote, taken: Reading, profiles: Mapping[str, Profile]) -> dict[str, int]:
    """Parts that the site of a reading works with and that are neither bought nor owned, and how many. NoSiteError."""
    return _Site(quote, taken, profiles).needed()


def site_id(quote: Quote, taken: Reading) -> str:
    """The id of the site: the quote's, and every choice that is not the first."""
    return ".".join([quote.id, *(one.name for one in _other(quote, taken))])


def _other(quote: Quote, taken: Reading) -> list[Alternative]:
    """The choices that are not the first of their axis."""
    chosen = zip(quote.axes, taken.chosen, strict=True)
    return [one for axis, (_, one) in chosen if one is not axis.alternatives[0]]


class _Site:
    """What is there, sorted into the roles of a site."""

    def __init__(self, quote: Quote, taken: Reading, profiles: Mapping[str, Profile]) -> None:
        self.quote, self.taken, self.profiles = quote, taken, profiles
        self.other = _other(quote, taken)
        self.stock = stock(quote, taken)
        self.number = {part: self._pieces(one) for part, one in self.stock.items()}
        kind = {part: profiles[part].kind for part in self.number}
        self.there = [part for part, number in self.number.items() if number]
        self.platforms = [part for part in self.there if kind[part] == PLATFORM]
        meant = taken.effect.platforms or "servers-and-gateways"
        calling = [part for part in self.there if kind[part] == "call-server"]
        self.server = next(iter((self.platforms if "servers" in meant else []) or calling), "")
        if not self.server:
            raise NoSiteError(Message("no call server is bought or owned"))
        self.servers = min(2, self.number[self.server])
        self.spans, self.gateway, self.housed = self._trunks(meant)

    def _pieces(self, one: Stock) -> int:
        if one.unreadable is not None:
            message = Message("cannot be read: write a number with its range, 'basis: assumed', to go on")
            raise BadInput([self.quote.doc.problem(one.unreadable, message)])
        if one.count != int(one.count):
            raise BadInput([self.quote.doc.problem(("lines",), Message(
                "{count} of {part} is no number of pieces", count=str(one.count), part=one.part))])  # fmt: skip
        return int(one.count)

    def _of(self, role: str) -> list[str]:
        return [part for part in self.there if role_of(self.profiles[part]) == role]

    def _trunks(self, meant: str) -> tuple[list[int], str, bool]:
        """E1s of each gateway, the gateway, and whether it sits in a server."""
        boxes = [part for part in self._of("gateways") if part not in MODULES]
        modules = [part for part in self._of("gateways") if part in MODULES]
        if boxes:
            number = self.number[boxes[0]]
            return self._spread(min(self.quote.spans, ports(self.profiles[boxes[0]]) * number), number), boxes[0], False
        if not modules:
            raise NoSiteError(Message("no E1 gateway and no E1 module is bought or owned"))
        spans = self.number[modules[0]]
        if meant == "gateways" and self.platforms:
            return self._spread(spans, min(2, self.number[self.platforms[0]])), modules[0], False
        if self.platforms and meant == "servers":
            raise NoSiteError(Message("there are E1 modules, and no gateway to put them in"))
        return self._spread(spans, self.servers), modules[0], True

    def _spread(self, spans: int, boxes: int) -> list[int]:
        if self.taken.effect.spans == "all-on-first":
            return [spans] + [0] * (boxes - 1)
        return [spans // boxes + (n < spans % boxes) for n in range(boxes)]

    def written(self) -> dict[str, Any]:
        """The content of the file."""
        alone = self.servers == 1
        title = {lang: mark.join([pick(self.quote.title, lang), *(pick(one.says, lang) for one in self.other)])
                 for lang, mark in (("en", "; "), ("zh", "；"))}  # fmt: skip
        means = {lang: mark.join(pick(one.says, lang) for _, one in self.taken.chosen)
                 for lang, mark in (("en", "; "), ("zh", "；"))}  # fmt: skip
        site: dict[str, Any] = {
            "simtel": "site/1",
            "id": site_id(self.quote, self.taken),
            "title": title,
            "why": {"en": f"What the quote {self.quote.id} buys. {means['en']}".rstrip(),
                    "zh": f"报价 {self.quote.id} 所购。{means['zh']}"},
            "requirement": _BOUGHT if self.quote.lines else _KEPT,
            "seats": {"default": self.quote.seats, "at_most": self.quote.seats_at_most},
            "servers": {"profile": self.server, "count": self.servers},
            "gateways": {"profile": self.gateway, "spans": self.spans, **self._gateway_settings(alone)},
        }  # fmt: skip
        if self.housed:
            site["gateways"]["housed"] = True
        if len(self.spans) > 1 and not sum(self.spans[1:]):
            site["cold_spare"] = True
        loops = self._of("loops")
        if loops:
            site["loops"] = {"profile": loops[0], "count": self.number[loops[0]], **_vip(alone, "dual")}
        site["exchange"] = {"profile": "public-exchange"}
        site["consoles"] = {"profile": self.console, **_vip(alone, "successive")}
        phone, over_ip = self.phone, self.over_ip
        if phone:
            site["phones"] = {"profile": phone, **_vip(alone, "successive")} if phone == self.ip else {"profile": phone}
        if phone and phone != self.ip:
            boards = self._of("boards")[0]
            site["boards"] = {"profile": boards, "count": self.number[boards], **_vip(alone, "successive")}
            if over_ip:
                site["ip_phones"] = {"profile": self.ip, "seats": over_ip, **_vip(alone, "successive")}
        switches = self._of("lan")
        site["lan"] = {"profile": switches[0] if switches else "lan-switch",
                       "count": min(2, self.number[switches[0]]) if switches else 1}  # fmt: skip
        feeds = self._of("feeds")
        site["feeds"] = {"profile": feeds[0] if feeds else "power-feed",
                         "count": min(2, self.number[feeds[0]]) if feeds else 1}  # fmt: skip
        site["people"] = {"profile": "callers-and-agents"}
        others = [part for part, one in self.stock.items()
                  if not role_of(self.profiles[part]) and self.profiles[part].kind not in (PLATFORM, "licence")
                  and (one.count or one.by_buyer)]  # fmt: skip
        if others:
            site["others"] = others
        site["licences"] = {name: self._licence(name) for name in LICENCES}
        return site | self._of_the_whole(alone) | {"parts": self._bill(), "growth": self._growth(phone)}

    @property
    def console(self) -> str:
        """The consoles that are there; those that every seat needs where none are."""
        return next(iter(self._of("consoles")), "softphone-pc")

    @property
    def ip(self) -> str:
        """The IP telephone that is there; empty where none is."""
        return next(iter(self._telephones(_IP)), "")

    @property
    def over_ip(self) -> int:
        """Seats with an IP telephone."""
        return min(self.quote.seats, sum(self.number[part] for part in self._telephones(_IP)))

    @property
    def phone(self) -> str:
        """What the seats have beside their consoles: a set on the board where there is one, but for those with an IP
        telephone; these alone where they suffice or there is no board."""
        if self.ip and (self.over_ip == self.quote.seats or not self._of("boards")):
            return self.ip
        return next(iter(self._telephones(*_SETS)), "headset") if self._of("boards") else ""

    def _telephones(self, *kinds: str) -> list[str]:
        """Telephones that are there, by their kinds."""
        there = [part for part in self._of("phones") if self.profiles[part].kind in kinds]
        return sorted(there, key=lambda part: kinds.index(self.profiles[part].kind))

    def _gateway_settings(self, alone: bool) -> dict[str, Any]:
        settings = dict(_vip(alone, "dual").get("settings", {}))
        if not self.housed and self.gateway in MODULES:
            most = max(2, *self.spans)
            settings["ports.spans"] = {
                "value": most, "low": 1, "high": 2 * most, "basis": "assumed",
                "source": "how many modules fit into one platform is not stated",
            }  # fmt: skip
        return {"settings": settings} if settings else {}

    def _licence(self, name: str) -> dict[str, Any]:
        """How many of a licence there are; where none of the kind is sold or owned, the parts are taken to need none.

        That is assumed: twice as many, or for recording none."""
        one = self.stock.get(LICENCE + name)
        if one is None:
            need = BEARERS * sum(self.spans) if name == "core-channel" else self.quote.seats
            low, value = (0, 0) if name == "recording" else (need, need)
            return {"value": value, "low": low, "high": 2 * need, "basis": "assumed",
                    "source": "no licence of this kind is quoted"}  # fmt: skip
        found: dict[str, Any] = {"value": self.number[LICENCE + name], "basis": str(one.basis), "source": one.source}
        if one.basis is Basis.ASSUMED:
            found |= {"low": int(one.low), "high": int(one.high)}
        return found

    def _of_the_whole(self, alone: bool) -> dict[str, Any]:
        counts = self.taken.effect.core_channel_counts or "trunks"
        other = "trunks" if counts == "trunks-and-agents" else "trunks-and-agents"
        address = ("own", "moving", "one server has no address to hand over") if alone else (
            "moving", "own", "whether a service address follows the active platform is not stated")  # fmt: skip
        return {
            "address": {"value": address[0], "alternatives": [address[1]], "basis": "assumed", "source": address[2]},
            "core_channel_counts": {"value": counts, "alternatives": [other], "basis": "assumed",
                                    "source": "what takes a core channel is not stated"},
            "cable_move_time": {"value": "30min", "low": "10min", "high": "4h", "basis": "assumed",
                                "source": "until a person is there; nothing is stated"},
        }  # fmt: skip

    def needed(self) -> dict[str, int]:
        """Parts that every site needs, and how many of them are not there."""
        lacking = {self.console: self.quote.seats - self.number.get(self.console, 0)}
        if self.phone:
            kinds = (_IP,) if self.phone == self.ip else (_IP, *_SETS)
            lacking[self.phone] = self.quote.seats - sum(self.number[part] for part in self._telephones(*kinds))
        if not self._of("lan"):
            lacking["lan-switch"] = 1
        return {part: number for part, number in lacking.items() if number > 0}

    def _bill(self) -> list[dict[str, Any]]:
        """Bill of materials: what is there, and what every site needs beside it."""
        bill = []
        for part in self.there:
            row: dict[str, Any] = {"profile": part, "quantity": self.number[part]}
            if self.stock[part].owned:
                owned = self.stock[part].owned
                row["note"] = "owned by the buyer" if owned == self.number[part] else f"{owned} owned by the buyer"
            bill.append(row)
        for part, number in self.needed().items():
            if part not in self.there:
                priced = part in self.stock
                bill.append({"profile": part, "quantity": number,
                             "note": "needed, priced, not ordered" if priced else "needed, not quoted"})  # fmt: skip
        bill += [{"profile": part, "quantity": 1, "note": "supplied by the buyer"}
                 for part, one in self.stock.items() if one.by_buyer and part not in self.there]  # fmt: skip
        return bill

    def _growth(self, phone: str) -> dict[str, dict[str, int]]:
        """Parts are added as the seats grow: an E1 for 25 of them, a board when its ports are full, with the share of
        IP telephones as it is, and licences; a core channel for each seat where every port counts."""
        rules: dict[str, dict[str, int]] = {"spans": {"per_seats": 25}}
        if phone and phone != self.ip:
            seats = self.quote.seats
            each = ports(self.profiles[self._of("boards")[0]]) * seats // (seats - self.over_ip)
            rules["boards"] = {"per_seats": each}
        both = self.taken.effect.core_channel_counts == "trunks-and-agents"
        channels = {"per_span": BEARERS} | ({"per_seats": 1} if both else {})
        return rules | {"core-channel": channels, "agent": {"per_seats": 1}, "recording": {"per_seats": 1}}


def _vip(alone: bool, otherwise: str) -> dict[str, Any]:
    """With one server there is one address to register at."""
    if not alone:
        return {}
    return {"settings": {"registration.mode": {
        "value": "vip", "alternatives": [otherwise], "basis": "assumed", "source": _ALONE,
    }}}  # fmt: skip
