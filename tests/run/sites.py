"""Sites and scenarios for tests, made of shipped files with single figures in other places."""

from functools import cache
from pathlib import Path

import msgspec

from simtel.core import data
from simtel.core.quantity import Basis, Quantity, Unit, Value
from simtel.profiles.catalogue import find_site, read_devices
from simtel.profiles.resolve import resolve
from simtel.profiles.spec import Given, SiteSpec
from simtel.run.plan import Item, items
from simtel.scenario.load import read_scenario
from simtel.scenario.spec import Scenario


@cache
def site(name: str = "proposal-as-drawn", seats: int = 20) -> SiteSpec:
    return resolve(find_site(name, read_devices()), seats)


def crash(**changes: object) -> Scenario:
    """The crash of the active server, judged by failover-time alone unless told otherwise."""
    whole = read_scenario(data.scenarios() / "failover" / "active-server-crash.yaml")
    chosen = tuple(x for x in whole.expect if x.criterion == "failover-time")
    return msgspec.structs.replace(whole, **{"expect": chosen, **changes})


def stated(spec: SiteSpec, path: str, value: Value, **spread: object) -> SiteSpec:
    """The site with one figure assumed anew (with a spread), or quoted (without)."""
    basis = Basis.ASSUMED if spread else Basis.QUOTED
    unit = spec.figures[path].stated.unit
    quantity = msgspec.convert({"value": value, "unit": unit, "basis": basis, "source": "test", **spread}, Quantity)
    return msgspec.structs.replace(spec, figures={**spec.figures, path: Given(quantity, spec.figures[path].spec)})


def item(spec: SiteSpec | None = None, scenario: Scenario | None = None) -> Item:
    return items([scenario or crash()], [spec or site()], seed=7)[0]


__all__ = ["Path", "Unit", "crash", "item", "site", "stated"]
