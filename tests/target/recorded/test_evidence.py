"""Whole recordings: what comes of captures, console files and a mapping, and what the judge makes of it."""

from pathlib import Path

import msgspec
import pytest

from simtel.core.events import Kind, field_errors
from simtel.core.log import EvidenceLog, read_log
from simtel.core.problems import BadInput
from simtel.run.foreign import read_recording
from simtel.verdict.judge import judge
from tests.target.recorded.flow import GATEWAY, MAPPING, SECRET, SERVICE, A, B, Flow, failover, frame
from tests.target.recorded.rig import fault, record, seen, verdict

CDR = r"""consoles:
  - observer: station
    stamp: '^(?P<time>[^ ]+ [^ ]+)'
    format: "%Y-%m-%d %H:%M:%S.%f"
    zone: "+08:00"
    uncertainty: 0s
    lines:
      - match: 'cdr (?P<call>\S+) (?P<answered>\w+) (?P<duration_s>[\d.]+)'
        event: record.collected
        subject: station
        data: {server: server.b}
      - {match: 'slot (?P<slot>\d+) of (?P<subject>\S+) seized by (?P<call>\S+)', event: trunk.seized}
      - {match: 'slot (?P<slot>\d+) of (?P<subject>\S+) freed by (?P<call>\S+)', event: trunk.freed}
      - {match: '(?P<call>\S+) waits', event: call.queued, subject: exchange}
      - {match: '(?P<subject>[a-z]+\.[a-z0-9]+) holds (?P<count>\d+) calls', event: device.holds, data: {what: calls}}
"""
NAMES = [*range(1, 4), *range(11, 17)]


def station(drop: int = 0) -> str:
    """Records of the calls of `failover`, the timeslots that carried them, and a look at everything afterwards."""
    lines = []
    for n in NAMES:
        begin, end = (14 + n * 0.2, 30 + n) if n < 10 else (35 + n / 10, 39 + n / 10)
        lines.append((begin + 0.04, f"slot {n} of span.1 seized by call{n}"))
        lines.append((end + 0.05, f"slot {n} of span.1 freed by call{n}"))
        if n != drop:
            lines.append((end + 0.06, f"cdr call{n} yes {end - begin - 0.05:.3f}"))
    units = ["server.a", "server.b", "gateway.1", *(f"seat.{n}" for n in range(1, 10))]
    lines += [(61.03, f"{unit} holds 0 calls") for unit in units]
    return "".join(f"2024-05-03 10:{int(t // 60):02}:{t % 60:06.3f} {words}\n" for t, words in sorted(lines))


def outcomes(log: EvidenceLog) -> dict[str, str]:
    return {found.criterion: found.outcome.name for found in judge(log).verdicts}


def whole(tmp_path: Path, flow: Flow | None = None, drop: int = 0, at: float = 20.0) -> EvidenceLog:
    flow = flow or failover()
    flow.checks(60, 125, 0.2)  # the recording goes on for a minute, in which records may arrive
    log, _ = record(tmp_path, flow, MAPPING + CDR + fault(at), station=station(drop))
    return log


def test_a_failover_that_did_what_it_should(tmp_path: Path) -> None:
    log = whole(tmp_path)
    assert outcomes(log) == {
        "stable-calls-preserved": "PASS", "media-gap": "PASS", "failover-time": "PASS", "promoted-once": "PASS",
        "new-calls-after": "PASS", "queue-kept": "INCONCLUSIVE", "cdr-exactly-once": "PASS",
        "conservation": "PASS", "quiescence": "PASS", "one-active": "PASS",
    }  # fmt: skip
    passed = [found for found in judge(log).verdicts if found.outcome.name == "PASS"]
    assert all("Recorded by others" in str(found.notes[-1]) for found in passed)


def test_one_that_took_too_long(tmp_path: Path) -> None:
    log = whole(tmp_path, failover(gap=7.0))
    found = outcomes(log)
    assert {found[name] for name in ("stable-calls-preserved", "media-gap", "failover-time")} == {"FAIL"}
    assert verdict(log, "media-gap").measured.value == pytest.approx(7e9, rel=0.02)  # type: ignore[union-attr]


