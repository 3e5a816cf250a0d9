"""Which tests can be done on the floor of what is bought: those for which the site of a reading has all units."""

from collections.abc import Iterable, Mapping

from simtel.core.problems import BadInput
from simtel.profiles.device import Profile
from simtel.profiles.resolve import resolve
from simtel.profiles.site import read_site
from simtel.quotes.quote import Quote
from simtel.quotes.readings import Reading
from simtel.quotes.to_site import NoSiteError, site_text
from simtel.run.plan import lacking
from simtel.scenario.spec import Scenario
from simtel.verdict.verdict import Text, say_message


def lacks_of(
    quote: Quote, taken: Reading, profiles: Mapping[str, Profile], library: Iterable[Scenario]
) -> dict[str, Text]:  # fmt: skip
    """Scenario -> what the site lacks for it, in the size that the quote is for. A reading that makes no site lacks the
    same for all."""
    try:
        site = resolve(read_site(site_text(quote, taken, profiles).encode(), profiles, quote.id), quote.seats)
    except NoSiteError as error:
        return {scenario.id: say_message(error.args[0]) for scenario in library}
    except BadInput as bad:
        return {scenario.id: say_message(bad.problems[0].message) for scenario in library}
    found = {scenario.id: lacking(scenario, site) for scenario in library}
    return {name: why for name, why in found.items() if why is not None}
