import pytest

from simtel.core.clock import SECOND
from simtel.core.quantity import Value
from simtel.devices.fabric.fabric import Interchange, Packets, Stages
from simtel.profiles.spec import SiteSpec
from simtel.scenario.spec import Load
from simtel.target import building
from tests.run.sites import site

LOAD = Load("poisson", recorded=0.3, held=0.2)
SITES = ("today", "proposal-as-drawn", "as-quoted-one-e1-each", "as-quoted-two-e1-active", "as-quoted-gateways-only")


@pytest.mark.parametrize(
    ("name", "servers", "gateways", "spans"),
    [
        ("today", ("server.a",), ("gateway.a",), {"span.1": "gateway.a", "span.2": "gateway.a"}),
        (
            "proposal-as-drawn",
            ("server.a", "server.b"),
            ("gateway.a", "gateway.b"),
            {"span.1": "gateway.a", "span.2": "gateway.b"},
        ),
        (
            "as-quoted-two-e1-active",
            ("server.a", "server.b"),
            ("gateway.a", "gateway.b"),
            {"span.1": "gateway.a", "span.2": "gateway.a"},
        ),
    ],
)
def test_what_the_parts_are_called(
    name: str, servers: tuple[str, ...], gateways: tuple[str, ...], spans: dict[str, str]
) -> None:
    names = building.names(site(name))
    assert (names.servers, names.gateways, names.spans) == (servers, gateways, spans)


@pytest.mark.parametrize("name", SITES)
@pytest.mark.parametrize("seats", [20, 47])
def test_every_seat_is_there_once_with_its_parts_or_is_told_unfit(name: str, seats: int) -> None:
    spec = site(name, seats)
    names = building.names(spec)
    assert [*names.seats, *names.unfit] == [f"seat.{n + 1}" for n in range(seats)]
    first = "phone" if spec.layout.phone != "none" else "console"
    assert all(parts[0] == first for parts in names.seats.values())
    roles = names.roles()
    assert roles["seats"] == tuple(names.seats)
    assert set(roles) >= {"servers", "gateways", "spans", "boards", "switches", "feeds"}


def test_seats_fill_board_after_board_and_no_port_twice() -> None:
    spec = site("as-quoted-one-e1-each", 47)
    names = building.names(spec)
    stations = int(spec.value("boards.ports.stations"))
    assert len(set(names.ports.values())) == len(names.ports) == 47
    assert {port for _, port in names.ports.values()} <= set(range(1, stations + 1))
    assert names.ports["seat.1"] == ("board.1", 1)
    assert names.ports[f"seat.{stations}"] == ("board.1", stations)
    assert names.ports[f"seat.{stations + 1}"] == ("board.2", 1)


