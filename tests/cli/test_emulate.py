"""`simtel emulate` from the outside; tests/peers/test_sipp.py calls it."""

import socket
from pathlib import Path

import pytest

from tests.cli.conftest import Simtel


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--sip", "192.0.2.1:5060"), "127.0.0.0/8"),
        (("--sip", "sip.example.org:5060"), "127.0.0.0/8"),
        (("--sip", "127.0.0.10"), "an address and a port"),
        (("--sip", "127.0.0.10:65536"), "an address and a port"),
        (("--duration", "48h"), "24 h at most"),
        (("--seats", "0"), "range"),
    ],
)
def test_a_place_that_cannot_be_is_said(simtel: Simtel, words: tuple[str, ...], told: str) -> None:
    done = simtel("emulate", "today", *words)
    assert done.exit_code == 2
    assert told in done.stderr


def test_a_place_that_is_taken_is_said_and_nothing_is_touched(simtel: Simtel, tmp_path: Path) -> None:
    (tmp_path / "site.jsonl").write_text("an older log")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        place = f"127.0.0.1:{taken.getsockname()[1]}"
        done = simtel("emulate", "today", "--sip", place, "--evidence", "site.jsonl")
    assert done.exit_code == 2
    assert f"{place} cannot be used" in done.stderr
    assert [file.read_text() for file in tmp_path.iterdir()] == ["an older log"]


def test_a_site_lives_as_long_as_it_was_told(simtel: Simtel) -> None:
    done = simtel("emulate", "today", "--sip", "127.0.0.1:0", "--duration", "300ms")
    assert (done.exit_code, done.stdout.splitlines()[1:]) == (0, ["0 calls came, 0 were answered"])
