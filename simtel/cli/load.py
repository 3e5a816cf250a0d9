"""`simtel load`: SIP calls at a rate, and what became of them."""

import sys

import rich_click as click

from simtel.cli.phrase import Command
from simtel.cli.show import Amount
from simtel.cli.sip_target import Called, called, duration, rate
from simtel.cli.speech import format_option, language, language_option

INCONCLUSIVE = 3


@click.command(cls=Command)
@language_option
@click.option(
    "--to", required=True, callback=called, metavar="SIP-URI", help="Whom to call: sip:NUMBER@127.x.y.z:PORT."
)
@click.option("--rate", "speed", default="10/s", show_default=True, callback=rate, metavar="RATE",
              help="How many calls begin in a second.")  # fmt: skip
@click.option("--calls", type=click.IntRange(1, 1_000_000), default=100, show_default=True, help="How many calls.")
@click.option("--hold", default="0s", show_default=True, callback=duration, metavar="TIME",
              help="How long a call lasts once it is answered.")  # fmt: skip
@format_option("table", "json")
def load(to: Called, speed: float, calls: int, hold: int, form: str) -> int:
    """Make SIP calls at a rate and say what became of them.

    Each call is an INVITE, held once it is answered, and hung up. Calls begin at their instants whatever became of
    those before. The figures are those of RFC 6076; what limited them, the device or the tester itself, is said.

    Exit codes: 0 every call was answered and ended in order, 1 one was not, 2 bad input, 3 the tester was too slow to
    say.
    """
    from simtel.probe.sip_load import Limit, Load, Plan  # noqa: PLC0415  (SIP, for this command alone)
    from simtel.report.sip_load import load_json, render_load  # noqa: PLC0415
    from simtel.wire.reactor import Reactor  # noqa: PLC0415
    from simtel.wire.udp import Address  # noqa: PLC0415

    terminal = sys.stderr.isatty()
    plan = Plan(to.uri, Address(to.host, to.port), speed, calls, hold)
    with Reactor() as reactor:
        outcome = Load(reactor, plan, Amount(terminal, "calls", 1)).run()
    if form == "json":
        click.echo(load_json(outcome, to.uri), nl=False)
    else:
        colour = sys.stdout.isatty()
        click.echo(render_load(outcome, language(), colour), nl=False, color=colour)
    if outcome.good:
        return 0
    return INCONCLUSIVE if outcome.limit is Limit.TESTER else 1