@pytest.mark.parametrize("seats", [20, 47])
def test_seats_that_are_spread_hang_on_all_boards_alike(seats: int) -> None:
    names = building.names(site("two-boards", seats))
    assert len(set(names.ports.values())) == len(names.ports) == seats
    used = [[port for board, port in names.ports.values() if board == name] for name in ("board.1", "board.2")]
    assert used == [list(range(1, (seats + 1) // 2 + 1)), list(range(1, seats // 2 + 1))]
    assert [names.ports[f"seat.{n}"] for n in (1, 2, 3)] == [("board.1", 1), ("board.2", 1), ("board.1", 2)]


def test_more_seats_than_ports_leave_some_without_a_place() -> None:
    spec = site("today", 20).with_figure("boards.ports.stations", 15)
    names = building.names(spec)
    assert names.unfit == tuple(f"seat.{n}" for n in range(16, 21))
    assert "seat.16" not in names.seats


def test_roles_say_which_units_hang_on_a_feed_and_which_stand_in_a_box() -> None:
    roles = building.names(site("as-quoted-two-e1-active")).roles()
    assert roles["server.a units"] == ("server.a", "gateway.a")
    fed = [unit for feed in roles["feeds"] for unit in roles[f"{feed} units"]]
    assert sorted(fed) == sorted(unit for role in ("servers", "gateways", "boards", "switches") for unit in roles[role])
    apart = building.names(site("proposal-as-drawn")).roles()
    assert "server.a units" not in apart
    assert (apart["feed.1 units"], apart["feed.2 units"]) == (
        ("server.a", "gateway.a", "switch.1"), ("server.b", "gateway.b", "switch.2")
    )  # fmt: skip


def test_roles_say_which_seats_hang_on_a_board_and_on_its_ports() -> None:
    roles = building.names(site("today")).roles()
    assert roles["board.1"] == tuple(f"seat.{n}" for n in range(1, 21))
    assert roles["board.1 port 3"] == ("seat.3",)


# figure -> how to read it from what is built: each changes exactly what it names
FIGURES: list[tuple[str, Value, str]] = [
    (f"{role}.line.{name}", value, f"{role}.{name}")
    for role in ("gateways", "exchange")
    for name, value in (
        ("alarm_debounce", 123), ("alarm_settle", 124), ("t200", 125), ("n200", 9), ("t203", 126), ("t309", 127),
        ("rai_debounce", 122), ("window", 5), ("alarm_drops_dchannel", True), ("status_enquiry", False),
    )
]  # fmt: skip


@pytest.mark.parametrize(("path", "value", "where"), FIGURES)
def test_each_figure_of_a_line_arrives_at_its_end_and_at_no_other(path: str, value: Value, where: str) -> None:
    role, _, name = where.partition(".")
    spec = site().with_figure(path, value)
    other = "exchange" if role == "gateways" else "gateways"
    assert getattr(building.line_times(spec, role), name) == value
    assert building.line_times(spec, role) != building.line_times(site(), role)
    assert building.line_times(spec, other) == building.line_times(site(), other)


@pytest.mark.parametrize("role", ["gateways", "phones", "consoles"])
@pytest.mark.parametrize(("name", "value"), [("mode", "dual"), ("expiry", 77), ("timeout", 78), ("fallback", 79)])
def test_each_figure_of_a_registration(role: str, name: str, value: Value) -> None:
    spec = site().with_figure(f"{role}.registration.{name}", value)
    assert getattr(building.uplink_times(spec, role), name) == value


def test_only_gateways_ask_whether_their_server_is_there() -> None:
    assert building.uplink_times(site(), "gateways").keepalive > 0
    assert building.uplink_times(site(), "phones").keepalive == 0


def test_an_analog_set_registers_as_its_board_does_and_a_phone_for_itself() -> None:
    today = site("today").with_figure("boards.registration.expiry", 77).with_figure("consoles.registration.expiry", 78)
    assert building.part_times(today, "phone", True).expiry == 77
    assert building.part_times(today, "console", False).expiry == 78
    drawn = site().with_figure("phones.registration.expiry", 79)
    assert building.part_times(drawn, "phone", False).expiry == 79


@pytest.mark.parametrize("name", ["queue_patience", "silence_patience", "redial_delay"])
def test_habits_of_callers(name: str) -> None:
    assert getattr(building.habits(site().with_figure(f"people.{name}", 77)), name) == 77


def test_habits_of_callers_and_agents_from_other_places() -> None:
    spec = site()
    for path, value in (("people.redial", 0.77), ("people.caller_ends", 0.66), ("exchange.answer_time", 5),
                        ("people.answer_time", 6), ("people.wrap_up", 7), ("people.pick_up_time", 8)):  # fmt: skip
        spec = spec.with_figure(path, value)
    callers, agents = building.habits(spec), building.agent_habits(spec, LOAD)
    assert (callers.redial, callers.caller_ends, callers.answer_time) == (0.77, 0.66, 5)
    assert (agents.answer_time, agents.wrap_up, agents.pick_up_time, agents.held) == (6, 7, 8, 0.2)


def test_rates_of_a_server() -> None:
    spec = site().with_figure("servers.limits.attempts", 3.0).with_figure("servers.limits.registrations", 4.0)
    spec = spec.with_figure("servers.limits.backlog", 5).with_figure("servers.overload_control", False)
    made = building.rates(spec)
    assert (made.attempts, made.registrations, made.backlog, made.control) == (3.0, 4.0, 5, False)


@pytest.mark.parametrize(
    ("path", "value", "name", "built"),
    [
        ("people.ivr_time", 77, "ivr_time", 77),
        ("servers.limits.queue", 77, "queue_limit", 77),
        ("servers.limits.seats", 77, "seat_limit", 77),
        ("site.core_channel_counts", "trunks-and-agents", "channels_count_agents", True),
        ("site.core_channel_counts", "trunks", "channels_count_agents", False),
        ("servers.media.talk", "server", "talk_through_server", True),
        ("servers.media.talk", "direct", "talk_through_server", False),
        ("servers.media.recorded", "server", "recorded_through_server", True),
        ("servers.session_timer", 77, "session_timer", 77),
        ("lan.forwarding.packets", 1_234.0, "fabric", Packets(12)),
        ("lan.forwarding.bitrate", 5 * 87_200 + 1, "fabric", Packets(5)),
    ],
)
def test_settings_of_a_server(path: str, value: Value, name: str, built: Value) -> None:
    assert getattr(building.server_settings(site().with_figure(path, value)), name) == built


def test_the_matrix_that_a_site_states_switches_in_place_of_the_lan() -> None:
    assert building.fabric(site("saving-clos")) == Stages(4, 6, 15, "first-fit", False, spans=2)
    assert building.fabric(site("timeslot-matrix")) == Interchange(128, 2_500_000.0)
    lan = site("timeslot-matrix").with_figure("lan.forwarding.packets", 100.0)
    assert building.server_settings(lan).fabric == Interchange(128, 2_500_000.0)


@pytest.mark.parametrize("what", ["dialogs", "registrations", "queue", "agents", "records", "configuration"])
@pytest.mark.parametrize("on", [True, False])
def test_what_is_replicated_by_a_pair_and_never_by_a_single_server(what: str, on: bool) -> None:
    def kept(spec: SiteSpec) -> bool:
        return bool(getattr(building.server_settings(spec).replicates, what))

    assert kept(site().with_figure(f"servers.replication.{what}", on)) is on
    assert kept(site("today")) is False


@pytest.mark.parametrize("name", SITES)
def test_election_and_licences(name: str) -> None:
    spec = site(name)
    times = building.times(spec)
    if spec.layout.servers > 1:
        assert times.advert_interval == spec.time("servers.election.advert_interval")
        assert times.promote_time == spec.time("servers.election.promote_time")
    else:
        assert (times.advert_interval, times.promote_time, times.address_time) == (SECOND, 0, 0)
    assert set(building.licences(spec, first=True)) == {"core-channel", "agent", "recording"}
    assert building.licences(spec.with_figure("licences.agent", 3), first=True)["agent"] == 3


def test_the_second_server_may_have_fewer_licences() -> None:
    spec = site().with_figure("servers.replication.licences", 0.25).with_figure("licences.recording", 7)
    assert building.licences(spec, first=False) == {"core-channel": 15, "agent": 5, "recording": 1}
