from collections.abc import Callable
from itertools import pairwise
from math import ceil
from typing import Any

import pytest

from simtel.core.clock import MS, SECOND
from simtel.core.data import sites
from simtel.core.problems import BadInput, Problem
from simtel.core.quantity import Basis, Quantity
from simtel.profiles.catalogue import find_site, read_devices, site_names
from simtel.profiles.device import Profile
from simtel.profiles.resolve import resolve
from simtel.profiles.site import Site, read_site
from simtel.profiles.told import assumed_figures, descriptive_figures, unknown_figures

Complains = Callable[..., list[Problem]]
DRAWN = (sites() / "proposal-as-drawn.yaml").read_text(encoding="utf-8")
QUOTED = (sites() / "as-quoted-one-e1-each.yaml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def devices() -> dict[str, Profile]:
    return read_devices()


@pytest.fixture
def read(devices: dict[str, Profile]) -> Callable[[bytes], Site]:
    return lambda text: read_site(text, devices, "site.yaml")


SET = "servers: {profile: lts-2000, count: 2, settings: {%s}}"
FAST = "{value: 50ms, basis: buyer, source: contract}"

BAD_DRAWN = [
    ("simtel: site/1", "simtel: §profile/1", "site/1"),
    ("id: proposal-as-drawn", "id: §-x", "is not a name"),
    ("requirement: [R1,", "requirement: [§R19,", "R1 to R18"),
    ("requirement: [R1, R2, R3, R4, R5, R7, R8, R15]", "§requirement: []", "empty list"),
    ("seats: {default: 20,", "seats: {default: §0,", "is outside"),
    ("seats: {default: 20, at_most: 100}", "seats: {default: §200, at_most: 100}", "more than 'at_most'"),
    ("seats: {default: 20,", "seats: {default: §20s,", "is not a count"),
    ("servers: {profile: lts-2000,", "servers: {profile: §lts-200,", "there is no device profile 'lts-200'"),
    ("servers: {profile: lts-2000,", "servers: {profile: §lan-switch,", "is a lan-switch; servers must be"),
    ("servers: {profile: lts-2000,", "servers: {profile: §lpt1000-ds,", "no figures of a call server"),
    ("servers: {profile: lts-2000, count: 2}", "servers: {profile: single-server, count: §2}",
     "election.*, which 'single-server' lacks"),
    ("count: 2}\ngateways", "count: §3}\ngateways", "is outside"),
    ("count: 2}\ngateways", "§cuont: 2}\ngateways", "unknown key 'cuont'"),
    ("servers: {profile: lts-2000, count: 2}\n", "§servers: [lts-2000]\n", "a mapping (key: value) is due"),
    ("gateways: {profile: lts-1000t, spans: [1, 1]}", "gateways: {profile: lts-1000t, spans: §[0, 0]}",
     "no E1 at all"),
    ("spans: [1, 1]}", "§spans: []}", "empty list"),
    ("spans: [1, 1]}", "spans: [1, §one]}", "is not a count"),
    ("spans: [1, 1]}", "spans: §[1], housed: true}", "as many entries as there are servers"),
    ("spans: [1, 1]}", "spans: [1, 1], housed: §maybe}", "neither true nor false"),
    ("exchange: {profile: public-exchange}\n", "exchange: {profile: public-exchange}\ncold_spare: §true\n",
     "all E1 on the first"),
    ("phones: {profile: ip-phone}", "phones: {profile: §headset}", "'boards' is missing"),
    ("consoles: {profile: softphone-pc}", "consoles: {profile: §ip-phone}", "consoles must be softphone"),
    ("people: {profile: callers-and-agents}", "§peopel: {profile: callers-and-agents}", "unknown key 'peopel'"),
    ("others: [access-gateway,", "others: [§acess-gateway,", "there is no device profile"),
    ("- {profile: lts-1000t, quantity: 2}", "- {profile: §lts-1000, quantity: 2}", "there is no device profile"),
    ("- {profile: lts-1000t, quantity: 2}", "- {profile: lts-1000t, quantity: §0}", "is outside"),
    ("  agent: {value: 20,", "  agent: {value: §unknown,", "nothing can stand in"),
    ("  agent: {value: 20,", "  agent: {value: §many,", "is not a count"),
    ("  spans: {per_seats: 25}", "  §spans: {}", "says neither"),
    ("  spans: {per_seats: 25}", "  spans: {per_seats: §0}", "is outside"),
    ("  spans: {per_seats: 25}", "  spans: {per_seats: §seats / 25}", "is not a count"),
    ("cable_move_time: {value: 30min,", "cable_move_time: {value: §30s,", "is outside"),
    ("growth:\n", "seats: &s 1\n§seats: *s\ngrowth:\n", "given twice"),
    ("servers: {profile: lts-2000, count: 2}", SET % f"§election.advert_intervall: {FAST}",
     "election.advert_intervall"),
    ("servers: {profile: lts-2000, count: 2}", SET % f"election.advert_interval: {FAST.replace('50ms', '§50')}",
     "bare value"),
    ("servers: {profile: lts-2000, count: 2}", SET % "§election.advert_interval: 50ms", "where a figure is due"),
    ("servers: {profile: lts-2000, count: 2}", "servers: {profile: lts-2000, count: 2, §settings: 5}",
     "a mapping (figure: value) is due"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "message"), BAD_DRAWN, ids=[new[:50] for _, new, _ in BAD_DRAWN])
def test_bad_site(complains: Complains, read: Callable[[bytes], Site], old: str, new: str, message: str) -> None:
    complains(read, DRAWN, old, new, message)


def test_a_setting_takes_the_place_of_the_profile_s_figure(read: Callable[[bytes], Site]) -> None:
    text = DRAWN.replace("servers: {profile: lts-2000, count: 2}", SET % f"election.advert_interval: {FAST}")
    figure = resolve(read(text.encode())).figures["servers.election.advert_interval"]
    assert figure.value == 50 * MS
    assert isinstance(figure.stated, Quantity)
    assert (figure.stated.basis, figure.stated.source) == (Basis.BUYER, "contract")
    assert resolve(read(DRAWN.encode())).time("servers.election.advert_interval") == 1 * SECOND


def test_seats_need_something_to_speak_with(complains: Complains, read: Callable[[bytes], Site]) -> None:
    bare = DRAWN.replace("phones: {profile: ip-phone}\n", "")
    silent = bare.replace("consoles: {profile: softphone-pc}\n", "")
    complains(read, silent, "simtel: site/1", "§simtel: site/1", "need 'consoles' or 'phones'")
    assert resolve(read(bare.encode())).layout.phone == "none"


@pytest.mark.parametrize("cut", range(20, QUOTED.index("parts:"), 47))
def test_a_truncated_site_is_refused(read: Callable[[bytes], Site], cut: int) -> None:
    with pytest.raises(BadInput):
        read(QUOTED[:cut].encode(errors="ignore"))


KEYS = ["seats", "servers", "gateways", "lan", "licences", "growth", "parts", "others", "title", "address"]


@pytest.mark.parametrize("value", ["{}", "[]", "5", "text", "null", "[[{}]]", "{profile: []}", "{count: {}}"])
@pytest.mark.parametrize("key", KEYS)
def test_odd_values_are_refused_in_words(read: Callable[[bytes], Site], key: str, value: Any) -> None:
    kept, skip = [], False
    for line in DRAWN.splitlines():
        skip = line.startswith(key + ":") or (skip and line.startswith(" "))
        if not skip:
            kept.append(line)
    text = "\n".join([*kept, f"{key}: {value}"])
    if (key, value) in {("growth", "{}"), ("parts", "[]"), ("others", "[]")}:
        assert read(text.encode())
        return
    with pytest.raises(BadInput):
        read(text.encode())


# -- growth --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", site_names())
@pytest.mark.parametrize("seats", [1, 20, 60, 100])
def test_every_shipped_site_resolves(devices: dict[str, Profile], name: str, seats: int) -> None:
    site = find_site(name, devices)
    if seats > (most := site.data["seats"]["at_most"]):
        assert (name, most) == ("saving-clos", 50), "all others have up to a hundred"
        seats = most
    spec = resolve(site, seats)
    layout = spec.layout
    assert (spec.id, spec.seats) == (name, seats)
    assert layout.gateways == len(layout.spans)
    assert layout.boards == 0 or layout.phone == "board"
    assert layout.phone != "board" or layout.boards * spec.count("boards.ports.stations") >= seats
    assert all(
        given.stated is not None and given.value is not None
        for given in spec.figures.values()
        if not given.spec.descriptive
    )
    if layout.housed:
        assert layout.gateways == layout.servers
    if seats == 100:
        assert sum(layout.spans) >= 4
        assert spec.licences["agent"] == spec.licences["recording"] == 100
        assert spec.licences["core-channel"] >= 30 * sum(layout.spans)
        if not layout.cold_spare:
            assert max(layout.spans) - min(layout.spans) <= 1
        if layout.phone == "board":
            assert layout.boards == ceil(100 / spec.count("boards.ports.stations"))


def test_as_quoted_keeps_the_parts(devices: dict[str, Profile]) -> None:
    site = find_site("as-quoted-one-e1-each", devices)
    quoted, grown = resolve(site, 100, "as-quoted"), resolve(site, 100)
    assert quoted.seats == grown.seats == 100
    assert (quoted.layout.spans, quoted.layout.boards) == ((1, 1), 1)
    assert (grown.layout.spans, grown.layout.boards) == ((2, 2), 5)
    assert quoted.licences == {"core-channel": 60, "agent": 20, "recording": 20}
    assert quoted.hash != grown.hash


def test_fewer_seats_buy_nothing_back(devices: dict[str, Profile]) -> None:
    site = find_site("option-2-all-there-is", devices)
    assert resolve(site, 5).licences == resolve(site).licences == {"core-channel": 30, "agent": 10, "recording": 20}


def test_a_cold_spare_keeps_all_spans_on_the_first(devices: dict[str, Profile]) -> None:
    assert resolve(find_site("as-quoted-two-e1-active", devices), 100).layout.spans == (4, 0)


def test_a_licence_that_grew_is_no_longer_quoted(devices: dict[str, Profile]) -> None:
    stated = resolve(find_site("as-quoted-one-e1-each", devices), 60).figures["licences.agent"].stated
    assert isinstance(stated, Quantity)
    assert (stated.value, stated.basis) == (60, Basis.COMPUTED)
    assert "20" in stated.source


@pytest.mark.parametrize("seats", [0, -1, 101, 10**9])
def test_too_many_seats_are_refused_at_their_limit(devices: dict[str, Profile], seats: int) -> None:
    with pytest.raises(BadInput, match=f"{seats} seats: site 'today' has 1 to 100") as caught:
        resolve(find_site("today", devices), seats)
    assert caught.value.problems[0].snippet == "seats: {default: 20, at_most: 100}"


def test_a_gateway_has_no_more_spans_than_ports(read: Callable[[bytes], Site]) -> None:
    site = read(DRAWN.replace("per_seats: 25", "per_seats: 10").encode())
    assert resolve(site, 40).layout.spans == (2, 2)
    with pytest.raises(BadInput, match="3 E1 on a gateway that has 2 ports, at 60 seats"):
        resolve(site, 60)


def test_a_switching_network_has_a_port_for_every_circuit_and_every_seat(read: Callable[[bytes], Site]) -> None:
    text = (sites() / "saving-clos.yaml").read_text(encoding="utf-8").replace("at_most: 50", "at_most: 100")
    site = read(text.encode())
    assert resolve(site, 50).layout.spans == (2,)
    with pytest.raises(BadInput, match="90 circuits and 51 seats on a switching network of 60 ports a side") as caught:
        resolve(site, 51)
    assert caught.value.problems[0].snippet == "switching: {profile: clos-network}"
    assert resolve(site, 51, "as-quoted").layout.spans == (2,), "what then binds is for the run to show"
    lines = text.replace("exchange:", "loops: {profile: loop-module-4, count: 1}\nexchange:")
    with pytest.raises(BadInput, match="64 circuits and 20 seats"):
        resolve(read(lines.encode()), 20)


def test_an_unknown_site_is_answered_with_the_known() -> None:
    with pytest.raises(BadInput, match="did you mean 'today'") as caught:
        find_site("tody")
    assert str(caught.value).startswith("there is no site 'tody'\n")
    with pytest.raises(BadInput, match="`simtel list sites` says which there are"):
        find_site("zzzzzz")


# -- what a report must say ---------------------------------------------------------------------------


def test_what_is_assumed_unknown_and_descriptive_is_told(devices: dict[str, Profile]) -> None:
    spec = resolve(find_site("proposal-as-drawn", devices))
    assumed = {figure.path: figure for figure in assumed_figures(spec)}
    unknown = {figure.path: figure for figure in unknown_figures(spec)}
    described = {figure.path for figure in descriptive_figures(spec)}
    assert assumed["servers.election.advert_interval"].low == 100 * MS
    assert assumed["servers.election.fencing"].alternatives == ("power",)
    assert unknown["servers.overload_control"].alternatives == (False,)
    assert unknown["servers.overload_control"].value is True
    assert "servers.mtbf" in described
    assert "servers.replication.dialogs" not in assumed
    assert not described & (assumed.keys() | unknown.keys())


def test_a_device_described_twice_is_refused(tmp_path: Any) -> None:
    text = (sites().parent / "devices" / "headset.yaml").read_text(encoding="utf-8")
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match="is described by"):
        read_devices(tmp_path)


@pytest.mark.parametrize("name", site_names())
def test_more_seats_never_mean_fewer_parts(devices: dict[str, Profile], name: str) -> None:
    site = find_site(name, devices)
    sizes = [resolve(site, seats) for seats in range(1, site.data["seats"]["at_most"] + 1)]
    for small, large in pairwise(sizes):
        assert all(small.licences[licence] <= large.licences[licence] for licence in small.licences)
        assert all(before <= after for before, after in zip(small.layout.spans, large.layout.spans, strict=True))
        assert small.layout.boards <= large.layout.boards
    assert len({spec.hash for spec in sizes}) == len(sizes)