def test_a_server_that_went_on_beside_the_other(tmp_path: Path) -> None:
    flow = failover()
    flow.adverts(20, 30, A)
    assert outcomes(whole(tmp_path, flow))["one-active"] == "FAIL"


def test_nobody_took_over(tmp_path: Path) -> None:
    flow = Flow()
    flow.adverts(0, 20, A)
    flow.checks(0, 20)
    flow.checks(20, 60, answered=False)
    found = outcomes(whole(tmp_path, flow))
    assert (found["promoted-once"], found["failover-time"]) == ("FAIL", "FAIL")


def test_a_record_that_never_came(tmp_path: Path) -> None:
    found = outcomes(whole(tmp_path, drop=2))
    assert (found["cdr-exactly-once"], found["stable-calls-preserved"]) == ("FAIL", "FAIL")


def test_calls_that_are_refused_after_it(tmp_path: Path) -> None:
    flow = failover()
    for number in range(30, 36):
        flow.ask(30 + number / 10, GATEWAY, SERVICE, "INVITE", f"call{number}", 1)
        flow.answer(30.05 + number / 10, SERVICE, GATEWAY, 503, "INVITE", f"call{number}", 1)
    log, _ = record(tmp_path, flow, MAPPING + fault(20))
    found = verdict(log, "new-calls-after")
    assert found.outcome.name == "FAIL"
    assert "503 6" in str(found.reason)


@pytest.mark.parametrize(
    ("criterion", "limits", "outcome"),
    [
        ("registration-recovery", "{within: 60s}", "PASS"),
        ("registration-recovery", "{within: 5s}", "FAIL"),
        ("cut-off-ratio", "{at_most: 0%}", "PASS"),
        ("blocking", "{at_most: 0%}", "PASS"),
        ("set-up-delay", "{at_most: 1s}", "INCONCLUSIVE"),
        ("agent-state-kept", "{at_least: 100%}", "INCONCLUSIVE"),
    ],
)
def test_other_criteria_by_a_scenario_of_ones_own(tmp_path: Path, criterion: str, limits: str, outcome: str) -> None:
    (tmp_path / "own.yaml").write_text(
        "simtel: scenario/1\nid: own\ntitle: {en: a, zh: 中}\nwhy: {en: a, zh: 中}\nrequirement: [R1]\nroles: "
        "{servers: call-server-pair}\nload: {kind: poisson, rate: 6/min, length: 60s}\n"
        f"expect:\n  {criterion}: {limits}\n"
    )
    mapping = MAPPING.replace("failover.active-server-crash", "own.yaml") + CDR + fault(20)
    log, _ = record(tmp_path, failover(), mapping, station=station())
    assert verdict(log, criterion).outcome.name == outcome


def test_the_header_says_what_it_is(tmp_path: Path) -> None:
    log, _ = record(tmp_path, failover(), MAPPING + fault(20))
    head = log.header
    assert (head.target, head.clock, head.site, head.scenario) == (
        "bench", "recorded", "recorded-failover", "failover.active-server-crash",
    )  # fmt: skip
    assert head.started == "2024-05-03T02:00:00+00:00"
    assert head.roles["servers"] == ("server.a", "server.b")
    assert head.seats == len(head.roles["seats"]) == 9
    assert head.command == "simtel judge capture.pcap --map mapping.yaml"


