"""What the requirements need and a quote lacks on one reading, each with the numbers of its requirements.

A gap has a price where the quote itself prices the part: at its list price, before any discount. Where it prices none,
what it takes to close the gap is not known, which is said and not guessed. What the quote does not speak of at all
(terms, standards, open interfaces) is a gap as well: an offer that says nothing promises nothing.
"""

from collections.abc import Callable, Iterator, Mapping
from math import ceil

import msgspec

from simtel.core.i18n import Message
from simtel.profiles.device import Profile
from simtel.profiles.resolve import BEARERS
from simtel.quotes.money import Money
from simtel.quotes.parts import LICENCE, MODULES, PLATFORM, ports, role_of
from simtel.quotes.quote import Quote
from simtel.quotes.readings import Reading, stock

# Terms that an offer states, as the quote file calls them.
TERM_WORDS = {
    "tax": Message("tax"), "delivery": Message("delivery"), "installation": Message("installation"),
    "training": Message("training"), "acceptance": Message("acceptance"), "payment": Message("payment"),
    "response": Message("response time of the service"), "maintenance": Message("maintenance after the warranty"),
    "warranty": Message("warranty"), "validity": Message("how long the offer is valid"),
    "vendor": Message("who offers it"),
}  # fmt: skip
# Terms that may stand among the lines -> words of such a line.
_AS_A_LINE = {
    "installation": ("安装", "调试", "installation"), "training": ("培训", "training"),
    "maintenance": ("维护", "维保", "maintenance"), "tax": ("税", "tax"),
    "delivery": ("运费", "运输", "freight", "delivery"),
}  # fmt: skip
# Requirements of which a line would speak -> words of such a line, and what is missing.
_SPOKEN_OF: dict[str, tuple[tuple[str, ...], Message]] = {
    "R9": (("ivr", "acd", "排队", "queue"), Message("ACD, IVR and queueing")),
    "R13": (("开放", "二次开发", "api", "open interface"), Message("an open interface for other applications")),
    "R14": (("网管", "network management"), Message("network management")),
    "R16": (("报表", "统计", "report", "statistic"), Message("records and reports")),
    "R18": (("通信录", "增值", "directory", "value-added"), Message("directory and value-added services")),
}


# Without these nothing that is bought does what it is bought for.
ESSENTIAL = ("no-call-server", "one-call-server", "no-gateway")


class Gap(msgspec.Struct, frozen=True):
    """One thing that is lacking. `part` is a device profile, `lacks` how many; 0: not known how many."""

    code: str
    requirement: tuple[str, ...]  # empty: a term of the contract
    said: Message
    part: str = ""
    lacks: int = 0
    each: Money | None = None  # list price of one, where the quote has one

    @property
    def cost(self) -> Money | None:
        """What it takes to close the gap at list prices; None where that is not known."""
        return None if self.each is None or not self.lacks else self.each.times(self.lacks)


def gaps(quote: Quote, taken: Reading, profiles: Mapping[str, Profile]) -> tuple[Gap, ...]:
    """What is lacking on a reading, in the order of the rules.

    Of a kind of part whose number cannot be read nothing is said to be lacking.
    """
    held = stock(quote, taken)
    unknown = {part for part, one in held.items() if one.unreadable is not None}
    kinds = {profiles[part].kind for part in unknown} - {"licence"}
    if PLATFORM in kinds:
        kinds |= {"call-server", "e1-gateway"}
    seen = _Seen(quote, taken, profiles, {part: int(one.count) for part, one in held.items()})
    found = (gap for rule in _RULES for gap in rule(seen))
    return tuple(gap for gap in found
                 if not gap.part or (gap.part not in unknown and profiles[gap.part].kind not in kinds))  # fmt: skip


def prices(quote: Quote) -> dict[str, Money]:
    """List prices by part, as far as they are printed and can be read; of several lines, of that with most pieces."""
    return {
        line.part: Money(line.price.value, quote.currency)
        for line in sorted(quote.lines, key=lambda line: line.ordered)
        if line.part and line.price is not None and line.price.value and line.price.currency in ("", quote.currency)
    }


