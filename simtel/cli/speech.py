"""What a command says to its user: in the language asked for, to the right stream, and never twice.

The language is settled before anything is read: `--lang` wherever it stands among the words, else the environment.
click says its own sentences (usage errors, headings) through gettext; it is handed simtel's catalogue.
"""

import gettext
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from itertools import pairwise
from typing import Any

import rich_click as click

from simtel.core.i18n import LANGUAGES, LOCALE, default_language, told, translate, translate_count
from simtel.core.problems import BadInput, render
from simtel.core.quantity import Value

ERROR = 4
USAGE = 2
BROKEN_OFF = 130
DOMAIN = "simtel"  # name of the catalogues

_language: ContextVar[str | None] = ContextVar("language", default=None)


def asked_language(words: Sequence[str]) -> str | None:
    """The language that a command line asks for; click refuses one that there is not."""
    found = None
    for word, after in pairwise([*words, ""]):
        if word == "--":
            break
        given = after if word == "--lang" else word.removeprefix("--lang=")
        if word.startswith("--lang") and given in LANGUAGES:
            found = given
    return found


def language() -> str:
    """The language of the command that is running."""
    return _language.get() or default_language()


def table_language() -> str:
    """The language of a table that programs read too: English unless `--lang` asks for another, wherever it is made."""
    return _language.get() or "en"


@contextmanager
def speaking(asked: str | None) -> Iterator[None]:
    """Inside, everything is said in the language asked for, else in the default, also what click says."""
    token = _language.set(asked)
    lang = language()
    before = gettext.textdomain(), os.environ.get("LANGUAGE")
    gettext.bindtextdomain(DOMAIN, LOCALE)
    gettext.textdomain(DOMAIN)
    os.environ["LANGUAGE"] = lang  # gettext's own switch
    try:
        yield
    finally:
        gettext.textdomain(before[0])
        if before[1] is None:
            del os.environ["LANGUAGE"]
        else:
            os.environ["LANGUAGE"] = before[1]
        _language.reset(token)


# `--lang` after the command's name as well as before it; `asked_language` has looked at it already.
language_option = click.option(
    "--lang",
    type=click.Choice(LANGUAGES),
    expose_value=False,
    help="Language of what is said / 输出语言. [default: from SIMTEL_LANG or LANG]",
)


def format_option(*forms: str) -> Callable[[Any], Any]:
    """`--format`: in which of these forms the command prints; the table unless asked otherwise."""
    return click.option(
        "--format", "form", type=click.Choice(forms), default="table", show_default=True, help="What is printed."
    )


def say(template: str, /, **args: Value) -> str:
    """A sentence in the user's language."""
    return translate(template, language(), **args)


def say_count(one: str, many: str, count: int, /, **args: Value) -> str:
    """A sentence about {count} things in the user's language."""
    return translate_count(one, many, language(), count, **args)


def say_message(text: str) -> str:
    """A message that was made elsewhere, in the user's language."""
    return told(text, language())


def complain(template: str, /, **args: Value) -> None:
    """One line to standard error."""
    click.echo(f"simtel: {say(template, **args)}", err=True)


def warn_of_letters() -> None:
    """After pictures were drawn: that they are in English, where the user's language has no font here."""
    from simtel.report.pixels import speaks  # noqa: PLC0415  (only who draws pays for it)

    if speaks(language()) != language():
        complain("pictures (PNG) are in English: this machine has no Chinese font, see `simtel doctor`")


def break_off() -> int:
    """What Ctrl-C says, and exits with."""
    complain("broken off")
    return BROKEN_OFF


def show_problems(bad: BadInput) -> None:
    """What is wrong with the files that were given."""
    click.echo(render(bad.problems, lang=language()), err=True)


def hush() -> None:
    """Standard output cannot be written any more: let the interpreter's last flush go nowhere."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
