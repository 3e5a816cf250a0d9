"""Rows of headings: where they stand, and what each column below them holds.

Headings may take up to three rows, merged across and down, in Chinese or English. A column holds what the lowest text
over it says that is understood: 单价 and 金额 under one 价格 are two columns of one option. Where quantities, prices or
amounts come more than once, what stands over them names the options that are set side by side; columns that come once
belong to each of them. What stands under a discount is what is left of the price or amount beside it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from simtel.quotes.sheets.figures import currency_in
from simtel.quotes.sheets.sheet import Sheet, letters, plain

FIGURES = ("quantity", "price", "amount", "net_price", "net")
ROLES = ("item", "name", "model", "brand", "unit", *FIGURES, "note")
MOST_HIGH = 3  # rows of headings
SEARCHED = 300  # rows that hold something

_WORDS: dict[str, tuple[str, ...]] = {
    "item": (
        "序号", "编号", "项次", "序", "号", "行号", "no", "no#", "#", "itemno", "item#", "s/n", "sn", "pos",
        "position", "line", "lineno", "ref", "id",
    ),
    "name": (
        "名称", "品名", "项目", "产品", "设备", "货物", "内容", "描述", "配置", "模块", "部件", "item", "items",
        "name", "description", "product", "goods", "article", "equipment", "itemdescription", "part", "partname",
        "designation", "particulars",
    ),
    "model": (
        "型号", "规格", "规格型号", "型号规格", "货号", "料号", "model", "modelno", "type", "spec", "specs",
        "specification", "partno", "partnumber", "p/n", "pn", "sku", "technicalspecification",
    ),
    "brand": (
        "品牌", "厂家", "厂商", "产地", "制造商", "brand", "make", "manufacturer", "vendor", "origin",
    ),
    "unit": (
        "单位", "unit", "uom", "units", "u/m",
    ),
    "quantity": (
        "数量", "台数", "qty", "quantity", "q'ty", "qnty", "count", "pcs",
    ),
    "price": (
        "单价", "价格", "unitprice", "price", "listprice", "rate", "unitcost", "price/unit", "priceperunit",
    ),
    "amount": (
        "金额", "总价", "合计", "小计", "合价", "总额", "总计", "amount", "total", "totalprice", "linetotal",
        "sum", "extendedprice", "extended", "extprice", "subtotal", "lineamount", "报价", "value", "totalamount",
        "listamount",
    ),
    "net_price": (
        "优惠单价", "折后单价", "折扣单价", "discountedprice", "netprice", "netunitprice", "discountprice",
    ),
    "net": (
        "优惠价", "优惠金额", "优惠总价", "优惠后金额", "折后价", "折后金额", "折后总价", "成交价", "offer",
        "offerprice", "net", "netamount", "nettotal", "discountedamount", "discountedtotal", "specialprice",
        "offeramount",
    ),
    "note": (
        "备注", "说明", "附注", "remark", "remarks", "note", "notes", "comment", "comments",
    ),
    "other": (
        "折扣", "税率", "税额", "税金", "discount", "tax", "vat", "taxrate", "gst", "交货期", "货期", "leadtime",
        "delivery", "图片", "质保", "质保期", "warranty",
    ),
}  # fmt: skip
_ROLE = {word: role for role, words in _WORDS.items() for word in words}
_ENDS = (  # of a heading that is not a word of the table, the first that fits
    ("优惠单价", "net_price"), ("折后单价", "net_price"), ("单价", "price"), ("unitprice", "price"),
    ("数量", "quantity"), ("qty", "quantity"), ("quantity", "quantity"), ("优惠价", "net"), ("优惠金额", "net"),
    ("折后金额", "net"), ("金额", "amount"), ("总价", "amount"), ("合价", "amount"), ("合计", "amount"),
    ("小计", "amount"), ("totalprice", "amount"), ("amount", "amount"), ("total", "amount"), ("price", "price"),
    ("名称", "name"), ("description", "name"), ("型号", "model"), ("规格", "model"), ("品牌", "brand"),
    ("备注", "note"), ("税额", "other"), ("税率", "other"),
)  # fmt: skip
_BRACKETS = re.compile(r"[(\[【{（].*?[)\]】}）]")
_OPTION = re.compile(
    r"((?:方案|选项|配置|报价)(?:[一二三四五六七八九十]|\d{1,2}|[a-z])"
    r"|(?:option|offer|proposal|alternative|alt)\d{1,2}|(?:option|alternative)[a-z])(.*)"
)
_TAX = re.compile(r"@?\d+(\.\d+)?%$|(excl|incl|excluding|including|ex|inc)\.?(vat|tax|gst)$|^(不含税|未税|含税)(?=.)")
_TAXED = re.compile(r"(?<!不)含税|价税|incl?\.?(uding)?(vat|tax|gst)")
_LESS = re.compile(r"(优惠|折扣|折后|成交)后?(价格?|报价)?|discounted|(net|special|discounted|offer)(prices?)?")
_LONGEST = 40  # characters of a heading


@dataclass(frozen=True, slots=True)
class Option:
    """Columns that belong to one of several options side by side; alone, its name is empty."""

    name: str
    columns: dict[str, tuple[int, ...]]  # role -> columns, from the left

    def first(self, role: str) -> int:
        """The column of a role; 0 where there is none."""
        return self.columns.get(role, (0,))[0]

    @property
    def span(self) -> str:
        """The columns of its figures, such as F:G."""
        own = sorted(column for role in FIGURES for column in self.columns.get(role, ()))
        return f"{letters(own[0])}:{letters(own[-1])}" if own else ""


@dataclass(frozen=True, slots=True)
class Headings:
    """Rows of headings and what they say."""

    top: int
    bottom: int
    options: tuple[Option, ...]
    unknown: tuple[int, ...]  # columns whose heading is not understood
    apart: tuple[int, ...]  # columns that are understood, but no quote file has a place for
    scale: dict[int, Decimal]  # of columns in ten thousands
    currency: str
    doubled: tuple[str, ...] = ()  # roles that come twice without saying why

    @property
    def strength(self) -> int:
        """How many columns are understood."""
        return len({column for option in self.options for columns in option.columns.values() for column in columns})

    @property
    def clearness(self) -> tuple[int, int, int]:
        """What tells which of several ways to take some rows is meant: that with most columns understood, and of those
        that with fewest meant twice. A heading merged over two others says less than they do."""
        return self.strength, -len(self.options), -len(self.doubled)


def role_of(text: str) -> str:
    """What a heading says that its column holds; empty where it is not understood."""
    return _role(_bare(text))


def _bare(text: str) -> str:
    word = _TAX.sub("", _BRACKETS.sub("", plain(text))) if len(text) <= _LONGEST else ""
    return word.strip(".:：*_-、。/|").removesuffix("/元").removesuffix("(元").removesuffix("元") or word


def _role(word: str) -> str:
    if word in _ROLE:
        return _ROLE[word]
    if not word:
        return ""
    option = _OPTION.fullmatch(word)
    if option is not None and option[2]:
        return _role(option[2].strip(".:-_/"))
    return next((role for end, role in _ENDS if word.endswith(end) and len(word) <= len(end) + 12), "")


def find_headings(sheet: Sheet, after: int = 0) -> Headings | None:
    """The next rows of headings below row `after`; None where there are none."""
    rows = [row for row in sheet.numbers if row > after][:SEARCHED]
    for index in range(len(rows)):
        best: Headings | None = None
        for start in rows[index : index + 2]:
            for high in range(1, MOST_HIGH + 1):
                found = _block(sheet, start, start + high - 1)
                if found is not None and (best is None or found.clearness > best.clearness):
                    best = found
            if best is None:
                break
        if best is not None:
            return best
    return None


def _block(sheet: Sheet, top: int, bottom: int) -> Headings | None:
    """These rows as headings; None where they cannot be."""
    texts: dict[int, list[tuple[int, str]]] = {}  # column -> row and text over it, from the top
    for row in range(top, bottom + 1):
        here = sheet.rows.get(row)
        if not here or any(cell.number is not None or cell.day is not None or cell.lost for cell in here.values()):
            return None
        says = {role_of(cell.text) for cell in here.values()} - {""}
        says_none = not says or (row == top and says == {"other"})  # a term above the table
        if says_none and (row == bottom or (row == top and not _names_options(sheet, row))):
            return None
        for column, text in _over(sheet, row).items():
            if not texts.get(column) or texts[column][-1][1] != text:
                texts.setdefault(column, []).append((row, text))
    roles: dict[int, str] = {}
    groups: dict[int, str] = {}
    for column, over in texts.items():
        at = next((at for at in range(len(over) - 1, -1, -1) if role_of(over[at][1])), None)
        if at is None:
            continue
        roles[column] = role_of(over[at][1])
        inside = _OPTION.fullmatch(_bare(over[at][1]))
        above = [text for _, text in over[:at] if not role_of(text)]
        groups[column] = inside[1] if inside is not None and inside[2] else above[-1] if above else ""
    names = [column for column, role in roles.items() if role == "name"]
    if len(names) > 1 and "item" not in roles.values():
        for column in names:
            if _bare(texts[column][-1][1]) == "item":  # beside a description, its number
                roles[column] = "item"
    for role in ("price", "amount"):  # with tax, beside one without
        own = [column for column, one in roles.items() if one == role]
        taxed = [column for column in own if any(_TAXED.search(plain(text)) for _, text in texts[column])]
        if len(taxed) < len(own):
            roles.update(dict.fromkeys(taxed, "other"))
        less = [column for column in own if any(_LESS.fullmatch(_bare(text)) for _, text in texts[column][:-1])]
        if len(less) < len(own):
            roles.update(dict.fromkeys(less, "net_price" if role == "price" else "net"))
    for column in _idle(sheet, bottom, texts):
        roles.pop(column, None)
        texts.pop(column)
    known = {role for role in roles.values() if role != "other"}
    if not known & {"name", "model"} or len(known & set(FIGURES)) < 1 or len(known) < 3:
        return None
    if len(set(groups.values())) == 1 and all(groups.values()):
        if not any(role_of(cell.text) for cell in sheet.cells(top)):
            return None  # a title over all of it
        groups = dict.fromkeys(groups, "")
    options, doubled = _options(roles, groups)
    said = [text for over in texts.values() for _, text in over]
    return Headings(
        top, bottom, options,
        tuple(column for column in sorted(texts) if column not in roles),
        tuple(column for column, role in sorted(roles.items()) if role == "other"),
        {column: Decimal(10_000) for column, over in texts.items() if any("万元" in text for _, text in over)},
        next((named for text in said if (named := currency_in("".join(_BRACKETS.findall(plain(text)))))), ""),
        doubled,
    )  # fmt: skip


def _idle(sheet: Sheet, bottom: int, texts: Mapping[int, list[tuple[int, str]]]) -> list[int]:
    """Columns that hold nothing although a heading that is merged across several, and has none below it, covers them:
    the lines are merged across them too, or one of them is wide enough."""
    found: list[int] = []
    for area in sheet.merged:
        if not (area.top <= bottom <= area.bottom and area.left < area.right):
            continue
        covered = [column for column in texts if area.left <= column <= area.right]
        below = [row for row in sheet.numbers if row > bottom]
        held = [column for column in covered if any(column in sheet.rows[row] for row in below)]
        found += [column for column in covered if column not in (held or covered[:1])]
    return found


def _names_options(sheet: Sheet, row: int) -> bool:
    """Whether a row without headings of columns names options: by their usual words, or each across some columns."""
    across = [area for area in sheet.merged if area.top == row and area.left < area.right]
    return len(across) > 1 or any(_OPTION.match(plain(cell.text)) for cell in sheet.cells(row))


def _over(sheet: Sheet, row: int) -> dict[int, str]:
    """What stands over each column in this row, across merged cells; where nothing is merged, a text that names an
    option reaches to the next text."""
    here = {cell.column: cell.text for cell in sheet.cells(row)}
    for area in sheet.merged:
        if area.top <= row <= area.bottom and (first := sheet.rows.get(area.top, {}).get(area.left)) is not None:
            for column in range(area.left, min(area.right, area.left + 256) + 1):
                here.setdefault(column, first.text)
    last = max((column for cells in (sheet.rows.get(row + 1, {}), here) for column in cells), default=0)
    for one, after in pairwise([*sorted(here), last + 1]):
        if not role_of(here[one]) and sheet.area(row, one) is None:
            here.update(dict.fromkeys(range(one + 1, after), here[one]))
    return here


def _options(roles: Mapping[int, str], groups: Mapping[int, str]) -> tuple[tuple[Option, ...], tuple[str, ...]]:
    """The options side by side, and roles that come twice although nothing tells them apart."""
    figures = [(column, role) for column, role in sorted(roles.items()) if role in FIGURES]
    count = {role: sum(1 for _, one in figures if one == role) for _, role in figures}
    many = {role for role, times in count.items() if times > 1}
    shared: dict[str, tuple[int, ...]] = {}
    for column, role in sorted(roles.items()):
        if role not in many and role != "other":
            shared[role] = (*shared.get(role, ()), column)
    if not many:
        return (Option("", shared),), ()
    names = list(dict.fromkeys(groups[column] for column, role in figures if role in many))
    pairs = [(role, groups[column]) for column, role in figures if role in many]
    told = len(names) > 1 and all(names) and len(set(pairs)) == len(pairs)
    if not told and (len(many) < 2 or len({count[role] for role in many}) > 1):
        return (Option("", shared),), tuple(sorted(many))
    own: dict[str, dict[str, tuple[int, ...]]] = {}
    times: dict[str, int] = {}
    for column, role in figures:
        if role in many:
            times[role] = times.get(role, 0) + 1
            own.setdefault(groups[column] if told else str(times[role]), {})[role] = (column,)
        elif told and groups[column] in names:  # the only one of its kind, but under one option's name
            own.setdefault(groups[column], {})[role] = (column,)
            shared.pop(role, None)
    return tuple(Option(name, {**shared, **columns}) for name, columns in own.items()), ()