class _Seen:
    """What the rules look at."""

    def __init__(
        self, quote: Quote, taken: Reading, profiles: Mapping[str, Profile], there: dict[str, int]
    ) -> None:  # fmt: skip
        self.quote, self.taken, self.profiles, self.there = quote, taken, profiles, there
        self.each = prices(quote)
        self.meant = taken.effect.platforms or "servers-and-gateways"
        self.platforms = self.of_kind(PLATFORM)
        self.servers = (self.platforms if "servers" in self.meant else 0) or self.of_kind("call-server")
        self.circuits = BEARERS * min(self.spans, quote.spans)
        self.words = " ".join(text for line in quote.lines for text in line.name.values()).casefold()

    def of_kind(self, *kinds: str) -> int:
        """How many devices of some kinds there are."""
        return sum(number for part, number in self.there.items() if self.profiles[part].kind in kinds)

    @property
    def spans(self) -> int:
        """E1s that can be connected."""
        boxes = sum(
            number * ports(self.profiles[part])
            for part, number in self.there.items()
            if role_of(self.profiles[part]) == "gateways" and part not in MODULES
        )
        modules = sum(self.there.get(part, 0) for part in MODULES)
        homeless = self.meant == "servers" and self.platforms
        return boxes or (0 if homeless else modules)

    def lack(
        self, code: str, requirement: tuple[str, ...], said: Message, part: str = "", lacks: int = 0
    ) -> Gap:  # fmt: skip
        """A gap, with the quote's own price of the part, and with the optional lines that would close it."""
        options = [line for line in self.quote.lines if part and line.part == part and not self.quote.bought(line)]
        if options:
            numbers = ", ".join(str(line.number) for line in options)
            said = Message("{gap}; offered as an option in line {lines}", gap=said, lines=numbers)
        return Gap(code, requirement, said, part, lacks, self.each.get(part))


def _servers(seen: _Seen) -> Iterator[Gap]:
    if seen.servers == 0:
        yield seen.lack("no-call-server", ("R1",), Message("no call server at all"), "lts-2000", 2)
    elif seen.servers == 1:
        said = Message("one call server: when it fails nothing takes over, and there is no second to register with")
        yield seen.lack("one-call-server", ("R1", "R2"), said, "lts-2000", 1)


def _trunks(seen: _Seen) -> Iterator[Gap]:
    lacking = seen.quote.spans - seen.spans
    modules = sum(seen.there.get(part, 0) for part in MODULES)
    if seen.spans == 0 and modules:
        said = Message("the gateway is missing: {count} E1 modules and nothing to put them in", count=modules)
        yield seen.lack("no-gateway", ("R5",), said, "lts-1000t")
    elif lacking > 0:
        said = Message("{there} E1 of {wanted} can be connected", there=seen.spans, wanted=seen.quote.spans)
        yield seen.lack("e1-short", ("R5",), said, MODULES[0], lacking)
    if not seen.of_kind("e1-gateway") - modules:
        said = Message("no trunk gateway of its own with two E1, such as the LTS-1000T that the proposal draws")
        yield seen.lack("no-lts-1000t", ("R5",), said, "lts-1000t")
    if not seen.of_kind("loop-module"):
        yield seen.lack("no-loop-trunk", ("R6",), Message("no analog loop trunk"), "loop-module-4", 1)


def _seats(seen: _Seen) -> Iterator[Gap]:
    seats, boards = seen.quote.seats, seen.of_kind("agent-board")
    phones = seen.of_kind("ip-phone", "analog-console", "headset")
    if phones < seats:
        said = (Message("no headset and no telephone") if not phones else
                Message("{there} headsets or telephones for {seats} seats", there=phones, seats=seats))  # fmt: skip
        code = "headsets-short" if phones else "no-headsets"
        yield seen.lack(code, ("R3", "R8"), said, "headset", seats - phones)
    consoles = seen.of_kind("softphone")
    if consoles < seats:
        said = (Message("{there} consoles for {seats} seats", there=consoles, seats=seats) if consoles else
                Message("no console at all"))  # fmt: skip
        yield seen.lack(
            "consoles-short" if consoles else "no-consoles", ("R3", "R8"), said, "softphone-pc", seats - consoles
        )
    seats -= seen.of_kind("ip-phone")  # the others need a port
    if seats <= 0:
        return
    each = next((ports(seen.profiles[part]) for part, number in seen.there.items()
                 if number and seen.profiles[part].kind == "agent-board"), 24)  # fmt: skip
    if boards * each < seats:
        said = (
            Message("no seat adapter: no analog telephone can be connected")
            if not boards
            else Message("{ports} ports for analog telephones, and {seats} seats", ports=boards * each, seats=seats)
        )
        yield seen.lack("adapter-short", ("R3", "R6"), said, "adapter-24", ceil(seats / each) - boards)
    if max(boards, ceil(seats / each)) == 1:
        said = Message("one seat adapter: its fault stops every analog telephone")
        yield seen.lack("one-adapter", ("R3", "R6"), said, "adapter-24", 1)


