"""A site alive until it is told to end, with its evidence."""

import os
from collections.abc import Callable
from pathlib import Path

from simtel.core.clock import LIMIT
from simtel.core.events import Kind
from simtel.core.i18n import Message
from simtel.core.log import EvidenceWriter
from simtel.core.problems import BadInput, nowhere, why
from simtel.profiles.spec import SiteSpec
from simtel.run.files import writing
from simtel.run.plan import Item, header
from simtel.scenario.spec import Load, Scenario
from simtel.target import building
from simtel.target.live import Counts, LiveSite
from simtel.target.plan import Plan
from simtel.wire.reactor import Reactor
from simtel.wire.udp import Address

LIVE = Scenario(
    id="live", title={"en": "A site that lives", "zh": "实时运行的站点"}, why={}, requirement=(), roles=(),
    load=Load("poisson", length=LIMIT), faults=(), expect=(),
)  # fmt: skip


def live(
    site: SiteSpec, seed: int, host: str, port: int, lasting: int, evidence: Path | None,
    ready: Callable[[str, int], None],
) -> Counts:  # fmt: skip
    """Let `site` live for `lasting` ns or until KeyboardInterrupt, which is its ordinary end. `ready` is told where it
    takes calls. CannotWriteError when the evidence cannot be written, BadInput when the address cannot be had."""
    path = evidence if evidence is not None else Path(os.devnull)
    roles = building.names(site).roles()
    with writing(path), path.open("wb") as file, Reactor() as reactor:
        writer = EvidenceWriter(file, header(Item(LIVE, site, seed, "live"), [str(kind) for kind in Kind], roles))
        try:
            alive = LiveSite(reactor, Plan(LIVE, site, seed), writer, Address(host, port))
        except OSError as error:
            message = Message("{place} cannot be used: {why}", place=f"{host}:{port}", why=why(error))
            raise BadInput([nowhere(message)]) from None
        alive.start()
        ready(*alive.address)
        try:
            alive.run(reactor.now() + lasting)
        except KeyboardInterrupt:
            pass
        finally:
            writer.close(ended=alive.calendar.now)
    return alive.counts
