"""A spreadsheet as a quote file: which sheet, which option, what was read, what was not."""

import os
from collections.abc import Mapping
from dataclasses import dataclass

from simtel.core.i18n import Message
from simtel.quotes.money import CURRENCIES
from simtel.quotes.sheets.container import refuse
from simtel.quotes.sheets.draft import Draft
from simtel.quotes.sheets.opening import read_sheets
from simtel.quotes.sheets.private import reaches
from simtel.quotes.sheets.tables import choices, choose, choose_sheet, draft_of
from simtel.quotes.sheets.writing import resolve


@dataclass(frozen=True, slots=True)
class Asked:
    """What the user says about a spreadsheet; empty: the spreadsheet says it."""

    sheet: str = ""
    option: str = ""
    columns: Mapping[str, int] | None = None  # role -> column
    currency: str = ""


def import_quote(path: str | os.PathLike[str], asked: Asked) -> Draft:
    """One option of one sheet. BadInput: what the file is, or what is to be said about it."""
    name = os.fspath(path)
    columns = asked.columns or {}
    sheet = choose_sheet(read_sheets(path), asked.sheet, columns, name)
    found = choices(sheet, columns, name)
    choice = choose(found, asked.option, name)
    draft = draft_of(sheet, choice)
    if not draft.lines:
        raise refuse(f"{name}!{sheet.name}" if sheet.name else name, Message("has no line below its headings"))
    draft.title = " ".join(dict.fromkeys(text for text in (draft.title, choice.name) if text and not reaches(text)))
    draft.currency = asked.currency or {"¥": "CNY" if _chinese(draft) else ""}.get(draft.currency, draft.currency)
    if draft.currency not in CURRENCIES:
        raise refuse(
            name, Message("does not say which currency its figures are in"), Message("say it by --currency CNY")
        )
    if draft.tax_rate.given and draft.tax_included is not None:  # else nobody knows whether it is to be added
        draft.totals.setdefault("tax_percent", draft.tax_rate)
    resolve(draft)
    return draft


def _chinese(draft: Draft) -> bool:
    return any("\u4e00" <= letter <= "\u9fff" for line in draft.lines for letter in line.name)
