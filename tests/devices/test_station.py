import pytest

from simtel.core.clock import Ns
from simtel.core.events import Kind
from simtel.devices.messages.records import Record, Recording
from simtel.devices.messages.trunk import Proceeding
from simtel.devices.station import Station
from tests.devices.recorder import Recorder


def test_each_record_that_arrives_is_told() -> None:
    out = Recorder()
    station = Station("station", out)
    for server in ("server.a", "server.b"):
        station.receive(Record("c1", server, True, 90), Ns(5))
    assert out.calls(Kind.RECORD_COLLECTED) == ["c1", "c1"]
    assert out.of(Kind.RECORD_COLLECTED) == [
        {"server": server, "answered": True, "duration": 90} for server in ("server.a", "server.b")
    ]
    assert out.sent == []


def test_each_recording_that_arrives_is_told() -> None:
    out = Recorder()
    Station("station", out).receive(Recording("c1", "server.b", 70), Ns(5))
    assert out.calls(Kind.CALL_RECORDED) == ["c1"]
    assert out.of(Kind.CALL_RECORDED) == [{"server": "server.b", "length": 70}]


def test_a_message_for_which_a_device_has_no_use_is_an_error_that_names_both() -> None:
    with pytest.raises(TypeError, match=r"station cannot handle Proceeding\(call='c1'\)"):
        Station("station", Recorder()).receive(Proceeding("c1"), Ns(0))
