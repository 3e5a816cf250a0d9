"""Outages on the calendar, counted three ways."""

from simtel.core.clock import SECOND
from simtel.verdict.outages import outages
from tests.verdict.cases import YEAR, without, years

ASKED = ("outage-seconds-system", "3min")


def test_an_outage_over_a_jump_is_as_long_as_the_calendar_says() -> None:
    found = outages(without(years(*ASKED, repair=3600), 101, 250, "seat.1", "seat.2").log())
    assert [one.length for one in found.system] == [(149 + 3600) * SECOND]
    assert found.longest_fault == (200 + 3600) * SECOND
    assert round(found.years, 3) == 1.0


def test_half_counts_and_less_does_not_whoever_it_is() -> None:
    build = without(years(*ASKED), 101, 150, "seat.1")
    found = outages(without(build, 120, 180, "seat.2").log())  # together from 120 to 150: a cut
    assert found.system == []
    assert [one.length for one in found.system_cuts] == [30 * SECOND]
    assert len(found.users) == 1  # one incident of two seats
    assert found.users[0][0] == (49 + 60) / 4 * SECOND


def test_short_cuts_of_a_seat_are_counted_beside() -> None:
    build = without(years(*ASKED), 101, 110, "seat.1")
    found = outages(without(build, 120, 130, "seat.1").log())
    assert (found.users, found.user_cuts, found.system_cuts) == ([], 2, [])


def test_an_outage_that_does_not_end_lasts_to_the_end() -> None:
    build = years(*ASKED)
    for seat in ("seat.1", "seat.2"):
        build.add(350, "access.lost", seat, "survey")
    build.ended = 500
    found = outages(build.log())
    assert [one.length for one in found.system] == [(150 + YEAR) * SECOND]
    assert sum(weight for weight, _ in found.users) == (150 + YEAR) / 2 * SECOND


def test_incidents_apart_are_counted_apart() -> None:
    build = without(years(*ASKED), 101, 150, "seat.1")
    assert len(outages(without(build, 201, 260, "seat.1").log()).users) == 2
