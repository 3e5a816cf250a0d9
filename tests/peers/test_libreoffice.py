"""LibreOffice as examiner of workbooks: it works out every formula anew and must come to what the report says.

Needs soffice; .ci/run installs it. Its profile is told to recalculate whatever it loads, else it would show the values
that the workbook brings along; a workbook whose values are wrong shows that it does.
"""

import subprocess
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from simtel.cli.group import cli
from simtel.core import data
from simtel.quotes.costs import LOSSES, Cost, InUse, Rates, cost_over, total
from simtel.quotes.jury import RATES
from simtel.quotes.ranking import rank
from simtel.report.quotes.sheets import FIRST, Sheet, at, column, money
from simtel.report.quotes.summary import compared_sheets
from simtel.report.quotes.workbook import workbook
from simtel.scenario.collect import collect
from tests.report.quotes.compared import made, offers

PLANTED = Path(__file__).parents[1] / "quotes" / "planted.yaml"
ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


def recalculated(path: Path) -> Path:
    """The same workbook as LibreOffice saves it."""
    profile = path.parent / "profile"
    (profile / "user").mkdir(parents=True, exist_ok=True)
    (profile / "user" / "registrymodifications.xcu").write_text(ALWAYS, encoding="utf-8")
    out = path.parent / "again"
    words = [
        "soffice",
        f"-env:UserInstallation=file://{profile}",
        "--headless",
        "--convert-to",
        "xlsx",
        "--outdir",
        out,
    ]
    subprocess.run([*words, path], check=True, capture_output=True, timeout=55)
    return out / path.name


def values(path: Path) -> dict[tuple[str, str], object]:
    book = openpyxl.load_workbook(path, data_only=True)
    return {(page.title, cell.coordinate): cell.value
            for page in book for row in page.iter_rows() for cell in row if cell.value is not None}  # fmt: skip


def agree(path: Path) -> dict[tuple[str, str], object]:
    """See that each cell of the workbook, worked out anew, is what it was; its values."""
    ours, theirs = values(path), values(recalculated(path))
    assert ours.keys() == theirs.keys()
    for place, value in ours.items():
        assert theirs[place] == (value if isinstance(value, str) else pytest.approx(value)), place
    formulas = openpyxl.load_workbook(path)
    assert sum(cell.data_type == "f" for page in formulas for row in page.iter_rows() for cell in row) > 100
    return theirs


def test_what_libreoffice_works_out_is_what_the_report_says(tmp_path: Path) -> None:
    path = tmp_path / "quotes.xlsx"
    words = ["--lang", "zh", "quote", "check", "option-1", "option-2", "today", str(PLANTED), "--xlsx", str(path)]
    done = CliRunner().invoke(cli, words)
    assert done.exit_code == 1, done.output
    assert {392_000, 250_000, 256_000, 166_400, 12_500} <= {*agree(path).values()}
    assert "¥392,000.00" in done.output


@pytest.mark.timeout(240)  # three options are tried out
def test_costs_and_ranking_of_a_comparison_come_out_the_same(tmp_path: Path) -> None:
    path = tmp_path / "compared.xlsx"
    path.write_bytes(workbook(compared_sheets(made(), offers(), collect([data.scenarios()]), "en"), "en"))
    agree(path)


@pytest.mark.timeout(240)
def test_costs_and_ranking_follow_what_is_changed_in_a_comparison(tmp_path: Path) -> None:
    """One agent licence more, the offer at half of the list, dearer power: as the comparison itself reckons it."""
    sheets = compared_sheets(made(), offers(), collect([data.scenarios()]), "en")
    _, prices, _, _, rates, costs, ranking, *_ = sheets
    path = tmp_path / "changed.xlsx"
    path.write_bytes(workbook(sheets, "en"))
    book = openpyxl.load_workbook(path)
    page = book[prices.name]
    (line,) = [row for row in range(FIRST, page.max_row) if "agent" in str(page.cell(row, 3).value).casefold()
               and isinstance(page.cell(row, 6).value, int)][:1]  # fmt: skip
    page.cell(line, 5).value += 1
    page[prices.places["share"][0]] = 0.5
    book[rates.name][rates.places["tariff"][0]] = 8.0
    book.save(path)
    found = values(recalculated(path))
    one, buyer = made().options[0].readings[0], made().buyer
    listed = one.used.listed + page.cell(line, 6).value
    used = replace(one.used, listed=listed, price=listed / 2)
    known = {name: buyer.figures[name].value for name in RATES} | {"tariff": 8.0}
    due = cost_over(used, Rates(**known), made().years)
    for cost in due:
        assert found[costs.name, costs.places[f"0 {cost.id}"][0]] == pytest.approx(cost.total), cost.id
    places = rank([{**one.figures, "cost": total(due, LOSSES)},
                   *({**each.readings[0].figures, "cost": total(_dear(each.readings[0].used, known), LOSSES)}
                     for each in made().options[1:])], buyer.scales)  # fmt: skip
    for place in places:
        row = 3 + len(places) + place.option
        assert found[ranking.name, at(2, row)] == place.place
        assert found[ranking.name, at(3, row)] == pytest.approx(place.score)


def _dear(used: InUse, known: dict[str, float]) -> tuple[Cost, ...]:
    return cost_over(used, Rates(**known), made().years)


def test_a_wrong_value_beside_a_formula_is_seen(tmp_path: Path) -> None:
    rows = ((money(Decimal(3)), money(Decimal(7), f"={at(0, 0)}*2")),)
    path = tmp_path / "wrong.xlsx"
    path.write_bytes(workbook([Sheet("one", "one", ("a", "b"), (9, 9), rows, "CNY")], "en"))
    assert values(path)["one", f"{column(1)}4"] == 7
    assert values(recalculated(path))["one", "B4"] == 6
