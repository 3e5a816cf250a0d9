"""What a reader of a comparison sees of figures, parts, readings and money: words of his language throughout."""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cache

from simtel.core.i18n import Message, pick, told, translate
from simtel.profiles.catalogue import read_devices
from simtel.quotes.compare import Compared, Comparison
from simtel.quotes.jury import LOG
from simtel.quotes.money import CURRENCIES, Money
from simtel.quotes.options import Reading
from simtel.report.words import figure_meaning, listed, plain

OF_OPTIONS = {"offer": Message("offer"), "warranty": Message("warranty"),
              "owned": Message("owned parts at list"), "listed": Message("new parts at list"),
              "needed": Message("needed, not ordered")}  # fmt: skip
OF_DEVICES = {
    "mtbf_hours": Message("works until it fails"), "repair_time": Message("a repair takes"),
    "together": Message("failures that take all of a kind"), "coverage": Message("failures that a take-over covers"),
    "standby_shown": Message("failures of a standby that are noticed"),
}  # fmt: skip
FIGURES = {
    "tariff": Message("price of power"), "span_rent": Message("rent of an E1"),
    "line_rent": Message("rent of an analog line"), "outage_hour": Message("cost of an hour of outage"),
    "lost_call": Message("worth of a call that is lost"), "support": Message("support, share of the list a year"),
    "spares": Message("spares, share of the list"), "discount": Message("discount rate"),
    "server_power": Message("power of a server"), "gateway_power": Message("power of a gateway"),
    "board_power": Message("power of a board"), "switch_power": Message("power of a LAN switch"),
    "travel": Message("way of the crew"), "notice": Message("until a server that hangs is noticed"),
    "warranty": Message("warranty where none is stated"), LOG: Message("the log: outages as often as in it"),
}  # fmt: skip
# Whose figures stand in a site file -> the word for it.
_OF_ROLES = {
    "servers": Message("servers"), "gateways": Message("gateways"), "boards": Message("seat adapters"),
    "consoles": Message("consoles"), "phones": Message("telephones"), "ip_phones": Message("IP telephones"),
    "lan": Message("LAN switches"), "feeds": Message("power feeds"), "exchange": Message("public exchange"),
    "loops": Message("loop trunk modules"), "licences": Message("licences"), "people": Message("callers and agents"),
}  # fmt: skip
_MORE = re.compile(r"[;:(；：（].*", re.DOTALL)  # in the meaning of a figure: what explains it
_PER = {"kWh": Message("{money}/kWh"), "month": Message("{money} a month"), "h": Message("{money} an hour"),
        "call": Message("{money} a call")}  # fmt: skip
_BESIDE = re.compile(r"(.+?)(?: \((.+)\))?")


def whole(amount: float | Decimal, currency: str, lang: str) -> str:
    """Money without its small coin where that is nought: CNY 250,000, but CNY 0.80."""
    exact = amount if isinstance(amount, Decimal) else Decimal(repr(amount))
    if exact == exact.to_integral_value():
        return told(Message(CURRENCIES[currency].form.template, amount=f"{exact:,.0f}"), lang)
    return told(Money(exact, currency).said, lang)


def device_name(name: str, lang: str) -> str:
    """A part, as its profile calls it."""
    names = _devices()
    return plain(pick(dict(names[name]), lang) if name in names else name)


@cache
def _devices() -> Mapping[str, Mapping[str, str]]:
    return {name: profile.name for name, profile in read_devices().items()}


def numbers(one: Compared) -> dict[str, int]:
    """The readings of an option by number, as they are told: from 1, those that make no site last."""
    names = [*(tried.reading.name for tried in one.readings), *(reading.name for reading in one.lacking)]
    return {name: number for number, name in enumerate(names, 1)}


def meaning(reading: Reading, lang: str) -> list[str]:
    """What a reading takes a quote to mean, choice by choice; its name where the quote does not say."""
    return [plain(pick(dict(said), lang)) for said in reading.says] or [plain(reading.name)]


def figure_name(made: Comparison, name: str, lang: str) -> str:
    """A figure of the buyer's, of a device or of an option; if it is of one reading alone, which one."""
    found = _BESIDE.fullmatch(name)
    head, beside = (found[1], found[2]) if found is not None else (name, None)
    option, _, last = head.rpartition(": ")
    device, _, kind = head.rpartition(" ")
    if head in FIGURES:
        text = told(FIGURES[head], lang)
    elif last in OF_OPTIONS:
        text = told(Message("{option}: {what}", option=plain(option), what=OF_OPTIONS[last]), lang)
    elif kind in OF_DEVICES:
        text = told(Message("{option}: {what}", option=device_name(device, lang), what=OF_DEVICES[kind]), lang)
    else:
        return plain(name)
    return text if beside is None else text + _read_as(made, option, beside, lang)


def _read_as(made: Comparison, option: str, beside: str, lang: str) -> str:
    """Of which option and reading a figure is, where another has another."""
    of, _, reading = beside.rpartition(": ")
    name = of or option
    number = next((numbers(one).get(reading) for one in made.options if one.option.id == name), None)
    return translate(" ({option}, reading {number})", lang, option=plain(name), number=number or plain(reading))


def site_figures(paths: Iterable[str], lang: str) -> list[str]:
    """Figures of a site in words, those that mean the same as one: what it is, and whose."""
    found: dict[str, list[str]] = {}
    for path in sorted(paths):
        role, _, name = path.partition(".")
        meaning = _MORE.sub("", figure_meaning(path, lang)).strip() or plain(name)
        found.setdefault(meaning, []).append(told(_OF_ROLES[role], lang) if role in _OF_ROLES else plain(role))
    return [translate("{meaning} ({which})", lang, meaning=meaning, which=listed(roles, lang))
            for meaning, roles in found.items()]  # fmt: skip


def counted_in(unit: str, lang: str) -> str:
    """A unit by itself, as a column of a table has it; a share is told in percent, and needs none."""
    currency, slash, per = unit.partition("/")
    if slash:
        return translate(_PER[per].template, lang, money=currency)
    return translate("years", lang) if unit == "years" else "" if unit == "share" else unit


def figure(value: float, unit: str, lang: str) -> str:
    """A figure with its unit, to four digits; money in the currency's own way."""
    currency, slash, per = unit.partition("/")
    if currency in CURRENCIES:
        money = whole(Decimal(f"{value:.4g}") if abs(value) < 1000 else round(value), currency, lang)
        return translate(_PER[per].template, lang, money=money) if slash else money
    if unit == "s":
        value, unit = value / 3600, "h"
    if unit == "share":
        return f"{100 * value:.4g} %"
    short = f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
    if unit == "years":
        return translate("1 year", lang) if value == 1 else translate("{years} years", lang, years=short)
    if unit == "h":
        return translate("{hours} h", lang, hours=short)
    return f"{short} {unit}".strip()
