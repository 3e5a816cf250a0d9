"""A quote's own words in the reader's language: what its lines count in, and how it is meant."""

from simtel.core.i18n import Message, pick, told, translate
from simtel.quotes.readings import Reading
from simtel.report.words import listed, plain

# How quotes count pieces -> the word for it; what else a print says stays as it is printed.
_PIECES = {"台": "set", "套": "set", "块": "board", "路": "channel", "部": "piece", "个": "piece", "只": "piece",
           "副": "piece", "项": "item"}  # fmt: skip
UNITS = {"set": Message("set"), "board": Message("board"), "channel": Message("channel"), "piece": Message("piece"),
         "item": Message("item")}  # fmt: skip


def unit_name(unit: str, lang: str) -> str:
    """What a line counts in."""
    word = _PIECES.get(unit, unit)
    return told(UNITS[word], lang) if word in UNITS else plain(unit)


def read_as(taken: Reading, lang: str) -> str:
    """What a reading takes a quote to mean, in a title."""
    if taken.first:
        return translate("the first of each choice", lang)
    return listed((plain(pick(one.says, lang)) for _, one in taken.chosen), lang)
