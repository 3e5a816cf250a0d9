"""A group of commands that loads one when it is called: `--help` loads none."""

from importlib import import_module
from typing import ClassVar

import rich_click as click

from simtel.cli.phrase import Command, Context, in_language
from simtel.cli.speech import say, say_message
from simtel.core.problems import did_you_mean, quoted


class Lazy(click.RichGroup):
    """A group whose commands are `offered`: name -> what it does, in one line."""

    context_class = Context
    offered: ClassVar[dict[str, str]] = {}

    def where(self, name: str) -> tuple[str, str]:
        """Module of a command, and the function's name in it."""
        raise NotImplementedError

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.offered)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        summary = self.offered.get(cmd_name)
        return None if summary is None else Command(name=cmd_name, help=say(summary))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in self.offered and (hint := did_you_mean(args[0], self.offered)):
            ctx.fail(say("there is no command {name}", name=quoted(args[0])) + f"; {say_message(hint)}")
        name, _, rest = super().resolve_command(ctx, args)
        module, function = self.where(str(name))
        return name, in_language(getattr(import_module(module), function)), rest
