"""Spreadsheets for the tests, made as vendors make them."""

import re
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from openpyxl import Workbook

HEAD = ["No.", "Description", "Unit", "Qty", "Unit price", "Amount"]
OFFERS = (  # section 8 of the facts: number, name, unit, price, quantities and amounts of both options
    ("一", "硬件", None, None, (None, None), (None, None)),
    ("1.1", "LPT1000-ds 多媒体平台", "台", 20000, (None, None), (0, 0)),
    ("1.2", "LPT-2000-ds 多媒体平台", "台", 45000, (2, 2), (90000, 90000)),
    ("1.3", "CRM服务器", "台", "自备", (None, None), (0, 0)),
    ("1.4", "4路模拟环路中继IP模块", "块", 6000, (None, None), (0, 0)),
    ("1.4", "1E1数字中继IP模块", "块", 18000, (2, 2), (36000, 36000)),
    ("2", "终端接入", None, None, (None, None), (0, 0)),
    ("2.6", "24座席电话接口适配器", "台", 26000, (1, None), (26000, 0)),
    ("二", "软件", None, None, (None, None), (0, 0)),
    ("1.1", "核心交换模块（IVR/ACD/CTI/监控/统计/报表）", "路", 3000, (60, 30), (180000, 90000)),
    ("1.2", "坐席模块", "路", 2000, (20, 10), (40000, 20000)),
    ("2.1", "外拨模块（可选）", "路", 600, (None, None), (0, 0)),
    ("2.2", "录音监控模块", "路", 1000, (20, 20), (20000, 20000)),
    ("三", "终端", None, None, (None, None), (None, None)),
    ("1", "耳机电话", "部", 300, (None, None), (0, 0)),
)


def book(path: Path, rows: Iterable[Iterable[Any]], merged: Iterable[str] = (), name: str = "报价") -> Path:
    """A workbook of one sheet."""
    made = Workbook()
    sheet = made.active
    sheet.title = name
    for row in rows:
        sheet.append(list(row))
    for area in merged:
        sheet.merge_cells(area)
    made.save(path)
    return path


def both_options(path: Path) -> Path:
    """Both options side by side, with merged headings in two rows, and terms and contacts around the table."""
    made = Workbook()
    sheet = made.active
    sheet.title = "报价单"
    rows: list[list[Any]] = [
        ["呼叫中心系统报价单（20座席）"],
        ["供应商：某某通信技术有限公司", None, None, None, "日期：2026年11月1日"],
        ["联系人：张三", None, None, None, "电话：010-12345678"],
        ["序号", "名称", "单位", "单价（元）", "方案一：全部更换", None, "方案二：扩容利旧", None, "品牌"],
        [None, None, None, None, "数量", "金额", "数量", "金额", None],
    ]
    for number, name, unit, price, (few, more), (one, two) in OFFERS:
        rows.append([number, name, unit, price, few, one, more, two, "DSCOM" if unit else None])
    end = len(rows)
    rows += [
        ["合计", None, None, None, None, f"=SUM(F6:F{end})", None, f"=SUM(H6:H{end})"],
        ["优惠价", None, None, None, None, 250000, None, "1664.."],
        ["质保：三年，终身维护"],
        ["付款方式：合同签订后付30%，验收后付70%；交货期：30天"],
        ["本报价有效期：60天"],
        ["经办人：李四  手机：13800138000"],
    ]
    for row in rows:
        sheet.append(row)
    for area in ("A1:I1", "A4:A5", "B4:B5", "C4:C5", "D4:D5", "E4:F4", "G4:H4", "I4:I5",
                 f"A{end + 1}:E{end + 1}", f"A{end + 3}:I{end + 3}"):  # fmt: skip
        sheet.merge_cells(area)
    made.save(path)
    store(path, {f"F{end + 1}": 392000, f"H{end + 1}": 256000})
    return path


def store(path: Path, results: dict[str, float]) -> None:
    """Store results of formulas, as a spreadsheet program does when it saves; openpyxl stores none."""
    with zipfile.ZipFile(path) as archive:
        parts = {part: archive.read(part) for part in archive.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"].decode()
    for cell, result in results.items():
        form = rf'(<c r="{cell}"[^>]*><f>[^<]*</f>)<v ?/>|(<c r="{cell}"[^>]*><f>[^<]*</f>)<v></v>'
        sheet, count = re.subn(form, rf"\g<1>\g<2><v>{result}</v>", sheet)
        assert count == 1, cell
    parts["xl/worksheets/sheet1.xml"] = sheet.encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
