"""What a command says to its user: in the language asked for, to the right stream, and never twice."""

import os
import sys
from contextlib import suppress

import rich_click as click

from simtel.core.i18n import LANGUAGES, translate
from simtel.core.problems import BadInput, render
from simtel.core.quantity import Value

ERROR = 4
USAGE = 2
BROKEN_OFF = 130


def default_language() -> str:
    """SIMTEL_LANG, else LANG, else English."""
    for name in ("SIMTEL_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        given = os.environ.get(name, "")[:2].lower()
        if given in LANGUAGES:
            return given
        if given:
            break
    return "en"


def language() -> str:
    """The language of the command that is running."""
    context = click.get_current_context(silent=True)
    found = context.find_root().params.get("lang") if context is not None else None
    return found or default_language()


def _speak(context: click.Context, _option: click.Parameter, value: str | None) -> None:
    if value:
        context.find_root().params["lang"] = value


# `--lang` after the command's name as well as before it.
language_option = click.option(
    "--lang",
    type=click.Choice(LANGUAGES),
    expose_value=False,
    is_eager=True,
    callback=_speak,
    help="Language of what is said / 输出语言.",
)


def say(template: str, /, **args: Value) -> str:
    """A sentence in the user's language."""
    return translate(template, language(), **args)


def complain(template: str, /, **args: Value) -> None:
    """One line to standard error."""
    click.echo(f"simtel: {say(template, **args)}", err=True)


def show_problems(bad: BadInput) -> None:
    """What is wrong with the files that were given."""
    click.echo(render(bad.problems), err=True)


def hush() -> None:
    """Standard output cannot be written any more: let the interpreter's last flush go nowhere."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
