"""The shipped quotes compared, quickly: for tests of what is told about a comparison."""

from dataclasses import replace
from functools import cache

import pytest

from simtel.core import data
from simtel.profiles.catalogue import read_devices
from simtel.profiles.demand import read_demand
from simtel.quotes.arithmetic import check
from simtel.quotes.buyer import find_buyer
from simtel.quotes.compare import Comparison, compare
from simtel.quotes.from_quote import options_of
from simtel.quotes.gaps import gaps
from simtel.quotes.questions import questions
from simtel.quotes.quote import find_quote
from simtel.quotes.readings import reading
from simtel.quotes.trial import Lived
from simtel.report.quotes.check import Meant
from simtel.report.quotes.deviations import Offer
from simtel.verdict.outcome import Outcome

NAMES = ("option-1", "option-2", "today")
DEVICES = read_devices()


@cache
def made() -> Comparison:
    """Three options, the first reading of each, few replications and draws, one scenario."""
    options = [replace(one, readings=one.readings[:1])
               for one in options_of([find_quote(name, DEVICES) for name in NAMES], DEVICES)]  # fmt: skip
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("simtel.quotes.work.live", lambda _: Lived(None, None, None, Outcome.INCONCLUSIVE))
        patched.setattr("simtel.sizing.design.simulated.FIRST", 24)
        patched.setattr("simtel.quotes.compare.DRAWS", 20)
        patched.setattr("simtel.quotes.turning.STEPS", 1)
        demand = read_demand(data.data_root() / "hardware_profiles" / "demand" / "twenty-seats.yaml")
        return compare(options, demand, find_buyer("assumed-defaults"), [20], jobs=1,
                       scenarios=("failover.active-server-crash",))  # fmt: skip


@cache
def offers() -> tuple[Offer, ...]:
    """The quotes of that comparison, each with what its first reading lacks and what was tried on it."""
    found = []
    for name, one in zip(NAMES, made().options, strict=True):
        quote = find_quote(name, DEVICES)
        checked, taken = check(quote), reading(quote)
        meant = Meant(taken, gaps(quote, taken, DEVICES), questions(quote, checked, DEVICES))
        found.append((quote, checked, meant, one.readings[0].sizes[0].met))
    return tuple(found)
