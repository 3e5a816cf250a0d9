"""The prices that `simtel size` searches by: of the demand file, of --prices, and of --price one by one."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from simtel.core import data
from simtel.core.i18n import Message
from simtel.core.problems import Problem, any_of, did_you_mean, nowhere, quoted
from simtel.core.quantity import Basis
from simtel.profiles.prices import PARTS, Price, Prices, read_prices
from simtel.run.kinds import misplaced

_AMOUNT = re.compile(r"\d{1,9}(?:\.\d{1,2})?", re.ASCII)
_FIGURE = "price."  # before the name of a part: its price among the figures that are asked


class Listed(NamedTuple):
    """Prices, in the order of `PARTS`, and their currency."""

    prices: tuple[Price, ...] = ()
    currency: str = "CNY"

    def figures(self) -> dict[str, float]:
        """Each price as a figure."""
        return {_FIGURE + price.part: price.value for price in self.prices}

    def ends(self) -> dict[str, tuple[float, float]]:
        """The ends of those that are assumed."""
        return {_FIGURE + price.part: price.ends for price in self.prices if price.assumed}


def of_figures(figures: Mapping[str, float]) -> tuple[tuple[str, float], ...]:
    """Part and price."""
    return tuple((part, figures[_FIGURE + part]) for part in PARTS if _FIGURE + part in figures)


def listed(
    known: Prices | None, list_: str | None, given: Iterable[str], currency: str | None, problems: list[Problem]
) -> Listed:
    """Those that are `known`, or a list of them instead, and beside or instead of those what is given one by one."""
    if list_ is not None:
        known = _read(list_, problems)
    found = {} if known is None else {price.part: price for price in known.of}
    found |= _given(given, problems)
    money = currency.strip() if currency is not None else known.currency if known is not None else "CNY"
    if not money:
        problems.append(wrong("--currency", Message("is empty")))
    elif known is not None and money != known.currency:
        words = Message("the prices are in {currency}", currency=known.currency)
        problems.append(wrong("--currency", words))
    return Listed(tuple(found[part] for part in PARTS if part in found), money)


def _read(name: str, problems: list[Problem]) -> Prices | None:
    """The prices of a file, or of a shipped one by its name. BadInput: the file is wrong."""
    shipped = sorted(path.stem for path in data.prices().glob("*.yaml"))
    if name in shipped:
        return read_prices(data.prices() / f"{name}.yaml").prices
    if Path(name).suffix not in (".yaml", ".yml", ".json"):
        words = Message("there are no prices {name}", name=quoted(name))
        own = Message("these are shipped: {names}; a file of one's own ends in .yaml", names=", ".join(shipped))
        problems.append(nowhere(Message("{option}: {why}", option="--prices", why=words), any_of(name, shipped) or own))
        return None
    other = misplaced(name, "prices")
    if other is not None:
        problems.append(other)
        return None
    return read_prices(name).prices


def _given(given: Iterable[str], problems: list[Problem]) -> dict[str, Price]:
    found: dict[str, Price] = {}
    for text in given:
        part, _, number = text.partition("=")
        if part not in PARTS:
            words = Message(
                "no part is called {part}; these have a price: {parts}", part=f"'{part}'", parts=", ".join(PARTS)
            )
            problems.append(nowhere(Message("{option}: {why}", option="--price", why=words), did_you_mean(part, PARTS)))
        elif not _AMOUNT.fullmatch(number):
            problems.append(wrong("--price", Message("{word} is no price: write it as e1=18000", word=f"'{text}'")))
        elif part in found:
            problems.append(wrong("--price", Message("{part} has a price twice", part=f"'{part}'")))
        else:
            found[part] = Price(part, float(number), Basis.BUYER, "--price")
    return found


def wrong(option: str, words: str) -> Problem:
    """What is wrong with an option."""
    return nowhere(Message("{option}: {why}", option=option, why=words))
