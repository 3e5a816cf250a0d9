"""A quote as an option to compare: its readings, the site of each, and what it pays for.

Taken are the first reading and those that differ from it in one choice, or all. What is bought is worth the amounts
that are printed. A part that a quote states no price of is taken to cost what the other quotes in its currency ask,
anything between the least and the most of them: what is owned was sold by somebody once. That is assumed. So a lump sum
has a list too, for support and spares are a share of it; it is the offer at least where nobody prices all its parts.

Money is of one kind: what is paid and what stands in a list, both with the tax where a quote says how much it is.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from math import prod

from simtel.core.i18n import Message
from simtel.core.problems import BadInput, Problem, nowhere
from simtel.core.quantity import Basis
from simtel.profiles.device import Profile
from simtel.profiles.site import Site, read_site
from simtel.quotes.amount import Amount
from simtel.quotes.gaps import prices
from simtel.quotes.options import Option, Reading
from simtel.quotes.paid import paid, tax_known, with_tax
from simtel.quotes.quote import Line, Quote
from simtel.quotes.ranged import Ranged, known
from simtel.quotes.readings import Reading as Meant
from simtel.quotes.readings import Stock, reading, readings, stock
from simtel.quotes.to_site import NoSiteError, needed, site_text

CRM = "crm-server"  # kind of part
FIRST = "first"  # the reading that takes the first alternative of every axis


def options_of(quotes: Sequence[Quote], profiles: Mapping[str, Profile], *, every: bool = False) -> list[Option]:
    """An option of each quote; `every`: with all combinations of its readings. BadInput: an offer without a price, or a
    number that cannot be read."""
    found: list[Option] = []
    problems: list[Problem] = []
    for quote in quotes:
        try:
            found.append(_option(quote, _prices(quote, quotes), profiles, every=every))
        except BadInput as bad:
            problems += bad.problems
    if problems:
        raise BadInput(problems)
    return found


def _prices(quote: Quote, quotes: Sequence[Quote]) -> dict[str, Ranged]:
    """List prices by part: its own, or what all the others ask."""
    asked: dict[str, set[float]] = {}
    for other in quotes:
        if other.currency == quote.currency:
            for part, price in _own(other).items():
                asked.setdefault(part, set()).add(price)
    source = "a part without a price of its own: what the other quotes ask"
    others = {part: Ranged((min(all_) + max(all_)) / 2, min(all_), max(all_), Basis.ASSUMED, source)
              for part, all_ in asked.items()}  # fmt: skip
    return others | {part: known(price, Basis.QUOTED) for part, price in _own(quote).items()}


def _own(quote: Quote) -> dict[str, float]:
    """The list prices that a quote states itself, by part."""
    taxed = with_tax(quote, reading(quote))
    return {part: taxed * float(price.amount) for part, price in prices(quote).items()}


def _listed(quote: Quote, line: Line) -> float | None:
    """What a line comes to at list: its amount, or quantity x price; 0 where its currency is another, or where it takes
    something off; None where it says nothing of that."""
    if any(one is not None and one.currency not in ("", quote.currency) for one in (line.amount, line.price)):
        return 0.0
    for figures in ((line.amount,), (line.quantity, line.price)):
        known_ = [float(one.value) for one in figures if one is not None and one.value is not None]
        if len(known_) == len(figures):
            return max(0.0, prod(known_))
    return None


def _bought(quote: Quote, each: Mapping[str, Ranged], outlay: Ranged, taxed: float) -> Ranged:
    """List price of what is bought. A line without a price may be in that of another: it costs what the other quotes
    ask, or nothing. Where no line has a price all cost that; and the offer at least if one is priced by nobody."""
    lines = [line for line in quote.lines if quote.bought(line) and not (line.by_buyer or line.credit)]
    stated = taxed * sum(_listed(quote, line) or 0.0 for line in lines)
    open_: dict[str, float] = {}
    for line in lines:
        if line.part and (_listed(quote, line) is None or not stated):
            open_[line.part] = open_.get(line.part, 0.0) + float(line.ordered)
    guessed = _worth(open_, each)
    source = "parts without a price of their own: what the other quotes ask"
    if stated:
        basis = Basis.ASSUMED if guessed.high else Basis.QUOTED
        return Ranged(stated + guessed.value, stated, stated + guessed.high, basis, source if guessed.high else "")
    if not outlay.value or all(line.part in each for line in lines if line.ordered):
        return Ranged(guessed.value, guessed.low, guessed.high, Basis.ASSUMED, source) if guessed.high else guessed
    value, low, high = (max(getattr(guessed, end), getattr(outlay, end)) for end in ("value", "low", "high"))
    return Ranged(value, low, high, Basis.ASSUMED, "no price of some part in any quote: the offer at least")


def _supplied(quote: Quote, there: Mapping[str, Stock]) -> dict[str, int]:
    """Parts that the buyer is to supply and does not own, and how many; one where a quote does not say."""
    found = Counter[str]()
    for line in quote.lines:
        if line.by_buyer and line.part and not there[line.part].owned:
            found[line.part] += int(line.ordered) or 1
    return found


def _worth(parts: Mapping[str, float], each: Mapping[str, Ranged]) -> Ranged:
    """So many of some parts at their prices, those without a price left out."""
    found = [(number, each[part]) for part, number in parts.items() if number and part in each]
    basis = max((one.basis for _, one in found), key=list(Basis).index, default=Basis.QUOTED)
    value, low, high = (sum(number * getattr(one, end) for number, one in found) for end in ("value", "low", "high"))
    return Ranged(value, low, high, basis)


def _option(quote: Quote, each: Mapping[str, Ranged], profiles: Mapping[str, Profile], *, every: bool) -> Option:
    first, *others = sorted(readings(quote), key=lambda one: not one.first)
    taken = [first, *(one for one in others if every or _apart(quote, one) == 1)]
    made = tuple(_reading(quote, one, each, profiles) for one in taken)
    stated, warranty = quote.warranty_years, None
    if stated is not None and stated.value is not None:
        warranty = _ranged(stated)
    elif not any(one.listed.high for one in made):  # nothing is bought that could have one
        warranty = known(0.0)
    left = 1 + len(others) - len(taken)
    return Option(quote.id, quote.title, quote.currency, each, warranty, made, left, tax_known(quote))


def _apart(quote: Quote, meant: Meant) -> int:
    """In how many choices a reading differs from the first."""
    return len(_other(quote, meant))


def _other(quote: Quote, meant: Meant) -> list[str]:
    return [f"{axis.name}={one.name}" for axis, (_, one) in zip(quote.axes, meant.chosen, strict=True)
            if one is not axis.alternatives[0]]  # fmt: skip


def _reading(quote: Quote, meant: Meant, each: Mapping[str, Ranged], profiles: Mapping[str, Profile]) -> Reading:
    site: Site | None = None
    why: Message | None = None
    try:
        site = read_site(site_text(quote, meant, profiles).encode(), profiles, quote.id)
    except NoSiteError as error:
        why = error.args[0]
    outlay = paid(quote, meant)
    if outlay is None:
        raise BadInput([nowhere(Message("{quote} offers no price that can be read", quote=quote.id))])
    there, offered = stock(quote, meant), _ranged(outlay)
    lacking = {} if site is None else Counter(needed(quote, meant, profiles)) + Counter(_supplied(quote, there))
    return Reading(
        ",".join(_other(quote, meant)) or FIRST, site, why, offered,
        _bought(quote, each, offered, with_tax(quote, meant)),
        _worth({part: float(one.owned) for part, one in there.items()}, each),
        tuple(part for part, one in there.items() if one.count and part not in each),
        tuple(one.says for axis, (_, one) in zip(quote.axes, meant.chosen, strict=True)
              if meant.first or one is not axis.alternatives[0]),
        _worth(lacking, each), tuple(lacking.items()), tuple(part for part in lacking if part not in each),
        () if site is None else _missing(site, profiles),
    )  # fmt: skip


def _missing(site: Site, profiles: Mapping[str, Profile]) -> tuple[str, ...]:
    """Kinds of part that a site is for and has none of: no better than one alone."""
    found = () if any(profiles[part].kind == CRM for part in site.others) else (CRM,)
    return found if "phones" in site.profiles else (*found, "phones")


def _ranged(figure: Amount) -> Ranged:
    """A figure of a quote that has a value."""
    value = float(figure.value or 0)
    low, high = (value, value) if figure.ends is None else map(float, figure.ends)
    return Ranged(value, low, high, Basis(figure.basis), figure.source)
