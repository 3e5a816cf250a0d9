"""What a report must say of a site's figures: which are assumed, which are unknown, which steer nothing."""

from collections.abc import Callable

from simtel.core.log import Figure
from simtel.core.quantity import Basis, Quantity, Unknown
from simtel.profiles.spec import Given, SiteSpec


def assumed_figures(spec: SiteSpec) -> tuple[Figure, ...]:
    """Figures that steer the site and are assumed, with their ranges or alternatives."""
    return _those(
        spec,
        lambda given: (
            isinstance(given.stated, Quantity) and given.stated.basis is Basis.ASSUMED and not given.spec.descriptive
        ),
    )


def unknown_figures(spec: SiteSpec) -> tuple[Figure, ...]:
    """Figures that steer the site and are unknown; `value` stands in, `alternatives` are to be tried too."""
    return _those(spec, lambda given: isinstance(given.stated, Unknown) and not given.spec.descriptive)


def descriptive_figures(spec: SiteSpec) -> tuple[Figure, ...]:
    """Figures that are printed and steer nothing."""
    return _those(spec, lambda given: given.spec.descriptive)


def _those(spec: SiteSpec, wanted: Callable[[Given], bool]) -> tuple[Figure, ...]:
    return tuple(_figure(path, given) for path, given in sorted(spec.figures.items()) if wanted(given))


def _figure(path: str, given: Given) -> Figure:
    stated = given.stated
    if isinstance(stated, Unknown):
        value = given.value if given.spec.tries else None
        return Figure(path, stated.unit, "unknown", value, alternatives=given.others, source=stated.reason)
    return Figure(
        path,
        stated.unit,
        stated.basis,
        stated.value,
        stated.low,
        stated.high,
        stated.alternatives,
        stated.source,
    )
