from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from simtel.core.clock import MS, SECOND
from simtel.core.problems import BadInput, Problem
from simtel.core.quantity import Basis, Quantity, Unit, Unknown
from simtel.profiles.device import read_device
from simtel.profiles.kinds import KINDS

Complains = Callable[..., list[Problem]]

SWITCH = """\
simtel: profile/1
id: edge-switch
kind: lan-switch
name: {en: Edge switch, zh: 接入交换机}
source: made up for this test
boot_time: {value: 30s, basis: datasheet, source: "page 3"}
forwarding:
  delay: {value: 1ms, low: 100us, high: 2ms, basis: assumed, source: "a guess"}
  packets: {value: 1000000/s, basis: datasheet, source: "page 4"}
  bitrate: {value: unknown, reason: "not published"}
  listening: {value: 0s, basis: datasheet, source: "page 5"}
price_class: {descriptive: true, unit: choice, value: low, basis: datasheet, source: "page 1"}
"""

SERVER = """\
simtel: profile/1
id: lone-server
kind: call-server
name: {en: Lone server, zh: 单机}
source: made up for this test
boot_time: {value: unknown, reason: not stated}
limits:
  attempts: {value: unknown, reason: not stated}
  registrations: {value: unknown, reason: not stated}
  backlog: {value: 2s, low: 1s, high: 3s, basis: assumed, source: a guess}
  seats: {value: 20, basis: quoted, source: offer}
  queue: {value: 20, basis: quoted, source: offer}
  ivr: {value: 30, basis: quoted, source: offer}
overload_control: {value: false, alternatives: [true], basis: assumed, source: a guess}
media:
  talk: {value: direct, basis: quoted, source: offer}
  recorded: {value: passive, alternatives: [server], basis: assumed, source: a guess}
day_clock: {value: nothing, basis: quoted, source: offer}
disk_full: {value: unknown, reason: not stated}
session_timer: {value: 1800s, basis: standard, source: RFC 4028}
"""


def read(text: bytes) -> object:
    return read_device(text, "device.yaml")


def test_a_device_is_read() -> None:
    device = read_device(SWITCH.encode())
    assert (device.id, device.kind, device.name["zh"]) == ("edge-switch", "lan-switch", "接入交换机")
    assert device.figures["boot_time"].stated == Quantity(30 * SECOND, Unit.TIME, Basis.DATASHEET, "page 3")
    delay = device.figures["forwarding.delay"]
    assert delay.value == 1 * MS
    assert delay.others == (MS // 10, 2 * MS)
    bitrate = device.figures["forwarding.bitrate"]
    assert bitrate.stated == Unknown(Unit.BITRATE, "not published")
    assert bitrate.value == 10**9  # the stand-in
    assert device.figures["price_class"].spec.descriptive


def test_hash_follows_the_text_and_not_the_line_ends() -> None:
    plain = read_device(SWITCH.encode()).hash
    assert read_device(SWITCH.replace("\n", "\r\n").encode()).hash == plain
    assert read_device(SWITCH.replace("30s", "31s").encode()).hash != plain


def test_a_server_without_peer_needs_no_election() -> None:
    figures = read_device(SERVER.encode()).figures
    assert not [path for path in figures if path.startswith(("election.", "replication."))]


def test_half_an_election_is_none(complains: Complains) -> None:
    problems = complains(
        read, SERVER, "kind: call-server",
        "kind: §call-server\nelection: {advert_interval: {value: 1s, basis: quoted, source: offer}}",
        "'election.promote_time', which is missing",
    )  # fmt: skip
    assert len(problems) == len([path for path in KINDS["call-server"] if path.startswith("election.")]) - 1


BAD: list[tuple[str, str, str]] = [
    # old, new with the place, message
    ("simtel: profile/1", "simtel: §profile/2", "profile/1"),
    ("simtel: profile/1\n", "§", "key 'simtel' is missing"),
    ("id: edge-switch", "id: §Edge Switch", "is not a name"),
    ("kind: lan-switch", "kind: §lan-swich", "where one of these is due"),
    ("zh: 接入交换机", "§cn: 接入交换机", "unknown key 'cn'"),
    ("name: {en: Edge switch, zh: 接入交换机}", "§name: {en: Edge switch}", "key 'zh' is missing"),
    ("en: Edge switch", 'en: §" "', "text is due"),
    ("source: made up for this test", "source: §3", "text is due"),
    ("source: made up", "aliases: [a, §4]\nsource: made up", "text is due"),
    ("source: made up", "§aliases: a\nsource: made up", "a list is due"),
    ("boot_time: {", "§boot_tyme: {", "unknown figure 'boot_tyme'"),
    ('boot_time: {value: 30s, basis: datasheet, source: "page 3"}', "§boot_time: 30s", "where a figure is due"),
    ("value: 30s", "value: §30", "bare value where a unit is due"),
    ("value: 30s", "value: §30 days", "is not a duration"),
    ("value: 30s", "value: §10ms", "is outside 1 s to"),
    ("value: 30s", "value: §true", "bare value"),
    ('basis: datasheet, source: "page 3"', 'basis: §datashet, source: "page 3"', "where one of these is due"),
    ('boot_time: {value: 30s, basis: datasheet, source: "page 3"}', "§boot_time: {value: 30s, basis: datasheet}",
     "key 'source' is missing"),
    ('source: "page 3"', 'source: §""', "text is due"),
    ('source: "page 3"', 'source: "page 3", §low: 1s', "belongs to an assumed figure only"),
    ('source: "page 3"', 'source: "page 3", §hihg: 1s', "unknown key 'hihg'"),
    ("  delay: {value: 1ms, low: 100us", "  §delay: {value: 1ms", "needs a range"),
    ("low: 100us", "low: §2Mbit/s", "is not a duration"),
    ("value: 1ms", "value: §3ms", "is not within its range"),
    ("low: 100us, high: 2ms", "low: §1ms, high: 1ms", "a range of one value"),
    ("high: 2ms", "high: §2s", "is outside"),
    ("packets: {value: 1000000/s", "packets: {value: §-3/s", "is not a rate"),
    ('  bitrate: {value: unknown, reason: "not published"}', "  §bitrate: {value: unknown}",
     "key 'reason' is missing"),
    ('reason: "not published"', 'reason: "not published", §basis: assumed', "in an unknown figure"),
    ("unit: choice", "unit: §colour", "where one of these is due"),
    ("price_class: {descriptive: true, unit: choice,", "§price_class: {", "unknown figure 'price_class'"),
    ("  delay: {", "  §deley: {", "unknown figure 'forwarding.deley'"),
    ("kind: lan-switch", "kind: lan-switch\n§kind: lan-switch", "given twice"),
    ("boot_time: {value: 30s", "boot_time: §&a {value: 30s", "anchor &a is not allowed"),
    ("price_class: {descr", "again: §*a\nprice_class: {descr", "alias *a is not allowed"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "message"), BAD, ids=[new[:40] for _, new, _ in BAD])
def test_bad_device(complains: Complains, old: str, new: str, message: str) -> None:
    complains(read, SWITCH, old, new, message)


def test_missing_figures_are_named_one_by_one(complains: Complains) -> None:
    start = SWITCH.index("forwarding:")
    problems = complains(
        read, SWITCH, SWITCH[SWITCH.index("kind:") :],
        "kind: §lan-switch\n" + SWITCH[SWITCH.index("name:") : start], "'forwarding.bitrate', which is missing",
    )  # fmt: skip
    assert [problem.message.split("'")[1] for problem in problems] == [
        "forwarding.delay",
        "forwarding.listening",
        "forwarding.packets",
        "forwarding.bitrate",
    ]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("talk: {value: direct", "talk: {value: §sever", "where one of these is due: direct, server"),
        ("{value: passive, alternatives: [server]", "{value: passive, alternatives: [§passiv]", "one of these is due"),
        ("{value: false, alternatives: [true]", "{value: §nein, alternatives: [true]", "neither true nor false"),
        ("{value: false, alternatives: [true]", "{value: false, §alternatives: true", "a list is due"),
        ("seats: {value: 20, basis", "seats: {value: §-1, basis", "is not a count"),
        ("seats: {value: 20, basis", "seats: {value: §2.5, basis", "is not a count"),
        ("queue: {value: 20, basis: quoted, source: offer}", "queue: {value: §unknown, reason: x}",
         "nothing can stand in"),
    ],
)  # fmt: skip
def test_bad_server(complains: Complains, old: str, new: str, message: str) -> None:
    complains(read, SERVER, old, new, message)


