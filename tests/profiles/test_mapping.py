"""Mapping files: what they say, and every mistake in them with its place."""

import contextlib
from pathlib import Path

import pytest

from simtel.core.problems import BadInput
from simtel.profiles.mapping import instant, read_mapping
from tests.target.recorded.flow import MAPPING
from tests.target.recorded.test_console import SYSLOG

LINE = "      - {match: 'entering MASTER state', event: server.promoted, subject: server.a}\n"


def test_a_whole_mapping() -> None:
    found = read_mapping(SYSLOG.encode())
    assert found.of("server") == ("server.a", "server.b")
    assert found.units["192.0.2.10"] == "service"
    assert [console.observer for console in found.consoles] == ["server.a", "station"]
    assert (found.consoles[0].offset, found.consoles[0].uncertainty) == (-250_000_000, 1_000_000_000)


@pytest.mark.parametrize(
    ("old", "new", "place", "why"),
    [
        ("mapping/1", "mapping/2", "1:9", "one of these is due"),
        ("192.0.2.11", "192.0.2.311", "7:14", "'192.0.2.311' is not an IP address"),
        ("192.0.2.12", "192.0.2.11", "8:14", "is the address of server.a too"),
        ("  server.b:", "  backup:", "8:3", "is not a unit"),
        ("capture: {uncertainty: 5ms}\n", "", "1:1", "'capture' is missing"),
        ("5ms", "5", "5:24", "a unit is due"),
        ("198.51.100.0/24", "198.51.100.1/24", "11:20", "is not a network"),
        ("seats:", "seat:", "11:1", "did you mean 'seats'?"),
        (r"(?P<time>\w{3} +\d+ [\d:]+)", r"\w{3}", "15:12", "needs a group (?P<time>...)"),
        (r"[\d:]+)'", r"[\d:+'", "15:12", "is not a regular expression"),
        ("    year: 2024\n", "", "16:13", "holds no year"),
        ('"%b %d %H:%M:%S"', '"%Y-%b %d %H:%M:%S"', "18:11", "the format holds the year"),
        ("%b %d", "%Q %d", "16:13", "is not a time format"),
        ("%b %d", "%b %b", "16:13", "is not a time format"),
        ("%b %d", "% %d", "16:13", "is not a time format"),
        ("+08:00", "CST", "17:11", "is not a time zone"),
        ("-250ms", "soon", "19:13", "is not a duration"),
        ("server.promoted", "server.promotet", "22:49", "one of these is due"),
        ("server.promoted", "load.ended", "22:49", "one of these is due"),
        (LINE, LINE.replace(", subject: server.a", ""), "22:9", "needs either 'subject' or a group"),
        ("(?P<alarm>los)", "los", "23:17", "nothing gives the field alarm of span.alarm"),
        ("(?P<alarm>los)", "(?P<alram>los)", "23:17", "unknown field 'alram'"),
        ("data: {server: server.b}", "data: {server: 5}", "34:24", "server is 5, not str"),
        ("data: {server: server.b}", "data: {servr: b, server: b}", "34:16", "did you mean 'server'?"),
        ("observer: server.a", "observer: server.c", "14:15", "'server.c' has no address"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_place(old: str, new: str, place: str, why: str) -> None:
    assert old in SYSLOG
    with pytest.raises(BadInput) as bad:
        read_mapping(SYSLOG.replace(old, new, 1).encode(), "m.yaml")
    assert f"m.yaml:{place}: " in str(bad.value)
    assert why in str(bad.value)


FAULT = MAPPING + 'faults:\n  - {kind: crash, subject: server.a, at: "2024-05-03T10:00:05Z", uncertainty: 1ms}\n'


@pytest.mark.parametrize(
    ("old", "new", "place", "why"),
    [
        ("05Z", "05", "13:42", "has no time zone"),
        ("2024-05-03T10:00:05Z", "noon", "13:42", "is not a date and time"),
        (", uncertainty: 1ms", "", "13:5", "needs 'uncertainty'"),
        ("subject: server.a", "subject: server.c", "13:28", "'server.c' has no address"),
        ("crash", "crush", "13:12", "did you mean 'crash'?"),
        (', at: "2024-05-03T10:00:05Z"', "", "13:5", "needs either 'at' or 'after'"),
        (", uncertainty", ", after: {event: server.silent}, uncertainty", "13:5", "needs either 'at' or 'after'"),
    ],
)
def test_a_mistake_in_a_fault_is_named_with_its_place(old: str, new: str, place: str, why: str) -> None:
    with pytest.raises(BadInput) as bad:
        read_mapping(FAULT.replace(old, new).encode(), "m.yaml")
    assert f"m.yaml:{place}: " in str(bad.value)
    assert why in str(bad.value)


def test_all_mistakes_come_at_once() -> None:
    with pytest.raises(BadInput) as bad:
        read_mapping(SYSLOG.replace("192.0.2.11", "x").replace("+08", "CST").replace("5ms", "5").encode())
    assert len(bad.value.problems) == 4


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"simtel: mapping/1\n", b"\xff", b"simtel: mapping/1\nconsoles: [1]\n"]
)
def test_what_is_no_mapping_is_bad_input(content: bytes) -> None:
    with pytest.raises(BadInput):
        read_mapping(content)


@pytest.mark.parametrize("length", range(0, len(SYSLOG), 37))
def test_a_mapping_cut_anywhere_is_read_or_refused(length: int) -> None:
    with contextlib.suppress(BadInput):
        read_mapping(SYSLOG[:length].encode())


def test_an_instant_is_exact_whatever_its_zone() -> None:
    assert instant("2024-05-03T10:00:05.250001+08:00") == instant("2024-05-03T02:00:05.250001Z")
    assert instant("2024-05-03T02:00:05.250001Z") % 1_000_000_000 == 250_001_000


def test_a_mapping_is_read_from_its_file(tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text(MAPPING)
    assert read_mapping(tmp_path / "m.yaml").path == str(tmp_path / "m.yaml")
