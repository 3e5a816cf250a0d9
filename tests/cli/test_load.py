"""`simtel load` and `simtel call` from the outside; tests/peers/test_sipp.py has them call somebody."""

import pytest

from tests.cli.conftest import Simtel


@pytest.mark.parametrize("command", ["load", "call"])
@pytest.mark.parametrize(
    ("to", "told"),
    [
        ("sip:1000@192.0.2.1", "127.0.0.0/8"),
        ("sip:1000@sip.example.org", "127.0.0.0/8"),
        ("tel:110", "sip:NUMBER@"),
        ("sip:127.0.0.1", "sip:NUMBER@"),
        ("sip:1@127.0.0.1?subject=x", "sip:NUMBER@"),
        ("sip:10<00@127.0.0.1", "octet"),
        ("1000", "octet 0"),
    ],
)
def test_whom_nobody_may_call_is_said(simtel: Simtel, command: str, to: str, told: str) -> None:
    done = simtel(command, "--to", to)
    assert done.exit_code == 2
    assert told in done.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--rate", "0/s"), "a rate is above 0"),
        (("--rate", "7"), "is not a rate"),
        (("--hold", "48h"), "24 h at most"),
        (("--hold", "5"), "is not a duration"),
        (("--calls", "0"), "range"),
    ],
)
def test_a_load_that_cannot_be_is_said(simtel: Simtel, words: tuple[str, ...], told: str) -> None:
    done = simtel("load", "--to", "sip:1000@127.0.0.1", *words)
    assert done.exit_code == 2
    assert told in done.stderr
