"""The command group: which commands there are, loaded one at a time, and what each kind of failure exits with.

A command returns its exit status. Whatever goes wrong is said in one place, here: a bad file with all its problems
(2), a file that cannot be written (4), a bug or a failing machine of ours (4), Ctrl-C (130).
"""

import sys
import traceback
from collections.abc import Sequence
from typing import Any

import rich_click as click
from click.exceptions import Exit

from simtel import __version__
from simtel.cli.lazy import Lazy
from simtel.cli.phrase import in_language
from simtel.cli.speech import (
    ERROR,
    USAGE,
    asked_language,
    break_off,
    complain,
    hush,
    language_option,
    say_message,
    show_problems,
    speaking,
)
from simtel.core.problems import BadInput, why

# Command -> what it does, in one line. The module and the function have the name of the command, but for `MODULES`.
COMMANDS = {
    "run": "Run scenarios on sites and judge them.",
    "size": "Size a site for so many calls, or say what a site gives.",
    "availability": "Say how long a site is down in a year, and why.",
    "sweep": "Simulate a demand with each number of seats.",
    "judge": "Judge evidence logs again, or what others recorded.",
    "ladder": "Show who sent what to whom in a call.",
    "fit": "Fit a demand to a call log.",
    "validate": "Say how far a fit is off.",
    "quote": "Check a vendor's quote and say what it leaves open.",
    "emulate": "Let a site live in real time and take SIP calls.",
    "call": "Make one SIP call and show its messages.",
    "load": "Make SIP calls at a rate and say what became of them.",
    "check": "Check scenario, site, device, demand and quote files.",
    "coverage": "Say which claims have which verdicts, and which have none.",
    "diff": "Say what changed from one run to another.",
    "profiles": "List, show and compare devices.",
    "list": "List scenarios, sites, and what a scenario file may say.",
    "doctor": "Say what this machine has and lacks.",
    "schema": "Print the JSON Schema of a kind of file.",
}

MODULES = {"list": "listing"}  # a function named `list` would hide Python's own


class Simtel(Lazy):
    """The whole command line: a group that turns whatever goes wrong into an exit code."""

    offered = COMMANDS

    def main(self, args: Sequence[str] | None = None, *rest: Any, **named: Any) -> Any:
        """The whole command line, in the language that it asks for."""
        words = sys.argv[1:] if args is None else list(args)
        with speaking(asked_language(words)):
            return click.RichGroup.main(in_language(self), words, *rest, **named)

    def where(self, name: str) -> tuple[str, str]:
        """Module and function of a command."""
        module = MODULES.get(name, name)
        return f"simtel.cli.{module}", module

    def make_context(self, *words: Any, **named: Any) -> click.Context:
        """Reads the command line, and shows the help where it is asked for."""
        try:
            return super().make_context(*words, **named)
        except KeyboardInterrupt:
            raise Exit(break_off()) from None

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; its status, or what its failure stands for, is the exit code."""
        ctx.exit(self._status(ctx))

    def _status(self, ctx: click.Context) -> int:
        try:
            status = super().invoke(ctx)
            sys.stdout.flush()
        except (click.ClickException, Exit, click.Abort):
            raise
        except BadInput as bad:
            show_problems(bad)
            return USAGE
        except KeyboardInterrupt:
            return break_off()
        except BrokenPipeError:
            hush()
            return ERROR
        except OSError as error:
            complain("cannot write: {why}", why=say_message(why(error)))
            hush()
            return ERROR
        except Exception as error:  # noqa: BLE001 - whatever it is, it has an exit code of its own
            from simtel.run.files import CannotWriteError  # noqa: PLC0415  (only a failed run needs to know)

            if not isinstance(error, CannotWriteError):  # exit code 1 is kept for a verdict
                traceback.print_exc()
                complain("this is a mistake of simtel itself: {error}", error=f"{type(error).__name__}: {error}")
                return ERROR
            complain("cannot write {path}: {why}", path=error.path, why=say_message(error.why))
            return ERROR
        return int(status or 0)


@click.group(cls=Simtel, context_settings={"help_option_names": ["-h", "--help"]})
@language_option
@click.version_option(__version__, prog_name="simtel")
def cli() -> None:
    """Telephony hardware simulator and test harness for call centres of 20 to 100 seats.

    Exit codes: 0 all met, 1 one failed, 2 usage or a bad file, 3 inconclusive, 4 error.
    """
