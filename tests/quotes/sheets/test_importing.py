"""Sheets as vendors make them: what is read, with its cell, what is unreadable, what is asked."""

import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from simtel.core.i18n import told
from simtel.core.problems import BadInput
from simtel.profiles.catalogue import read_devices
from simtel.quotes.arithmetic import Kind, check
from simtel.quotes.quote import Quote, find_quote, read_quote
from simtel.quotes.sheets.draft import Draft
from simtel.quotes.sheets.figures import State
from simtel.quotes.sheets.importing import Asked, import_quote
from simtel.quotes.sheets.writing import quote_file
from tests.quotes.sheets.books import HEAD, OFFERS, book, both_options

DEVICES = read_devices()
LINE = ["1", "Platform", "set", 2, 45000, 90000]


def drawn(path: Path, rows: Any, asked: Asked | None = None, merged: Any = ()) -> Draft:
    return import_quote(book(path / "offer.xlsx", rows, merged), asked or Asked(currency="CNY"))


def said(draft: Draft) -> list[str]:
    return [f"{one.cell}: {told(one.message, 'en')}" for one in draft.findings]


def quote_of(draft: Draft) -> Quote:
    return read_quote(quote_file(draft, "offer", 20, 2, "en"), DEVICES)


def figures(draft: Draft) -> list[tuple[Any, Any, Any]]:
    return [(line.quantity.value, line.price.value, line.amount.value) for line in draft.lines]


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return both_options(tmp_path_factory.mktemp("both") / "报价.xlsx")


@pytest.mark.parametrize(
    ("option", "total", "offer"), [("1", 392000, 250000), ("方案一", 392000, 250000), ("2", 256000, None)]
)
def test_two_options_side_by_side_come_to_their_totals(both: Path, option: str, total: int, offer: int | None) -> None:
    draft = import_quote(both, Asked(option=option))
    quote = quote_of(draft)
    checked = check(quote)
    assert checked.summed is not None
    assert (checked.summed.amount, checked.summed.currency, checked.wrong) == (total, "CNY", False)
    assert quote.totals["list"].value == total
    assert quote.totals["offer"].value == offer
    assert [line.item for line in quote.lines] == [number for number, _, unit, *_ in OFFERS if unit]
    assert (quote.vendor, quote.date) == ("某某通信技术有限公司", "2026-11-01")
    assert quote.warranty_years is not None
    assert quote.valid_days is not None
    assert (quote.warranty_years.value, quote.valid_days.value) == (3, 60)
    assert set(quote.terms) == {"maintenance", "payment", "delivery"}


def test_what_is_cut_off_is_unreadable_with_its_cell(both: Path) -> None:
    draft = import_quote(both, Asked(option="2"))
    offer = quote_of(draft).totals["offer"]
    assert (offer.value, offer.print, offer.cell) == (None, "1664..", "报价单!H22")
    assert said(draft) == ["报价单!H22: '1664..' is no number"]
    assert [one.cell for one in check(quote_of(draft)).findings if one.kind is Kind.UNREADABLE] == ["报价单!H22"]


def test_every_figure_has_its_cell(both: Path) -> None:
    line = import_quote(both, Asked(option="1")).lines[1]
    cells = [line.cell, line.quantity.cell, line.price.cell, line.amount.cell]
    assert cells == ["报价单!B8", "报价单!E8", "报价单!D8", "报价单!F8"]


def test_persons_and_their_numbers_are_counted_and_written_nowhere(both: Path) -> None:
    draft = import_quote(both, Asked(option="1"))
    written = quote_file(draft, "offer", 20, 2, "zh").decode()
    assert draft.private == 3
    for private in ("张三", "李四", "13800138000", "12345678"):
        assert private not in written


def test_which_option_is_asked_and_which_there_are(both: Path) -> None:
    for option in ("", "3", "方案", "x"):
        with pytest.raises(BadInput, match=r"1 \(方案一：全部更换\), 2 \(方案二：扩容利旧\)"):
            import_quote(both, Asked(option=option))


