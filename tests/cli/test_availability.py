"""`simtel availability` from the outside."""

import json

import pytest

from simtel.profiles.catalogue import site_names
from tests.cli.conftest import Simtel


def test_a_site_is_told_with_its_limits_its_units_and_its_pair(simtel: Simtel) -> None:
    done = simtel("availability", "proposal-as-drawn")
    assert (done.exit_code, done.stderr) == (1, "")  # 3 minutes are exceeded
    for words in (
        "20 seats: minutes a year", "half of its seats or trunks", "591", "53.1 - 9,837", "39.8",
        "1.84 min a year by its six states", "1.85 by the first-order formula", "most is owed to: E1 lines",
        "17,520 h*", "* assumed",
    ):  # fmt: skip
        assert words in done.stdout, words
    assert "does not hold here" not in done.stdout
    units = [line.split("│")[1].strip() for line in done.stdout.splitlines() if "h*" in line]
    assert units[:3] == ["E1 lines", "power feeds", "gateways"]


def test_programs_read_the_same(simtel: Simtel) -> None:
    done = simtel("availability", "today", "--seats", "40", "--travel", "2h", "--format", "json")
    found = json.loads(done.stdout)
    assert (found["simtel"], found["site"], found["seats"]) == ("availability/1", "today", 40)
    assert found["crew"] == {"travel": 7200.0, "notice": 1800.0}
    assert found["pair"] is None
    assert found["units"][0]["kind"] == "servers"
    assert found["system"]["good_end"] < found["system"]["minutes"] < found["system"]["bad_end"]
    nearer = json.loads(simtel("availability", "today", "--seats", "40", "--format", "json").stdout)
    assert nearer["system"]["minutes"] < found["system"]["minutes"]


def test_a_person_who_comes_late_makes_the_first_order_doubtful_and_it_is_said(
    simtel: Simtel, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = simtel("availability", "proposal-as-drawn", "--travel", "1000h")
    assert "does not hold here" in done.stdout
    done = simtel("availability", "proposal-as-drawn", "--travel", "1000h", "--lang", "zh")
    assert "六状态" in done.stdout
    assert not [word for word in ("minutes", "seats", "trunks", "servers", "feeds", "owed") if word in done.stdout]


def test_what_nobody_states_is_told_and_taken_as_never(simtel: Simtel) -> None:
    assert "taken as never: gateways" in simtel("availability", "public-mediant-800").stdout


def test_every_shipped_site_is_told(simtel: Simtel) -> None:
    for name in site_names():
        assert simtel("availability", name, "--format", "json").exit_code in (0, 1)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("yesterday",), "there is no site"), (("today", "--travel", "soon"), "not a duration"),
        (("today", "--notice", "0s"), "above 0 s"), (("today", "--notice", "2000h"), "above 0 s"),
        (("today", "--seats", "999"), "999 seats"), ((), "ID|FILE"),
    ],
)  # fmt: skip
def test_refused(simtel: Simtel, words: tuple[str, ...], said: str) -> None:
    done = simtel("availability", *words)
    assert done.exit_code == 2
    assert said in done.stderr
