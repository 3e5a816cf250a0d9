"""`simtel call`: one SIP call, with every message that went to and fro."""

import rich_click as click

from simtel.cli.phrase import Command
from simtel.cli.sip_target import Called, called, duration
from simtel.cli.speech import language_option, say


@click.command(cls=Command)
@language_option
@click.option(
    "--to", required=True, callback=called, metavar="SIP-URI", help="Whom to call: sip:NUMBER@127.x.y.z:PORT."
)
@click.option("--hold", default="1s", show_default=True, callback=duration, metavar="TIME",
              help="How long the call lasts once it is answered.")  # fmt: skip
def call(to: Called, hold: int) -> int:
    """Make one SIP call and show its messages.

    Exit codes: 0 it was answered and ended in order, 1 it was not, 2 bad input.
    """
    from simtel.core.clock import Ns, show_duration  # noqa: PLC0415  (SIP, for this command alone)
    from simtel.probe.sip_load import Load, Plan  # noqa: PLC0415
    from simtel.report.sip_load import Rung, render_messages  # noqa: PLC0415
    from simtel.wire.reactor import Reactor  # noqa: PLC0415
    from simtel.wire.udp import Address  # noqa: PLC0415

    seen: list[tuple[Ns, bool, bytes]] = []
    plan = Plan(to.uri, Address(to.host, to.port), 1.0, 1, hold)
    with Reactor() as reactor:
        one = Load(reactor, plan, tap=lambda now, sent, data: seen.append((now, sent, data)))
        outcome = one.run()
    rungs = [
        Rung(now - seen[0][0], sent, data.split(b"\r\n")[0].decode("utf-8", "replace")) for now, sent, data in seen
    ]
    click.echo(render_messages(rungs, "simtel", f"{to.host}:{to.port}"), nl=False)
    setup = outcome.delays["setup"]
    if setup is not None:
        click.echo(say("answered after {time}", time=show_duration(round(setup.mean))))
    if outcome.good:
        return 0
    for status in outcome.refused:
        click.echo(say("not answered: {status}", status=status))
    for cause in outcome.broken:
        click.echo(say("broken off: {cause}", cause=cause))
    return 1
