"""Texts around a table: each term in its place, what is not understood with its cell, and no person anywhere."""

from decimal import Decimal
from pathlib import Path

import pytest

from simtel.quotes.sheets.terms import clauses_of, term_kind
from simtel.quotes.sheets.writing import quote_file
from tests.quotes.sheets.books import HEAD
from tests.quotes.sheets.test_importing import LINE, drawn, quote_of, said

TERMS = ["含税13%，质保2年，报价有效期30天", "交货期：合同签订后45天；付款方式：预付30%，验收后付70%"]


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        (TERMS[0], [("tax", "含税13%"), ("warranty", "质保2年"), ("validity", "报价有效期30天")]),
        ("质保：三年，终身维护", [("warranty", "质保：三年"), ("maintenance", "终身维护")]),
        ("付款：预付30%，到货付60%，质保金10%一年后付清，含税13%",
         [("payment", "付款：预付30%，到货付60%，质保金10%一年后付清"), ("tax", "含税13%")]),
        ("合同签订后付30%，验收后付70%", [("payment", "合同签订后付30%，验收后付70%")]),
        ("硬件质保3年，软件质保1年", [("warranty", "硬件质保3年，软件质保1年")]),
        ("1、含税13% 2、质保2年 3、交货45天", [("tax", "含税13%"), ("warranty", "质保2年"), ("delivery", "交货45天")]),
        ("含税13% 质保2年", [("tax", "含税13%"), ("warranty", "质保2年")]),
        ("Warranty: 3 years Delivery: 4 weeks", [("warranty", "Warranty: 3 years"), ("delivery", "Delivery: 4 weeks")]),
        ("2 years warranty, valid for 30 days, 50% deposit",
         [("warranty", "2 years warranty"), ("validity", "valid for 30 days"), ("payment", "50% deposit")]),
        ("Payment: 1,000 down, balance on acceptance", [("payment", "Payment: 1,000 down, balance on acceptance")]),
        ("不含运费，安装、培训", [(kind, "不含运费，安装、培训") for kind in ("delivery", "installation", "training")]),
        ("项目名称：培训中心", [("", "项目名称：培训中心")]),
    ],
)  # fmt: skip
def test_a_text_is_cut_where_another_term_begins(text: str, terms: list[tuple[str, str]]) -> None:
    assert clauses_of(text) == (tuple(terms), False, False)


@pytest.mark.parametrize(
    ("text", "kept", "lost"),
    [
        ("质保2年，联系人：张三 13800138000，免费安装调试", ["质保2年", "免费安装调试"], False),
        ("质保2年，张三，电话：13800138000", ["质保2年"], False),
        ("张三13800138000质保2年，免费培训", ["免费培训"], True),
        ("李四负责安装，电话：13800138000", [], True),
        ("安装由李四负责，电话：13800138000", [], True),
        ("Warranty 2 years Contact: John Doe, sales", ["Warranty 2 years"], False),
        ("免费培训，13800138000，2年质保", ["免费培训", "2年质保"], False),
        ("免费培训，a@b.com", ["免费培训"], False),
    ],
)
def test_of_a_text_that_names_a_person_only_what_begins_as_a_term_is_kept(
    text: str, kept: list[str], lost: bool
) -> None:
    told = clauses_of(text)
    assert ([clause.text for clause in told.clauses], told.private, told.lost) == (kept, True, lost)


def test_every_term_that_is_known_has_a_word() -> None:
    assert [term_kind(word) for word in ("VAT", "交货期", "安装", "技术支持服务", "开具发票", "Kind regards")] == [
        "tax", "delivery", "installation", "maintenance", "tax", "",
    ]  # fmt: skip


