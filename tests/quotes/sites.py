"""Options for tests, made of shipped sites."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import yaml

from simtel.core import data
from simtel.core.quantity import Basis
from simtel.profiles.catalogue import read_devices
from simtel.profiles.site import Site, read_site
from simtel.quotes.options import Option, Reading
from simtel.quotes.ranged import Ranged, known

PRICES = {part: known(price, Basis.QUOTED) for part, price in {
    "lpt-2000-ds": 45_000.0, "e1-module-1": 18_000.0, "adapter-24": 26_000.0, "licence-core-channel": 3_000.0,
    "licence-agent": 2_000.0, "licence-recording": 1_000.0, "headset": 300.0,
}.items()}  # fmt: skip
DEVICES = read_devices()


def site(name: str, change: Mapping[str, Any] | None = None) -> Site:
    """A shipped site, with some of its top-level keys changed."""
    raw = yaml.safe_load((data.data_root() / "hardware_profiles" / "sites" / f"{name}.yaml").read_text("utf-8"))
    return read_site(yaml.safe_dump({**raw, **(change or {})}, allow_unicode=True).encode(), DEVICES, name)


def reading(name: str, offer: float = 250_000.0, base: str = "", change: Mapping[str, Any] | None = None) -> Reading:
    """A reading that makes the site `base` (that of its own name), with some of its keys changed."""
    return Reading(name, site(base or name, change), None, known(offer), known(392_000.0), known(0.0), ())


def option(name: str, *readings: Reading) -> Option:
    """An option of these readings."""
    warranty = Ranged(3.0, 3.0, 3.0, Basis.QUOTED)
    return Option(name, {"en": name}, "CNY", PRICES, warranty, readings)


def today() -> Option:
    """Today's site, which costs nothing more."""
    one = replace(reading("today", 0.0), listed=known(0.0), owned=known(100_000.0))
    return replace(option("today", one), warranty=known(0.0))
