"""Both languages at once: a page carries every sentence in English and in Chinese, and shows one of them.

`Words` holds the two. `span` makes them HTML, where the page's switch hides one; words that are the same in both
languages (ids, figures) become plain text. Everything is escaped here: evidence may hold markup.
"""

from markupsafe import Markup, escape

from simtel.core.i18n import LANGUAGES, pick, term, translate
from simtel.core.quantity import Value
from simtel.report.words import plain, tell
from simtel.verdict.verdict import Text

Words = dict[str, str]


def both(template: str, /, **args: Value | Words) -> Words:
    """A sentence in both languages; a field may itself be Words."""
    found: Words = {}
    for lang in LANGUAGES:
        filled = {name: pick(value, lang) if isinstance(value, dict) else value for name, value in args.items()}
        found[lang] = plain(translate(template, lang, **filled))
    return found


def told(text: Text) -> Words:
    """A sentence of a verdict."""
    return {lang: tell(text, lang) for lang in LANGUAGES}


def worded(word: str) -> Words:
    """A word of the vocabulary."""
    return {lang: plain(term(word, lang)) for lang in LANGUAGES}


def stated(texts: dict[str, str], otherwise: str = "") -> Words:
    """What a file states in both languages."""
    return {lang: plain(pick(texts, lang) or otherwise) for lang in LANGUAGES}


def span(words: Words | str) -> Markup:
    """Words as HTML, or as parts of an SVG text's content when `tag` is tspan."""
    return _tagged(words, "span")


def tspan(words: Words | str) -> Markup:
    """Words as the content of an SVG text."""
    return _tagged(words, "tspan")


def _tagged(words: Words | str, tag: str) -> Markup:
    if isinstance(words, str):
        return escape(plain(words))
    if len(set(words.values())) == 1:
        return escape(words["en"])
    shape = Markup('<{0} lang="{1}">{2}</{0}>')
    return Markup("").join(shape.format(tag, lang, text) for lang, text in words.items())
