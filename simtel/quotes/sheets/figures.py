"""One cell as a figure: a number, nothing, "supplied by the buyer", "included", or text that is no number.

Numbers typed as text are read where only one number can be meant: currency signs, groups of thousands, full-width
digits, ten thousands (3万), Chinese numerals of contracts (叁拾玖万贰仟元整), shares (65 %, 6.5 折).
What can be two numbers (1.200), holds a unit (24 路), or is masked or cut (201*, 1664..), is unreadable: nothing here
guesses.
"""

import re
import unicodedata
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from simtel.core.i18n import Message
from simtel.core.problems import quoted
from simtel.quotes.sheets.sheet import Cell, plain

MOST = Decimal(10) ** 12  # as in quote files
DIGITS = 6  # after the point


class State(StrEnum):
    """What came of a cell."""

    NUMBER = "number"
    BLANK = "blank"
    BY_BUYER = "by-buyer"
    INCLUDED = "included"
    UNREADABLE = "unreadable"


class Figure(NamedTuple):
    """What a cell says. `print` is what stands there, where that is not the number itself."""

    state: State
    value: Decimal | None = None
    print: str = ""
    cell: str = ""
    currency: str = ""  # where a sign names it; "$" and "¥" are each of several currencies
    percent: bool = False
    why: Message | None = None  # what there is to say about it

    @property
    def given(self) -> bool:
        """Whether anything stands there."""
        return self.state is not State.BLANK


