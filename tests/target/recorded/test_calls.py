"""SIP of scripted calls -> calls, seats and registrations: each way to begin and end, and what belongs to what."""

from pathlib import Path

import pytest

from simtel.core.events import Kind
from tests.target.recorded.flow import GATEWAY, MAPPING, SEAT, SECRET, SERVICE, A, Flow, sdp
from tests.target.recorded.rig import record, seen

END = Kind.CALL_ENDED


def one(flow: Flow, folder: Path, mapping: str = MAPPING) -> list[tuple[float, str, str | None, str]]:
    """Seconds since the first packet, kind, call and the telling field of all that happened to calls."""
    log, _ = record(folder, flow, mapping)
    kinds = (Kind.CALL_OFFERED, Kind.CALL_QUEUED, Kind.CALL_CONNECTED, Kind.CALL_REFUSED, END, Kind.SEAT_RUNG,
             Kind.SEAT_TALKING, Kind.SEAT_LEFT)  # fmt: skip
    word = {"call.offered": "direction", "call.refused": "cause", "call.ended": "disposition", "seat.left": "cause"}
    return [(t, kind, call, str(data.get(word.get(kind, ""), subject))) for t, kind, subject, call, data in
            seen(log, *kinds)]  # fmt: skip


def words(found: list[tuple[float, str, str | None, str]]) -> list[str]:
    return [f"{kind} {word}" for _, kind, _, word in found]


@pytest.fixture
def flow() -> Flow:
    return Flow()


def attempt(flow: Flow, t: float = 0.0, *answers: tuple[float, int]) -> None:
    flow.ask(t, GATEWAY, SERVICE, "INVITE", "c", 1)
    for after, status in answers:
        flow.answer(t + after, SERVICE, GATEWAY, status, "INVITE", "c", 1)


def test_a_call_that_the_caller_ends(flow: Flow, tmp_path: Path) -> None:
    flow.call(1, 0, 5)
    assert one(flow, tmp_path) == [
        (0.0, "call.offered", "c1", "in"),
        (0.05, "call.connected", "c1", "gateway.1"),
        (1.02, "seat.rung", "c1", "seat.1"),
        (1.5, "seat.talking", "c1", "seat.1"),
        (5.0, "call.ended", "c1", "completed"),
        (5.02, "seat.left", "c1", "server"),
    ]


def test_a_call_that_the_agent_ends(flow: Flow, tmp_path: Path) -> None:
    flow.call(1, 0, 5, bye="agent")
    assert words(one(flow, tmp_path))[-2:] == ["seat.left agent", "call.ended completed"]


def test_a_call_that_a_server_ends_while_a_seat_talks_was_cut(flow: Flow, tmp_path: Path) -> None:
    flow.call(1, 0, 5, bye="server")
    log, _ = record(tmp_path, flow)
    (ended,) = seen(log, END)
    assert (ended[4]["disposition"], ended[4]["cause"]) == ("cut", "server")


def test_a_server_that_ends_the_leg_of_the_seat_first_has_cut_the_call_too(flow: Flow, tmp_path: Path) -> None:
    flow.call(1, 0, 5, bye="none")
    flow.ask(5.0, SERVICE, f"{SEAT}1", "BYE", "leg1", 2)
    flow.ask(5.1, SERVICE, GATEWAY, "BYE", "call1", 2)
    assert words(one(flow, tmp_path))[-2:] == ["seat.left server", "call.ended cut"]


def test_nobody_knows_who_ended_a_call_that_no_seat_had_when_a_server_ends_it(flow: Flow, tmp_path: Path) -> None:
    flow.call(1, 0, 5, seat=None, bye="server")
    log, told = record(tmp_path, flow)
    assert not log.of(END)
    assert log.footer is not None
    assert log.footer.partial == 1
    assert "of 1 calls the recording holds only a part" in told


def test_a_caller_who_cancels_has_abandoned(flow: Flow, tmp_path: Path) -> None:
    attempt(flow, 0, (0.1, 180), (2.1, 487))
    flow.ask(2.0, GATEWAY, SERVICE, "CANCEL", "c", 1)
    assert one(flow, tmp_path)[-1] == (2.0, "call.ended", "c1", "abandoned")


def test_an_answer_that_crosses_the_cancel_counts(flow: Flow, tmp_path: Path) -> None:
    attempt(flow, 0, (0.1, 180), (2.01, 200))
    flow.ask(2.0, GATEWAY, SERVICE, "CANCEL", "c", 1)
    assert words(one(flow, tmp_path))[-1] == "call.connected gateway.1"


