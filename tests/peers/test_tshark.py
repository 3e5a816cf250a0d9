"""tshark as examiner of what simtel reads out of captures: SIP, VRRP, and the losses and gaps of RTP.

Needs tshark; .ci/run installs it. The captures are those of tests/target/recorded/flow.py, so tshark judges them too:
no frame of them may be malformed.
"""

import re
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from simtel.core.clock import MS, SECOND
from simtel.core.events import Kind
from simtel.protocols import rtp, vrrp
from simtel.protocols.sip import onlooker as sip
from simtel.wire.capture import UDP, Capture
from tests.target.recorded.flow import GATEWAY, SERVICE, Flow, failover
from tests.target.recorded.rig import record, seen

STREAM = re.compile(
    r"\s*[\d.]+\s+[\d.]+\s+(?P<source>\S+)\s+\d+\s+(?P<target>\S+)\s+(?P<port>\d+)\s+0x(?P<ssrc>[0-9A-Fa-f]+)\s+\S+\s+"
    r"(?P<packets>\d+)\s+(?P<lost>-?\d+) \([-\d.]+%\)\s+[\d.]+\s+[\d.]+\s+(?P<longest>[\d.]+)\s"
)


def tshark(path: Path, *words: str) -> list[str]:
    done = subprocess.run(["tshark", "-n", "-r", path, *words], capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def fields(path: Path, what: str, *names: str) -> list[tuple[str, ...]]:
    """The named fields of each packet of a protocol."""
    words = [word for name in names for word in ("-e", name)]
    return [tuple(line.split("|")) for line in tshark(path, "-Y", what, "-T", "fields", "-E", "separator=|", *words)]


def streams(path: Path) -> dict[tuple[str, int, int], tuple[int, int, float]]:
    """(Target, port, source of the stream) -> packets, lost, longest time between two in milliseconds."""
    found = [match for line in tshark(path, "-q", "-z", "rtp,streams") if (match := STREAM.match(line))]
    return {
        (m["target"], int(m["port"]), int(m["ssrc"], 16)): (int(m["packets"]), int(m["lost"]), float(m["longest"]))
        for m in found
    }


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return failover().save(tmp_path_factory.mktemp("peers") / "trial.pcap")


def test_no_frame_is_malformed(trial: Path) -> None:
    assert tshark(trial, "-Y", "_ws.malformed") == []
    assert len(tshark(trial, "-Y", "sip || rtp || vrrp")) == Counter(map(type, Capture(trial).packets())).total()


def test_sip_says_to_us_what_it_says_to_tshark(trial: Path) -> None:
    ours = []
    for packet in Capture(trial).packets():
        if packet.protocol == UDP and sip.looks_like_sip(packet.payload):
            message = sip.parse(packet.payload)
            port = str(message.media.port) if message.media is not None else ""
            place = message.media.address if message.media is not None else ""
            what = ("", str(message.status)) if message.status else (message.method, "")
            ours.append((
                packet.source, packet.target, *what, message.call_id, str(message.cseq), message.method,
                message.branch, message.from_user, message.to_user, message.to_tag, place, port,
            ))  # fmt: skip
    theirs = fields(
        trial, "sip", "ip.src", "ip.dst", "sip.Method", "sip.Status-Code", "sip.Call-ID", "sip.CSeq.seq",
        "sip.CSeq.method", "sip.Via.branch", "sip.from.user", "sip.to.user", "sip.to.tag",
        "sdp.connection_info.address", "sdp.media.port",
    )  # fmt: skip
    assert len(ours) > 1_000
    assert ours == theirs


def test_adverts_say_to_us_what_they_say_to_tshark(trial: Path) -> None:
    adverts = [
        (packet.source, vrrp.parse(packet.payload))
        for packet in Capture(trial).packets()
        if packet.protocol == vrrp.PROTOCOL
    ]
    ours = [
        (source, str(advert.router), str(advert.priority), str(advert.interval // SECOND))
        for source, advert in adverts
        if advert is not None
    ]
    assert ours == fields(trial, "vrrp", "ip.src", "vrrp.virt_rtr_id", "vrrp.prio", "vrrp.adver_int")
    assert len(ours) == 59


def test_losses_are_those_that_tshark_counts(tmp_path: Path) -> None:
    flow = Flow()
    flow.call(1, 0, 20, sound=())
    gone = (65_510, *range(65_530, 65_546), 65_560)  # across the turn of the counter
    flow.rtp(0.05, 10, SERVICE, GATEWAY, 4002, first=65_500, skip=gone)
    flow.rtp(12, 20, SERVICE, GATEWAY, 4002, first=500, ssrc=9, skip=(510, 511))
    log, told = record(tmp_path, flow)
    found = streams(tmp_path / "capture.pcap")
    assert found[GATEWAY, 4002, 7][1] == len(gone)
    assert found[GATEWAY, 4002, 9][1] == 2
    assert f"of the sound {len(gone) + 2} packets were lost and 0 came twice; 1 times a sender began anew" in told
    longest = [data["gap"] for *_, data in seen(log, Kind.MEDIA_RESUMED)]
    assert longest[0] / MS == pytest.approx(found[GATEWAY, 4002, 7][2], abs=0.01)


def test_gaps_of_a_failover_are_the_longest_deltas_of_tshark(trial: Path, tmp_path: Path) -> None:
    log, _ = record(tmp_path, failover())
    ours = sorted(round(data["gap"] / MS) for *_, data in seen(log, Kind.CALL_ENDED))
    theirs = sorted(round(longest) for (target, _, _), (_, _, longest) in streams(trial).items() if target == GATEWAY)
    assert ours == theirs


def test_headers_of_rtp_are_those_of_tshark(trial: Path) -> None:
    ours = Counter(
        (packet.target, str(packet.to_port), str(header.sequence), str(header.timestamp), str(header.payload))
        for packet in Capture(trial).packets()
        if packet.to_port != 5060 and (header := rtp.parse(packet.payload)) is not None
    )
    assert ours == Counter(fields(trial, "rtp", "ip.dst", "udp.dstport", "rtp.seq", "rtp.timestamp", "rtp.p_type"))
