"""Money as each reader has it: exact, in round figures for who decides, and as a number format of a spreadsheet."""

from decimal import Decimal

from simtel.core.i18n import Message, told
from simtel.quotes.money import CURRENCIES, Money, to_coin

# What a currency is called after a number of ten thousands, as Chinese has it.
_TEN_THOUSANDS = {
    "CNY": "万元", "HKD": "万港元", "MOP": "万澳门元", "TWD": "万新台币", "USD": "万美元", "EUR": "万欧元",
    "GBP": "万英镑", "CHF": "万瑞士法郎", "JPY": "万日元", "KRW": "万韩元", "SGD": "万新加坡元", "MYR": "万林吉特",
    "THB": "万泰铢", "VND": "万越南盾", "AUD": "万澳元", "CAD": "万加元", "INR": "万卢比", "RUB": "万卢布",
}  # fmt: skip
_MANY = 10_000


def exact(amount: Decimal, currency: str, lang: str) -> str:
    """CNY 392,000.00, in Chinese ¥392,000.00."""
    return told(Money(amount, currency).said, lang)


def rounded(amount: Decimal, currency: str, lang: str) -> str:
    """Four digits of it: CNY 392,000, in Chinese 39.2 万元; what is below ten thousand to the whole coin."""
    if lang == "zh" and abs(amount) >= _MANY:
        number = f"{float(amount) / _MANY:,.4g}" if abs(amount) < _MANY * 1000 else f"{amount / _MANY:,.0f}"
        return f"{number} {_TEN_THOUSANDS[currency]}"
    digits = max(0, amount.adjusted() - 3) if amount else 0
    whole = f"{round(amount / Decimal(10) ** digits) * 10**digits:,}"
    return told(Message(CURRENCIES[currency].form.template, amount=whole), lang)


def number_format(currency: str, lang: str) -> str:
    """How a spreadsheet shows an amount: the same words and digits as `exact`."""
    before, after = exact(Decimal(0), currency, lang).split(f"{to_coin(Decimal(0), currency)}")
    minor = CURRENCIES[currency].minor
    digits = "#,##0" + ("." + "0" * minor if minor else "")
    return "".join(f'"{text}"' if text else "" for text in (before,)) + digits + (f'"{after}"' if after else "")
