import io
import re
from hashlib import sha256
from pathlib import Path

import msgspec
import pytest

from simtel.core.events import Event, Kind
from simtel.core.log import (
    LINE_LIMIT,
    EvidenceLog,
    EvidenceWriter,
    Expectation,
    Figure,
    Footer,
    Header,
    Limit,
    digest_of,
    read_log,
)
from simtel.core.problems import BadInput
from simtel.core.quantity import Unit

HEADER = Header(
    scenario="s",
    site="t",
    target="virtual",
    seed=7,
    version="0",
    title={"en": "a title", "zh": "标题"},
    roles={"servers": ("server.a", "server.b")},
    observes=("call.offered",),
    expect=(Expectation("media-gap", (Limit("at_most", 5, Unit.TIME, "buyer", "letter"),), "server.a"),),
    assumed=(Figure("servers.boot_time", Unit.TIME, "assumed", 5, 1, 9, (2,), "guess"),),
)
NEWEST = "evidence/1"


def fill(out: EvidenceWriter, count: int) -> None:
    for n in range(count):
        out.add(n * 10, Kind.SERVER_ADVERTISED, f"server.{n % 2}", "watch", None, {})


def whole(count: int = 3) -> bytes:
    out = io.BytesIO()
    writer = EvidenceWriter(out, HEADER)
    fill(writer, count)
    writer.close(ended=99, lateness={"watch": 3}, uncertainty={"watch": 5, "watch/service.lost": 8}, error="")
    return out.getvalue()


def log_of(path: Path, content: bytes) -> EvidenceLog:
    file = path / "evidence.jsonl"
    file.write_bytes(content)
    return read_log(file)


def problems(path: Path, content: bytes) -> list[tuple[int, str]]:
    with pytest.raises(BadInput) as caught:
        log_of(path, content)
    assert all(problem.path == str(path / "evidence.jsonl") for problem in caught.value.problems)
    return [(problem.line, problem.message) for problem in caught.value.problems]


def test_what_is_written_reads_back(tmp_path: Path) -> None:
    log = log_of(tmp_path, whole())
    assert log.header == HEADER
    assert [(e.seq, e.t, e.subject) for e in log.events] == [
        (1, 0, "server.0"),
        (2, 10, "server.1"),
        (3, 20, "server.0"),
    ]
    assert log.complete
    assert log.footer is not None
    assert (log.footer.events, log.footer.ended, log.footer.lateness) == (3, 99, {"watch": 3})
    assert log.footer.digest == digest_of(log.events)


def test_the_file_is_as_its_docstring_says() -> None:
    first, *events, last = whole().splitlines(keepends=True)
    assert first.startswith(b'{"simtel":"evidence/1","header":{')
    assert last.startswith(b'{"footer":{"events":3,"digest":"sha256:')
    assert sha256(b"".join(events)).hexdigest().encode() in last


@pytest.mark.parametrize("count", [0, 1, 4095, 4096, 4097, 9000])
def test_blocks_of_events_neither_lose_nor_repeat_any(tmp_path: Path, count: int) -> None:
    log = log_of(tmp_path, whole(count))
    assert [event.seq for event in log.events] == list(range(1, count + 1))
    assert log.footer is not None
    assert log.footer.digest == digest_of(log.events)


def test_the_digest_covers_the_events_alone() -> None:
    digests = []
    for header, ended in ((HEADER, 1), (msgspec.structs.replace(HEADER, seed=8, started="now"), 2)):
        writer = EvidenceWriter(io.BytesIO(), header)
        fill(writer, 5)
        digests.append(writer.close(ended=ended).digest)
    assert digests[0] == digests[1]
    writer = EvidenceWriter(io.BytesIO(), HEADER)
    fill(writer, 4)
    assert writer.digest != digests[0]
    fill(writer, 1)
    assert writer.digest != digests[0], "another instant"


def test_an_abandoned_log_keeps_its_events_and_has_no_footer(tmp_path: Path) -> None:
    out = io.BytesIO()
    writer = EvidenceWriter(out, HEADER)
    fill(writer, 3)
    writer.abandon()
    log = log_of(tmp_path, out.getvalue())
    assert len(log.events) == 3
    assert not log.complete
    assert log.footer is None


