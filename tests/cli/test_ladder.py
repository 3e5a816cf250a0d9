"""`simtel ladder`: the worst call, one by its name, all; of captures and of evidence; what it cannot read."""

from pathlib import Path

import pytest
from scapy.layers.inet import IP, UDP
from scapy.layers.l2 import Ether
from scapy.packet import Raw
from scapy.utils import PcapNgWriter

from simtel.wire.scapy_sip import SDP, SIP
from tests.cli.conftest import Simtel
from tests.report import sample
from tests.target.recorded.flow import Flow

CALLER, SERVER = "192.0.2.1", "192.0.2.2"


@pytest.fixture
def capture(simtel: Simtel) -> str:
    flow = Flow()
    for number, status in ((1, 200), (2, 486), (3, 503)):
        flow.ask(number, CALLER, SERVER, "INVITE", f"c{number}", 1)
        flow.answer(number + 0.25, SERVER, CALLER, status, "INVITE", f"c{number}", 1)
    flow.save(Path("a.pcap"))
    return "a.pcap"


@pytest.fixture
def evidence(simtel: Simtel) -> str:
    sample.write(Path("e.jsonl"), keeps=False)
    return "e.jsonl"


def test_the_worst_call_of_a_capture(simtel: Simtel, capture: str) -> None:
    done = simtel("ladder", capture, "-o", "out.svg")
    assert done.exit_code == 0
    assert done.stdout.startswith("Call c3, from ")
    assert "+250 ms" in done.stdout
    assert "503 Service Unavailable (INVITE)" in done.stdout
    assert "this is the worst of 3 calls" in done.stderr
    assert "503 Service Unavailable (INVITE)" in Path("out.svg").read_text()


def test_one_call_in_chinese(simtel: Simtel, capture: str) -> None:
    done = simtel("ladder", capture, "--call", "c2", "--lang", "zh", "-o", "out.svg")
    assert done.stdout.startswith("呼叫 c2，始于 ")
    assert not done.stderr
    assert "呼叫 c2 的时序图" in Path("out.svg").read_text()


def test_all_calls_and_their_list(simtel: Simtel, capture: str) -> None:
    done = simtel("ladder", capture, "--all", "-o", "pictures")
    assert [line[:8] for line in done.stdout.splitlines() if line.startswith("Call ")] == [
        "Call c1,", "Call c2,", "Call c3,"
    ]  # fmt: skip
    assert sorted(path.name for path in Path("pictures").iterdir()) == ["001.svg", "002.svg", "003.svg"]
    assert simtel("ladder", capture, "--list").stdout.splitlines()[1] == (
        "'c2'  INVITE, 2 messages in 250 ms: 486 Busy Here; 0 sent again, 0 malformed"
    )


def test_of_an_evidence_log(simtel: Simtel, evidence: str) -> None:
    done = simtel("ladder", evidence, "-o", "out.svg")
    assert done.stdout.startswith("Call c1: cut")
    assert "✖ crash" in Path("out.svg").read_text()
    assert simtel("ladder", evidence, "--call", "c3").stdout.startswith("Call c3: ")
    assert "'c3'  " in simtel("ladder", evidence, "--list").stdout


def test_pcapng_and_what_could_not_be_read(simtel: Simtel) -> None:
    link = Ether(src="02:00:00:00:00:01", dst="02:00:00:00:00:02") / IP(src=CALLER, dst=SERVER)
    writer = PcapNgWriter("a.pcapng")
    for data in (bytes(SIP(method="INVITE", Call_ID="x") / SDP()), b"INVITE sip:a SIP/2.0\r\nVia: x\r\n\r\n"):
        frame = Ether(bytes(link / UDP(sport=5060, dport=5060) / Raw(data)))
        frame.time = 1_000.0
        writer.write(frame)
    writer.close()
    done = simtel("ladder", "a.pcapng")
    assert "INVITE without a final answer" in done.stdout
    assert "1 messages of SIP could not be read; the first: lacks a Call-ID" in done.stderr
    whole = Path("a.pcapng").read_bytes()
    Path("cut.pcapng").write_bytes(whole[:-7])
    assert "the capture ends in the middle of a packet" in simtel("ladder", "cut.pcapng").stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["none.pcap"], "none.pcap: cannot be read"),
        (["a.pcap", "--call", "c22"], "a.pcap: has no call 'c22'"),
        (["a.pcap", "-o", "no/where.svg"], "no/where.svg: cannot be written"),
        (["a.pcap", "--all", "--list"], "exclude each other"),
        (["a.pcap", "--list", "-o", "x.svg"], "--list draws nothing"),
        (["empty.pcap"], "empty.pcap: holds no SIP message, in 1 packets"),
        (["broken.pcap"], "broken.pcap: is no packet capture"),
        (["text"], "text:1"),
        (["."], "is not a regular file"),
    ],
)
def test_what_cannot_be_shown(simtel: Simtel, capture: str, words: list[str], said: str) -> None:
    flow = Flow()
    flow.rtp(0, 0.05, CALLER, SERVER, 4000)
    flow.save(Path("empty.pcap"))
    Path("broken.pcap").write_bytes(Path(capture).read_bytes()[:10])
    Path("text").write_text("May  3 10:00:00 x\n")
    before = sorted(Path().iterdir())
    done = simtel("ladder", *words)
    assert done.exit_code == 2
    assert said in done.stderr
    assert not done.stdout
    assert sorted(Path().iterdir()) == before
