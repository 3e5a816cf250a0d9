"""Amounts of money: exact, never without a currency, written as the currency and the language have it."""

from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

import msgspec

from simtel.core.i18n import Message


class Currency(NamedTuple):
    """One currency: how many digits its smallest coin takes (ISO 4217), and how an amount is written."""

    minor: int
    form: Message


CURRENCIES = {
    "CNY": Currency(2, Message("CNY {amount}")), "HKD": Currency(2, Message("HKD {amount}")),
    "MOP": Currency(2, Message("MOP {amount}")), "TWD": Currency(2, Message("TWD {amount}")),
    "USD": Currency(2, Message("USD {amount}")), "EUR": Currency(2, Message("EUR {amount}")),
    "GBP": Currency(2, Message("GBP {amount}")), "CHF": Currency(2, Message("CHF {amount}")),
    "JPY": Currency(0, Message("JPY {amount}")), "KRW": Currency(0, Message("KRW {amount}")),
    "SGD": Currency(2, Message("SGD {amount}")), "MYR": Currency(2, Message("MYR {amount}")),
    "THB": Currency(2, Message("THB {amount}")), "VND": Currency(0, Message("VND {amount}")),
    "AUD": Currency(2, Message("AUD {amount}")), "CAD": Currency(2, Message("CAD {amount}")),
    "INR": Currency(2, Message("INR {amount}")), "RUB": Currency(2, Message("RUB {amount}")),
}  # fmt: skip


class Money(msgspec.Struct, frozen=True):
    """An amount of one currency (a key of CURRENCIES)."""

    amount: Decimal
    currency: str

    def __add__(self, other: "Money") -> "Money":
        """ValueError: two currencies have no sum."""
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} have no sum")
        return Money(self.amount + other.amount, self.currency)

    def times(self, number: Decimal | int) -> "Money":
        """So many of it, to the smallest coin."""
        return Money(to_coin(self.amount * number, self.currency), self.currency)

    @property
    def said(self) -> Message:
        """The amount in a sentence: CNY 392,000.00, in Chinese ¥392,000.00."""
        currency = CURRENCIES[self.currency]
        return Message(currency.form.template, amount=f"{to_coin(self.amount, self.currency):,.{currency.minor}f}")


def to_coin(amount: Decimal, currency: str) -> Decimal:
    """An amount rounded to the smallest coin, half a coin upwards."""
    return amount.quantize(Decimal(1).scaleb(-CURRENCIES[currency].minor), ROUND_HALF_UP)