def _licences(seen: _Seen) -> Iterator[Gap]:
    known = {line.part for line in seen.quote.lines} | {one.part for one in seen.quote.owned}

    def short(name: str, need: int, code: str, requirement: tuple[str, ...], what: Message) -> Iterator[Gap]:
        part = LICENCE + name
        if part in known and seen.there.get(part, 0) < need:
            there = seen.there.get(part, 0)
            said = Message("{there} {what}, {need} needed", there=there, what=what, need=need)
            yield seen.lack(code, requirement, said, part, need - there)

    both = seen.taken.effect.core_channel_counts == "trunks-and-agents"
    circuits, seats = seen.circuits, seen.quote.seats
    what = (Message("core channels for {trunks} trunks and {agents} agents", trunks=circuits, agents=seats) if both
            else Message("core channels for {trunks} trunks", trunks=circuits))  # fmt: skip
    yield from short("core-channel", circuits + (seats if both else 0), "core-short", ("R4", "R7"), what)
    yield from short("agent", seats, "agents-short", ("R7",), Message("agent licences"))
    yield from short("recording", seats, "recording-short", ("R11",), Message("recording channels"))
    if seen.there.get(f"{LICENCE}recording", 0) == seats:
        said = Message("{there} recording channels only just cover the agents: none for an extension or a conference",
                       there=seats)  # fmt: skip
        yield seen.lack("recording-bare", ("R11",), said, f"{LICENCE}recording")
    if not seen.there.get(f"{LICENCE}outbound", 0):
        yield seen.lack("no-outbound", ("R12",), Message("no outbound module"), f"{LICENCE}outbound")


def _around(seen: _Seen) -> Iterator[Gap]:
    supplied = any(line.by_buyer and line.part == "crm-server" for line in seen.quote.lines)
    crm = seen.of_kind("crm-server") or int(supplied)
    if crm < 2:
        said = Message("one CRM server, and nothing that takes over from it") if crm else Message("no CRM server")
        yield seen.lack("crm-unprotected" if crm else "no-crm", ("R9",), said, "crm-server", 2 - crm)
    switches = seen.of_kind("lan-switch")
    if switches < 2:
        said = (Message("one LAN switch: its fault stops everything") if switches else
                Message("no LAN switch: which one is used, and whether there are two, is not stated"))  # fmt: skip
        code = "one-lan-switch" if switches else "no-lan-switch"
        yield seen.lack(code, ("R1",), said, "lan-switch", 2 - switches)
    if seen.of_kind("power-feed") < 2:  # one there is: nothing runs without it
        yield seen.lack("one-feed", ("R1",), Message("no second power feed"), "power-feed", 1)


def _unspoken(seen: _Seen) -> Iterator[Gap]:
    if not seen.quote.lines:
        return
    for number, (words, what) in _SPOKEN_OF.items():
        if not any(word in seen.words for word in words):
            yield Gap(f"unspoken-{number.lower()}", (number,), Message("no line speaks of {what}", what=what))
    if "standards" not in seen.quote.terms:
        yield Gap("no-standard", ("R17",), Message("no standard is named"))


def _terms(seen: _Seen) -> Iterator[Gap]:
    quote = seen.quote
    if not quote.lines:
        return
    stated = {*quote.terms, *(name for name, figure in (
        ("warranty", quote.warranty_years), ("validity", quote.valid_days), ("vendor", quote.vendor or None),
        ("tax", quote.totals.get("tax_percent", quote.tax_included)),
    ) if figure is not None)}  # fmt: skip
    stated |= {name for name, words in _AS_A_LINE.items() if any(word in seen.words for word in words)}
    for name, what in TERM_WORDS.items():
        if name not in stated:
            yield Gap(f"term-{name}", (), Message("nothing is said of: {what}", what=what))


_RULES: tuple[Callable[[_Seen], Iterator[Gap]], ...] = (
    _servers, _trunks, _seats, _licences, _around, _unspoken, _terms,
)  # fmt: skip
