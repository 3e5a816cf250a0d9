"""A site alive until it is told to end, with its evidence."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from simtel.core.clock import LIMIT
from simtel.core.events import Kind
from simtel.core.i18n import Message
from simtel.core.log import EvidenceWriter
from simtel.core.problems import BadInput, nowhere, why
from simtel.profiles.spec import SiteSpec
from simtel.run.files import EvidenceFile
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
    roles = building.names(site).roles()
    with Reactor() as reactor:
        try:
            udp = reactor.udp(Address(host, port), lambda _data, _source, _now: None)
        except OSError as error:
            message = Message("{place} cannot be used: {why}", place=f"{host}:{port}", why=why(error))
            raise BadInput([nowhere(message)]) from None
        with _file(evidence) as file:
            head = header(Item(LIVE, site, seed, "virtual"), [str(kind) for kind in Kind], roles)  # its machines are
            writer = EvidenceWriter(file, head)
            alive = LiveSite(reactor, Plan(LIVE, site, seed), writer, udp)
            alive.start()
            ready(*alive.address)
            with suppress(KeyboardInterrupt):
                alive.run(reactor.now() + lasting)
            writer.close(ended=alive.calendar.now)
    return alive.counts


@contextmanager
def _file(path: Path | None) -> Iterator[BinaryIO]:
    """Where the evidence goes; a log that did not come to its end gets no name."""
    if path is None:
        with Path(os.devnull).open("wb") as nowhere_at_all:
            yield nowhere_at_all
        return
    file = EvidenceFile(path)
    try:
        yield file
    except BaseException:
        file.drop()
        raise
    file.keep()
