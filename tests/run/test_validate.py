"""The second part of a log against the laws of the first: near where they hold, and told where they do not."""

from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest

from simtel.core.problems import BadInput
from simtel.profiles.columns import read_columns
from simtel.report.validate_table import mean_errors, render_validation, validation_json
from simtel.run.calllog import CallLog
from simtel.run.validate import Validation, validate
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
    assert found.total.calls == len(after)
    assert found.total.gave_up == pytest.approx(sum(row[8] == "gone" for row in after) / len(after))
    assert found.days == 7
    assert found.first.calls == sum(row[1] < "2026-03-09" for row in rows)
    assert found.total.expected == pytest.approx(found.total.calls, rel=0.05)
    assert found.total.replayed_wait[1] == pytest.approx(found.total.wait, rel=0.25)
    assert found.total.replayed_gave_up[1] == pytest.approx(found.total.gave_up, abs=0.015)
    assert {hour.hour for hour in found.hours} >= set(range(8, 20))
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
    with pytest.raises(BadInput, match="the fewest that give a law"):
        validate(log, 0.0, None, 2, 1)
    nobody = put(tmp_path, [[*row[:7], "", row[8]] for row in rows])
    with pytest.raises(BadInput, match="does not say who answered"):
        validate(nobody, NINTH, None, 2, 1)
