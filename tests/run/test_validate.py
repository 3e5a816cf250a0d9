"""The second part of a log against the laws of the first: near where they hold, and told where they do not."""

import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import pytest

from simtel.core.problems import BadInput
from simtel.profiles.columns import read_columns
from simtel.report.axes import Panel, top
from simtel.report.validate_picture import validate_picture
from simtel.report.validate_table import mean_errors, render_validation, validation_json
from simtel.run.calllog.reader import CallLog
from simtel.run.validate import Validation, _expected, validate
from simtel.sizing.fitting.arrivals import DayType
from tests.sizing.logs import HEAD, MAP, World, made

pytestmark = pytest.mark.timeout(240)  # the first to run compiles; on a busy machine that takes a while
NINTH = 1_772_323_200.0 + 8 * 86_400  # 2026-03-09
WORLD = World(days=14, rate=160.0, agents=9)


def put(folder: Path, rows: Sequence[list[str]]) -> CallLog:
    path = folder / "calls.csv"
    path.write_text("\n".join(",".join(row) for row in [HEAD, *rows]) + "\n", "utf-8")
    return CallLog(path, read_columns(MAP.encode()))


@pytest.fixture(scope="module")
def rows() -> list[list[str]]:
    return made(WORLD, seed=5)


@pytest.fixture(scope="module")
def sound(rows: list[list[str]], tmp_path_factory: pytest.TempPathFactory) -> tuple[Validation, CallLog]:
    log = put(tmp_path_factory.mktemp("log"), rows)
    return validate(log, NINTH, None, 10, 1), log


def test_where_the_laws_hold_the_error_is_small(sound: tuple[Validation, CallLog], rows: list[list[str]]) -> None:
    found, _ = sound
    after = [row for row in rows if row[1] >= "2026-03-09" and row[8] in {"ok", "gone"}]
    assert found.total.calls + found.outside == len(after)  # a few reach the queue after the last hour
    assert 0 < found.outside < 10
    assert found.total.gave_up == pytest.approx(sum(row[8] == "gone" for row in after) / len(after), abs=1e-3)
    assert found.days == 7
    assert found.first.calls == sum(row[1] < "2026-03-09" for row in rows)
    assert found.total.expected == pytest.approx(found.total.calls, rel=0.05)
    assert found.total.replayed_wait[1] == pytest.approx(found.total.wait, rel=0.25)
    assert found.total.replayed_gave_up[1] == pytest.approx(found.total.gave_up, abs=0.015)
    assert [hour.hour for hour in found.hours] == list(range(8, 20))
    assert found.hours[4].agents == pytest.approx(WORLD.agents, abs=0.2)


def test_where_they_do_not_the_error_is_told(
    sound: tuple[Validation, CallLog], rows: list[list[str]], tmp_path: Path
) -> None:
    later = [[*row[:5], "", *row[6:]] if row[1] >= "2026-03-09" else row for row in rows]
    shorter = [[*row[:4], f"{float(row[4]) / 3:.3f}" if row[4] and row[1] < "2026-03-09" else row[4], *row[5:]]
               for row in later]  # fmt: skip
    found = validate(put(tmp_path, shorter), NINTH, WORLD.agents, 4, 1)
    assert found.total.replayed_wait[1] < found.total.wait / 3
    assert mean_errors(found)[0] > 3 * mean_errors(sound[0])[0]


def test_fewer_agents_than_there_were_make_it_worse(
    sound: tuple[Validation, CallLog], rows: list[list[str]], tmp_path: Path
) -> None:
    found = validate(put(tmp_path, rows), NINTH, WORLD.agents - 2, 4, 1)
    assert found.total.replayed_gave_up[1] > 1.5 * sound[0].total.replayed_gave_up[1]


def test_callers_at_night_are_told_and_judged_in_no_hour(
    sound: tuple[Validation, CallLog], rows: list[list[str]], tmp_path: Path
) -> None:
    """On every night twenty people wait for nobody; on the last day nobody is at work before ten."""
    night = [[f"n{day}-{n}", f"2026-03-{day:02} 23:{n:02}:00.000", "0", "30", "", "", "", "", "gone"]
             for day in range(2, 16) for n in range(20)]  # fmt: skip
    strike = [
        [*row[:4], "", "", row[6], "", "gone"] if row[1][:13] in {"2026-03-15 08", "2026-03-15 09"} and row[8] == "ok"
        else row for row in rows
    ]  # fmt: skip
    found = validate(put(tmp_path, [*strike, *night]), NINTH, None, 4, 1)
    on_strike = sum(row[1][:13] in {"2026-03-15 08", "2026-03-15 09"} and row[8] in {"ok", "gone"} for row in rows)
    assert found.outside == pytest.approx(sound[0].outside + 7 * 20 + on_strike, abs=3)
    assert found.outside - found.lost == sound[0].outside - sound[0].lost
    assert [hour.hour for hour in found.hours] == list(range(8, 20))
    assert found.total.replayed_wait[1] == pytest.approx(found.total.wait, rel=0.3)


