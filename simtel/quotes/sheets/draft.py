"""What came of a sheet: lines, sums and terms as they are printed, each with its cell, and what was not understood."""

from dataclasses import dataclass, field

from simtel.core.i18n import Message
from simtel.quotes.sheets.figures import BLANK, Figure
from simtel.quotes.sheets.private import reaches

LEFT_OUT = Message("names a person or a number to call: left out")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about one place of the sheet that the reader of the quote must know."""

    cell: str
    message: Message


@dataclass(frozen=True, slots=True)
class DraftLine:
    """One line."""

    cell: str  # of its name
    item: str
    name: str
    unit: str
    brand: str
    section: int  # index into sections; -1: none
    quantity: Figure = BLANK
    price: Figure = BLANK
    amount: Figure = BLANK
    by_buyer: bool = False
    optional: bool = False


@dataclass(slots=True)
class DraftSection:
    """A heading inside the table."""

    name: str
    subtotal: Figure = BLANK


@dataclass(slots=True)
class Draft:
    """One option of one sheet."""

    title: str = ""
    vendor: str = ""
    date: str = ""
    currency: str = ""
    lines: list[DraftLine] = field(default_factory=list)
    sections: list[DraftSection] = field(default_factory=list)
    totals: dict[str, Figure] = field(default_factory=dict)  # by the names that quote files have
    tax_rate: Figure = BLANK  # as a text states it
    tax_included: bool | None = None
    terms: dict[str, str] = field(default_factory=dict)
    valid_days: Figure = BLANK
    warranty_years: Figure = BLANK
    findings: list[Finding] = field(default_factory=list)
    private: int = 0  # texts about persons that were dropped

    def say(self, cell: str, message: Message) -> None:
        """Note a finding. Its words are written into the quote file, so none may name a person."""
        if reaches(message):
            self.private += 1
            message = LEFT_OUT
        self.findings.append(Finding(cell, message))
