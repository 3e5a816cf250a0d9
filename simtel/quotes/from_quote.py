"""A quote as an option to compare: its readings, the site of each, and what it pays for.

Taken are the first reading and those that differ from it in one choice, or all. A part that a quote states no price of
has that of the first of the other quotes that does: what is owned was sold by somebody once.
"""

from collections.abc import Mapping, Sequence

from simtel.core.i18n import Message
from simtel.core.problems import BadInput, Problem, nowhere
from simtel.core.quantity import Basis
from simtel.profiles.device import Profile
from simtel.profiles.site import Site, read_site
from simtel.quotes.amount import Amount
from simtel.quotes.options import Option, Reading
from simtel.quotes.quote import Quote
from simtel.quotes.ranged import Ranged, known
from simtel.quotes.readings import Reading as Meant
from simtel.quotes.readings import offer, readings, stock
from simtel.quotes.to_site import NoSiteError, site_text

FIRST = "first"  # the reading that takes the first alternative of every axis


def options_of(quotes: Sequence[Quote], profiles: Mapping[str, Profile], *, every: bool = False) -> list[Option]:
    """An option of each quote; `every`: with all combinations of its readings. BadInput: an offer without a price, or a
    number that cannot be read."""
    stated = [_prices(quote) for quote in quotes]
    found: list[Option] = []
    problems: list[Problem] = []
    for number, quote in enumerate(quotes):
        prices: dict[str, float] = {}
        for others in (stated[number], *stated):
            prices = {**others, **prices}
        try:
            found.append(_option(quote, prices, profiles, every=every))
        except BadInput as bad:
            problems += bad.problems
    if problems:
        raise BadInput(problems)
    return found


def _prices(quote: Quote) -> dict[str, float]:
    """List prices by part."""
    return {line.part: float(line.price.value) for line in quote.lines
            if line.part and line.price is not None and line.price.value is not None}  # fmt: skip


def _option(quote: Quote, prices: Mapping[str, float], profiles: Mapping[str, Profile], *, every: bool) -> Option:
    first, *others = sorted(readings(quote), key=lambda one: not one.first)
    taken = [first, *(one for one in others if every or _apart(quote, one) == 1)]
    made = tuple(_reading(quote, one, prices, profiles) for one in taken)
    stated, warranty = quote.warranty_years, None
    if stated is not None and stated.value is not None:
        warranty = _ranged(stated)
    elif not any(one.listed for one in made):  # nothing is bought that could have one
        warranty = known(0.0)
    return Option(quote.id, quote.title, quote.currency, prices, warranty, made)


def _apart(quote: Quote, meant: Meant) -> int:
    """In how many choices a reading differs from the first."""
    return len(_other(quote, meant))


def _other(quote: Quote, meant: Meant) -> list[str]:
    return [f"{axis.name}={one.name}" for axis, (_, one) in zip(quote.axes, meant.chosen, strict=True)
            if one is not axis.alternatives[0]]  # fmt: skip


def _reading(quote: Quote, meant: Meant, prices: Mapping[str, float], profiles: Mapping[str, Profile]) -> Reading:
    site: Site | None = None
    why: Message | None = None
    try:
        site = read_site(site_text(quote, meant, profiles).encode(), profiles, quote.id)
    except NoSiteError as error:
        why = error.args[0]
    paid = offer(quote, meant)
    if paid is None:
        raise BadInput([nowhere(Message("{quote} offers no price that can be read", quote=quote.id))])
    there = stock(quote, meant)
    return Reading(
        ",".join(_other(quote, meant)) or FIRST, site, why, _ranged(paid),
        sum(float(one.bought) * prices.get(part, 0.0) for part, one in there.items()),
        sum(float(one.owned) * prices.get(part, 0.0) for part, one in there.items()),
        tuple(part for part, one in there.items() if one.count and part not in prices),
    )  # fmt: skip


def _ranged(figure: Amount) -> Ranged:
    """A figure of a quote that has a value."""
    value = float(figure.value or 0)
    low, high = (value, value) if figure.ends is None else map(float, figure.ends)
    return Ranged(value, low, high, Basis(figure.basis), figure.source)