@pytest.mark.parametrize("above", [True, False])
def test_terms_above_the_headings_and_below_the_sums_are_the_quotes(tmp_path: Path, above: bool) -> None:
    table = [HEAD, LINE, ["合计", None, None, None, None, 90000]]
    texts = [[text] for text in TERMS]
    draft = drawn(tmp_path, [["报价单"], *texts, *table] if above else [["报价单"], *table, *texts])
    quote = quote_of(draft)
    assert (draft.title, said(draft), quote.tax_included) == ("报价单", [], True)
    place = "报价!A2" if above else "报价!A5"
    for figure, value, text in (
        (quote.warranty_years, 2, "质保2年"), (quote.valid_days, 30, "报价有效期30天"),
        (quote.totals["tax_percent"], 13, "含税13%"),
    ):  # fmt: skip
        assert figure is not None
        assert (figure.value, figure.print, figure.cell, figure.basis) == (value, text, place, "quoted")
    assert quote.terms == {
        "tax": {"zh": "含税13%"}, "delivery": {"zh": "交货期：合同签订后45天"},
        "payment": {"zh": "付款方式：预付30%，验收后付70%"},
    }  # fmt: skip


def test_a_label_in_one_cell_and_its_term_in_the_next(tmp_path: Path) -> None:
    rows = [
        ["质保期：", "2年", None, "付款方式", "预付30%"],
        ["客户名称", "某某安装公司"],
        HEAD,
        LINE,
        ["交货期", None, "45天"],
    ]
    draft = drawn(tmp_path, rows)
    assert draft.warranty_years.value == 2
    assert draft.terms == {"payment": "付款方式 预付30%", "delivery": "交货期 45天"}
    assert said(draft) == []


def test_a_rate_of_tax_counts_only_where_it_is_said_whether_it_is_in_the_price(tmp_path: Path) -> None:
    rows = [HEAD, LINE, ["合计", None, None, None, None, 90000]]
    draft = drawn(tmp_path, [*rows, ["开具13%增值税专用发票"]])
    assert (draft.totals.keys(), draft.tax_included) == ({"list"}, None)
    draft = drawn(tmp_path, [*rows, ["以上价格不含税，税率13%"]])
    assert (draft.totals["tax_percent"].value, draft.tax_included) == (Decimal("0.13"), False)


def test_what_is_not_understood_or_cannot_be_read_is_said_with_its_cell(tmp_path: Path) -> None:
    rows = [
        ["报价单"],
        ["见附件三"],
        HEAD,
        LINE,
        ["质保：见合同"],
        ["质保2年，保修3年"],
        ["有效期30天"],
        ["有效期60天"],
    ]
    draft = drawn(tmp_path, rows)
    assert said(draft) == [
        "报价!A2: a text that is not understood: left out",
        "报价!A5: '质保：见合同' states no length of time that can be read",
        "报价!A6: '质保2年，保修3年' states no length of time that can be read",
        "报价!A8: differs from the figure of the same name in 报价!A7: left out",
    ]
    quote = quote_of(draft)
    assert (quote.warranty_years.value, quote.warranty_years.print) == (None, "质保：见合同")  # type: ignore[union-attr]


def test_beside_a_person_the_terms_stay_and_the_person_goes(tmp_path: Path) -> None:
    rows = [
        ["报价单", None, "联系人", "张三"], ["供应商：某某通信有限公司", "日期：2026-11-01", "电话：010-12345678"],
        HEAD, LINE,
        ["质保2年", None, "经办人：", "李四", None, "交货期30天"], ["王五 13800138000 质保三年"],
        ["找王五付款，13800138000"],
    ]  # fmt: skip
    draft = drawn(tmp_path, rows)
    written = quote_file(draft, "offer", 20, 2, "zh").decode()
    assert not any(name in written for name in ("张三", "李四", "王五", "138", "12345678"))
    assert (draft.vendor, draft.date) == ("某某通信有限公司", "2026-11-01")
    assert (draft.warranty_years.value, draft.terms) == (2, {"delivery": "交货期30天"})
    assert draft.private == 5
    assert said(draft) == [
        "报价!A6: differs from the figure of the same name in 报价!A5: left out",
        "报价!A7: a term in a text that names a person or a number to call: left out, write it in by hand",
    ]


def test_a_line_that_speaks_of_a_term_stays_a_line(tmp_path: Path) -> None:
    draft = drawn(tmp_path, [HEAD, LINE, ["2", "安装调试", "项", 1, 500, 500], ["合计", None, None, None, None, 90500]])
    assert [line.name for line in draft.lines] == ["Platform", "安装调试"]
    assert draft.terms == {}