def test_every_event_is_of_our_vocabulary_and_the_log_reads_back(tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text(MAPPING + fault(20))
    path = failover().save(tmp_path / "a.pcap")
    log, _ = read_recording([path], tmp_path / "m.yaml", keep=tmp_path / "evidence.jsonl")
    assert [wrong for event in log.events for wrong in field_errors(event)] == []
    again = read_log(tmp_path / "evidence.jsonl")
    assert again.events == log.events
    assert again.footer == log.footer
    assert msgspec.json.encode(judge(again)) == msgspec.json.encode(judge(log))


def test_no_secret_and_no_number_is_in_the_evidence(tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text(MAPPING + fault(20))
    path = failover().save(tmp_path / "a.pcap")
    assert SECRET.encode() in path.read_bytes()
    read_recording([path], tmp_path / "m.yaml", keep=tmp_path / "evidence.jsonl")
    kept = (tmp_path / "evidence.jsonl").read_bytes()
    for word in (SECRET, "55501", "198.51.100", "call1", "secr"):
        assert word.encode() not in kept


def test_the_same_recording_gives_the_same_evidence_from_every_container(tmp_path: Path) -> None:
    found = [record(tmp_path, failover(), MAPPING + fault(20), kind)[0].footer for kind in ("pcap", "gz")]
    assert len({footer.digest for footer in found if footer is not None}) == 1


def test_two_captures_are_read_side_by_side(tmp_path: Path) -> None:
    one, other, both = failover(), Flow(), failover()
    other.frames = one.frames[::2]
    one.frames = one.frames[1::2]
    (tmp_path / "m.yaml").write_text(MAPPING + fault(20))
    files = [one.save(tmp_path / "a.pcap"), other.save(tmp_path / "b.pcap")]
    log, _ = read_recording(files, tmp_path / "m.yaml")
    alone, _ = record(tmp_path, both, MAPPING + fault(20))
    assert sorted((e.t, e.kind, e.subject) for e in log.events) == sorted(
        (e.t, e.kind, e.subject) for e in alone.events
    )  # what happened at one instant has no order


# What a recording cannot show.


def test_without_sound_nothing_is_said_about_silence(tmp_path: Path) -> None:
    flow = failover()
    flow.frames = [(t, data) for t, data in flow.frames if b"SIP/2.0" in data or len(data) < 100]
    log = whole(tmp_path, flow)
    assert outcomes(log)["media-gap"] == "INCONCLUSIVE"
    assert outcomes(log)["stable-calls-preserved"] == "INCONCLUSIVE"
    assert outcomes(log)["cdr-exactly-once"] == "PASS"


def test_calls_that_are_known_in_part_let_nothing_about_calls_pass(tmp_path: Path) -> None:
    flow = failover()
    flow.ask(2, GATEWAY, SERVICE, "BYE", "older", 9, tag="t")
    log = whole(tmp_path, flow)
    found = outcomes(log)
    assert {found[name] for name in ("stable-calls-preserved", "media-gap", "new-calls-after")} == {"INCONCLUSIVE"}
    assert {found[name] for name in ("failover-time", "promoted-once", "one-active")} == {"PASS"}
    assert "Of 1 calls the recording holds only a part" in str(verdict(log, "media-gap").reason)


def test_a_capture_that_is_cut_short_lets_nothing_pass(tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text(MAPPING + fault(20))
    path = failover().save(tmp_path / "a.pcap")
    path.write_bytes(path.read_bytes()[:-5])
    log, _ = read_recording([path], tmp_path / "m.yaml")
    assert "PASS" not in outcomes(log).values()
    assert "The recording is not whole: truncated" in str(verdict(log, "failover-time").reason)


def test_malformed_sip_between_the_units_lets_nothing_pass_and_a_stranger_s_does_no_harm(tmp_path: Path) -> None:
    noise = b"INVITE sip:x SIP/2.0\r\nVia: none\r\n\r\n"
    flow = failover()
    flow.add(5, frame("203.0.113.5", SERVICE, 5060, noise))
    log, told = record(tmp_path, flow, MAPPING + fault(20))
    assert "1 packets not understood: malformed SIP" in told
    assert outcomes(log)["failover-time"] == "PASS"
    flow.add(5, frame(GATEWAY, SERVICE, 5060, noise))
    log, _ = record(tmp_path, flow, MAPPING + fault(20))
    assert outcomes(log)["failover-time"] == "INCONCLUSIVE"


def test_sip_over_tcp_is_said_to_be_unread(tmp_path: Path) -> None:
    from scapy.layers.inet import IP, TCP  # noqa: PLC0415

    from tests.target.recorded.flow import LINK  # noqa: PLC0415

    flow = failover()
    flow.add(5, bytes(LINK / IP(src=GATEWAY, dst=SERVICE) / TCP(sport=40000, dport=5060) / b"INVITE"))
    log, told = record(tmp_path, flow, MAPPING + fault(20))
    assert "1 packets not understood: SIP over TCP or TLS is not read" in told
    assert "PASS" not in outcomes(log).values()


def test_a_clock_that_was_set_back_lets_nothing_pass(tmp_path: Path) -> None:
    flow = failover()
    flow.save(tmp_path / "a.pcap")
    content = (tmp_path / "a.pcap").read_bytes()
    (tmp_path / "a.pcap").write_bytes(content + content[24:200_024])
    (tmp_path / "m.yaml").write_text(MAPPING + fault(20))
    log, _ = read_recording([tmp_path / "a.pcap"], tmp_path / "m.yaml")
    assert log.footer is not None
    assert "clock" in log.footer.cut


# Faults and their times.


def test_a_fault_may_be_dated_by_an_event(tmp_path: Path) -> None:
    after = "faults: [{kind: crash, subject: server.a, after: {event: call.connected, count: 3, plus: 5s}}]\n"
    log, _ = record(tmp_path, failover(), MAPPING + after)
    ((t, *_, data),) = seen(log, Kind.FAULT_INJECTED)
    assert (t, data) == (pytest.approx(19.65), {"fault": "crash", "number": 0})


def test_a_fault_may_end(tmp_path: Path) -> None:
    more = fault(20).replace("uncertainty", 'until: "2024-05-03T10:00:40+08:00", uncertainty')
    log, _ = record(tmp_path, failover(), MAPPING + more)
    assert seen(log, Kind.FAULT_CLEARED) == [(40.0, "fault.cleared", "server.a", None, {"fault": "crash", "number": 0})]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (fault(20).replace("10:00:20", "09:00:20"), "lies outside the recording"),
        ("faults:\n  - {kind: crash, subject: server.a, after: {event: call.refused}}\n", "holds no such event"),
    ],
)
def test_a_fault_that_the_recording_does_not_hold_is_named_with_its_place(
    tmp_path: Path, words: str, why: str
) -> None:  # fmt: skip
    with pytest.raises(BadInput) as bad:
        record(tmp_path, failover(), MAPPING + words)
    assert "mapping.yaml:13:5: " in str(bad.value)
    assert why in str(bad.value)


def test_a_limit_within_the_uncertainty_of_the_clocks_decides_nothing(tmp_path: Path) -> None:
    coarse = MAPPING + fault(20).replace("20ms", "6s")
    log, _ = record(tmp_path, failover(), coarse)
    assert {outcomes(log)[name] for name in ("failover-time", "media-gap")} == {"INCONCLUSIVE"}


def test_a_call_that_was_lost_so_shortly_before_the_fault_that_nobody_can_tell(tmp_path: Path) -> None:
    flow = failover()
    flow.call(7, 16, 19.9, 7, bye="server")
    for uncertainty, partial in (("20ms", 0), ("200ms", 1)):
        log, _ = record(tmp_path, flow, MAPPING + fault(20).replace("20ms", uncertainty))
        assert log.footer is not None
        assert log.footer.partial == partial


# What cannot be used at all.


def test_a_capture_of_something_else(tmp_path: Path) -> None:
    flow = Flow()
    flow.add(0, frame("203.0.113.5", "203.0.113.6", 53, b"x"))
    with pytest.raises(BadInput) as bad:
        record(tmp_path, flow)
    assert "none of its 1 packets says anything about the units of the mapping" in str(bad.value)


def test_a_scenario_that_there_is_not_is_named_in_the_mapping(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as bad:
        record(tmp_path, failover(), MAPPING.replace("active-server-crash", "active-server-crush"))
    assert "mapping.yaml:4:11: there is no scenario" in str(bad.value)
    assert "did you mean 'failover.active-server-crash'" in str(bad.value)


def test_a_capture_may_be_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a packet nothing is kept: the recording knows as much after six times as many packets of the same calls."""
    import tracemalloc  # noqa: PLC0415

    def peak(seconds: int) -> int:
        flow = Flow()
        flow.call(1, 0, seconds)
        (tmp_path / "m.yaml").write_text(MAPPING)
        path = flow.save(tmp_path / "long.pcap")
        del flow
        tracemalloc.start()
        read_recording([path], tmp_path / "m.yaml")
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    peak(5)  # what is loaded only once
    assert peak(60) < 1.2 * peak(10) + 100_000


def test_b_may_be_the_active_one_from_the_beginning(tmp_path: Path) -> None:
    flow = Flow()
    flow.adverts(0, 10, B)
    flow.checks(0, 10)
    log, _ = record(tmp_path, flow)
    assert [data["server"] for *_, data in seen(log, Kind.SERVICE_ANSWERED)] == ["server.b"]