def test_supplied_by_the_buyer_included_and_optional(both: Path, tmp_path: Path) -> None:
    lines = {line.name: line for line in import_quote(both, Asked(option="1")).lines}
    assert lines["CRM服务器"].by_buyer
    assert lines["外拨模块（可选）"].optional
    draft = drawn(tmp_path, [HEAD, LINE, ["2", "Training", "day", 2, "included", "/"]])
    assert (draft.lines[1].price.state, draft.lines[1].amount.state) == (State.INCLUDED, State.BLANK)
    assert quote_of(draft).lines[1].price is not None


def test_english_sheet_with_subtotals_discount_tax_and_terms(tmp_path: Path) -> None:
    rows = [
        ["QUOTATION"], ["Vendor:", "Example Telecom Ltd."], ["Date:", "2026-03-31"], ["Attn:", "Jane Roe"],
        ["All prices in USD"],
        ["Item", "Description", "Model", "UoM", "Qty", "Unit Price (USD)", "Total", "Remarks"],
        ["1", "Hardware"], ["1.1", "Media platform", "LPT-2000-ds", "set", 2, 45000, 90000],
        ["1.2", "E1 module", "1E1", "pcs", "2", "$18,000.00", "36,000.00"],
        ["", "Subtotal", None, None, None, None, 126000],
        ["2", "Software"], ["2.1", "Agent licence", None, "ch", 20, 2000, 40000, "call +86 10 1234 5678"],
        ["Sub-total", None, None, None, None, None, 40000], ["Grand Total", None, None, None, None, None, 166000],
        ["Special discount 10%", None, None, None, None, None, -16600],
        ["Net total", None, None, None, None, None, 149400],
        ["VAT", None, None, None, None, 0.13, 19422], ["Total incl. VAT", None, None, None, None, None, 168822],
        ["Warranty: 36 months"], ["Payment: 30% down, balance on acceptance"], ["Valid 90 days"],
        ["Sales manager: John Doe"],
        ["Kind regards"],
    ]  # fmt: skip
    draft = drawn(tmp_path, rows, Asked())
    quote = quote_of(draft)
    assert (quote.vendor, quote.date, quote.currency) == ("Example Telecom Ltd.", "2026-03-31", "USD")
    assert [line.name["en"] for line in quote.lines] == ["Media platform LPT-2000-ds", "E1 module 1E1", "Agent licence"]
    totals = {key: None if one.value is None else int(one.value) for key, one in quote.totals.items()}
    assert totals == {"list": 166000, "discount": 16600, "offer": 149400, "tax": 19422, "total": 168822}
    assert [one.subtotal.value for one in quote.sections if one.subtotal] == [126000, 40000]
    assert (quote.warranty_years.value, quote.valid_days.value) == (3, 90)  # type: ignore[union-attr]
    assert not check(quote).wrong
    assert "1234" not in quote_file(draft, "offer", 20, 2, "en").decode()
    assert any("not understood" in one for one in said(draft))  # Kind regards


@pytest.mark.parametrize(
    ("encoding", "delimiter"), [("utf-8-sig", ","), ("utf-8", ";"), ("gb18030", "\t"), ("utf-16", "|")]
)
def test_text_tables_in_any_usual_encoding(tmp_path: Path, encoding: str, delimiter: str) -> None:
    rows = [["报价单"], ["序号", "名称", "单位", "单价(元)", "数量", "金额(元)"],
            ["1", '"平台, 热备"', "台", '"45,000.00"', "２", "9万"],
            ["合计", "", "", "", "", '"¥90,000.00"'], [], ["人民币（大写）：玖万元整"]]  # fmt: skip
    text = "\r\n".join(delimiter.join(row) for row in rows)
    (tmp_path / "offer.csv").write_bytes(text.encode(encoding))
    draft = import_quote(tmp_path / "offer.csv", Asked())
    assert figures(draft) == [(2, 45000, 90000)]
    assert draft.lines[0].name == "平台, 热备"
    assert (draft.currency, draft.totals["list"].value, draft.totals["list"].cell) == ("CNY", 90000, "F4")
    assert said(draft) == []


