"""Of what size a site is: the command line comes before the scenario, and the scenario before the site's file."""

import pytest

from simtel.run import session, shared
from simtel.run.choose import sites_of
from simtel.run.plan import items, lacking
from simtel.run.shared import Shared
from tests.run.fake import FakeTarget
from tests.run.sites import crash, site

NAMES = ["today", "proposal-as-drawn"]
FIXED = crash(id="failover.fixed", seats=40)


def sizes(seats: list[int]) -> list[tuple[str, int]]:
    found = items([crash(), FIXED], sites_of(NAMES, seats, "grown"), seed=1)
    return [(one.scenario.id.partition(".")[2], one.site.seats) for one in found]


def test_a_scenario_that_fixes_its_seats_has_them_on_every_site() -> None:
    assert sizes([]) == [("active-server-crash", 20)] * 2 + [("fixed", 40)] * 2


def test_what_the_command_line_says_comes_first() -> None:
    found = sizes([10, 60])
    assert [size for _, size in found] == [10, 60] * 4
    (one, *_) = items([FIXED], sites_of(NAMES, [10], "grown"), seed=1)
    assert lacking(one.scenario, site("proposal-as-drawn", 10)) is None


def test_a_site_that_is_built_already_keeps_its_size() -> None:
    (one,) = items([FIXED], [site(seats=10)], seed=1)
    assert (one.site.seats, one.scenario.seats) == (10, None)


def test_a_site_that_cannot_have_so_many_seats_is_not_left_out() -> None:
    vast = crash(seats=1000)
    (one,) = items([vast], sites_of(["proposal-as-drawn"], [], "grown"), seed=1)
    assert str(lacking(one.scenario, one.site)) == "Not applicable: the site cannot have 1000 seats"
    assert lacking(crash(seats=20), one.site) is None


def test_parts_as_quoted_stay_as_quoted() -> None:
    (one,) = items([FIXED], sites_of(["as-quoted-one-e1-each"], [], "as-quoted"), seed=1)
    assert (one.site.seats, one.site.layout.boards) == (40, 1)


def test_a_session_of_pytest_runs_it_in_its_own_size_too(monkeypatch: pytest.MonkeyPatch) -> None:
    target = FakeTarget()
    for module in (session, shared):
        monkeypatch.setattr(module, "make_target", lambda _: target)
    own = Shared("virtual", ["proposal-as-drawn"], [], 1)
    (small,) = own.sites
    (run,) = own.runs(FIXED, small)
    assert run.judgement.header.seats == 40
    asked = Shared("virtual", ["proposal-as-drawn"], [10, 20], 1)
    assert [shown.judgement.header.seats for place in asked.sites for shown in asked.runs(FIXED, place)] == [10, 20]
    assert [run.judgement.header.seats for run in asked.runs(FIXED, site(seats=12))] == [12]
