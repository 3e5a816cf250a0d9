from collections.abc import Callable

import pytest

from simtel.core.problems import BadInput, Problem
from simtel.profiles.columns import read_columns
from tests.sizing.logs import MAP

Complains = Callable[..., list[Problem]]


def test_a_mapping_is_read() -> None:
    columns = read_columns(MAP.encode())
    assert (columns.id, columns.zone, columns.header) == ("made-up", 8 * 3600, True)
    assert columns.columns["wrap_up"] == "wrap up"
    assert columns.units == {"ivr": "s", "wait": "s", "talk": "s", "wrap_up": "s"}
    assert columns.outcomes["gone"] == "abandoned"


BAD = [
    ('zone: "+08:00"', 'zone: §"8"', "a time zone"),
    ('["%Y-%m-%d %H:%M:%S.%f"]', "[§'%Q']", "a time format"),
    ("  start: start\n", "  begin: §start\n", "'start' is missing"),
    ("talk: {column: talk, unit: s}", "talk: {column: talk, unit: §seconds}", "one of these is due"),
    ("caller: caller", "caller: §0", "the name of a column"),
    ("caller: caller", "§callr: caller", "unknown key"),
    ("abandoned: [gone]", "abandoned: [§ok]", "given twice"),
    ("  outcome: result\n", "", "belong together"),
    ("  talk: {column: talk, unit: s}\n", "", "nothing tells 'talk'"),
    ("columns:\n", "header: false\ncolumns:\n", "without a header"),
]


@pytest.mark.parametrize(("old", "new", "message"), [case for case in BAD if case[1].count("§") == 1][:2] + BAD[3:7])
def test_a_bad_mapping_is_told_at_its_place(complains: Complains, old: str, new: str, message: str) -> None:
    complains(read_columns, MAP, old, new, message)


@pytest.mark.parametrize(("old", "new", "message"), BAD)
def test_a_bad_mapping_is_told(old: str, new: str, message: str) -> None:
    assert MAP.count(old) == 1
    with pytest.raises(BadInput, match=message):
        read_columns(MAP.replace(old, new.replace("§", "")).encode())