def test_options_in_a_text_table_whose_merged_headings_are_blank(tmp_path: Path) -> None:
    text = "名称,单位,单价（元）,方案一,,方案二,\n,,,数量,金额,数量,金额\n平台,台,10,1,10,3,30\n合计,,,,10,,30\n"
    (tmp_path / "offer.csv").write_text(text, "utf-8")
    assert figures(import_quote(tmp_path / "offer.csv", Asked(option="方案一"))) == [(1, 10, 10)]
    second = import_quote(tmp_path / "offer.csv", Asked(option="2"))
    assert (figures(second), second.totals["list"].value) == ([(3, 10, 30)], 30)


def test_options_below_each_other(tmp_path: Path) -> None:
    rows = [["方案一"], HEAD, LINE, ["Total", None, None, None, None, 90000],
            ["方案二"], HEAD, ["1", "Platform", "set", 1, 45000, 45000],
            ["Total", None, None, None, None, 45000]]  # fmt: skip
    assert figures(drawn(tmp_path, rows, Asked(option="方案二", currency="CNY"))) == [(1, 45000, 45000)]
    first = drawn(tmp_path, rows, Asked(option="1", currency="CNY"))
    assert (figures(first), first.totals["list"].value) == ([(2, 45000, 90000)], 90000)


def test_headings_that_come_again_on_a_new_page_begin_no_table(tmp_path: Path) -> None:
    draft = drawn(tmp_path, [HEAD, LINE, HEAD, LINE, ["Total", None, None, None, None, 180000]])
    assert (len(draft.lines), draft.totals["list"].value) == (2, 180000)


def test_a_quantity_with_a_unit_in_it_is_named_by_its_cell(tmp_path: Path) -> None:
    draft = drawn(tmp_path, [HEAD, ["1", "Core channels", None, "24 路", 3000, 72000]])
    assert said(draft) == ["报价!D2: '24 路' holds more than a number"]
    (found,) = [one for one in check(quote_of(draft)).findings if one.cell == "报价!D2"]
    assert found.kind is not None


def test_a_currency_of_its_own_and_a_sign_of_several(tmp_path: Path) -> None:
    draft = drawn(tmp_path, [HEAD, LINE, ["2", "Card", "pcs", 1, "USD 10", "$10"]])
    assert (draft.lines[1].price.currency, draft.lines[1].amount.state) == ("USD", State.UNREADABLE)
    assert said(draft) == [
        "报价!E3: is in USD, the quote in CNY",
        "报价!F3: has the sign of another currency, and of several",
    ]


def test_the_currency_is_asked_for_where_nothing_says_it(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"does not say which currency.*\n.*--currency CNY"):
        drawn(tmp_path, [HEAD, LINE], Asked())


def test_formulas_without_a_stored_result_are_unreadable(tmp_path: Path) -> None:
    draft = drawn(tmp_path, [HEAD, ["1", "Platform", "set", 2, 45000, "=D2*E2"]])
    assert draft.lines[0].amount.state is State.UNREADABLE
    assert [one.partition(", or")[0] for one in said(draft)] == ["报价!F2: a formula whose result is not stored"]


def test_hidden_rows_columns_and_sheets_are_read_and_said(tmp_path: Path) -> None:
    made = Workbook()
    cover, sheet = made.active, made.create_sheet("Prices")
    cover.append(["See the prices"])
    for row in (HEAD, LINE, LINE):
        sheet.append(row)
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["E"].hidden = True
    sheet.sheet_state = "hidden"
    made.save(tmp_path / "offer.xlsx")
    draft = import_quote(tmp_path / "offer.xlsx", Asked(currency="CNY"))
    assert len(draft.lines) == 2
    assert [one.split(":")[0] for one in said(draft)] == ["Prices!B3", "Prices!E1", "Prices"]
    assert all("hidden" in one for one in said(draft))


