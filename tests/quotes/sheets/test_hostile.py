"""Spreadsheets that are broken, locked, too large or no spreadsheets: each is told what it is."""

import csv
import io
import os
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from simtel.core.problems import BadInput
from simtel.profiles.catalogue import read_devices
from simtel.quotes.quote import read_quote
from simtel.quotes.sheets.importing import Asked, import_quote
from simtel.quotes.sheets.opening import read_sheets
from simtel.quotes.sheets.writing import quote_file
from tests.quotes.sheets.books import HEAD, book

SHEET = "xl/worksheets/sheet1.xml"
DEVICES = read_devices()
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def packed(**parts: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    return made.getvalue()


def changed(path: Path, part: str, change: Callable[[bytes], bytes]) -> Path:
    """A workbook one of whose parts is not as it was."""
    book(path, [HEAD, ["1", "Platform", "set", 2, 45000, 90000]])
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[part] = change(parts[part])
    path.write_bytes(packed(**parts))
    return path


def refusal(path: Path) -> str:
    with pytest.raises(BadInput) as caught:
        read_sheets(path)
    return str(caught.value)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b" \n\n", "is empty"),
        (b"%PDF-1.7 ...", "is a PDF, not a spreadsheet"),
        (OLE, "is a file of Excel before 2007 (.xls)"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "is locked with a password"),
        (packed(mimetype=b"application/vnd.oasis.opendocument.spreadsheet", **{"content.xml": b"<a/>"}), "(.ods)"),
        (packed(**{"word/document.xml": b"<a/>"}), "is a text document, not a spreadsheet"),
        (packed(**{"xl/workbook.bin": b"x"}), "is a binary workbook (.xlsb)"),
        (packed(any=b"x"), "is an archive, but holds no workbook"),
        (packed(**{"xl/workbook.xml": b"<a/>"}), "is no workbook that can be read"),
        (b"PK\x05\x06" + bytes(18), "is an empty archive"),
        (b"PK\x03\x04 and no more", "is a broken archive"),
        (b"\x89PNG\r\n", "is a picture"),
        (b"<html><table><tr><td>1</td></tr></table>", "is a web page or XML"),
        (b"a,b\0c", "is neither a workbook"),
        (b"name,price\n\xff\xff\xff", ":2:1: holds bytes that are not utf-8, gb18030"),
        (b'name,price\n"never closed', ":2:1: quotes that do not close"),
        (b"a" * 200_000, "a field that is too long"),
        (b"," * 300 + b"x", "more than 5000 rows, 256 columns"),
    ],
)
def test_what_is_no_spreadsheet_is_told_what_it_is(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "offer.xlsx"
    path.write_bytes(content)
    assert said in refusal(path)


def test_a_folder_a_pipe_and_nothing(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.xlsx")
    assert "is not a regular file" in refusal(tmp_path)
    assert "is not a regular file" in refusal(tmp_path / "pipe.xlsx")
    assert "No such file" in refusal(tmp_path / "none.xlsx")


def test_entities_and_document_types_are_refused_in_any_part(tmp_path: Path) -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY b "bbbbbbbb"><!ENTITY c "&b;&b;&b;&b;">]>'
    for part in (SHEET, "xl/workbook.xml", "xl/styles.xml", "docProps/core.xml", "[Content_Types].xml"):
        path = changed(
            tmp_path / "bomb.xlsx", part, lambda old: bomb + old[old.find(b"?>") + 2 if b"?>" in old else 0 :]
        )
        assert f"its part '{part}' declares a document type" in refusal(path)


def test_what_unpacks_to_too_much_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = changed(tmp_path / "bomb.xlsx", "xl/styles.xml", lambda old: old + b" " * (17 << 20))
    assert path.stat().st_size < 100_000
    tracemalloc.start()
    said = refusal(path)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "its part 'xl/styles.xml' unpacks to" in said
    assert most < 4 << 20


def test_sizes_that_lie_do_not_help(tmp_path: Path) -> None:
    path = changed(tmp_path / "lie.xlsx", SHEET, lambda old: old + b" " * 100_000)
    raw = bytearray(path.read_bytes())
    size = next(one.file_size for one in zipfile.ZipFile(path).infolist() if one.filename == SHEET)
    for at in range(len(raw) - 4):
        if raw[at : at + 4] == size.to_bytes(4, "little"):
            raw[at : at + 4] = (900).to_bytes(4, "little")
    path.write_bytes(raw)
    assert SHEET in refusal(path)


def test_a_million_empty_rows_cost_little_memory_and_hide_nothing(tmp_path: Path) -> None:
    rows = b"".join(b'<row r="%d" ht="15"><c r="A%d" s="0"/></row>' % (row, row) for row in range(3, 8_001))
    lie = (b'ref="A1:F2"', b'ref="A1:XFD1048576"')
    end = (b"</sheetData>", rows + b"</sheetData>")
    path = changed(tmp_path / "long.xlsx", SHEET, lambda old: old.replace(*lie).replace(*end))
    tracemalloc.start()
    (sheet,) = read_sheets(path)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 8 << 20
    assert sheet.numbers == [1, 2]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (b'<c r="A2"', b'<c r="XFD2"', "cell XFD2 holds something: at most 256"),
        (b'<c r="F2"', b'<c r="XFD2"', "cell XFD2 holds something: at most 256 columns are read"),
        (b'<c r="F2"', b'<c r="E2"', "cell 'E2' stands where it cannot"),
        (b'<row r="2"', b'<row r="99999999"', "row '99999999' stands after row 1"),
        (b'<row r="2"', b'<row r="1"', "row '1' stands after row 1"),
        (b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="B2:A1"/></mergeCells>', "'B2:A1' is no range"),
        (b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="A1:B2"/><mergeCell ref="B2:C3"/></mergeCells>',
         "merged ranges A1:B2 and B2:C3 overlap"),
        (b"</sheetData>", b"</sheetDat>", "is broken at line"),
        (b"<sheetData>", b"<sheetData>" + b"<a>" * 200, "is nested too deep"),
        (b"<v>2</v>", b"<v>" + b"9" * 5000 + b"</v>", "is no workbook that can be read"),
        (b't="inlineStr"', b't="n" t="n"', "is broken at line"),
        (b't="inlineStr"><is><t>No.</t></is>', b't="s"><v>4711</v>', "is no workbook that can be read"),
    ],
)  # fmt: skip
def test_a_sheet_that_is_broken_is_told_where(tmp_path: Path, old: bytes, new: bytes, said: str) -> None:
    path = changed(tmp_path / "broken.xlsx", SHEET, lambda sheet: sheet.replace(old, new, 1))
    assert said in refusal(path)


