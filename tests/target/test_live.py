"""A site in real time on one reactor with the load that calls it: what a caller gets is what the site's machines do."""

import io
from collections.abc import Iterator

import pytest

from simtel.core.causes import CAUSES, NOT_DIALLED
from simtel.core.clock import MS, SECOND
from simtel.core.events import Event, Kind
from simtel.core.log import EvidenceLog, EvidenceWriter
from simtel.probe.sip_load import Load, Outcome
from simtel.probe.sip_load import Plan as Calls
from simtel.profiles.spec import SiteSpec
from simtel.run.choose import sites_of
from simtel.run.live import LIVE
from simtel.run.once import as_log
from simtel.run.plan import Item, header
from simtel.target.live import Q850, LiveSite
from simtel.target.plan import Plan
from simtel.wire.reactor import Reactor
from simtel.wire.udp import Address

PATIENCE = 20 * SECOND


@pytest.fixture(scope="module")
def site() -> SiteSpec:
    (spec,) = sites_of(["today"], [20], "grown")
    return spec


def hurried(site: SiteSpec, **times: int) -> SiteSpec:
    """The site with other times of people. None so short that an agent speaks before CONNECT is back at the caller."""
    for name, value in times.items():
        site = site.with_figure(f"people.{name}", value)
    return site


class Rig:
    """A live site, and loads that call it."""

    def __init__(self, reactor: Reactor, site: SiteSpec) -> None:
        self.reactor, self.file = reactor, io.BytesIO()
        self.writer = EvidenceWriter(self.file, header(Item(LIVE, site, 1, "virtual")))
        udp = reactor.udp(Address("127.0.0.1", 0), lambda _data, _source, _now: None)
        self.site = LiveSite(reactor, Plan(LIVE, site, 1), self.writer, udp)
        self.site.start()

    def load(self, calls: int, rate: float, hold: int, number: str = "1000") -> Outcome:
        uri = f"sip:{number}@127.0.0.1:{self.site.address.port}"
        load = Load(self.reactor, Calls(uri, self.site.address, rate, calls, hold))
        return load.run()

    def log(self) -> EvidenceLog:
        self.site.run(self.reactor.now())
        self.writer.close()
        return as_log(self.file.getvalue())

    def seen(self, kind: Kind) -> list[Event]:
        return [event for event in self.log().events if event.kind == kind]


@pytest.fixture
def reactor() -> Iterator[Reactor]:
    with Reactor() as made:
        yield made


def test_callers_go_over_trunks_and_are_answered_by_the_site(reactor: Reactor, site: SiteSpec) -> None:
    rig = Rig(reactor, site)
    done = rig.load(10, 50, 200 * MS)
    assert (done.completed, rig.site.counts.offered, rig.site.counts.answered) == (10, 10, 10)
    assert (rig.site.counts.there, not rig.site.agent.legs) == (0, True)
    setup = done.delays["setup"]
    assert setup is not None
    assert setup.quantiles[0] >= 2 * site.time("exchange.delay")  # SETUP to the gateway, CONNECT back
    log = rig.log()
    by_kind = {kind: [e.call for e in log.events if e.kind == kind] for kind in (Kind.TRUNK_SEIZED, Kind.CALL_ENDED)}
    assert len(set(by_kind[Kind.TRUNK_SEIZED])) == 10
    assert sorted(map(str, by_kind[Kind.CALL_ENDED])) == sorted(map(str, by_kind[Kind.TRUNK_SEIZED]))


def test_more_callers_than_trunks_are_refused_by_the_cause(reactor: Reactor, site: SiteSpec) -> None:
    trunks = 30 * sum(site.layout.spans)
    rig = Rig(reactor, site.with_figure("servers.limits.attempts", 1000.0))  # or pace would refuse before trunks do
    done = rig.load(trunks + 7, 100, 2 * SECOND)
    assert (done.answered, done.refused) == (trunks, {503: 7})
    assert rig.site.counts.ended["refused", "trunk"] == 7
    assert done.completed == trunks


def test_more_callers_a_second_than_the_server_takes_are_refused_by_the_cause(reactor: Reactor, site: SiteSpec) -> None:
    rig = Rig(reactor, site)
    done = rig.load(20, 200, 200 * MS)
    assert done.answered + done.refused[503] == 20
    assert rig.site.counts.ended["refused", "attempts"] == done.refused[503] > 0


def test_a_caller_gets_through_menu_and_queue_to_an_agent_who_hangs_up(reactor: Reactor, site: SiteSpec) -> None:
    quick = hurried(site, ivr_time=300 * MS, answer_time=200 * MS, talk_time=300 * MS, wrap_up=100 * MS)
    rig = Rig(reactor, quick)
    done = rig.load(5, 50, 60 * SECOND)
    assert (done.answered, done.broken) == (5, {"bye": 5})
    assert rig.site.counts.ended == {("completed", "agent"): 5}
    assert done.elapsed < PATIENCE
    talked = {event.call for event in rig.seen(Kind.SEAT_TALKING)}
    assert len(talked) == 5


def test_who_must_queue_waits_as_long_as_he_likes(reactor: Reactor, site: SiteSpec) -> None:
    quick = hurried(
        site, ivr_time=300 * MS, answer_time=200 * MS, talk_time=SECOND, wrap_up=100 * MS, queue_patience=MS
    )
    rig = Rig(reactor, quick.with_figure("servers.limits.attempts", 1000.0))
    done = rig.load(40, 200, 60 * SECOND)
    assert (done.answered, done.broken) == (40, {"bye": 40})
    assert rig.site.counts.ended == {("completed", "agent"): 40}
    assert rig.seen(Kind.CALL_QUEUED)


def test_an_end_hangs_every_call_up(reactor: Reactor, site: SiteSpec) -> None:
    rig = Rig(reactor, site)
    uri = f"sip:1000@127.0.0.1:{rig.site.address.port}"

    def enough(_done: int, _of: int) -> None:
        if load.tally.answered == 10:
            reactor.stop()

    load = Load(reactor, Calls(uri, rig.site.address, 100, 10, 60 * SECOND), enough)
    load.run()
    assert load.tally.answered == 10
    rig.site.run(reactor.now())
    assert (load.tally.broken, rig.site.counts.there, rig.site.agent.legs) == ({"bye": 10}, 0, {})


def test_each_cause_of_refusal_has_a_cause_of_q850() -> None:
    assert set(CAUSES) - set(Q850) == {NOT_DIALLED}
