"""One server of a pair as a process: `python -m simtel.emulator.server_process CONFIG`.

It hosts `simtel.devices.member.Member` and adds no rule to it. Adverts arrive at one address for each path, checks at
the server's own address and at the service address. That one is bound anew when the machine says `Claim`: the last to
bind receives, so this moves it.
"""

import socket
import sys
from collections.abc import Callable

from simtel.core.clock import Ns
from simtel.devices.member import Member
from simtel.protocols.election import ADDRESS, Advert, Claim, Times
from simtel.protocols.service import Check
from simtel.wire.host import Host
from simtel.wire.process import Common, Life, run
from simtel.wire.udp import Address, bind


class ServerConfig(Common, frozen=True, kw_only=True):
    """The server is named as its observer."""

    peer: str | None
    priority: int
    active: bool
    times: Times
    paths: tuple[str, ...]  # names in `routes` to which adverts go
    ears: tuple[Address, ...]  # where adverts arrive, and checks to the server's own address
    service: Address | None  # what `Claim` binds, where the service address moves
    fencing: bool = False
    preempt: bool = False


def build(config: ServerConfig, host: Host) -> Callable[[Ns], None]:
    """Bind the addresses and make the machine."""
    for address in config.ears:
        host.listen(bind(address))
    member = Member(
        config.observer, host, config.times, priority=config.priority, peer=config.peer, paths=config.paths,
        fencing=config.fencing, preempt=config.preempt,
    )  # fmt: skip
    host.codec.accepts = (Advert, Check)
    host.machine = member
    held: list[socket.socket] = []

    def claim(message: Claim) -> None:
        if config.service is None:
            return
        if held:
            host.leave(held.pop())
        if message.server != config.observer:
            return
        held.append(bind(config.service))
        host.listen(held[0])

    host.local[ADDRESS] = claim
    return lambda now: member.start(now, config.active)


def main() -> int:
    """Entry."""
    return run(Life(ServerConfig, build), sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
