"""RTP -> what each end of a call heard."""

from pathlib import Path
from typing import Any

import pytest

from simtel.core.events import Kind
from simtel.core.log import EvidenceLog
from tests.target.recorded.flow import GATEWAY, SEAT, SERVICE, Flow
from tests.target.recorded.rig import record, seen

MS = 1_000_000
ENDS = (Kind.CALL_ENDED, Kind.SEAT_LEFT)


def heard(log: EvidenceLog) -> list[tuple[int | None, int | None]]:
    """Gap and silence at the end in ms: of the public side, then of the seat."""
    data: list[dict[str, Any]] = [fields for kind in ENDS for *_, fields in seen(log, kind)]
    return [tuple(None if d.get(n) is None else round(d[n] / MS) for n in ("gap", "silent")) for d in data]  # type: ignore[misc]


@pytest.fixture
def flow() -> Flow:
    return Flow()


def test_a_call_that_hears_all_the_time_has_the_gap_of_one_packet(flow: Flow, tmp_path: Path) -> None:
    flow.call(1, 0, 10)
    log, told = record(tmp_path, flow)
    assert heard(log) == [(60, 0), (60, 0)]
    assert not log.of(Kind.MEDIA_INTERRUPTED)
    assert "packets: 1 calls, 1 seats" in told[0]


def test_a_silence_within_the_call_is_dated_at_both_ends(flow: Flow, tmp_path: Path) -> None:
    flow.call(1, 0, 10, sound=((0.05, 4), (6, 10)))
    log, _ = record(tmp_path, flow)
    found = seen(log, Kind.MEDIA_INTERRUPTED, Kind.MEDIA_RESUMED)
    assert {(kind, data["end"]) for _, kind, *_, data in found} == {
        (kind, end) for kind in ("media.interrupted", "media.resumed") for end in ("public", "seat")
    }
    assert all(1.9 < data["gap"] / 1e9 < 2.1 for _, kind, *_, data in found if kind == "media.resumed")
    assert all(3.9 < t < 4.0 for t, kind, *_ in found if kind == "media.interrupted")
    assert [gap for gap, _ in heard(log)] == [pytest.approx(2000, abs=100)] * 2


def test_one_direction_alone_may_be_silent(flow: Flow, tmp_path: Path) -> None:
    flow.call(1, 0, 10, sound=((0.05, 4),))
    flow.rtp(4.01, 10, SERVICE, GATEWAY, 4002, first=70, ssrc=9)
    log, _ = record(tmp_path, flow)
    public, seat = heard(log)
    assert public == (60, 0)
    assert seat[1] == pytest.approx(6020, abs=100)


def test_a_pause_shorter_than_the_mapping_says_is_no_interruption(flow: Flow, tmp_path: Path) -> None:
    flow.call(1, 0, 10, sound=((0.05, 4.01), (4.13, 10)))
    log, _ = record(tmp_path, flow)
    assert not log.of(Kind.MEDIA_INTERRUPTED)
    assert heard(log)[0][0] == pytest.approx(130, abs=60)


def test_a_silence_that_lasts_at_the_end_cuts_the_call(flow: Flow, tmp_path: Path) -> None:
    flow.call(1, 0, 10, sound=((0.05, 4),))
    log, _ = record(tmp_path, flow)
    assert [silent for _, silent in heard(log)] == [pytest.approx(6050, abs=100)] * 2
    assert seen(log, Kind.CALL_ENDED)[0][4]["disposition"] == "cut"


def test_lost_packets_are_a_silence_when_enough_of_them_are_lost(flow: Flow, tmp_path: Path) -> None:
    flow.call(1, 0, 10, sound=())
    flow.rtp(0.05, 10, SERVICE, GATEWAY, 4002, first=65_530, skip=tuple(range(65_550, 65_560)))
    log, _ = record(tmp_path, flow)
    assert heard(log)[0] == (660, 0)


def test_late_and_double_packets_end_no_silence(flow: Flow, tmp_path: Path) -> None:
    flow.call(1, 0, 10, sound=())
    following = flow.rtp(0.05, 4, SERVICE, GATEWAY, 4002)
    flow.rtp(5, 5.2, SERVICE, GATEWAY, 4002, first=following - 5)  # three that were there already
    flow.rtp(7, 10, SERVICE, GATEWAY, 4002, first=following)
    log, _ = record(tmp_path, flow)
    assert heard(log)[0][0] == pytest.approx(3040, abs=100)


