"""The mapping that is shipped as an example does what its comments say."""

from pathlib import Path

from simtel.core import data
from simtel.core.events import Kind
from simtel.run.foreign import read_recording
from simtel.verdict.judge import judge
from tests.target.recorded.flow import failover
from tests.target.recorded.rig import seen

SERVER = "May  3 10:00:20 server-a app: nothing\nMay  3 10:00:21 server-a vrrp: entering MASTER state\n"
STATION = """[2024-05-03 10:00:31.100] CDR call-id=call1 answered=yes seconds=16.75 from=server.b
[2024-05-03 10:00:32.100] span span.1 loss of signal
[2024-05-03 10:00:33.100] span span.1 signal back
"""


def test_the_shipped_mapping(tmp_path: Path) -> None:
    (tmp_path / "server-a.log").write_text(SERVER)
    (tmp_path / "switch.log").write_text(STATION)
    files = [failover().save(tmp_path / "trial.pcap"), tmp_path / "server-a.log", tmp_path / "switch.log"]
    log, told = read_recording(files, data.benches() / "recorded-failover.yaml")
    assert seen(log, Kind.SERVER_PROMOTED) == [(20.65, "server.promoted", "server.a", None, {})]
    assert [call for *_, call, _ in seen(log, Kind.RECORD_COLLECTED)] == ["c1"]
    assert [fields["on"] for *_, fields in seen(log, Kind.SPAN_ALARM)] == [True, False]
    assert "4 lines match a rule of the mapping" in told
    found = {verdict.criterion: verdict for verdict in judge(log).verdicts}
    assert found["failover-time"].outcome.name == "PASS"
    assert any("Recorded by others" in str(note) for note in found["failover-time"].notes)
