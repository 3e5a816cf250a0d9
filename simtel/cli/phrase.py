"""Help and usage errors in the user's language.

Commands and options are written down in English, once, when their module loads. What is shown is a copy whose help was
looked up in the catalogue; headings that rich-click keeps as settings are looked up with it.
"""

from copy import copy
from typing import Any, TypeVar

import rich_click as click
from rich_click.rich_context import RichContext
from rich_click.rich_help_formatter import RichHelpFormatter

from simtel.cli.speech import say

C = TypeVar("C", bound=click.Command)


class Formatter(RichHelpFormatter):
    """Writes the first word of a usage line in the user's language."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, prefix or say("Usage:"))


class Context(RichContext):
    """The context of every command of simtel."""

    formatter_class = Formatter


class Command(click.RichCommand):
    """A command of simtel."""

    context_class = Context


def in_language(command: C) -> C:
    """A copy of a command that says its help in the user's language."""
    spoken = copy(command)
    spoken.help = say(in_paragraphs(command.help)) if command.help else None
    spoken.params = [_option(parameter) for parameter in command.params]
    spoken.context_settings = {**command.context_settings, "rich_help_config": _headings()}
    spoken._help_option = None  # click keeps the one that it made, in the language of that moment  # noqa: SLF001
    return spoken


def in_paragraphs(text: str) -> str:
    """A docstring with each paragraph on one line: its key in the catalogue, whatever the indentation."""
    return "\n\n".join(" ".join(part.split()) for part in text.split("\n\n") if part.strip())


def _option(parameter: click.Parameter) -> click.Parameter:
    spoken = copy(parameter)
    if isinstance(spoken, click.Option) and spoken.help:
        spoken.help = say(spoken.help)
    return spoken


def _headings() -> dict[str, Any]:
    return {
        "options_panel_title": say("Options"),
        "commands_panel_title": say("Commands"),
        "errors_panel_title": say("Error"),
        "errors_suggestion": say("--help shows what there is"),
        # The backslash: what begins with a letter in brackets would be taken for a style.
        "default_string": rf"\[{say('default: {default}', default='{}')}]",
    }