@pytest.mark.parametrize("status", [403, 480, 486, 503, 603])
def test_a_final_answer_that_is_no_refuses(flow: Flow, tmp_path: Path, status: int) -> None:
    attempt(flow, 0, (0.1, 100), (0.2, status))
    found = one(flow, tmp_path)
    assert words(found)[1:] == [f"call.refused {status}", "call.ended refused"]


def test_an_attempt_that_nobody_answers_has_failed_after_32_seconds(flow: Flow, tmp_path: Path) -> None:
    attempt(flow)
    attempt(flow, 0.5)  # the same again
    flow.checks(0, 40, 1.0)
    assert one(flow, tmp_path) == [(0.0, "call.offered", "c1", "in"), (32.0, "call.ended", "c1", "failed")]


@pytest.mark.parametrize("status", [401, 407, 302, 422])
def test_another_try_of_the_same_attempt_is_no_other_call(flow: Flow, tmp_path: Path, status: int) -> None:
    attempt(flow, 0, (0.1, status))
    flow.ask(0.2, GATEWAY, SERVICE, "INVITE", "c", 2)
    flow.answer(0.3, SERVICE, GATEWAY, 200, "INVITE", "c", 2)
    assert words(one(flow, tmp_path)) == ["call.offered in", "call.connected gateway.1"]


def test_what_is_sent_again_counts_once(flow: Flow, tmp_path: Path) -> None:
    flow.call(1, 0, 5)
    again = [(t + 0.003, data) for t, data in flow.frames]
    flow.frames += again
    assert len(one(flow, tmp_path)) == 6
    log, _ = record(tmp_path, flow)
    assert len(log.of(Kind.DIALOG_REQUEST)) == 2


def test_an_invite_that_comes_late_once_more_is_no_change_of_the_call(flow: Flow, tmp_path: Path) -> None:
    flow.call(1, 0, 5)
    flow.ask(0.6, GATEWAY, SERVICE, "INVITE", "call1", 1, caller="5550101")
    flow.answer(0.61, SERVICE, GATEWAY, 200, "INVITE", "call1", 1, caller="5550101")
    log, _ = record(tmp_path, flow)
    assert [data["method"] for *_, data in seen(log, Kind.DIALOG_REQUEST)] == ["bye", "bye"]


@pytest.mark.parametrize(("status", "answer"), [(200, "ok"), (481, "unknown"), (408, "timeout"), (None, "timeout")])
def test_an_invite_within_a_call_is_no_other_call(
    flow: Flow, tmp_path: Path, status: int | None, answer: str
) -> None:  # fmt: skip
    flow.call(1, 0, 50, bye="none")
    flow.ask(3, SERVICE, GATEWAY, "INVITE", "call1", 9, tag="t", body=sdp(SERVICE, 4002))
    if status is not None:
        flow.answer(3.01, GATEWAY, SERVICE, status, "INVITE", "call1", 9)
    log, _ = record(tmp_path, flow)
    assert len(log.of(Kind.CALL_OFFERED)) == 1
    assert [data for *_, data in seen(log, Kind.DIALOG_REQUEST)] == [{"method": "refresh", "answer": answer}]


def test_a_request_that_is_challenged_says_nothing_of_the_dialog(flow: Flow, tmp_path: Path) -> None:
    flow.call(1, 0, 5, bye="none")
    for cseq, status in ((2, 407), (3, 200)):
        flow.ask(5 + cseq / 10, GATEWAY, SERVICE, "BYE", "call1", cseq)
        flow.answer(5.01 + cseq / 10, SERVICE, GATEWAY, status, "BYE", "call1", cseq)
    log, _ = record(tmp_path, flow)
    assert [(round(t, 2), data["answer"]) for t, *_, data in seen(log, Kind.DIALOG_REQUEST)] == [(5.31, "ok")]
    assert [t for t, *_ in seen(log, END)] == [5.2]


def test_an_agent_who_cancels_has_abandoned(flow: Flow, tmp_path: Path) -> None:
    seat = f"{SEAT}1"
    flow.ask(0, seat, SERVICE, "INVITE", "out", 1, caller="101", called="5550777")
    flow.ask(0.1, SERVICE, GATEWAY, "INVITE", "trunk", 1, caller="101", called="5550777")
    flow.ask(3, SERVICE, GATEWAY, "CANCEL", "trunk", 1)
    flow.checks(0, 40, 1)
    log, _ = record(tmp_path, flow)
    assert [(t, data["disposition"], data["cause"]) for t, *_, data in seen(log, END)] == [(3.0, "abandoned", "agent")]


