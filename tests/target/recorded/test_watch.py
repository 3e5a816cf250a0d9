"""VRRP adverts and requests to the service address -> who was active, and was there service."""

from pathlib import Path

from simtel.core.events import Kind
from tests.target.recorded.flow import CHECKER, SERVICE, A, B, Flow
from tests.target.recorded.rig import record, seen

SERVER = (Kind.SERVER_ADVERTISED, Kind.SERVER_SILENT)


def test_adverts_say_who_is_active_and_until_when(tmp_path: Path) -> None:
    flow = Flow()
    flow.adverts(0, 10, A)
    flow.adverts(12, 20, B)
    log, _ = record(tmp_path, flow)
    assert seen(log, *SERVER) == [
        (0.0, "server.advertised", "server.a", None, {}),
        (12.0, "server.advertised", "server.b", None, {}),
        (12.5, "server.silent", "server.a", None, {"since": 9_000_000_000}),
    ]


def test_priority_0_gives_the_address_up(tmp_path: Path) -> None:
    flow = Flow()
    flow.adverts(0, 10, A)
    flow.adverts(9.5, 10, A, priority=0)
    flow.adverts(9.6, 20, B)
    flow.adverts(3, 4, B, priority=0)  # from one who never was: nothing
    log, _ = record(tmp_path, flow)
    assert [(kind, subject) for _, kind, subject, *_ in seen(log, *SERVER)] == [
        ("server.advertised", "server.a"), ("server.advertised", "server.b"), ("server.silent", "server.a"),
    ]  # fmt: skip


def test_adverts_of_strangers_are_counted(tmp_path: Path) -> None:
    flow = Flow()
    flow.adverts(0, 5, A)
    flow.adverts(0, 5, "203.0.113.9")
    log, told = record(tmp_path, flow)
    assert [subject for _, _, subject, *_ in seen(log, *SERVER)] == ["server.a"]
    assert "5 packets not understood: VRRP of strangers" in told


def test_a_service_that_answers_again(tmp_path: Path) -> None:
    flow = Flow()
    flow.adverts(0, 5, A)
    flow.adverts(6, 12, B)
    flow.checks(0, 5)
    flow.checks(5, 6, answered=False)
    flow.checks(6, 12)
    log, _ = record(tmp_path, flow)
    found = seen(log, Kind.SERVICE_LOST, Kind.SERVICE_ANSWERED)
    assert found == [
        (0.01, "service.answered", "server.a", None, {"server": "server.a"}),
        (5.5, "service.lost", "service", None, {"since": 4_910_000_000}),
        (6.01, "service.answered", "server.b", None, {"server": "server.b"}),
    ]
    checks = [(data["sent"], data["answered"]) for *_, data in seen(log, Kind.SERVICE_CHECKED)]
    assert checks[:7] == [(10, 10)] * 5 + [(10, 0), (10, 10)]


def test_one_request_that_is_dropped_while_others_are_answered_is_no_loss(tmp_path: Path) -> None:
    flow = Flow()
    flow.checks(0, 5)
    flow.ask(2.05, CHECKER, SERVICE, "OPTIONS", "dropped", 1)
    log, _ = record(tmp_path, flow)
    assert not log.of(Kind.SERVICE_LOST)


def test_two_servers_that_claim_at_once_leave_open_who_answers(tmp_path: Path) -> None:
    flow = Flow()
    flow.adverts(0, 9, A)
    flow.adverts(3.5, 9, B)
    flow.checks(0, 9)
    log, _ = record(tmp_path, flow)
    assert [data["server"] for *_, data in seen(log, Kind.SERVICE_ANSWERED)] == ["server.a", "server.b", "service"]
    assert [subject for _, _, subject, *_ in seen(log, Kind.SERVER_ADVERTISED)] == ["server.a", "server.b", "server.a"]


def test_what_is_said_about_service_is_off_by_the_time_between_two_checks(tmp_path: Path) -> None:
    flow = Flow()
    flow.checks(0, 5, 0.5)
    flow.checks(9, 12, 0.5)
    log, _ = record(tmp_path, flow)
    assert log.footer is not None
    assert log.footer.uncertainty["capture/service.lost"] == 4_500_000_000 + 5_000_000
    assert log.footer.uncertainty["capture"] == 5_000_000