def test_a_log_cut_at_any_byte_is_read_without_footer_or_refused(tmp_path: Path) -> None:
    content = whole()
    ends = [m.end() for m in re.finditer(b"\n", content)]
    for cut in {*range(1, len(content) - 1, 5), *ends[:-1], *(end - 1 for end in ends[:-1])}:
        if cut < ends[0] - 1:
            assert problems(tmp_path, content[:cut])[0][0] == 1
            continue
        log = log_of(tmp_path, content[:cut])
        assert not log.complete
        lines = sum(end <= cut for end in ends) - 1
        assert len(log.events) in (lines, lines + 1)
    assert log_of(tmp_path, content[:-1]).complete, "only the last line end is missing"


def test_an_altered_event_does_not_match_the_digest(tmp_path: Path) -> None:
    altered = whole().replace(b'"t":10,', b'"t":11,')
    assert problems(tmp_path, altered) == [(5, "the digest does not match the events: the log was altered")]


def test_an_event_taken_out(tmp_path: Path) -> None:
    lines = whole().splitlines(keepends=True)
    assert problems(tmp_path, b"".join(lines[:2] + lines[3:])) == [(3, "event number 3 where 2 is due")]


def test_an_event_taken_out_at_the_end_is_missed_by_the_footer(tmp_path: Path) -> None:
    lines = whole().splitlines(keepends=True)
    found = problems(tmp_path, b"".join(lines[:3] + lines[4:]))
    assert found == [(4, "the footer counts 3 events, the log has 2")]


def test_renumbered_and_repeated_events(tmp_path: Path) -> None:
    lines = whole().splitlines(keepends=True)
    assert (4, "event number 2 where 3 is due") in problems(tmp_path, b"".join(lines[:3] + lines[2:]))
    assert problems(tmp_path, whole().replace(b'"seq":1', b'"seq":0'))[0] == (2, "event number 0 where 1 is due")


def test_time_does_not_go_back(tmp_path: Path) -> None:
    found = problems(tmp_path, whole().replace(b'"t":20,', b'"t":5,'))
    assert (4, "goes back in time: 5 after 10") in found


def test_unknown_kinds_and_fields_are_named_with_their_line_all_at_once(tmp_path: Path) -> None:
    content = whole().replace(b'"seq":1,"t":0,"kind":"server.advertised"', b'"seq":1,"t":0,"kind":"server.sings"')
    content = content.replace(b'"seq":3,"t":20,"kind":"server.advertised"', b'"seq":3,"t":20,"kind":"load.ended"')
    assert problems(tmp_path, content) == [
        (2, "unknown kind 'server.sings'"),
        (4, "load.ended lacks 'offered'"),
    ]


@pytest.mark.parametrize(
    "line", [b"not json\n", b"{}\n", b"[1,2]\n", b"\n", b"\xff\xfe\n", b'{"seq":"1"}\n', b'{"footer":{}}\n']
)
def test_a_line_that_is_no_event_in_the_middle(tmp_path: Path, line: bytes) -> None:
    lines = whole().splitlines(keepends=True)
    found = problems(tmp_path, b"".join([*lines[:2], line, *lines[2:]]))
    assert found[0][0] == 3
    assert found[0][1].startswith("is not an event")


def test_nothing_follows_the_footer(tmp_path: Path) -> None:
    content = whole()
    assert problems(tmp_path, content + content.splitlines(keepends=True)[1])


def test_an_empty_file_and_what_is_no_log_at_all(tmp_path: Path) -> None:
    assert problems(tmp_path, b"") == [(1, "is empty: not an evidence log")]
    for content in (b"hello\n", b"{}\n", b'{"simtel":"evidence/1"}\n', b"\x00" * 100, b"[" * 100_000):
        assert problems(tmp_path, content)[0][1].startswith("is not the header of an evidence log")


def test_another_schema_is_refused_by_name(tmp_path: Path) -> None:
    found = problems(tmp_path, whole().replace(b'"simtel":"evidence/1"', b'"simtel":"evidence/9"', 1))
    assert found == [(1, f"schema 'evidence/9' is not one that this version reads ({NEWEST})")]


