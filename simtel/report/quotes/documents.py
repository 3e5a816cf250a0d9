"""What is handed on about quotes: prices, deviation tables and the acceptance test, in the order of a workbook."""

from collections.abc import Sequence

from simtel.core.i18n import translate
from simtel.report.quotes.acceptance import acceptance_sheet
from simtel.report.quotes.deviations import Offer, deviation_sheets
from simtel.report.quotes.priced import price_sheets
from simtel.report.quotes.sheets import Sheet, names_of
from simtel.scenario.spec import Scenario


def documents(offers: Sequence[Offer], library: Sequence[Scenario], lang: str) -> list[Sheet]:
    """All tables of these offers."""
    words = (translate("prices", lang), *(quote.id for quote, *_ in offers), translate("technical", lang),
             translate("commercial", lang), translate("acceptance", lang))  # fmt: skip
    names = names_of(words)
    first, *others = price_sheets([(quote, checked, meant.reading) for quote, checked, meant, _ in offers],
                                  names[: len(offers) + 1], lang)  # fmt: skip
    by_id = {one.id: one for one in library}
    return [first, *others, *deviation_sheets(offers, by_id, names[-3:-1], lang),
            acceptance_sheet(library, names[-1], lang)]  # fmt: skip
