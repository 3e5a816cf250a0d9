"""A site of which some seats have a telephone on a board, and the others one of their own registration."""

import pytest
import yaml

from simtel.core.clock import SECOND
from simtel.core.events import Kind
from simtel.core.problems import BadInput
from simtel.profiles.catalogue import find_site, read_devices
from simtel.profiles.resolve import resolve
from simtel.profiles.site import read_site
from simtel.profiles.spec import SiteSpec
from simtel.run.choose import scenarios_of
from simtel.run.once import to_memory
from simtel.run.plan import items
from simtel.sizing.site_downtime import site_downtime
from simtel.target import building
from simtel.target.virtual import VirtualTarget
from simtel.target.years import units


def mixed(over_ip: int = 8, seats: int | None = None, **changes: object) -> SiteSpec:
    """Today's site without consoles; the last seats have IP phones."""
    text = yaml.safe_load("\n".join(find_site("today", read_devices()).doc.lines))
    text |= {"ip_phones": {"profile": "ip-phone", "seats": over_ip}, **changes}
    text.pop("consoles", None)
    return resolve(read_site(yaml.safe_dump(text, allow_unicode=True).encode(), read_devices(), "mixed.yaml"), seats)


def test_the_last_seats_have_no_port() -> None:
    there = building.names(mixed())
    assert len(there.seats) == 20
    assert list(there.ports) == [f"seat.{n}" for n in range(1, 13)]
    assert there.seats["seat.20"] == ("phone",)
    assert mixed(seats=5).layout.ip_seats == 2


def test_each_kind_has_figures_of_its_own() -> None:
    spec = mixed().with_figure("ip_phones.registration.expiry", 77).with_figure("boards.registration.expiry", 78)
    assert [building.part_times(spec, "phone", on_board).expiry for on_board in (False, True)] == [77, 78]
    assert building.port_times(spec, False) is None
    assert building.port_times(spec, True) is not None
    hung_up = building.unplugged(mixed().with_figure("ip_phones.unplugged", "hang-up"), building.names(mixed()))
    silent = building.unplugged(mixed().with_figure("ip_phones.unplugged", "silence"), building.names(mixed()))
    assert (hung_up["seat.13"], silent["seat.13"]) == ("hang-up", "silence")
    assert hung_up["seat.12"] == silent["seat.12"]
    spec = mixed().with_figure("ip_phones.failure.mtbf_hours", 1_000).with_figure("phones.failure.mtbf_hours", 2_000)
    failing = {unit.name: unit.mtbf // (3600 * SECOND) for unit in units(spec, building.names(spec), ("phones",))}
    assert (failing["seat.12"], failing["seat.13"], len(failing)) == (2_000, 1_000, 20)


def test_a_board_that_crashes_leaves_the_others_at_work() -> None:
    (item,) = items(scenarios_of(["seats.board-crash"]), [mixed()], seed=7)
    log = to_memory(item, VirtualTarget())
    assert log.footer is not None
    assert not log.footer.error
    at_work = {e.subject for e in log.of(Kind.AGENT_STATE) if e.t > 75 * SECOND and e.data["state"] == "talking"}
    before = {e.subject for e in log.of(Kind.AGENT_STATE) if e.t < 60 * SECOND and e.data["state"] == "talking"}
    over_ip = {f"seat.{n}" for n in range(13, 21)}
    assert at_work
    assert at_work <= over_ip < before


def test_the_worst_seat_is_of_the_kind_that_fails_more() -> None:
    both = ("phones.failure.mtbf_hours", "ip_phones.failure.mtbf_hours")
    found = {}
    for path in both:
        spec = mixed()
        for other in both:
            spec = spec.with_figure(other, 1_000 if other == path else 100_000_000)
        found[path] = {share.kind: share for share in site_downtime(spec).shares}
    of_boards, over_ip = found["phones.failure.mtbf_hours"], found["ip_phones.failure.mtbf_hours"]
    assert (of_boards["phones"].count, of_boards["ip_phones"].count) == (12, 8)
    assert of_boards["phones"].user > 100 * of_boards["ip_phones"].user
    assert over_ip["ip_phones"].user > 100 * over_ip["phones"].user


@pytest.mark.parametrize(
    ("over_ip", "changes", "words"),
    [
        (8, {"phones": {"profile": "ip-phone"}}, "only seats beside those with a telephone on a board"),
        (21, {}, "is more than there are seats"),
        (8, {"ip_phones": {"profile": "headset", "seats": 3}}, "headset"),
    ],
)
def test_what_does_not_go_together_is_named(over_ip: int, changes: dict[str, object], words: str) -> None:
    with pytest.raises(BadInput, match=words):
        mixed(over_ip, **changes)
