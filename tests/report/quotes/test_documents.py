"""What is handed on about quotes says what the data says, and no text of a quote becomes a formula."""

import io
from decimal import Decimal
from functools import cache
from pathlib import Path

import openpyxl
import pytest

from simtel.core import data
from simtel.profiles.catalogue import read_devices
from simtel.quotes.arithmetic import check
from simtel.quotes.gaps import gaps
from simtel.quotes.quote import find_quote, read_quote
from simtel.quotes.readings import reading
from simtel.quotes.trial import Met
from simtel.report.claims import speaks_of
from simtel.report.quotes.acceptance import acceptance_rows
from simtel.report.quotes.check import Meant
from simtel.report.quotes.deviations import TECHNICAL, Offer, Status, technical
from simtel.report.quotes.documents import documents
from simtel.report.quotes.money import exact, number_format, rounded
from simtel.report.quotes.sheets import Figure, Sheet, column, money, shown
from simtel.report.quotes.workbook import LONGEST, workbook
from simtel.scenario.collect import collect
from simtel.scenario.spec import Scenario
from simtel.verdict.outcome import Outcome

PLANTED = Path(__file__).parents[2] / "quotes" / "planted.yaml"
DEVICES = read_devices()


@cache
def library() -> tuple[Scenario, ...]:
    return tuple(collect([data.scenarios()]))


def offer_of(name: str | bytes, *words: str) -> Offer:
    quote = read_quote(name, DEVICES, "offer.yaml") if isinstance(name, bytes) else find_quote(name, DEVICES)
    taken = reading(quote, words)
    return quote, check(quote), Meant(taken, gaps(quote, taken, DEVICES), ()), ()


@cache
def tables(lang: str) -> list[Sheet]:
    return documents([offer_of(name) for name in ("option-1", "option-2", "today", str(PLANTED))], library(), lang)


def amounts(sheet: Sheet) -> dict[str, Figure]:
    """The rows below the lines, by their words."""
    return {str(row[2]): row[7] for row in sheet.rows if not row[0] and isinstance(row[7], Figure)}


def test_sheets_come_to_what_the_check_comes_to() -> None:
    _, first, second, today, planted, *_ = tables("en")
    assert amounts(first)["sum of the lines that count"].value == 392_000
    assert amounts(first)["offer"].value == 250_000
    assert amounts(first)["price per seat"].value == 12_500
    assert amounts(second)["list total"].value == 256_000
    assert amounts(second)["offer"] == money(Decimal(166_400), assumed=True)
    assert amounts(today)["offer"].value == 0
    wrong = [row[9].value for row in planted.rows if isinstance(row[9], Figure) and row[9].value]
    assert wrong == [-6000, -1000, -9000, 200]  # line 2, the sums, the list, the total with tax


def test_what_is_assumed_or_unreadable_is_marked() -> None:
    _, _, second, *_ = tables("en")
    offer = next(row for row in second.rows if row[2] == "offer")
    assert offer[8:] == ("1664", "", "offer: assumed")
    assert shown(offer[7], "CNY", "en") == "CNY 166,400.00*"
    planted = tables("en")[4]
    assert planted.rows[5][4] == "24 路"
    assert planted.rows[2][5] == "USD 400.00"  # of another currency: no figure of this sheet
    assert (planted.rows[2][7], planted.rows[2][6]) == ("", Figure(Decimal(0), *[planted.rows[2][6].form]))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_workbook_holds_every_cell_with_its_formula_and_its_value(lang: str) -> None:
    content = workbook(tables(lang), lang)
    formulas, values = (openpyxl.load_workbook(io.BytesIO(content), data_only=only) for only in (False, True))
    seen = 0
    for sheet in tables(lang):
        for number, row in enumerate(sheet.rows):
            for col, cell in enumerate(row):
                place = f"{column(col)}{number + 4}"
                one, value = formulas[sheet.name][place], values[sheet.name][place].value
                if isinstance(cell, str):
                    assert (one.value or "", one.data_type) == (cell, "s" if cell else "n")
                else:
                    assert value == pytest.approx(float(cell.value))
                    assert one.value == cell.formula if cell.formula else one.data_type == "n"
                    seen += bool(cell.formula)
    assert seen > 100


