"""Days, lengths of time and currencies that a text of a quote spells out."""

import re
from datetime import date
from decimal import Decimal

from simtel.quotes.sheets.figures import currency_in, han_number
from simtel.quotes.sheets.sheet import plain

_DAY = re.compile(r"(20\d\d)\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_SPAN = re.compile(
    r"(\d+(?:\.\d+)?|[一二两三四五六七八九十]{1,3})\s*"
    r"(个?月|年|天|日|个?工作日|个?自然日|个?日历天|months?|years?|(?:calendar |working )?days?)(?![a-z])",
    re.IGNORECASE,
)
_DAYS = re.compile(r"天|日|个?自然日|个?日历天|(calendar )?days?", re.IGNORECASE)
_LONGEST = {"years": 100, "days": 10_000}  # what is longer is no warranty and no validity


def named_currency(text: str) -> str:
    """The currency that a text above the table names, such as 单位：元."""
    word = plain(text).replace("：", ":")
    label, _, value = word.partition(":")
    if value and re.fullmatch(r"(货币|币种|币别|货币单位|金额单位|单位|currency|pricesin|allpricesin)", label):
        return currency_in(value)
    found = re.search(r"pricesin(cny|rmb|usd|eur|hkd|gbp)", word)
    return currency_in(found[1]) if found else ""


def day_in(text: str) -> str:
    """A day written year first; empty where there is none, or month and day could be exchanged."""
    found = _DAY.search(text)
    if found is None:
        return ""
    try:
        return date(int(found[1]), int(found[2]), int(found[3])).isoformat()
    except ValueError:
        return ""


def span_in(text: str, years: bool) -> Decimal | None:
    """The one length of time that a text states, in years or in days; None where there is none, or several, or months
    or working days would have to become days."""
    lengths = set()
    for number, unit in _SPAN.findall(text):
        value = Decimal(number) if number[0].isdigit() else han_number(number)
        if value is None:
            return None
        if years:
            months = Decimal(12) if "月" in unit or "month" in unit.casefold() else Decimal(1)
            whole = months > 1 or "年" in unit or "year" in unit.casefold()
            lengths.add(round(value / months, 6) if whole else None)
        else:
            lengths.add(value if _DAYS.fullmatch(unit) else None)
    found = lengths.pop() if len(lengths) == 1 else None
    return found if found and found <= _LONGEST["years" if years else "days"] else None