@pytest.mark.parametrize("given", ["", ", alternatives: []", ", alternatives: [passive]"])
def test_an_assumed_choice_needs_an_alternative(complains: Complains, given: str) -> None:
    old = "  recorded: {value: passive, alternatives: [server]"
    complains(read, SERVER, old, f"  §recorded: {{value: passive{given}", "at least one other value")


def test_all_mistakes_at_once() -> None:
    text = SWITCH.replace("30s", "30").replace("page 4", "").replace("edge-switch", "Edge")
    with pytest.raises(BadInput) as caught:
        read_device(text.encode())
    assert [problem.line for problem in caught.value.problems] == [2, 6, 9]


@pytest.mark.parametrize("cut", range(1, SWITCH.index("}\nprice_class"), 7))
def test_a_truncated_file_is_refused(cut: int) -> None:
    with pytest.raises(BadInput):
        read_device(SWITCH[:cut].encode())


@pytest.mark.parametrize("text", ["", "[]", "5", "simtel", "null"])
def test_not_a_mapping(text: str) -> None:
    with pytest.raises(BadInput) as caught:
        read_device(text.encode())
    assert (caught.value.problems[0].line, caught.value.problems[0].column) == (1, 1)


def test_a_huge_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "huge.yaml"
    file.write_text(SWITCH + "notes: " + "x" * (2 << 20), encoding="utf-8")
    with pytest.raises(BadInput, match="is larger than"):
        read_device(file)


ODD = [
    "{}", "[]", "[[1]]", "{value: {value: 1}}", "{value: [1]}", "null", "1e300", "{value: 1ms, basis: [], source: {}}",
]  # fmt: skip


@pytest.mark.parametrize("value", ODD)
@pytest.mark.parametrize("key", ["name", "kind", "aliases", "boot_time", "forwarding", "notes"])
def test_odd_values_are_refused_in_words(key: str, value: Any) -> None:
    lines = [line for line in SWITCH.splitlines() if not line.startswith((key, "  "))]
    with pytest.raises(BadInput):
        read_device("\n".join([*lines, f"{key}: {value}"]).encode())
