import io
from pathlib import Path

import pytest

from simtel.core.events import Kind
from simtel.core.log import EvidenceWriter, Header, read_log
from simtel.core.merge import End, PartWriter, merge, read_part
from simtel.core.problems import BadInput

HEADER = Header("s", "t", "loopback", 1, "test")


def write(path: Path, observer: str, *instants: int) -> Path:
    part = PartWriter(path, observer)
    for t in instants:
        part.event(t, Kind.SERVER_DETECTED, observer, None, {})
    part.end(End())
    part.close()
    return path


def test_merge_by_instant_then_observer_then_line(tmp_path: Path) -> None:
    second = write(tmp_path / "b", "server.2", 5, 7, 7)
    first = write(tmp_path / "a", "server.1", 7, 9)
    path = tmp_path / "log"
    with path.open("wb") as file:
        out = EvidenceWriter(file, HEADER)
        merge([read_part(second), read_part(first)], out)
        out.close()
    log = read_log(path)
    assert [(e.seq, e.t, e.observer) for e in log.events] == [
        (1, 5, "server.2"),
        (2, 7, "server.1"),
        (3, 7, "server.2"),
        (4, 7, "server.2"),
        (5, 9, "server.1"),
    ]


def test_order_of_parts_decides_between_two_of_one_observer(tmp_path: Path) -> None:
    one, two = PartWriter(tmp_path / "1", "harness"), PartWriter(tmp_path / "2", "harness")
    two.event(3, Kind.LOAD_ENDED, "harness", None, {"offered": 2})
    one.event(3, Kind.LOAD_ENDED, "harness", None, {"offered": 1})
    parts = [read_part(tmp_path / "1"), read_part(tmp_path / "2")]
    digests = []
    for order in (parts, parts[::-1]):
        out = EvidenceWriter(io.BytesIO(), HEADER)
        merge(order, out)
        digests.append(out.digest)
    assert digests[0] != digests[1]


def test_each_line_is_on_disk_at_once(tmp_path: Path) -> None:
    part = PartWriter(tmp_path / "p", "watch")
    part.event(1, Kind.SERVER_ADVERTISED, "server.1", None, {})
    assert len(read_part(tmp_path / "p").seen) == 1  # neither flushed nor closed
    assert read_part(tmp_path / "p").end is None


def test_line_cut_by_a_kill_is_dropped(tmp_path: Path) -> None:
    path = write(tmp_path / "p", "server.1", 1, 2)
    path.write_bytes(path.read_bytes()[:-5])
    part = read_part(path)
    assert [seen.t for seen in part.seen] == [1, 2]
    assert part.end is None


def test_lateness_is_the_largest_and_survives_a_kill(tmp_path: Path) -> None:
    part = PartWriter(tmp_path / "p", "server.1")
    for late in (200_000, 900_000, 300_000):
        part.late(late)
    assert read_part(tmp_path / "p").lateness == 900_000
    part.late(950_000)  # too little more for a line of its own
    assert read_part(tmp_path / "p").lateness == 900_000
    part.end(End())
    assert read_part(tmp_path / "p").lateness == 950_000


def test_error_of_a_process_is_kept(tmp_path: Path) -> None:
    part = PartWriter(tmp_path / "p", "server.1")
    part.error("LookupError: x")
    assert read_part(tmp_path / "p").errors == ("LookupError: x",)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"rubbish\n", "is no line of a part"),
        (b"{}\n", "is an empty line"),
        (b"\xff\xfe\n", "is no line of a part"),
        (b'{"event":{"t":1,"kind":"x","subject":"a","observer":"a","call":null,"data":{}}}\n', "unknown kind"),
        (
            b'{"event":{"t":1,"kind":"load.ended","subject":"a","observer":"a","call":null,"data":{}}}\n',
            "load.ended lacks 'offered'",
        ),
    ],
)
def test_broken_part_is_named_by_line(tmp_path: Path, line: bytes, said: str) -> None:
    path = write(tmp_path / "p", "server.1", 1)
    path.write_bytes(line + path.read_bytes() + line)
    with pytest.raises(BadInput) as raised:
        read_part(path)
    assert [problem.line for problem in raised.value.problems] == [1, 4]
    assert all(said in problem.message for problem in raised.value.problems)


def test_part_is_never_overwritten(tmp_path: Path) -> None:
    write(tmp_path / "p", "server.1")
    with pytest.raises(FileExistsError):
        PartWriter(tmp_path / "p", "server.1")
