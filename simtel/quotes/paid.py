"""What is paid: the offer, and the tax on it.

The offer is what a reading says, else what is printed; where none is, the list less the discount, else the total less
the tax, else the list. Unless the quote says that it has the tax in it, the tax of it is added: by its rate, by its
amount, or what the total is above the offer. A figure of another currency is none of these, and a range stays a range.
"""

from collections.abc import Callable
from decimal import Decimal
from itertools import product

from msgspec.structs import replace

from simtel.core.quantity import Basis
from simtel.quotes.amount import Amount
from simtel.quotes.money import to_coin
from simtel.quotes.quote import Quote
from simtel.quotes.readings import Reading

_ALL = Decimal(100)  # per cent


def offer(quote: Quote, taken: Reading) -> Amount | None:
    """What is offered in a reading, without tax that is not in it."""
    found = (_own(quote, taken.effect.offer), _stated(quote, "offer"), _discounted(quote), _untaxed(quote),
             _stated(quote, "list"))  # fmt: skip
    return next((figure for figure in found if figure is not None), None)


def tax(quote: Quote, taken: Reading) -> Amount | None:
    """What is added to the offer; None where nothing is, or nobody says how much."""
    net, total = offer(quote, taken), _stated(quote, "total")
    percent, due = _stated(quote, "tax_percent"), _stated(quote, "tax")
    if quote.tax_included or net is None:
        return None
    if percent is not None:
        return _made(quote, net, percent, lambda amount, share: amount * share / _ALL)
    if due is None and total is not None and taken.effect.offer is None and total.value != net.value:
        return _made(quote, total, net, lambda whole, part: whole - part)
    return due


def paid(quote: Quote, taken: Reading) -> Amount | None:
    """What is paid in a reading; None where the quote offers no price that can be read."""
    net, due = offer(quote, taken), tax(quote, taken)
    return net if net is None or due is None else _made(quote, net, due, lambda amount, more: amount + more)


def with_tax(quote: Quote, taken: Reading) -> float:
    """What is paid for each coin of the offer: 1, and the share of the tax that is known and not in it."""
    net, whole = offer(quote, taken), paid(quote, taken)
    if net is None or whole is None or not net.value or whole.value is None:
        return 1.0
    return float(whole.value / net.value)


def tax_known(quote: Quote) -> bool:
    """Whether the quote says that the tax is in its price, or how much it is."""
    return bool(quote.tax_included) or any(_stated(quote, name) is not None for name in ("tax_percent", "tax"))


def _discounted(quote: Quote) -> Amount | None:
    """The list less the discount."""
    listed, off, percent = (_stated(quote, name) for name in ("list", "discount", "discount_percent"))
    if listed is None:
        return None
    if off is not None:
        return _made(quote, listed, off, lambda whole, less: whole - less)
    return percent and _made(quote, listed, percent, lambda whole, share: whole * (_ALL - share) / _ALL)


def _untaxed(quote: Quote) -> Amount | None:
    """The total less the tax."""
    total, percent, due = (_stated(quote, name) for name in ("total", "tax_percent", "tax"))
    if total is None or quote.tax_included:
        return total
    if percent is not None:
        return _made(quote, total, percent, lambda whole, share: whole * _ALL / (_ALL + share))
    return total if due is None else _made(quote, total, due, lambda whole, part: whole - part)


def _stated(quote: Quote, name: str) -> Amount | None:
    return _own(quote, quote.totals.get(name))


def _own(quote: Quote, figure: Amount | None) -> Amount | None:
    """A figure that has a value in the currency of the quote."""
    if figure is None or figure.value is None or figure.currency not in ("", quote.currency):
        return None
    return figure


def _made(quote: Quote, one: Amount, other: Amount, rule: Callable[[Decimal, Decimal], Decimal]) -> Amount:
    """An amount of two figures, to the smallest coin, with the ends of what it may be."""
    value = to_coin(rule(one.value or Decimal(0), other.value or Decimal(0)), quote.currency)
    corners = [to_coin(rule(*ends), quote.currency) for ends in product(one.ends or (), other.ends or ())]
    assumed = one if one.assumed else other
    ends = (min(corners), max(corners)) if assumed.assumed else (None, None)
    basis, source = (Basis.ASSUMED, assumed.source) if assumed.assumed else (one.basis, one.source)
    return replace(one, value=value, basis=basis, source=source, low=ends[0], high=ends[1], print="", currency="")