def test_the_picture_shows_each_hour_as_it_was_told(sound: tuple[Validation, CallLog]) -> None:
    found, _ = sound
    hours = [hour for hour in found.hours if hour.hour != 13]  # a gap parts every line
    pic = validate_picture(msgspec.structs.replace(found, hours=hours))
    kinds = [bit.kind for bit in pic.bits]
    assert (kinds.count("simulated"), kinds.count("formula"), kinds.count("band")) == (2 * 2 + 1, 4 * 2 + 1, 4 * 2 + 1)
    panel = Panel(pic, 0, {"en": "", "zh": ""}, 20, top(max(h.replayed_wait[2] for h in hours)), 8)
    seen = next(bit.path for bit in pic.bits if bit.kind == "simulated")
    x, y = (float(part) for part in seen.removeprefix("M").partition("L")[0].split())
    assert (x, y) == pytest.approx((panel.x(8), panel.y(hours[0].wait)), abs=0.1)
    alone = validate_picture(msgspec.structs.replace(found, hours=[msgspec.structs.replace(hours[0], wait=math.nan)]))
    assert [bit.kind for bit in alone.bits].count("simulated") == 1 + 1  # the share that gave up, and the legend


@pytest.mark.parametrize(("value", "end"), [(0.0, 0.001), (0.93, 1.0), (1.0, 1.0), (1.01, 1.2), (207.0, 240.0)])
def test_an_axis_ends_at_four_round_steps(value: float, end: float) -> None:
    assert top(value) == pytest.approx(end)


def test_words_and_json(sound: tuple[Validation, CallLog]) -> None:
    found, log = sound
    english, chinese = (render_validation(found, log, lang, width=200) for lang in ("en", "zh"))
    assert "fitted to 2026-03-02 08:00 - 2026-03-08 19:" in english
    assert "mean error of an hour" in english
    assert "坐席" in chinese
    assert "replayed" not in chinese
    content = msgspec.json.decode(validation_json(found, log))
    assert content["simtel"] == "validation/1"
    assert len(content["hours"]) == len(found.hours)
    hour = content["hours"][2]
    assert hour["error"]["wait"] == pytest.approx(hour["replayed_wait"][1] - hour["wait"])


def test_too_little_on_either_side_is_refused(rows: list[list[str]], tmp_path: Path) -> None:
    log = put(tmp_path, rows[:500])
    with pytest.raises(BadInput, match="no call to replay"):
        validate(log, NINTH, None, 2, 1)
    with pytest.raises(BadInput, match="the first comes on 2026-03-02"):
        validate(log, 0.0, None, 2, 1)
    with pytest.raises(BadInput, match="the fewest that give a law"):
        validate(log, NINTH - 7 * 86_400 + 8.1 * 3600, None, 2, 1)
    nobody = put(tmp_path, [[*row[:7], "", row[8]] for row in rows])
    with pytest.raises(BadInput, match="does not say who answered"):
        validate(nobody, NINTH, None, 2, 1)


def test_calls_are_expected_by_the_rates_of_each_weekday(sound: tuple[Validation, CallLog]) -> None:
    first = sound[0].first
    nine = np.zeros(24)
    nine[9] = 1.0
    types = tuple(
        DayType(name, weekdays, 1, rate * nine, rate * nine, rate * nine)
        for name, weekdays, rate in (("workday", (1, 2, 3, 4), 20.0), ("monday", (0,), 30.0), ("weekend", (5, 6), 1.0))
    )
    known = msgspec.structs.replace(first, arrivals=replace(first.arrivals, types=types))
    queued = (first.outcomes["answered"] + first.outcomes["abandoned"]) / first.calls
    for begin, days, calls in ((NINTH, 7, 30 + 4 * 20 + 2 * 1), (NINTH, 1, 30), (NINTH + 4 * 86_400, 2, 20 + 1)):
        assert _expected(known, begin, days)[9] == pytest.approx(calls * queued)