@pytest.mark.parametrize(
    ("was", "now", "message"),
    [
        (b'"target":"virtual"', b'"target":"moon"', "target 'moon' is none of virtual, loopback, bench"),
        (b'"target":"virtual"', b'"target":""', "target '' is none of virtual, loopback, bench"),
        (b'"version":"0"', b'"version":"0","seats":-1', "seats is -1: a site has none or more"),
    ],
)
def test_a_header_that_no_run_writes(tmp_path: Path, was: bytes, now: bytes, message: str) -> None:
    assert problems(tmp_path, whole().replace(was, now, 1)) == [(1, message)]


@pytest.mark.parametrize("place", [0, 1, 3])
def test_a_huge_line_is_refused_and_not_swallowed(tmp_path: Path, place: int) -> None:
    lines = whole().splitlines(keepends=True)
    lines.insert(place, b"x" * (LINE_LIMIT + 1) + b"\n")
    assert problems(tmp_path, b"".join(lines)) == [(place + 1, "has a line longer than 1 MiB")]


def test_a_line_at_the_limit_is_read(tmp_path: Path) -> None:
    out = io.BytesIO()
    writer = EvidenceWriter(out, HEADER)
    fill(writer, 1)
    writer.close()
    empty = len(out.getvalue().splitlines(keepends=True)[1]) - len("server.0")
    out = io.BytesIO()
    writer = EvidenceWriter(out, HEADER)
    writer.add(0, Kind.SERVER_ADVERTISED, "x" * (LINE_LIMIT - empty), "watch", None, {})
    writer.close()
    assert len(log_of(tmp_path, out.getvalue()).events) == 1


@pytest.mark.parametrize("what", ["missing", "folder"])
def test_a_file_that_cannot_be_read(tmp_path: Path, what: str) -> None:
    path = tmp_path / "log"
    if what == "folder":
        path.mkdir()
    with pytest.raises(BadInput, match=r"cannot be read: (No such file|Is a directory)"):
        read_log(path)


def test_a_full_disk_is_an_error_of_the_writer_not_a_shorter_log() -> None:
    with Path("/dev/full").open("wb", buffering=0) as full, pytest.raises(OSError, match="No space left"):
        EvidenceWriter(full, HEADER)
    full = Path("/dev/full").open("wb")  # noqa: SIM115 - closing it fails as well
    writer = EvidenceWriter(full, HEADER)
    fill(writer, 10)
    with pytest.raises(OSError, match="No space left"):
        writer.close()
    with pytest.raises(OSError, match="No space left"):
        full.close()


def events(*rows: tuple[Kind, str | None]) -> EvidenceLog:
    made = [Event(n, n, kind, "s", "o", call, {}) for n, (kind, call) in enumerate(rows, 1)]
    footer = Footer(len(made), digest_of(made), uncertainty={"o": 5, "o/service.lost": 8})
    return EvidenceLog(HEADER, made, footer)


def test_events_by_kind_and_by_call_keep_their_order() -> None:
    log = events(
        (Kind.SERVICE_LOST, None),
        (Kind.CALL_CONNECTED, "c1"),
        (Kind.CALL_QUEUED, "c2"),
        (Kind.CALL_CONNECTED, "c2"),
        (Kind.CALL_QUEUED, "c1"),
    )
    assert [e.seq for e in log.of(Kind.CALL_CONNECTED)] == [2, 4]
    assert [e.seq for e in log.of(Kind.CALL_QUEUED, Kind.CALL_CONNECTED)] == [2, 3, 4, 5]
    assert log.of(Kind.SEAT_RUNG) == []
    grouped = {call: [e.seq for e in group] for call, group in log.by_call().items()}
    assert grouped == {"c1": [2, 5], "c2": [3, 4]}
    assert {c: [e.seq for e in g] for c, g in log.by_call(Kind.CALL_QUEUED).items()} == {"c1": [5], "c2": [3]}


def test_uncertainty_by_observer_and_kind() -> None:
    log = events((Kind.SERVICE_LOST, None), (Kind.CALL_CONNECTED, "c1"))
    assert [log.uncertainty(event) for event in log.events] == [8, 5]
    bare = EvidenceLog(HEADER, log.events, None)
    assert [bare.uncertainty(event) for event in bare.events] == [0, 0]