def test_several_sheets_with_tables_are_asked_for(tmp_path: Path) -> None:
    made = Workbook()
    for name, count in (("A", 1), ("B", 2)):
        sheet = made.create_sheet(name)
        sheet.append(HEAD)
        sheet.append(["1", "Platform", "set", count, 5, 5 * count])
    made.save(tmp_path / "offer.xlsx")
    with pytest.raises(BadInput, match=r"in several sheets\n.*--sheet: 'Sheet', 'A', 'B'"):
        import_quote(tmp_path / "offer.xlsx", Asked(currency="CNY"))
    with pytest.raises(BadInput, match="has no sheet 'C'"):
        import_quote(tmp_path / "offer.xlsx", Asked("C", currency="CNY"))
    assert figures(import_quote(tmp_path / "offer.xlsx", Asked("B", currency="CNY"))) == [(2, 5, 10)]


def test_columns_that_are_named_need_no_headings(tmp_path: Path) -> None:
    rows = [["Offer"], ["Artikel", "Stück", "Preis"], ["Platform", 2, 45000], ["E1", 2, 18000]]
    with pytest.raises(BadInput, match="--column name=B"):
        drawn(tmp_path, rows)
    draft = drawn(tmp_path, rows, Asked(columns={"name": 1, "quantity": 2, "price": 3}, currency="EUR"))
    assert figures(draft) == [(2, 45000, None), (2, 18000, None)]


def test_two_columns_for_the_same_thing_are_asked_for(tmp_path: Path) -> None:
    rows = [["Description", "Qty", "Price", "Amount", "Total"], ["Platform", 2, 5, 10, 11]]
    with pytest.raises(BadInput, match=r"more than one column is for 'amount'\n.*--column amount=F"):
        drawn(tmp_path, rows)
    assert figures(drawn(tmp_path, rows, Asked(columns={"amount": 4}, currency="CNY"))) == [(2, 5, 10)]


def test_figures_in_ten_thousands_merged_figures_and_rows_without_a_name(tmp_path: Path) -> None:
    rows = [["名称", "数量", "单价（万元）", "金额（万元）"], ["平台", 2, 4.5, 9], ["板卡", 2, 1.8, None],
            [None, None, None, 77], ["合计", None, None, 9]]  # fmt: skip
    draft = drawn(tmp_path, rows, Asked(), merged=["D2:D3"])
    assert figures(draft) == [(2, 45000, 90000), (2, 18000, None)]
    assert (draft.totals["list"].value, draft.currency) == (90000, "CNY")
    assert said(draft) == [
        "报价!D2: one figure for the rows 2 to 3: taken for the first",
        "报价!D4: a figure without a name: left out",
    ]


def test_words_that_belie_the_figures(tmp_path: Path) -> None:
    draft = drawn(tmp_path, [HEAD, LINE, ["合计", None, None, None, None, 90000], ["大写：捌万元整"]])
    assert said(draft) == ["报价!A4: in words 80,000, which is none of the sums in figures"]


def test_links_to_other_files_are_said(tmp_path: Path) -> None:
    path = book(tmp_path / "offer.xlsx", [HEAD, LINE])
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"].replace(b"<v>45000</v>", b"<f>[1]List!B2</f><v>45000</v>")
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in (parts | {"xl/worksheets/sheet1.xml": sheet}).items():
            archive.writestr(name, content)
    draft = import_quote(path, Asked(currency="CNY"))
    assert draft.lines[0].price.value == Decimal(45000)
    assert said(draft) == ["报价!E2: looks into another file; what was stored is taken"]