BLANK = Figure(State.BLANK)
_ELSEWHERE = Message("looks into another file; what was stored is taken")
_NOTHING = {"", "-", "--", "---", "–", "—", "——", "―", "/", "//", "\\", "无", "空", "n/a", "na", "nil", "none"}
_BY_BUYER = re.compile(
    r"[(（]?((甲|买|用户|客户|业主|需)方?(自?[备供购]|提供|自行(采购|准备|提供)|自购|供货)|自[备购供]"
    r"|(to be |is )?(supplied|provided|furnished) ?by ?(the )?(buyer|customer|client|owner|user|purchaser)"
    r"|by ?(the )?(buyer|customer|client|owner)"
    r"|(self|buyer|customer|client|owner)[- ]?(supplied|provided|furnished))[)）]?"
)
_INCLUDED = re.compile(
    r"[(（]?(已?含|包含|已?包括|内含|含在内|免费|赠送|免|incl\.?|included|free( of charge)?|foc|n/c)[)）]?"
)
_SIGNS = {
    "人民币": "CNY", "rmb": "CNY", "cny": "CNY", "cn¥": "CNY", "元": "CNY", "圆": "CNY",
    "us$": "USD", "usd": "USD", "美元": "USD",
    "eur": "EUR", "€": "EUR", "欧元": "EUR", "hk$": "HKD", "hkd": "HKD", "港币": "HKD", "港元": "HKD", "gbp": "GBP",
    "£": "GBP", "英镑": "GBP", "jpy": "JPY", "日元": "JPY", "twd": "TWD", "nt$": "TWD", "新台币": "TWD", "mop": "MOP",
    "澳门元": "MOP", "chf": "CHF", "krw": "KRW", "₩": "KRW", "sgd": "SGD", "s$": "SGD", "myr": "MYR", "thb": "THB",
    "vnd": "VND", "aud": "AUD", "a$": "AUD", "cad": "CAD", "c$": "CAD", "inr": "INR", "₹": "INR", "rub": "RUB",
    "¥": "¥", "$": "$",
}  # fmt: skip
_SIGN = "|".join(re.escape(sign) for sign in sorted(_SIGNS, key=len, reverse=True))
_NUMBER = r"\d{1,3}(?:[,，]\d{3})+(?:\.\d+)?|\d{1,3}(?: \d{3})+(?:\.\d+)?|\d{1,3}(?:'\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_SCALES = {"": Decimal(1), "百": Decimal(100), "千": Decimal(1000), "万": Decimal(10_000), "亿": Decimal(10) ** 8}
_WHOLE = re.compile(
    rf"(?P<open>\()?(?P<minus>[-−+])?(?P<sign>{_SIGN})?\s*(?P<after>[-−+])?(?P<number>{_NUMBER})\s*(?P<scale>[百千万亿])?"
    rf"\s*(?P<rest>[^\d\s()*.?~≈<>=+，,:：%][^\d()*?~≈<>=+，,]{{0,11}})?(?P<close>\))?"
)
_SHARE = re.compile(r"(\d+(?:\.\d+)?)\s*[%％]")
_TENTHS = re.compile(r"(\d(?:\.\d+)?|\d\d)折")
_TWO_WAYS = re.compile(r"\D*\d{1,3}\.\d{3}\D*")  # 1.200: a point, or a group of thousands?
_MONEY_REST = re.compile(rf"(?:{_SIGN})?整?(?:[/每].{{1,6}})?")
_HAN = {digit: value for value, pair in enumerate(
    ("零〇", "一壹", "二贰两", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")) for digit in pair}  # fmt: skip
_DIGIT = f"[{''.join(_HAN)[2:]}]"
_HAN_PART = re.compile(
    rf"(?:({_DIGIT})[千仟])?(?:零?({_DIGIT})[百佰])?(?:零?({_DIGIT})?(?P<ten>[十拾]))?(?:[零〇]?({_DIGIT}))?[零〇]?"
)
_HAN_WHOLE = re.compile(r"(?:人民币|rmb)?:?(?:([^亿万元圆]+)亿)?(?:([^亿万元圆]+)万)?([^亿万元圆]*)(?:[元圆][整正]?)?")


def figure(cell: Cell | None, place: str) -> Figure:
    """What a cell says; `place` is its address."""
    if cell is None:
        return BLANK
    if cell.lost:
        why = Message("a formula whose result is not stored, or failed; open the file, let it be computed, and save it")
        return Figure(State.UNREADABLE, None, cell.text or "?", place, why=why)
    if cell.number is not None:
        return _typed(cell, place)
    found = read(cell.text)
    return found._replace(cell=place, why=_ELSEWHERE if cell.elsewhere else found.why)


def _typed(cell: Cell, place: str) -> Figure:
    """A cell that holds a number and is shown in some format."""
    number = cell.number or Decimal(0)
    if abs(number) > MOST:
        return Figure(State.UNREADABLE, None, cell.text, place, why=Message("is larger than any amount of a quote"))
    kept = round(number, DIGITS)
    form = plain(cell.format)
    sign = next((word for word in sorted(_SIGNS, key=len, reverse=True) if word in form.replace("[$-", "[")), "")
    why = _ELSEWHERE if cell.elsewhere else None
    return Figure(State.NUMBER, kept, cell.text if kept != number else "", place,
                  _SIGNS.get(sign, ""), percent="%" in form, why=why)  # fmt: skip


def read(text: str) -> Figure:
    """What text in a cell of figures says."""
    wide = unicodedata.normalize("NFKC", text).strip()
    word = wide.casefold()
    if word in _NOTHING:
        return BLANK
    if _BY_BUYER.fullmatch(word):
        return Figure(State.BY_BUYER, print=text)
    if _INCLUDED.fullmatch(word):
        return Figure(State.INCLUDED, Decimal(0), text)
    if (share := _SHARE.fullmatch(word)) is not None:
        return _number(Decimal(share[1]) / 100, text, percent=True)
    if (tenths := _TENTHS.fullmatch(word)) is not None:  # 6.5 折: 65 % of the price are paid
        return _number(Decimal(tenths[1]) / (10 if len(tenths[1]) != 2 else 100), text, percent=True)
    if any(unicodedata.category(letter) == "No" for letter in text):  # a footnote, not a digit
        return _unreadable(text)
    if (whole := _WHOLE.fullmatch(word)) is not None and bool(whole["open"]) == bool(whole["close"]):
        return _whole(whole, text)
    if (value := han_number(word)) is not None:
        return _number(value, text, "CNY" if "元" in word or "圆" in word else "")
    return _unreadable(text)


def _whole(found: re.Match[str], text: str) -> Figure:
    rest = (found["rest"] or "").strip()
    if _TWO_WAYS.fullmatch(found["number"]) and not found["scale"]:
        return _unreadable(text, Message("is two numbers: the point may stand before thousandths or after thousands"))
    value = Decimal(re.sub(r"[,， ']", "", found["number"])) * _SCALES[found["scale"] or ""]
    if found["open"] or "-" in (sign := (found["minus"] or "") + (found["after"] or "")) or "−" in sign:
        value = -value
    currency = _SIGNS.get(found["sign"] or "", "")
    if rest and (named := re.match(_SIGN, rest)) is not None and _MONEY_REST.fullmatch(rest):
        return _number(value, text, _SIGNS[named[0]] if not currency or currency in "¥$" else currency)
    if rest:
        return _unreadable(text, Message("{text} holds more than a number", text=quoted(text)))
    return _number(value, text, currency)


def _number(value: Decimal, text: str, currency: str = "", percent: bool = False) -> Figure:
    if abs(value) > MOST or value != round(value, DIGITS):
        return _unreadable(text, Message("is larger or finer than any figure of a quote"))
    same = re.fullmatch(r"-?\d+(\.\d+)?", text) is not None
    return Figure(State.NUMBER, value, "" if same else text, currency=currency, percent=percent)


def _unreadable(text: str, why: Message | None = None) -> Figure:
    return Figure(State.UNREADABLE, None, text, why=why or Message("{text} is no number", text=quoted(text)))


def han_number(text: str) -> Decimal | None:
    """The number that Chinese numerals write, up to whole yuan; None where they write none."""
    found = _HAN_WHOLE.fullmatch(text.replace("：", ":"))
    if found is None or not any(found.groups()):
        return None
    total = 0
    for part in found.groups():
        value = _han_part(part or "")
        if value is None:
            return None
        total = 10_000 * total + value
    return Decimal(total)


def _han_part(text: str) -> int | None:
    """A number below ten thousand in Chinese numerals; nothing is 0."""
    found = _HAN_PART.fullmatch(text)
    if found is None:
        return None
    thousands, hundreds, tens, _, ones = found.groups()
    ten = _HAN.get(tens, 1) if found["ten"] else 0
    return 1000 * _HAN.get(thousands, 0) + 100 * _HAN.get(hundreds, 0) + 10 * ten + _HAN.get(ones, 0)


def currency_in(text: str) -> str:
    """The currency that a text names, such as a heading that ends in (元); a sign of several as it stands."""
    word = plain(text)
    return next((_SIGNS[sign] for sign in sorted(_SIGNS, key=len, reverse=True) if sign in word), "")
