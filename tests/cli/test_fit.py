"""`simtel fit` writes what it found, says what it dropped, and refuses with the place what it cannot use."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from simtel.cli.group import cli
from simtel.cli.show import Amount
from simtel.profiles.demand import read_demand
from simtel.report import pixels
from tests.sizing.logs import MAP, World, write_log


def simtel(*words: object) -> Result:
    return CliRunner().invoke(cli, [str(word) for word in words], env={"COLUMNS": "200"})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    here = tmp_path_factory.mktemp("fit")
    (here / "map.yaml").write_text(MAP, "utf-8")
    write_log(here / "calls.csv", World(days=3, rate=60.0, agents=4))
    with (here / "calls.csv").open("a", encoding="utf-8") as file:
        file.write("x,y\n")
    return here


def test_files_and_words(folder: Path) -> None:
    done = simtel("fit", folder / "calls.csv", "--map", folder / "map.yaml", "-o", folder / "demand.yaml",
                  "--out", folder / "out", "--interval", "30min", "--lang", "zh")  # fmt: skip
    assert done.exit_code == 0, done.output
    assert "丢弃 1 行：字段数与第一行不同" in done.stdout
    assert sorted(path.name for path in (folder / "out").iterdir()) == ["fit.json", "fit.png", "fit.zh.png"]
    demand = read_demand(folder / "demand.yaml")
    assert demand.days[0].interval == 1800.0
    assert demand.talk.mean == pytest.approx(150.0, rel=0.1)
    assert simtel("check", folder / "demand.yaml", folder / "map.yaml").exit_code == 0


def test_much_that_is_dropped_is_told_before_all_else(folder: Path) -> None:
    lines = (folder / "calls.csv").read_text("utf-8").splitlines()
    (folder / "torn.csv").write_text("\n".join([*lines, *["x,y"] * (len(lines) // 20)]), "utf-8")
    words = ("fit", "--map", folder / "map.yaml", "-o", folder / "torn.yaml", "--lang", "en")
    assert "4.8% of the rows could not be used" in simtel(*words, folder / "torn.csv").stderr
    assert "could not be used" not in simtel(*words, folder / "calls.csv").stderr


def test_nothing_is_written_when_the_log_is_no_use(folder: Path) -> None:
    (folder / "empty.csv").write_text("number,start\n", "utf-8")
    done = simtel(
        "fit", folder / "empty.csv", "--map", folder / "map.yaml", "-o", folder / "never.yaml", "--lang", "en"
    )
    assert done.exit_code == 2
    assert "map.yaml:8:17: " in done.stderr
    assert "has no column 'ivr'" in done.stderr
    assert not (folder / "never.yaml").exists()


def test_a_folder_that_is_not_there_is_told_before_the_log_is_read(folder: Path) -> None:
    words = ("fit", folder / "broken.csv", "--map", folder / "map.yaml", "--lang", "en")
    (folder / "broken.csv").write_text("no log at all\n", "utf-8")
    done = simtel(*words, "-o", folder / "nodir" / "x.yaml")
    assert done.exit_code == 2
    assert "x.yaml: cannot be written: No such file or directory" in done.stderr
    assert not (folder / "nodir").exists()


def test_a_log_of_no_use_tells_why_its_rows_were_dropped(folder: Path) -> None:
    (folder / "dates.csv").write_text((folder / "calls.csv").read_text("utf-8").replace("2026-", "26/"), "utf-8")
    done = simtel("fit", folder / "dates.csv", "--map", folder / "map.yaml", "--lang", "en")
    assert done.exit_code == 2
    assert "holds 0 answered calls" in done.stderr
    assert "dropped: an instant that is missing, or written in none of the formats (lines 2, 3, 4 ...)" in done.stderr


def test_a_file_of_another_kind_is_told_where_it_belongs(folder: Path) -> None:
    (folder / "demand2.yaml").write_text("simtel: demand/1\n", "utf-8")
    done = simtel("fit", folder / "calls.csv", "--map", folder / "demand2.yaml", "--lang", "en")
    assert done.exit_code == 2
    assert "is a demand" in done.stderr


def test_validate_shows_the_error_and_refuses_a_day_that_is_none(folder: Path) -> None:
    lines = (folder / "calls.csv").read_text("utf-8").splitlines()
    (folder / "some.csv").write_text("\n".join([*lines, *["x,y"] * (len(lines) // 20)]), "utf-8")
    words = ("validate", folder / "some.csv", "--map", folder / "map.yaml", "--lang", "zh")
    done = simtel(*words, "--fit-until", "2026-03-04", "--replications", 3, "--out", folder / "off")
    assert done.exit_code == 0, done.output
    assert sorted(path.name for path in (folder / "off").iterdir()) == [
        "validate.png", "validate.zh.png", "validation.json",
    ]  # fmt: skip
    assert "平均误差" in done.stdout
    assert "4.8% 的行无法使用" in done.stderr
    assert simtel(*words, "--fit-until", "tomorrow").exit_code == 2
    early = simtel(*words, "--fit-until", "2026-03-01")
    assert early.exit_code == 2
    assert "第一个呼叫在 2026-03-02" in early.stderr
    late = simtel(*words, "--fit-until", "2027-01-01")
    assert late.exit_code == 2
    assert "没有可重放的呼叫" in late.stderr


def test_on_a_machine_without_a_chinese_font_pictures_are_in_english_and_that_is_said(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(pixels.FONTS, "zh", ("No Such Font",))
    pixels._fonts.cache_clear()
    words = ("validate", folder / "calls.csv", "--map", folder / "map.yaml", "--fit-until", "2026-03-04",
             "--replications", 3, "--out", folder / "boxes")  # fmt: skip
    try:
        chinese, english = simtel(*words, "--lang", "zh"), simtel(*words, "--lang", "en")
    finally:
        pixels._fonts.cache_clear()
    assert (chinese.exit_code, english.exit_code) == (0, 0), chinese.output
    assert "图片（PNG）为英文" in chinese.stderr
    assert "PNG" not in english.stderr
    assert (folder / "boxes" / "validate.zh.png").read_bytes() == (folder / "boxes" / "validate.png").read_bytes()


def test_how_much_is_done_is_said_on_one_line_of_a_terminal_and_elsewhere_each_minute(
    capsys: pytest.CaptureFixture[str],
) -> None:
    instants = iter([0.0, 0.05, 0.1, 3.0, 3.0])
    amount = Amount(True, clock=lambda: next(instants))
    for done in (1, 2, 3, 4):
        amount(done << 20, 4 << 20)
    said = "\r 25% 1/4 MiB 0:00\r 75% 3/4 MiB 0:03\r100% 4/4 MiB 0:03\n"  # click takes colours and moves off here
    assert capsys.readouterr().err == said
    instants = iter([0.0, 59.0, 61.0, 62.0, 122.0])
    amount = Amount(False, "calls", 1, lambda: next(instants))
    for done in (1, 2, 3, 4):
        amount(done, 4)
    assert capsys.readouterr().err == " 50% 2/4 calls 1:01\n100% 4/4 calls 2:02\n"