def test_the_order_of_lines_and_columns_changes_no_figure(tmp_path: Path) -> None:
    lines = [["1", "A", "set", 2, 10, 20], ["2", "B", "set", 3, 7, 21], ["3", "C", "pcs", "24 路", "1,000", "/"]]
    there = {line.name: line for line in drawn(tmp_path, [HEAD, *lines]).lines}
    turned = [row[::-1] for row in [HEAD, *lines[::-1]]]
    for line in drawn(tmp_path, turned).lines:
        before = there[line.name]
        for role in ("quantity", "price", "amount"):
            one, other = getattr(line, role), getattr(before, role)
            assert (one.state, one.value, one.print) == (other.state, other.value, other.print)


def test_no_number_to_call_is_written_wherever_it_stands(tmp_path: Path) -> None:
    number = "13800138000"
    rows = [
        [f"Offer, call {number}"], HEAD, LINE, ["2", "Card", number, 13800138000, 5, f"ask {number}"],
        [number, "Zhang San", None, None, None, "65%"], ["Total", None, None, None, None, number],
        [f"Valid: call {number}"],
    ]  # fmt: skip
    draft = drawn(tmp_path, rows)
    assert number not in quote_file(draft, "offer", 20, 2, "en").decode()
    assert "Zhang San" not in " ".join(said(draft))
    assert [line.quantity.state for line in draft.lines] == [State.NUMBER, State.UNREADABLE]
    assert draft.private > 4
    quote_of(draft)


@pytest.mark.parametrize(
    ("row", "unfit"),
    [
        (["2", "Card", "pcs", "¥5", 10, 50], "报价!D3: is no quantity or amount that could be ordered"),
        (["2", "Card", "pcs", -5, 10, -50], "报价!D3: is no quantity or amount that could be ordered"),
        (["2", "Card", "pcs", 5, "65%", 50], "报价!E3: is no quantity or amount that could be ordered"),
        (["2", "Card", "pcs", 5, 10, 10**13], "报价!F3: is larger than any amount of a quote"),
        (["Total", None, None, None, None, -90000], "报价!F3: is a sum below zero"),
        (["Valid 9999999999 days"], "报价!A3: 'Valid 9999999999 days' states no length of time that can be read"),
        (["Discount", None, None, None, None, "65%"],
         "报价!F3: a share that may be what is taken off or what is left: not carried over"),
    ],
)  # fmt: skip
def test_a_number_that_cannot_be_what_its_place_says(tmp_path: Path, row: list[object], unfit: str) -> None:
    draft = drawn(tmp_path, [HEAD, LINE, row])
    assert said(draft) == [unfit]
    quote_of(draft)


def test_an_imported_option_is_the_shipped_one(both: Path) -> None:
    for option in ("1", "2"):
        there = find_quote(f"option-{option}", DEVICES)
        here = quote_of(import_quote(both, Asked(option=option)))
        assert [(line.part, line.ordered, line.by_buyer) for line in here.lines] == [
            (line.part, line.ordered, line.by_buyer) for line in there.lines
        ]


