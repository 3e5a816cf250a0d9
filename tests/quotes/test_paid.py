"""What is paid for a quote, however its totals are printed."""

from decimal import Decimal

import pytest

from simtel.profiles.catalogue import read_devices
from simtel.quotes.arithmetic import check
from simtel.quotes.from_quote import options_of
from simtel.quotes.paid import paid, tax_known
from simtel.quotes.quote import Quote, find_quote
from simtel.quotes.readings import reading
from simtel.report.quotes.priced import priced
from tests.quotes.test_to_site import changed

OFFER = "  offer: 250000"
DEVICES = read_devices()
PRINTS = {
    "offer: 250000": (250_000, False),
    "total: 250000": (250_000, False),
    "discount: 142000": (250_000, False),
    "discount_percent: 25": (294_000, False),
    "offer: 250000\n  tax_percent: 13": (282_500, True),
    "offer: 250000\n  tax: 32500": (282_500, True),
    "offer: 250000\n  total: 282500": (282_500, False),
    "discount: 142000\n  tax_percent: 13\n  total: 282500": (282_500, True),
    "tax: 32500\n  total: 282500": (282_500, True),
    "tax_percent: 13\n  total: 282500": (282_500, True),
    "offer: {value: 250000, currency: USD}\n  discount: 142000": (250_000, False),
    "tax_percent: 13": (442_960, True),  # of the list
}


def printed(totals: str) -> Quote:
    return changed("option-1", (OFFER, f"  {totals}"))


@pytest.mark.parametrize("totals", PRINTS)
def test_what_is_paid_is_one_amount_everywhere(totals: str) -> None:
    quote = printed(totals)
    due, known = PRINTS[totals]
    figure = paid(quote, reading(quote))
    assert figure is not None
    assert figure.value == due
    assert tax_known(quote) is known
    (option,) = options_of([quote], DEVICES)
    assert (option.readings[0].offer.value, option.taxed) == (due, known)
    places = priced(quote, check(quote), reading(quote), "sheet", "en").sheet.places
    assert places["total" if "total" in places else "offer"][1].value == due


def test_a_price_with_the_tax_in_it_has_none_added() -> None:
    quote = changed("option-1", (OFFER, f"{OFFER}\n  tax_percent: 13\ntax_included: true"))
    figure = paid(quote, reading(quote))
    assert figure is not None
    assert figure.value == 250_000
    assert tax_known(quote)


def test_a_range_stays_a_range_with_tax() -> None:
    quote = changed("option-2", ("  list: 256000", "  list: 256000\n  tax_percent: 10"))
    figure = paid(quote, reading(quote))
    assert figure is not None
    assert (figure.value, figure.ends, figure.assumed) == (183_040, (Decimal(183_040), Decimal("183148.90")), True)
    assert not tax_known(find_quote("option-2", DEVICES))
