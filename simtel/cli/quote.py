"""`simtel quote`: what a vendor's option buys, leaves out and leaves open. Each command is a file of its own."""

import rich_click as click

from simtel.cli.lazy import Lazy
from simtel.cli.speech import language_option

# Command -> what it does, in one line. The module is `quote_` and the name of the command; so is the function.
COMMANDS = {
    "check": "Check the sums of quotes, and say what is unreadable, ambiguous or lacking.",
    "site": "Write the site that a quote would buy, on one reading.",
    "import": "Make a quote file of a spreadsheet.",
    "compare": "Lay quotes side by side: what each gives, costs and risks.",
}


class Quotes(Lazy):
    """The commands about quotes."""

    offered = COMMANDS

    def where(self, name: str) -> tuple[str, str]:
        """Module and function of a command."""
        return f"simtel.cli.quote_{name}", f"quote_{name}"


@click.group(cls=Quotes, context_settings={"help_option_names": ["-h", "--help"]})
@language_option
def quote() -> None:
    """Check a vendor's quote and say what it leaves open.

    A quote is a file (`simtel schema quote`) or the name of a shipped one: option-1, option-2, today.
    """