def test_text_stays_text_whatever_it_begins_with() -> None:
    names = ["=cmd|'/C calc'!A0", "+1+1", "-1", "@SUM(A1)", "https://example.org", "<b>&amp;", "x" * 40_000]
    lines = "".join(
        f"  - {{name: {{en: {name!r}}}, unit: {name[:9]!r}, quantity: 1, price: 2, amount: 2}}\n".replace("\\'", "'")
        if "'" not in name else f'  - {{name: {{en: "{name}"}}, unit: "=1", quantity: 1, price: 2, amount: 2}}\n'
        for name in names
    )  # fmt: skip
    hostile = (
        'simtel: quote/1\nid: hostile\ntitle: {en: "=1+1"}\ncurrency: CNY\nfor: {seats: 1, spans: 1}\nlines:\n' + lines
    )
    offers = [offer_of(hostile.encode()), offer_of(hostile.encode())]
    sheets = documents(offers, (), "en")
    book = openpyxl.load_workbook(io.BytesIO(workbook(sheets, "en")))
    known = {cell.formula for sheet in sheets for row in sheet.rows for cell in row if isinstance(cell, Figure)}
    for page in book:
        for row in page.iter_rows():
            for cell in row:
                assert cell.hyperlink is None
                assert cell.data_type != "f" or cell.value in known
    told = [book["2 hostile"][f"C{number}"].value for number in range(4, 11)]
    assert told == [name[:LONGEST] for name in names]
    assert len(set(book.sheetnames)) == len(sheets)


@pytest.mark.parametrize(
    ("amount", "currency", "en", "zh"),
    [
        ("392000", "CNY", "CNY 392,000", "39.2 万元"), ("250000", "CNY", "CNY 250,000", "25 万元"),
        ("9999.5", "CNY", "CNY 10,000", "¥10,000"), ("123456789", "CNY", "CNY 123,500,000", "12,346 万元"),
        ("-56000", "CNY", "CNY -56,000", "-5.6 万元"), ("0", "USD", "USD 0", "0 美元"),
        ("1234567", "JPY", "JPY 1,235,000", "123.5 万日元"),
    ],
)  # fmt: skip
def test_round_figures_as_each_language_has_them(amount: str, currency: str, en: str, zh: str) -> None:
    assert rounded(Decimal(amount), currency, "en") == en
    if currency != "USD":
        assert rounded(Decimal(amount), currency, "zh") == zh


def test_a_spreadsheet_shows_money_as_a_page_does() -> None:
    assert exact(Decimal(392000), "CNY", "zh") == "¥392,000.00"
    assert number_format("CNY", "zh") == '"¥"#,##0.00'
    assert number_format("CNY", "en") == '"CNY "#,##0.00'
    assert number_format("JPY", "en") == '"JPY "#,##0'


def test_a_requirement_is_what_its_worst_finding_makes_of_it() -> None:
    quote, _, meant, _ = offer_of("option-1")
    by_id = {one.id: one for one in library()}
    found = {one.about: one for one in technical(meant.gaps, (), by_id, "en")}
    assert list(found) == list(TECHNICAL)
    assert found["R3"].status is Status.NOT_OFFERED  # no headset
    assert found["R5"].status is Status.DEVIATES  # no LTS-1000T
    assert found["R13"].status is Status.NOT_STATED
    assert found["R4"].status is Status.TO_BE_SHOWN
    assert quote.id == "option-1"


def test_scenarios_prove_what_they_speak_of_and_no_more() -> None:
    by_id = {one.id: one for one in library()}
    name = "failover.active-server-crash"
    met = Met(name, Outcome.PASS, True, (), 0.0, "")
    kept = {one.about: one for one in technical((), [met], by_id, "en")}
    assert {kept[claim].status for claim in ("R1", "R2")} == {Status.COMPLIES}
    assert kept["R4"].status is Status.TO_BE_SHOWN  # the scenario does not name it
    failed = Met(name, Outcome.FAIL, True, ("cdr-exactly-once",), 0.0, "")
    kept = {one.about: one for one in technical((), [failed], by_id, "en")}
    assert kept["R16"].status is Status.DEVIATES
    assert "Active server crashes" in kept["R16"].proof[0]
    assert kept["R1"].status is not Status.DEVIATES  # call records that are wrong cut no call
    idle = Met(name, Outcome.FAIL, False, ("cdr-exactly-once",), None, "")
    assert {one.status for one in technical((), [idle], by_id, "en")} == {Status.TO_BE_SHOWN}


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_acceptance_test_asks_each_criterion_of_each_scenario_once(lang: str) -> None:
    rows = list(acceptance_rows(library(), lang))
    asked = [
        (one.id, wanted.criterion, wanted.subject)
        for one in library() if one.random is None
        for wanted in one.expect
        if any(speaks_of(wanted.criterion, claim) for claim in one.requirement if claim in TECHNICAL)
        and wanted.criterion not in ("conservation", "quiescence")
    ]  # fmt: skip
    assert len(rows) == len(asked)
    crash = next(row for row in rows if "failover.active-server-crash" in row[1] and "5 s" in row[3])
    assert crash[3] == ("≥ 100 %, ≤ 5 s" if lang == "en" else "≥ 100 %、≤ 5 s")
    assert crash[5:] == ("", "")  # to be filled in


def test_every_table_is_as_wide_as_its_heads_in_both_languages() -> None:
    for lang in ("en", "zh"):
        for sheet in tables(lang):
            assert {len(row) for row in sheet.rows} == {len(sheet.heads)} == {len(sheet.widths)}, sheet.name
