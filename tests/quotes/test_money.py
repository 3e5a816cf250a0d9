from decimal import Decimal

import pytest

from simtel.core.i18n import told
from simtel.quotes.money import CURRENCIES, Money


@pytest.mark.parametrize(
    ("amount", "currency", "en", "zh"),
    [
        ("392000", "CNY", "CNY 392,000.00", "¥392,000.00"),
        ("0.005", "CNY", "CNY 0.01", "¥0.01"),
        ("-1234.5", "USD", "USD -1,234.50", "美元 -1,234.50"),
        ("1234.5", "JPY", "JPY 1,235", "日元 1,235"),
    ],
)
def test_an_amount_is_written_as_currency_and_language_have_it(amount: str, currency: str, en: str, zh: str) -> None:
    said = Money(Decimal(amount), currency).said
    assert (told(said, "en"), told(said, "zh")) == (en, zh)


def test_every_currency_has_its_form_in_both_languages() -> None:
    for code in CURRENCIES:
        said = Money(Decimal(1), code).said
        assert str(said).startswith(code)
        assert not told(said, "zh").startswith(code)


def test_amounts_are_exact_and_never_mixed() -> None:
    dime = Money(Decimal("0.1"), "CNY")
    assert (dime + dime + dime).amount == Decimal("0.3")
    assert dime.times(Decimal("0.65")).amount == Decimal("0.07")
    with pytest.raises(ValueError, match="CNY and USD have no sum"):
        dime + Money(Decimal(1), "USD")
