"""`simtel schema`: the JSON Schema of a kind of file: of those that people write, for editors that check and complete
while one types, and of those that simtel writes, for programs that read them.
"""

import msgspec
import rich_click as click

from simtel.cli.phrase import Command
from simtel.cli.speech import language, language_option
from simtel.quotes.buyer import buyer_schema
from simtel.quotes.quote import quote_schema
from simtel.report.formats import schemas
from simtel.scenario.schema import in_language, json_schema


@click.command(cls=Command)
@language_option
@click.argument("kind", type=click.Choice([
    "scenario", "profile", "site", "limits", "mapping", "demand", "prices", "columns", "quote", "buyer",
    "verdicts", "verdicts-csv", "judgement",
]))  # fmt: skip
def schema(kind: str) -> int:
    """Print the schema of a kind of file.

    scenario, profile, site, limits, mapping, demand, prices, columns, quote and buyer are written by people; verdicts
    and verdicts-csv are what simtel prints as JSON and as CSV, judgement is verdicts.json in the folder of each item of
    a run. All are JSON Schema but verdicts-csv, which is Table Schema.
    """
    found = json_schema() | {"quote": quote_schema(), "buyer": buyer_schema()} | schemas()
    click.echo(msgspec.json.format(msgspec.json.encode(in_language(found[kind], language())), indent=2).decode())
    return 0
