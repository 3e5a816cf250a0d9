"""Texts around a table as clauses, each of one term: 含税13%，质保2年，有效期30天 are a tax, a warranty and a validity.

A comma begins a clause where another term begins behind it; else it goes on with the one before. What is listed
(不含运费、安装、培训) is said of each that is listed, in all its words. What says when how much is paid belongs to the
payment, whatever it waits for: 付款：预付30%，验收后付70% states no acceptance.

Where a text names a person or a number to call, no part of it is kept but what begins with the words of a term: all
else in it may be a name. A part that has both goes, and that a term went with it is told.
"""

import re
from typing import NamedTuple

from simtel.quotes.sheets.private import LABELLED, reaches
from simtel.quotes.sheets.sheet import plain
from simtel.quotes.sheets.words import LEADING, MARK, OTHERS, SENTENCES, TAXED, TERMS, UNTAXED

_TERM_WORD = r"(?:Warranty|Delivery|Payment|Valid|Validity|Tax|VAT|Installation|Training|Acceptance|Maintenance)"
_ENDS = re.compile(  # of a clause; not the comma of 1,000
    r"([,，]\s*(?!\d{3}(?!\d))"
    r"|\s+(?=[\u4e00-\u9fff])"
    rf"|\s+(?={_TERM_WORD}(?: \w+)?\s*[:：]|{_TERM_WORD} \d)"
    rf"|\s+(?=(?i:{LABELLED})))"
)
_PAYS = re.compile(
    r"付[^，,;；。]{0,8}(\d+%|全款|清|余款|尾款)|[前后]支?付|^[余尾]款|balance|advance|deposit|^\d+%(down|upon|on)"
)
_SHARED = re.compile(r"\d%")
_HEAD = re.compile(  # a text that begins with a term, and no name before it
    r"(免费|终身|包|不?含|已|报价|本|以上|价格?|整机|设备|硬件|软件|可?开具?|提供|原厂|\d+(\.\d+)?[年月天日个%]*|[一二三四五六七八九十]+年|free|our|the|all|prices?)*"
    rf"([余尾]款|预付|{'|'.join(pattern.pattern for _, pattern in TERMS)})"
)
_BY = re.compile(r"负责|由|找|请|联系|致电|contact|call|ask|by")  # before or behind a name
_AND = re.compile(r"、|和|及|与|\band\b|\bor\b")
_BARE = re.compile(
    rf"({'|'.join(pattern.pattern for _, pattern in TERMS)}"
    r"|、|和|及|与|and|or|费用?|服务|services?|costs?|(?<=[a-z])(?:ation|ing))+"
)
_SHARE = re.compile(r"(\d+(?:\.\d+)?)%")


class Clause(NamedTuple):
    """A text about one term; `kind` is empty where it is about none that is known."""

    kind: str
    text: str


class Told(NamedTuple):
    """What a text says: its clauses, whether it named a person or a number to call, and whether a term went with it."""

    clauses: tuple[Clause, ...]
    private: bool
    lost: bool


def term_kind(text: str) -> str:
    """Which term a text is about: the one whose word comes first; empty for none."""
    word = plain(text).replace("：", ":")
    label, mark, _ = word.partition(":")
    if mark and OTHERS.fullmatch(label):
        return ""
    if _PAYS.search(word) and not (mark and term_kind(label)):
        return "payment"
    found = [(match.start(), kind) for kind, pattern in TERMS if (match := pattern.search(word)) is not None]
    return min(found, default=(0, ""), key=lambda one: one[0])[1]


def clauses_of(text: str, strict: bool = False) -> Told:
    """The clauses of a text; `strict` where a person is named beside it."""
    strict = strict or reaches(text)
    found: list[tuple[list[str], str]] = []
    lost = False
    for sentence in SENTENCES.split(text):
        goes_on = False
        for mark, piece in _pieces(LEADING.sub("", sentence.strip()).strip()):
            kinds = _kinds(piece)
            word = plain(piece)
            if strict and (reaches(piece) or _HEAD.match(word) is None or _BY.search(word)):
                lost |= bool(kinds)
                goes_on = False
            elif goes_on and (_same(found[-1][0], kinds, piece) or _BARE.fullmatch(word)):
                found[-1] = (found[-1][0] + kinds, found[-1][1] + mark + piece)
            elif not MARK.fullmatch(word):
                found.append((kinds, piece))
                goes_on = True
    clauses = tuple(Clause(kind, text) for kinds, text in found for kind in dict.fromkeys(kinds or [""]))
    return Told(clauses, strict, lost)


def _kinds(piece: str) -> list[str]:
    """The terms that a text is about, one or those that it lists."""
    first = term_kind(piece)
    listed = [first] if first == "payment" else [first, *map(term_kind, _AND.split(piece))]
    return [kind for kind in dict.fromkeys(listed) if kind]


def _pieces(sentence: str) -> list[tuple[str, str]]:
    """What stands between the ends of clauses, each with the end before it."""
    parts = ["", *_ENDS.split(sentence)]
    return [(mark, piece) for mark, piece in zip(parts[::2], parts[1::2], strict=True) if piece.strip()]


def _same(before: list[str], kinds: list[str], text: str) -> bool:
    """Whether a clause is about the term before it."""
    pays = "payment" in before and "tax" not in kinds
    return set(kinds) <= set(before) or (pays and bool(_SHARED.search(plain(text)) or _PAYS.search(plain(text))))


def tax_in(text: str) -> bool | None:
    """Whether a text says that the tax is in the price, or is not; None where it says neither."""
    word = plain(text)
    return False if UNTAXED.search(word) else True if TAXED.search(word) else None


def tax_rate(text: str) -> str:
    """The one share that a text about tax states, in percent; empty where there is none, or several."""
    found = set(_SHARE.findall(plain(text)))
    return found.pop() if len(found) == 1 else ""
