"""`simtel schema`: the JSON Schema of a kind of file, for editors that check and complete while one types."""

import msgspec
import rich_click as click

from simtel.cli.phrase import Command
from simtel.cli.speech import language_option
from simtel.scenario.schema import json_schema


@click.command(cls=Command)
@language_option
@click.argument("kind", type=click.Choice(["scenario", "profile", "site", "limits", "mapping"]))
def schema(kind: str) -> int:
    """Print the JSON Schema of a kind of file."""
    click.echo(msgspec.json.format(msgspec.json.encode(json_schema()[kind]), indent=2).decode())
    return 0
