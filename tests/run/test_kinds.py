"""What kind of file a word names, and what is said of one in the wrong place."""

import io
from pathlib import Path

import pytest

from simtel.core import data
from simtel.core.i18n import told
from simtel.core.log import EvidenceWriter, Header
from simtel.run.kinds import BELONGS, kind_of, misplaced


def evidence() -> bytes:
    out = io.BytesIO()
    EvidenceWriter(out, Header("s", "t", "virtual", 1, "0")).close()
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"simtel: site/1\n", "site"),
        (b"\xef\xbb\xbf# a comment\n---\nid: x\nsimtel: 'scenario/1'\n", "scenario"),
        (b'simtel: "profile/1"\r\n', "profile"),
        (b"simtel: limits/1", "limits"),
        (evidence(), "evidence"),
        (b'{\n "simtel": "run/1",\n', "run"),
        (b'{"simtel":"variants/1","nominal":""}\n', "variants"),
        (b"  simtel: site/1\n", ""),
        (b"#" * 5000 + b"\nsimtel: site/1\n", ""),
        (b"", ""),
        (b"\x00\xff" * 100, ""),
    ],
)
def test_a_file_says_what_it_is(tmp_path: Path, content: bytes, kind: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    assert kind_of(path) == kind


@pytest.mark.parametrize("path", ["nowhere", "/dev/zero", ".", "a\0b", "x" * 5000])
def test_what_is_no_file_says_nothing(path: str) -> None:
    assert kind_of(path) == ""


def test_every_shipped_file_is_what_its_folder_says() -> None:
    assert {kind_of(path) for path in data.scenarios().rglob("*.yaml")} == {"scenario"}
    assert {kind_of(path) for path in data.sites().rglob("*.yaml")} == {"site"}
    assert {kind_of(path) for path in data.devices().rglob("*.yaml")} == {"profile"}


def test_a_file_in_its_place_and_a_file_that_says_nothing_are_left_to_their_reader(tmp_path: Path) -> None:
    path = tmp_path / "file"
    for content in (b"simtel: site/1\n", b"simtel: sight/1\n", b"no file of ours\n"):
        path.write_bytes(content)
        assert misplaced(path, "site") is None


@pytest.mark.parametrize("kind", BELONGS)
def test_a_file_in_the_wrong_place_is_told_where_it_belongs(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "file"
    path.write_text(f"simtel: {kind}/1\n")
    problem = misplaced(path, "another")
    assert problem is not None
    assert (problem.path, problem.line) == (str(path), 0)
    assert problem.message == BELONGS[kind]
    assert told(problem.message, "zh") != problem.message