def test_more_rows_than_a_quote_has(tmp_path: Path) -> None:
    rows = b"".join(b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (row, row) for row in range(3, 6_000))
    path = changed(tmp_path / "long.xlsx", SHEET, lambda old: old.replace(b"</sheetData>", rows + b"</sheetData>"))
    assert "something by row 5001: no quote is so long" in refusal(path)


def test_a_part_that_does_not_unpack(tmp_path: Path) -> None:
    path = changed(tmp_path / "torn.xlsx", SHEET, lambda old: old)
    with zipfile.ZipFile(path) as archive:
        about = archive.getinfo(SHEET)
        at = about.header_offset + 30 + len(SHEET) + 40
    raw = bytearray(path.read_bytes())
    raw[at : at + 30] = bytes(30)
    path.write_bytes(raw)
    assert f"its part '{SHEET}'" in refusal(path)


def test_sheets_that_hold_nothing_or_no_table(tmp_path: Path) -> None:
    for rows, said in ((), "is empty"), ([["hello"], ["world", 3]], "no row of headings is understood"), (
        [HEAD], "has no line below its headings"):  # fmt: skip
        with pytest.raises(BadInput, match=said):
            import_quote(book(tmp_path / "offer.xlsx", rows), Asked(currency="CNY"))


def test_formulas_in_names_stay_text(tmp_path: Path) -> None:
    names = ["=cmd|' /C calc'!A0", "+1 board", "-1 board", "@SUM(A1)", "{x: [y", "#not: a comment", 'quote " and \\']
    made = Workbook()
    sheet = made.active
    sheet.append(HEAD)
    for row, name in enumerate(names, 2):
        sheet.append(["1", None, "set", 1, 10, 10])
        sheet.cell(row, 2).value = name
        sheet.cell(row, 2).data_type = "s"
    made.save(tmp_path / "offer.xlsx")
    draft = import_quote(tmp_path / "offer.xlsx", Asked(currency="USD"))
    assert [line.name for line in draft.lines] == names


CELLS = st.sampled_from([
    "", "", "1", "1.1", "一", "二、软件", "平台", "台", "2", "-5", "24 路", "¥1,200.00", "USD 5", "$7", "3万",
    "1664..", "自备", "含", "65%", "6.5折", "999999999999999", "0.1234567", "(20)", "合计", "小计", "优惠价",
    "折扣", "增值税13%", "总计", "大写：叁万元整", "质保三年", "有效期 999999999999 天", "交货期30天",
    "联系人：张三", "13800138000", "供应商：某某公司", "日期：2026年13月1日", "万元", "名称", "数量", "金额",
    "方案二", "=1+1", "\u202e", "'\"{", "# x", "null",
])  # fmt: skip


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.permutations(["序号", "名称", "单位", "数量", "单价", "金额"]), st.lists(st.lists(CELLS, max_size=8), max_size=9)
)
def test_whatever_cells_hold_what_is_written_can_be_read(
    tmp_path: Path, head: list[str], rows: list[list[str]]
) -> None:
    with (tmp_path / "offer.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, *rows])
    try:
        draft = import_quote(tmp_path / "offer.csv", Asked(option="1", currency="CNY"))
    except BadInput:
        return
    written = quote_file(draft, "offer", 20, 2, "en")
    assert not any(private in written.decode() for private in ("张三", "13800138000"))
    assert len(read_quote(written, DEVICES).lines) == len(draft.lines) > 0
