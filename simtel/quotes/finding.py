"""What a check of a quote finds, and where."""

from decimal import Decimal
from enum import StrEnum

import msgspec

from simtel.core.document import Loc
from simtel.core.i18n import Message


class Kind(StrEnum):
    """What a finding is about."""

    PRODUCT = "product"  # quantity x price is not the amount
    SUM = "sum"
    DISCOUNT = "discount"
    TAX = "tax"
    CURRENCY = "currency"
    UNIT = "unit"  # no unit, where something is counted
    RUN = "run"  # what is printed without gaps is not what the lines say
    NUMBER = "number"  # a text where a number is due
    DOUBLED = "doubled"
    MISSING = "missing"
    UNKNOWN_PART = "unknown-part"  # counted, and no part that a site has
    BY_WORDS = "by-words"
    UNREADABLE = "unreadable"
    UNCONFIRMED = "unconfirmed"
    CONFIRMED = "confirmed"
    OPTIONAL = "optional"  # which optional lines a sum holds
    APART = "apart"  # an offer that the lines do not come to


WRONG = (Kind.PRODUCT, Kind.SUM, Kind.DISCOUNT, Kind.TAX, Kind.CURRENCY, Kind.UNIT, Kind.NUMBER, Kind.RUN, Kind.DOUBLED,
         Kind.MISSING)  # fmt: skip


class Finding(msgspec.Struct, frozen=True):
    """One thing that the check found."""

    kind: Kind
    said: Message
    loc: Loc
    cell: str = ""  # in a spreadsheet; empty where there is none
    offered: Decimal | None = None  # for what cannot be read, where an equation gives it
    differs: Decimal | None = None  # how much money is wrong by it

    @property
    def wrong(self) -> bool:
        """Whether the quote is wrong here, not merely hard to read."""
        return self.kind in WRONG
