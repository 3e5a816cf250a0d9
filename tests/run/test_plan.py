"""Items, their headers, and what a site lacks."""

from pathlib import Path

import msgspec
import pytest

from simtel.core import data
from simtel.core.faults import FAULTS, FaultKind
from simtel.core.log import Expectation, Limit
from simtel.core.quantity import Unit
from simtel.run.plan import command, expecting, header, items, lacking, whole_command
from simtel.scenario.spec import Fault
from tests.run.sites import crash, item, site

SEATS = Limit("at_least", "seats", Unit.COUNT, "assumed", "every seat")
BUYER = Limit("at_most", 1, Unit.TIME, "buyer", "contract")


def test_items_are_scenarios_times_sites_in_order() -> None:
    other = crash(id="failover.other")
    found = items([crash(), other], [site(), site(seats=60)], seed=3)
    assert [one.name for one in found] == [
        "failover.active-server-crash/proposal-as-drawn-20", "failover.active-server-crash/proposal-as-drawn-60",
        "failover.other/proposal-as-drawn-20", "failover.other/proposal-as-drawn-60",
    ]  # fmt: skip


def test_the_word_seats_becomes_the_number_of_seats() -> None:
    scenario = crash(expect=(Expectation("agent-capacity", (SEATS,)),))
    (one,) = items([scenario], [site(seats=60)], seed=1)
    assert one.scenario.expect[0].limits[0].value == 60


def test_limits_of_the_buyer_replace_those_of_the_scenario_and_stand_in_the_header() -> None:
    (one,) = items([crash()], [site()], seed=1, limits={"failover-time": {"at_most": BUYER}})
    (wanted,) = header(one).expect
    assert wanted.limits == (BUYER,)


def test_other_criteria_keep_their_limits() -> None:
    scenario = expecting(crash(), {"media-gap": {"at_most": BUYER}}, 20)
    assert scenario.expect == crash().expect


def test_the_header_carries_all_that_a_judge_needs() -> None:
    head = header(item())
    assert (head.scenario, head.site, head.seats, head.seed) == (
        "failover.active-server-crash", "proposal-as-drawn", 20, 7,
    )  # fmt: skip
    assert all((head.expect, head.assumed, head.unknown, head.scenario_hash, head.site_hash, head.version))
    assert {"zh", "en"} <= head.title.keys() & head.why.keys() & head.site_title.keys()


def test_on_loopback_no_figure_counts_as_assumed() -> None:
    head = header(msgspec.structs.replace(item(), target="loopback"))
    assert head.assumed == head.unknown == ()
    assert head.clock == "monotonic"


def test_the_command_holds_no_path_of_the_machine() -> None:
    told = command(item())
    assert told == (
        "simtel run scenarios/failover/active-server-crash.yaml --site proposal-as-drawn --seats 20 --seed 7"
        " --target virtual"
    )
    assert command(item(scenario=crash(path="/home/somebody/mine.yaml"))).split()[2] == "mine.yaml"


@pytest.mark.parametrize(
    ("subject", "kind", "missing"),
    [
        ("servers.standby", FaultKind.CRASH, "2 servers are needed, the site has 1"),
        ("servers.active", FaultKind.HEARTBEAT_LOST, "2 servers are needed, the site has 1"),
        ("servers.active", FaultKind.LATENT, "2 servers are needed, the site has 1"),
        ("gateways.9", FaultKind.CRASH, "9 gateways are needed, the site has 1"),
        ("spans.99", FaultKind.SPAN_CUT, "99 spans are needed, the site has 2"),
        ("seats.21", FaultKind.CRASH, "21 seats are needed, the site has 20"),
        ("feeds.9", FaultKind.POWER_LOST, "9 feeds are needed, the site has 1"),
    ],
)
def test_what_a_fault_strikes_must_be_there(subject: str, kind: FaultKind, missing: str) -> None:
    reason = lacking(crash(roles=(), faults=(Fault(kind, subject, at=1),)), site("today"))
    assert reason is not None
    assert str(reason) == f"Not applicable: {missing}"


def test_a_platform_is_a_server_with_the_gateway_in_one_box() -> None:
    scenario = crash(roles=(), faults=(Fault(FaultKind.CRASH, "platforms.active", at=1),))
    assert str(lacking(scenario, site())) == "Not applicable: the site has no platforms"
    assert lacking(scenario, site("as-quoted-one-e1-each")) is None


def test_nobody_acknowledges_a_restart_where_there_is_no_d_channel() -> None:
    scenario = crash(roles=(), faults=(Fault(FaultKind.RESTART_UNANSWERED, "spans.1", at=1),))
    assert str(lacking(scenario, site("today-on-r2"))) == "Not applicable: the site has no D-channel"
    assert lacking(scenario, site("today")) is None


def test_a_site_with_all_roles_lacks_nothing() -> None:
    assert lacking(crash(), site()) is None
    assert lacking(crash(roles=("servers", "seats")), site("today")) is None


def test_a_role_that_a_scenario_names_must_be_there() -> None:
    bare = msgspec.structs.replace(site(), layout=msgspec.structs.replace(site().layout, boards=0))
    assert str(lacking(crash(roles=("boards",)), bare)) == "Not applicable: the site has no boards"


def test_a_console_cannot_crash_where_there_is_none() -> None:
    bare = msgspec.structs.replace(site(), layout=msgspec.structs.replace(site().layout, console=False))
    scenario = crash(faults=(Fault(FaultKind.CONSOLE_CRASH, "seats.1", at=1),))
    assert lacking(scenario, site()) is None
    assert str(lacking(scenario, bare)) == "Not applicable: the site has no consoles"


def test_a_fault_that_the_target_cannot_do_is_named() -> None:
    reason = lacking(crash(), site(), frozenset(FAULTS) - {FaultKind.CRASH})
    assert str(reason) == "Not applicable: the target cannot do the fault crash"


def test_the_command_of_a_whole_run_names_what_is_shipped_by_its_place_and_no_path_of_the_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    words = ("failover/", "scenarios/trunks", "surge.tv-spots", str(data.scenarios() / "seats"), "/home/me/mine.yaml")
    told = whole_command(words, ("today", "sites/own.yaml"), (20, 40), 3, "virtual", ("--no-vary",))
    assert told == (
        "simtel run scenarios/failover scenarios/trunks surge.tv-spots scenarios/seats mine.yaml"
        " --site today --site own.yaml --seats 20 --seats 40 --seed 3 --target virtual --no-vary"
    )
