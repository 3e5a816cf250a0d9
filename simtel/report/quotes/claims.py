"""What of the proposal's central claim holds in each reading: calls that are up go on when one unit fails.

A call server may fail by itself, its box going on; where it stands in one box with an E1, the box may fail as a whole.
The first is what 1+1 is bought for, the second is what it does not cover: they stand beside each other, and apart.
"""

from collections.abc import Iterator
from typing import NamedTuple

from simtel.core.i18n import Message, told, translate
from simtel.quotes.compare import Comparison, Tried
from simtel.quotes.trial import Met

# What fails -> the scenario of it.
ALONE = Message("the active call server alone")
UNITS = {
    "failover.platform-crash": Message("a platform, call server and E1 in one box"),
    "failover.gateway-crash": Message("a gateway in a box of its own"),
    "failover.lan-switch-crash": Message("a LAN switch"),
}
TITLE = Message("Calls that go on when one unit fails (claimed: all of them)")
HOLDS, FAILS = Message("holds"), Message("fails")
NOTE = Message("the call server alone: its software or its board stops, and the E1 in its box goes on")


class Claim(NamedTuple):
    """One reading: the cell of each unit."""

    option: str
    reading: str
    cells: tuple[str, ...]


def units(made: Comparison) -> list[Message]:
    """What fails, as far as it was tried; a claim is told of each."""
    tried = {one.scenario for option in made.options for each in option.readings for one in each.sizes[0].met}
    return [ALONE, *(words for name, words in UNITS.items() if name in tried)]


def claims(made: Comparison, lang: str) -> Iterator[Claim]:
    """Every reading that makes a site."""
    asked = units(made)
    for option in made.options:
        for one in option.readings:
            met = {each.scenario: each for each in one.sizes[0].met}
            cells = [_kept(one.alone, lang)]
            cells += [_of(one, met.get(name), name, lang) for name, words in UNITS.items() if words in asked]
            yield Claim(option.option.id, one.reading.name, tuple(cells))


def kept_by(made: Comparison) -> Iterator[tuple[Message, list[str]]]:
    """For the call server alone and for a platform: the options that keep every call, as they are read first."""
    platform = "failover.platform-crash"
    judged = [(option.option.id, option.readings[0]) for option in made.options]
    yield ALONE, [name for name, one in judged if one.alone is not None and one.alone.cut == 0]
    met = [(name, next((each for each in one.sizes[0].met if each.scenario == platform), None)) for name, one in judged]
    if any(one is not None and one.applies and one.cut is not None for _, one in met):
        yield UNITS[platform], [name for name, one in met if one is not None and one.applies and one.cut == 0]


def _of(one: Tried, met: Met | None, name: str, lang: str) -> str:
    if name == "failover.gateway-crash" and one.sizes[0].spec.layout.housed:
        return translate("none there", lang)
    return translate("none there", lang) if met is None or not met.applies else _kept(met, lang)


def _kept(met: Met | None, lang: str) -> str:
    """The share of calls, and whether that is what was claimed."""
    if met is None or met.cut is None:
        return translate("not shown", lang)
    share = f"{100 * (1 - met.cut):.0f} %"
    return f"{share}\n{told(HOLDS if met.cut == 0 else FAILS, lang)}"