def test_a_second_server_that_takes_the_stream_over_ends_the_silence(flow: Flow, tmp_path: Path) -> None:
    flow.call(1, 0, 10, sound=((0.05, 4),))
    flow.rtp(4.5, 10, "192.0.2.12", GATEWAY, 4002, first=40_000, ssrc=99)
    log, _ = record(tmp_path, flow)
    assert heard(log)[0] == (pytest.approx(540, abs=100), 0)


def test_comfort_noise_says_that_nobody_speaks(flow: Flow, tmp_path: Path) -> None:
    flow.call(1, 0, 10, sound=())
    flow.rtp(0.05, 4, SERVICE, GATEWAY, 4002)
    flow.rtp(4.01, 4.06, SERVICE, GATEWAY, 4002, first=67, payload=13)
    flow.rtp(8, 10, SERVICE, GATEWAY, 4002, first=68)
    log, _ = record(tmp_path, flow)
    assert heard(log)[0] == (60, 0)


def test_an_end_without_any_packet_tells_nothing(flow: Flow, tmp_path: Path) -> None:
    flow.call(1, 0, 10, sound=())
    flow.rtp(0.05, 10, SERVICE, GATEWAY, 4002)
    log, _ = record(tmp_path, flow)
    assert heard(log) == [(60, 0), (None, None)]


def test_a_recording_without_sound_does_not_observe_any(flow: Flow, tmp_path: Path) -> None:
    flow.call(1, 0, 10, sound=())
    log, _ = record(tmp_path, flow)
    assert heard(log) == [(None, None), (None, None)]
    assert not {"media.interrupted", "media.resumed"} & set(log.header.observes)


def test_sound_of_no_call_is_counted(flow: Flow, tmp_path: Path) -> None:
    flow.call(1, 0, 1)
    flow.rtp(0, 0.6, SERVICE, f"{SEAT}77", 9000)
    _, told = record(tmp_path, flow)
    assert "10 packets of sound belong to no end of a call that is known" in told


def test_losses_doubles_and_restarts_are_told(flow: Flow, tmp_path: Path) -> None:
    flow.call(1, 0, 10, sound=())
    flow.rtp(0.05, 4, SERVICE, GATEWAY, 4002, skip=(5, 6))
    flow.frames += [(t + 0.001, data) for t, data in flow.frames if len(data) > 200 and 2 < t < 2.1][-1:]
    flow.rtp(4, 10, SERVICE, GATEWAY, 4002, ssrc=9)
    _, told = record(tmp_path, flow)
    assert "of the sound 2 packets were lost and 1 came twice; 1 times a sender began anew" in told


@pytest.mark.parametrize(("first", "marker", "gap"), [(68, True, 60), (68, False, 4000), (78, True, 4000)])
def test_a_talker_who_was_silent_is_no_silence_of_the_line(
    flow: Flow, tmp_path: Path, first: int, marker: bool, gap: int
) -> None:
    """The marker alone is not enough: where numbers are missing, something was sent and lost."""
    flow.call(1, 0, 10, sound=())
    assert flow.rtp(0.05, 4.07, SERVICE, GATEWAY, 4002) == 68
    flow.rtp(8, 10, SERVICE, GATEWAY, 4002, first=first, marker=marker)
    log, _ = record(tmp_path, flow)
    assert heard(log)[0][0] == pytest.approx(gap, abs=100)
    assert bool(log.of(Kind.MEDIA_INTERRUPTED)) is (gap > 1000)


@pytest.mark.parametrize(("size", "gap"), [(2, 60), (20, 4000)])
def test_a_short_frame_of_g729_says_that_nobody_speaks(flow: Flow, tmp_path: Path, size: int, gap: int) -> None:
    flow.call(1, 0, 10, sound=())
    flow.rtp(0.05, 4, SERVICE, GATEWAY, 4002, payload=18, size=20)
    flow.rtp(4.01, 4.06, SERVICE, GATEWAY, 4002, first=67, payload=18, size=size)
    flow.rtp(8, 10, SERVICE, GATEWAY, 4002, first=68, payload=18, size=20)
    log, _ = record(tmp_path, flow)
    assert heard(log)[0][0] == pytest.approx(gap, abs=100)
