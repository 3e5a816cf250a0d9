"""`simtel quote import` writes a quote that can be checked, says what it left out, and never writes half a file."""

from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from simtel.cli.group import cli
from tests.quotes.sheets.books import HEAD, book, both_options


def simtel(*words: object, lang: str = "en") -> Result:
    return CliRunner().invoke(cli, ["--lang", lang, *map(str, words)], env={"COLUMNS": "200"})


@pytest.fixture
def offer(tmp_path: Path) -> Path:
    return both_options(tmp_path / "offer.xlsx")


def test_an_option_is_imported_and_checked(offer: Path) -> None:
    output = offer.with_name("option-1.yaml")
    done = simtel("quote", "import", offer, "--option", "1", "-o", output)
    assert done.exit_code == 0, done.output
    assert f"{output}: 11 lines read; to be looked at: 0" in done.stdout
    assert "names and numbers of persons left out: 3" in done.stderr
    checked = simtel("quote", "check", output)
    assert checked.exit_code == 0
    assert "list total: CNY 392,000.00" in checked.output
    assert "offer: CNY 250,000.00" in checked.output
    assert simtel("check", output).exit_code == 0


def test_what_cannot_be_read_is_told_in_the_language_asked_for(offer: Path) -> None:
    output = offer.with_name("option-2.yaml")
    done = simtel("quote", "import", offer, "--option", "方案二", "-o", output, lang="zh")
    assert done.exit_code == 0
    assert f"{offer}: 报价单!H22: '1664..' 不是数字" in done.stderr
    assert output.read_text("utf-8").startswith("# 报价单!H22: '1664..' 不是数字\n")
    assert simtel("quote", "check", output).exit_code == 3


def test_without_an_output_it_is_printed(offer: Path) -> None:
    done = simtel("quote", "import", offer, "--option", "1", "--seats", "40", "--spans", "3")
    assert yaml.safe_load(done.stdout)["for"] == {"seats": 40, "spans": 3}


def test_nothing_is_written_over_unless_asked_for_and_never_the_spreadsheet(offer: Path) -> None:
    output = offer.with_name("kept.yaml")
    output.write_text("mine", "utf-8")
    words = ("quote", "import", offer, "--option", "1", "-o")
    done = simtel(*words, output)
    assert done.exit_code == 2
    assert "--force writes over it" in done.stderr
    assert output.read_text("utf-8") == "mine"
    assert simtel(*words, output, "--force").exit_code == 0
    assert output.read_text("utf-8") != "mine"
    before = offer.read_bytes()
    assert "is the spreadsheet itself" in simtel(*words, offer, "--force").stderr
    assert offer.read_bytes() == before


def test_nothing_is_written_of_a_spreadsheet_that_is_refused(tmp_path: Path) -> None:
    (tmp_path / "offer.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100))
    done = simtel("quote", "import", tmp_path / "offer.xls", "-o", tmp_path / "offer.yaml")
    assert done.exit_code == 2
    assert "is a file of Excel before 2007 (.xls)" in done.stderr
    assert "save it as .xlsx" in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["offer.xls"]
    assert simtel("quote", "import", tmp_path / "none.xlsx").exit_code == 2


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["price"], "'' is no column; write price=F"),
        (["price=7"], "'7' is no column"),
        (["prise=F"], "did you mean 'price'?"),
        (["price=F", "amount=F"], "'amount=F' is given twice"),
    ],
)
def test_columns_that_make_no_sense(tmp_path: Path, words: list[str], told: str) -> None:
    done = simtel("quote", "import", tmp_path / "any.xlsx", *(part for word in words for part in ("--column", word)))
    assert done.exit_code == 2
    assert told in done.stderr


def test_names_like_formulas_are_written_as_text(tmp_path: Path) -> None:
    names = ["+1 board", "@SUM(A1)", "- dash", "{x: [y", "#no comment", 'say "so" \\ ', "yes", "2026-01-01", "1e3"]
    path = book(tmp_path / "offer.xlsx", [HEAD, *(["1", name, "set", 1, 10, 10] for name in names)])
    done = simtel("quote", "import", path, "--currency", "CNY")
    assert [line["name"]["en"] for line in yaml.safe_load(done.stdout)["lines"]] == [name.strip() for name in names]