@pytest.mark.parametrize(
    ("rows", "figures_", "totals"),
    [
        (  # columns with and without tax
            [["No.", "Product", "Qty", "Unit", "Unit price excl. VAT", "Amount", "VAT 13%",
              "Total incl. VAT"],
             [1, "Server", 2, "pc", 100, 200, 26, 226], ["Total", None, None, None, None, 200, 26, 226]],
            (2, 100, 200), {"list": 200},
        ),
        (  # a subtotal without sections is the list total, what is left after the discount the offer
            [HEAD, [1, "Gateway", "pc", 1, "$1,000", "$1,000"], [None, None, None, None, "Subtotal", "$1,000"],
             [None, None, None, None, "Discount 5%", "-$50"], [None, None, None, None, "Total", "$950"]],
            (1, 1000, 1000), {"list": 1000, "discount": 50, "offer": 950},
        ),
        (  # sums in the cell of their label
            [["序号", "设备名称", "规格型号", "单位", "数量", "单价(元)", "小计(元)"],
             [1, "平台", "X-1", "台", 2, 45000, 90000],
             ["总计：90,000元（大写：玖万元整）"], ["优惠后总价：8万元"]],
            (2, 45000, 90000), {"list": 90000, "offer": 80000},
        ),
        (  # more words about a line are no heading
            [HEAD, ["1", "Platform", "set", 1, 9, 9], [None, "with two power supplies"],
             ["Total", None, None, None, None, 9]],
            (1, 9, 9), {"list": 9},
        ),
    ],
)  # fmt: skip
def test_layouts(tmp_path: Path, rows: list[list[object]], figures_: tuple[int, ...], totals: dict[str, int]) -> None:
    draft = drawn(tmp_path, rows, Asked(currency="USD" if "$" in str(rows) else "CNY"))
    assert figures(draft) == [figures_]
    assert {key: one.value for key, one in draft.totals.items()} == totals
    assert draft.sections == []
    assert not check(quote_of(draft)).wrong


BLOCKS = [HEAD, ["1", "Platform", "set", 2, 45, 90], ["", "小计", None, None, None, 90], ["2", "Card", "pcs", 1, 5, 5],
          ["3", "折让", "项", -1, 5, -5], ["4", "Agent licence", "ch", 20, 2, 40]]  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "subtotals", "listed"),
    [
        ([*BLOCKS, ["合计", None, None, None, None, 130]], [90], 130),
        ([*BLOCKS, ["", "小计", None, None, None, 40], ["合计", None, None, None, None, 130]], [90, 40], 130),
        ([*BLOCKS, ["小计", None, None, None, None, 40], ["Subtotal", None, None, None, None, 130],
          ["Total", None, None, None, None, 130]], [90, 40], 130),
        ([*BLOCKS[:3], ["合计", None, None, None, None, 99]], [90], 99),
        (BLOCKS, [90], None),
    ],
)  # fmt: skip
def test_a_subtotal_under_no_heading_is_of_the_lines_since_the_one_before(
    tmp_path: Path, rows: list[list[object]], subtotals: list[int], listed: int | None
) -> None:
    quote = quote_of(drawn(tmp_path, rows))
    assert [one.subtotal.value for one in quote.sections if one.subtotal] == subtotals
    assert {key: one.value for key, one in quote.totals.items()} == ({"list": listed} if listed else {})
    wrong = [one for one in check(quote).findings if one.kind is Kind.SUM]
    assert bool(wrong) is (listed == 99)  # which is not what the lines come to


def test_a_number_below_zero_is_a_number_that_nobody_can_order(tmp_path: Path) -> None:
    (found,) = [one for one in check(quote_of(drawn(tmp_path, BLOCKS))).findings if one.kind is Kind.NUMBER]
    assert told(found.said, "en") == "quantity of line 3: '-1' is a number, and none that can be ordered"


@pytest.mark.parametrize(("option", "amount"), [("1", 10), ("方案二", 18)])
def test_options_of_which_only_the_amounts_differ(tmp_path: Path, option: str, amount: int) -> None:
    rows = [["名称", "单位", "方案一报价", "方案二报价"], ["平台", "台", 10, 18], ["合计", None, 10, 18]]
    draft = drawn(tmp_path, rows, Asked(option=option, currency="CNY"))
    assert (draft.lines[0].amount.value, draft.totals["list"].value) == (amount, amount)


@pytest.mark.parametrize(("says", "included"), [("以上报价含13%增值税", True), ("报价不含增值税", False),
                                                ("Prices excl. VAT", False),
                                                ("VAT included", True), ("开具增值税发票", None)])  # fmt: skip
def test_whether_tax_is_in_it(tmp_path: Path, says: str, included: bool | None) -> None:
    assert drawn(tmp_path, [HEAD, LINE, [says]]).tax_included is included