def test_too_many_of_anything_make_the_recording_not_whole(
    flow: Flow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    for number in range(1, 5):
        flow.call(number, 0, 5, number)
        flow.ask(1, GATEWAY, SERVICE, "BYE", f"older{number}", 9, tag="t")
    for name in ("calls._MOST", "calls._MOST_CALLS", "units._MOST_SEATS"):
        with monkeypatch.context() as patch:
            patch.setattr(f"simtel.target.recorded.{name}", 3)
            log, _ = record(tmp_path, flow)
        assert log.footer is not None
        assert log.footer.cut == ("limit",), name
    log, _ = record(tmp_path, flow)
    assert log.footer is not None
    assert log.footer.cut == ()


def test_hold_and_resume(flow: Flow, tmp_path: Path) -> None:
    flow.call(1, 0, 12, sound=((0.05, 3), (9, 12)))
    for t, cseq, way in ((3.0, 5, "sendonly"), (9.0, 6, "sendrecv")):
        flow.ask(t, GATEWAY, SERVICE, "INVITE", "call1", cseq, tag="t", body=sdp(GATEWAY, 4002, way))
        flow.answer(t + 0.01, SERVICE, GATEWAY, 200, "INVITE", "call1", cseq, body=sdp(SERVICE, 4002))
    log, _ = record(tmp_path, flow)
    assert [data["method"] for *_, data in seen(log, Kind.DIALOG_REQUEST)][:2] == ["hold", "resume"]
    (ended,) = seen(log, END)
    assert ended[4] == {"disposition": "completed", "cause": "caller", "gap": 80_000_000, "silent": 0}
    assert not log.of(Kind.MEDIA_INTERRUPTED)[1:]  # the seat's: he hears nothing, and nobody told his leg


def test_182_says_that_the_caller_waits(flow: Flow, tmp_path: Path) -> None:
    attempt(flow, 0, (0.1, 182), (0.2, 182), (1.0, 200))
    assert [kind for _, kind, *_ in one(flow, tmp_path)] == ["call.offered", "call.queued", "call.connected"]


def test_a_seat_belongs_to_the_call_with_the_same_header(flow: Flow, tmp_path: Path) -> None:
    for number, mark in ((1, "m1"), (2, "m2")):
        flow.ask(number / 10, GATEWAY, SERVICE, "INVITE", f"c{number}", 1, X_Leg=mark)
        flow.answer(number / 10 + 0.05, SERVICE, GATEWAY, 200, "INVITE", f"c{number}", 1)
    flow.ask(1, SERVICE, f"{SEAT}1", "INVITE", "s", 1, X_Leg="m2", caller="anonymous")
    flow.answer(1.1, f"{SEAT}1", SERVICE, 180, "INVITE", "s", 1)
    found = one(flow, tmp_path, MAPPING + "legs: {header: X-Leg}\n")
    assert found[-1] == (1.0, "seat.rung", "c2", "seat.1")


def test_a_seat_whose_call_nobody_can_tell_takes_seats_out_of_what_is_observed(flow: Flow, tmp_path: Path) -> None:
    for number in (1, 2):  # two callers with the same number
        flow.ask(number / 10, GATEWAY, SERVICE, "INVITE", f"c{number}", 1)
        flow.answer(number / 10 + 0.05, SERVICE, GATEWAY, 200, "INVITE", f"c{number}", 1)
    flow.ask(1, SERVICE, f"{SEAT}1", "INVITE", "s", 1)
    flow.answer(1.1, f"{SEAT}1", SERVICE, 180, "INVITE", "s", 1)
    flow.call(5, 2, 4, seat=5)
    log, told = record(tmp_path, flow)
    assert [subject for _, _, subject, *_ in seen(log, Kind.SEAT_RUNG)] == ["seat.2"]
    assert not {"seat.rung", "seat.talking", "seat.left"} & set(log.header.observes)
    assert "1 legs belong to no call that is known: seats are not observed" in told


def test_an_agent_who_dials_makes_an_outgoing_call(flow: Flow, tmp_path: Path) -> None:
    seat = f"{SEAT}1"
    flow.ask(0, seat, SERVICE, "INVITE", "out", 1, caller="101", called="5550777")
    flow.ask(0.1, SERVICE, GATEWAY, "INVITE", "trunk", 1, caller="101", called="5550777")
    flow.answer(2.0, GATEWAY, SERVICE, 200, "INVITE", "trunk", 1, called="5550777")
    flow.answer(2.1, SERVICE, seat, 200, "INVITE", "out", 1)
    flow.ask(9.0, GATEWAY, SERVICE, "BYE", "trunk", 3)
    flow.ask(9.1, SERVICE, seat, "BYE", "out", 3)
    assert words(one(flow, tmp_path)) == [
        "call.offered out", "call.connected gateway.1", "seat.talking seat.1", "call.ended completed",
        "seat.left server",
    ]  # fmt: skip


def test_seats_are_known_by_their_numbers_behind_one_address(flow: Flow, tmp_path: Path) -> None:
    mapping = MAPPING.replace("{networks: [198.51.100.0/24]}", '{numbers: "10[0-9]"}')
    for number in (101, 102):
        flow.ask(0, "198.51.100.1", A, "REGISTER", f"r{number}", 1, caller=str(number), called=str(number))
        flow.answer(0.1, A, "198.51.100.1", 200, "REGISTER", f"r{number}", 1, caller=str(number), Expires="60")
    log, _ = record(tmp_path, flow, mapping)
    assert [subject for _, _, subject, *_ in seen(log, Kind.REGISTRATION_MADE)] == ["seat.1", "seat.2"]
    assert log.header.roles["seats"] == ("seat.1", "seat.2")


def test_seats_may_have_names_in_the_mapping(flow: Flow, tmp_path: Path) -> None:
    mapping = MAPPING.replace("  gateway.1:", "  seat.1: [198.51.100.9]\n  gateway.1:")
    for seat in (1, 9):
        flow.register(seat / 10, seat, server=A)
    log, _ = record(tmp_path, flow, mapping)
    assert [subject for _, _, subject, *_ in seen(log, Kind.REGISTRATION_MADE)] == ["seat.2", "seat.1"]
    assert log.header.roles["seats"] == ("seat.1", "seat.2")


def test_an_address_of_sound_may_be_written_in_another_way(flow: Flow, tmp_path: Path) -> None:
    flow.call(1, 0, 3, sound=())
    flow.frames = [(t, data.replace(b"c=IN IP4 192.0.2.21", b"c=IN IP4 192.0.2.x")) for t, data in flow.frames]
    log, _ = record(tmp_path, flow)  # an address that is none is no place to listen
    assert "gap" not in seen(log, END)[0][4]


def test_registrations_are_news_when_they_change(flow: Flow, tmp_path: Path) -> None:
    flow.register(0, 1, 1, status=401, server=A)
    flow.register(1, 1, 2, server=A)
    flow.register(30, 1, 3, server=A)  # refreshed
    flow.register(60, 1, 4, status=503, server=A)
    flow.register(70, 1, 5, server=A)
    flow.register(80, 1, 6, status=0, server=A)  # nobody answers
    flow.checks(0, 120, 5)
    log, _ = record(tmp_path, flow)
    found = seen(log, Kind.REGISTRATION_MADE, Kind.REGISTRATION_LOST)
    assert [(round(t), kind) for t, kind, *_ in found] == [
        (1, "registration.made"), (60, "registration.lost"), (70, "registration.made"), (112, "registration.lost"),
    ]  # fmt: skip
    assert SECRET not in repr(log.events)


def test_a_registration_at_the_service_address_without_adverts_is_with_nobody_knows_whom(
    flow: Flow, tmp_path: Path
) -> None:  # fmt: skip
    flow.register(0, 1)
    log, _ = record(tmp_path, flow)
    assert "registration.made" not in log.header.observes


def test_what_began_before_the_recording_or_goes_on_after_it_is_known_in_part(flow: Flow, tmp_path: Path) -> None:
    flow.ask(0, GATEWAY, SERVICE, "BYE", "before", 7, tag="t")
    flow.call(1, 1, 9, bye="none")
    log, _ = record(tmp_path, flow)
    assert log.footer is not None
    assert log.footer.partial == 2
    assert not log.complete


def test_a_call_whose_bye_nobody_has_answered_yet_is_known_in_part(flow: Flow, tmp_path: Path) -> None:
    flow.call(1, 0, 5, bye_ok=False)
    log, _ = record(tmp_path, flow)
    assert log.footer is not None
    assert log.footer.partial == 1
    flow.checks(0, 60, 1)
    log, _ = record(tmp_path, flow)
    assert log.footer is not None
    assert log.footer.partial == 0
    assert {data["answer"] for *_, data in seen(log, Kind.DIALOG_REQUEST)} == {"timeout"}


def test_another_server_that_goes_on_with_a_call_is_the_same_party(flow: Flow, tmp_path: Path) -> None:
    flow.ask(0, GATEWAY, A, "INVITE", "c", 1)
    flow.answer(0.1, A, GATEWAY, 200, "INVITE", "c", 1)
    flow.ask(5, GATEWAY, "192.0.2.12", "BYE", "c", 2)
    assert words(one(flow, tmp_path))[-1] == "call.ended completed"


def test_calls_have_names_of_ours(flow: Flow, tmp_path: Path) -> None:
    flow.call(1, 0, 5)
    log, _ = record(tmp_path, flow)
    held = repr((log.events, log.header, log.footer))
    assert "5550101" not in held
    assert "call1" not in held
