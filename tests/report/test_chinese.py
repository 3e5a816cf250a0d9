"""No English sentence stands in what a Chinese reader is shown: every word of Latin letters is a token.

Shown are the page over every shipped scenario on some site (titles, reasons of not running, limits with their sources,
every assumed figure) and over every verdict that the judges' own tests provoke, in all their words; and the table of
the same. Tokens are names of protocols and products, units, ids of units, calls, files and options, and the words that
people write into files, which the Chinese sentences quote.
"""

import re
from functools import cache
from pathlib import Path

import msgspec
import pytest

from simtel.core.i18n import term
from simtel.core.quantity import Unit
from simtel.profiles.catalogue import site_names
from simtel.profiles.demand import DEMAND
from simtel.profiles.kinds import KINDS, SITE
from simtel.report import charts
from simtel.report.html import Item, _page
from simtel.report.panels import panels
from simtel.report.sequence import sequence
from simtel.report.table import render_table
from simtel.run.choose import scenarios_of, sites_of
from simtel.run.once import without
from simtel.run.plan import items
from simtel.run.targets import make_target
from simtel.verdict.judge import Judgement, judge
from simtel.verdict.verdict import say
from tests.report import sample
from tests.report.test_html import shown
from tests.report.test_sequence import texts
from tests.verdict.cases import CASES

# Protocols, interfaces and the abbreviations that the trade writes in Latin letters in Chinese too; products; targets.
TOKENS = frozenset(
    re.findall(
        r"\S+",
        """
    SIP SIP-T SIP-I IP UDP TCP RTP TLS OPTIONS BYE REGISTER SRV DNS ARP VRRP VIP LAN VLAN STP NTP RFC ITU-T CAS PRI ISDN
    QSIG CorNet SS7 AIS RAI LOF LOS MFC IVR ACD CTI CRM DTMF MTBF MTTR UPS PoE DSP SETUP RESTART Erlang simtel virtual
    loopback bench AudioCodes Eltex Mediant SMG TAU Dinstar Cisco Grandstream Asterisk FreeSWITCH dahdi-linux libpri
    keepalived Linux fencing YAML JSON CSV English us ms min ppm bit kbit Mbit dB Hz kHz
""",
    )
)
LATIN = re.compile(r"(?<![A-Za-z\d_./:@\\-])[A-Za-z][A-Za-z'-]+(?![A-Za-z\d_./@\\-])")
ID = re.compile(r"`[^`]*`|--[a-z-]+|sha256:\w+")


@cache
def vocabulary() -> frozenset[str]:
    """Words that people write into profiles: names of choices."""
    specs = [spec for kind in (*KINDS.values(), SITE, DEMAND) for spec in kind.values()]
    return frozenset(word for spec in specs if spec.unit is Unit.CHOICE for word in spec.choices)


def strange(text: str, *also: str) -> list[str]:
    """Words of Latin letters that are no tokens, each with what stands round it."""
    clean = ID.sub(" ", text)
    known = TOKENS | vocabulary() | set(also)
    return [clean[max(0, m.start() - 30) : m.end() + 20] for m in LATIN.finditer(clean) if m[0] not in known]


@cache
def shipped() -> tuple[Judgement, ...]:
    """Every scenario on one site, each site in its turn, as a run leaves it that could not be run."""
    sites = sites_of(site_names(), [], "grown")
    by_id: dict[str, list[Judgement]] = {}
    reason = say("without any fault no call reached an agent: there is no step to strike at")
    for item in items(scenarios_of(["scenarios"]), sites, 1, "virtual"):
        by_id.setdefault(item.scenario.id, []).append(without(item, make_target("virtual"), reason, applies=True))
    return tuple(judgements[n % len(judgements)] for n, judgements in enumerate(by_id.values()))


@cache
def provoked() -> tuple[Judgement, ...]:
    """Every verdict that the judges' tests know a log for. Their calls and causes are the tests' own words."""
    found = []
    for name, case in CASES.items():
        judgement = judge(case.build().log())
        header = msgspec.structs.replace(judgement.header, scenario=f"paper.{len(found)}", title={"zh": "判据试验"})
        verdicts = tuple(v for v in judgement.verdicts if v.criterion == case.criterion)
        assert verdicts, name
        found.append(msgspec.structs.replace(judgement, header=header, verdicts=verdicts))
    return tuple(found)


OF_THE_TESTS = ("paper", "test", "gold", "other", "group", "new", "open", "vip", "a")


@pytest.mark.parametrize("judgements", [shipped, provoked])
def test_the_page_holds_no_english(judgements: object) -> None:
    given = judgements()  # type: ignore[operator]
    page = _page([Item(n, one, None, Path()) for n, one in enumerate(given)], "zh")
    text = shown(page, "zh")
    assert len(text) > 20_000
    assert strange(text, *(OF_THE_TESTS if judgements is provoked else ())) == []


def test_the_table_holds_no_english() -> None:
    text = render_table(list(provoked()), "zh", width=4000)
    assert strange(text, *OF_THE_TESTS) == []
    assert strange(render_table(list(shipped()), "zh", width=4000)) == []


@pytest.mark.parametrize("keeps", [True, False])
def test_the_pictures_hold_no_english(keeps: bool) -> None:
    log = sample.log(keeps)
    pictures = [charts.timeline(log, 0, sample.END), charts.timeslots(log), charts.seats(log), panels(log)]
    pictures += [sequence(log, call) for call in log.by_call()]
    for picture in pictures:
        assert picture is not None
        assert strange(" · ".join(texts(picture, "zh")), "exchange", "station") == []


@pytest.mark.parametrize(
    "english",
    ["本站点没有 boards", "trunk (exchange) 1", "no end 1", "The service was not restored", "server.a: 2 dialogs"],
)
def test_english_is_found(english: str) -> None:
    assert strange(english)


@pytest.mark.parametrize(
    "tokens", ["server.a 与 E1 span.1 的 T303", "`serial port` 与 --trace", "SIP、PRI、5 ms", "c12"]
)
def test_tokens_are_none(tokens: str) -> None:
    assert strange(tokens) == []


@pytest.mark.parametrize(
    ("tally", "chinese"),
    [("seats (server.a) 123, adapter-port (board.1) 76", "坐席（server.a）123、适配器端口（board.1）76"),
     ("no end 1", "无结束 1"), ("server.a: 2 dialogs, gateway.a: 1 timeslots", "server.a：2 对话、gateway.a：1 时隙"),
     ("boards", "座席接口适配器"), ("server.a, server.b", "server.a, server.b")],
)  # fmt: skip
def test_tallies_with_units_are_translated(tally: str, chinese: str) -> None:
    assert term(tally, "zh") == chinese
    assert term(tally, "en") == tally
