"""Words in the reader's language: gettext catalogues, and texts that a file states in both.

The English template is the key of the catalogue and is itself the English text. Templates hold plain {fields} and
nothing cleverer: a log or verdict from elsewhere may carry any template, so neither attributes nor format codes are
looked at, and a field without a value stays as it stands. Single words of the vocabulary (causes, dispositions, states,
kinds of fault, basis) are `term`s; a field that holds such a word, or a tally of them ("trunk 3, seat 1"), is
translated with the sentence around it.

Sources: simtel/locale/LANG/LC_MESSAGES/simtel.po; the .mo beside it is compiled from that by `make locale`.
"""

import os
import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import Any, Self

from simtel.core.quantity import Value

LANGUAGES = ("en", "zh")
LOCALE = Path(__file__).resolve().parent.parent / "locale"
_TERM = "term"  # context of single words: a word may also be a sentence
_FIELD = re.compile(r"\{\{|\}\}|\{(\w+)\}")
_LIST = re.compile(r"[^\s,]+(?: [^\s,]+){0,2}(?:, [^\s,]+(?: [^\s,]+){0,2})+")  # names, or words with counts
# One word; or in a tally, its count after it, who is meant in brackets, or whose it is and the count before it.
_WORD = re.compile(
    r"(?:(?P<whose>[a-z][\w.-]*): (?P<first>\d+) )?(?P<word>no end|[A-Z]+|[a-z][a-z0-9_-]*)"
    r"(?: \((?P<by>[^(),]+)\))?(?P<count> \d+)?"
)


def languages() -> tuple[str, ...]:
    """The languages that simtel speaks."""
    return LANGUAGES


def default_language() -> str:
    """SIMTEL_LANG, else LANG, else English."""
    for name in ("SIMTEL_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        given = os.environ.get(name, "")[:2].lower()
        if given in LANGUAGES:
            return given
        if given:
            break
    return "en"


@cache
def _catalogue(lang: str) -> NullTranslations:
    if lang == "en":
        return NullTranslations()
    if lang not in LANGUAGES:
        raise ValueError(f"no language {lang!r}: there are {', '.join(LANGUAGES)}")
    with (LOCALE / lang / "LC_MESSAGES" / "simtel.mo").open("rb") as source:
        return GNUTranslations(source)


class Message(str):
    """A sentence of ours with its fields filled in: English text, and `told` in any language.

    Fields are words of the reader's file, figures, or other messages. Unlike the fields of `translate`, words are
    never translated: they are to be found in the file as they stand here.
    """

    __slots__ = ("fields", "template")
    template: str
    fields: dict[str, str | int]

    def __new__(cls, template: str, /, **fields: str | int) -> Self:
        """The sentence that a literal template gives."""
        self = super().__new__(cls, _filled(template, fields, str))
        self.template, self.fields = template, fields
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return _message, (self.template, self.fields)


def _message(template: str, fields: dict[str, str | int]) -> Message:
    return Message(template, **fields)


def told(text: str, lang: str) -> str:
    """A message in `lang`; any other text as it stands."""
    if not isinstance(text, Message):
        return text
    template = _catalogue(lang).gettext(text.template) if text.template else ""
    return _filled(template, text.fields, lambda value: told(value, lang) if isinstance(value, str) else str(value))


def said_by(error: Exception) -> str:
    """What an exception says, as the message that it may hold."""
    return error.args[0] if error.args and isinstance(error.args[0], str) else str(error)


def either(words: Iterable[str]) -> str:
    """'a, b or c'."""
    *others, last = words
    return Message("{words} or {last}", words=", ".join(others), last=last) if others else last


def translate(template: str, lang: str, /, **args: Value) -> str:
    """`template` in `lang` with its fields filled in. A template that the catalogue lacks stays English."""
    text = _catalogue(lang).gettext(template) if template else ""
    return _filled(text, args, lambda value: _shown(value, lang))


def translate_count(one: str, many: str, lang: str, count: int, /, **args: Value) -> str:
    """The template for one or the template for many in `lang`, with its {count} and other fields filled in."""
    text = _catalogue(lang).ngettext(one, many, count)
    return _filled(text, {**args, "count": count}, lambda value: _shown(value, lang))


def _filled(text: str, fields: Mapping[str, Any], shown: Callable[[Any], str]) -> str:
    def fill(found: re.Match[str]) -> str:
        if found[1] is None:
            return found[0][0]
        return shown(fields[found[1]]) if found[1] in fields else found[0]

    return _FIELD.sub(fill, text)


def term(word: str, lang: str) -> str:
    """One word of the vocabulary, or a tally of such words; any other text stays as it is."""
    if lang == "en":
        return word
    parts = [_WORD.fullmatch(part) for part in word.split(", ")]
    whole = _catalogue(lang).pgettext(_TERM, word)
    if whole != word:
        return whole
    return "、".join(_part(part, lang) for part in parts if part is not None) if all(parts) else word


def _part(part: re.Match[str], lang: str) -> str:
    name = _catalogue(lang).pgettext(_TERM, part["word"])
    if part["whose"]:
        return f"{part['whose']}：{part['first']} {name}"
    if part["by"]:
        return f"{name}（{_catalogue(lang).pgettext(_TERM, part['by'])}）{(part['count'] or '').strip()}"
    return name + (part["count"] or "")


def pick(texts: Mapping[str, str], lang: str) -> str:
    """The text in `lang`, else in English, else in whatever language there is; empty when there is none."""
    return texts.get(lang) or texts.get("en") or next(iter(texts.values()), "")


def _shown(value: Value, lang: str) -> str:
    if isinstance(value, bool):
        return term("yes" if value else "no", lang)
    if isinstance(value, float):
        return f"{Decimal(f'{value:g}'):f}"
    if not isinstance(value, str):
        return str(value)
    said = term(value, lang)
    return said.replace(", ", "、") if lang == "zh" and _LIST.fullmatch(said) else said
