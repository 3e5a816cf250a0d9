"""What is handed on about quotes: prices, deviation tables and the acceptance test, in the order of a workbook."""

from collections.abc import Sequence

from simtel.core.i18n import translate
from simtel.report.quotes.acceptance import acceptance_sheet
from simtel.report.quotes.deviations import Offer, deviation_sheets
from simtel.report.quotes.priced import price_sheets
from simtel.report.quotes.sheets import Sheet, names_of
from simtel.scenario.spec import Scenario


def documents(offers: Sequence[Offer], library: Sequence[Scenario], lang: str) -> list[Sheet]:
    """All tables of these offers; nobody accepts an offer of nothing."""
    bought = [offer for offer in offers if offer[0].lines]
    count = 1 + len(offers)
    words = (translate("prices", lang), *(quote.id for quote, *_ in offers), translate("technical", lang),
             translate("commercial", lang),
             *(translate("acceptance {option}", lang, option=quote.id) for quote, *_ in bought))  # fmt: skip
    names = names_of(words)
    first, *others = price_sheets([(quote, checked, meant.reading) for quote, checked, meant, _ in offers],
                                  names[:count], lang)  # fmt: skip
    by_id = {one.id: one for one in library}
    return [
        first, *others, *deviation_sheets(offers, by_id, names[count : count + 2], lang),
        *(acceptance_sheet(quote.id, library, meant.lacks, name, lang)
          for (quote, _, meant, _), name in zip(bought, names[count + 2 :], strict=True)),
    ]  # fmt: skip
