from collections.abc import Callable
from datetime import timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from simtel.core.i18n import told
from simtel.core.problems import BadInput, Problem
from simtel.profiles.column_keys import KEYS
from simtel.profiles.columns import read_columns
from simtel.scenario.schema import in_language, json_schema
from tests.sizing.logs import MAP

Complains = Callable[..., list[Problem]]


def test_a_mapping_is_read() -> None:
    columns = read_columns(MAP.encode())
    assert (columns.id, columns.zone, columns.header) == ("made-up", timezone(timedelta(hours=8)), True)
    assert columns.columns["wrap_up"] == ("wrap up",)
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
    ('zone: "+08:00"', "zone: §Europe/Berln", "is no time zone"),
    ('zone: "+08:00"', "zone: §Europe", "is no time zone"),
    ('["%Y-%m-%d %H:%M:%S.%f"]', "[§'%Y-%m-%d %p %H:%M:%S']", "belong together"),
    ('["%Y-%m-%d %H:%M:%S.%f"]', "[§'%Y-%m-%d %I:%M:%S']", "belong together"),
    ("  start: start\n", "  §start: [a, b, c]\n", "a list of two columns"),
    ("  start: start\n", "  start: [a, §0]\n", "the name of a column"),
    ("columns:\n", "decimal: §';'\ncolumns:\n", "one of these is due"),
]


@pytest.mark.parametrize(("old", "new", "message"), [case for case in BAD if case[1].count("§") == 1][:2] + BAD[3:7])
def test_a_bad_mapping_is_told_at_its_place(complains: Complains, old: str, new: str, message: str) -> None:
    complains(read_columns, MAP, old, new, message)


@pytest.mark.parametrize(("old", "new", "message"), BAD)
def test_a_bad_mapping_is_told(old: str, new: str, message: str) -> None:
    assert MAP.count(old) == 1
    with pytest.raises(BadInput, match=message):
        read_columns(MAP.replace(old, new.replace("§", "")).encode())


def test_a_zone_by_name_is_told_with_the_nearest_one() -> None:
    with pytest.raises(BadInput, match="did you mean 'Europe/Berlin'"):
        read_columns(MAP.replace('"+08:00"', "Europe/Berln").encode())
    assert read_columns(MAP.replace('"+08:00"', "Europe/Berlin").encode()).zone == ZoneInfo("Europe/Berlin")


def test_the_schema_says_of_each_key_what_it_means_in_both_languages() -> None:
    found = json_schema()["columns"]
    for lang in ("en", "zh"):
        said = in_language(found, lang)["properties"]
        for key, meaning in KEYS.items():
            below = {"properties": said}
            for name in key.split("."):
                below = below["properties"][name]
            assert told(meaning, lang) in below["description"], key
            assert lang == "en" or any("\u4e00" <= char <= "\u9fff" for char in below["description"]), key
    assert set(KEYS) == set(found["properties"]) | {
        f"{group}.{name}" for group in ("columns", "outcomes") for name in found["properties"][group]["properties"]
    }
