"""The outside observer as a process: `python -m simtel.probe.watch_process CONFIG`.

It hosts `simtel.protocols.service.Watch`: asks the service address and listens on the heartbeat paths. It shares no
code with a server besides the messages on the wire.
"""

import sys
from collections.abc import Callable

from simtel.core.clock import Ns
from simtel.protocols.election import Advert
from simtel.protocols.service import Checked, Watch
from simtel.wire.host import Host
from simtel.wire.process import Common, Life, run
from simtel.wire.udp import Address, bind


class WatchConfig(Common, frozen=True, kw_only=True):
    """`ask` are names in `routes`; durations in nanoseconds."""

    ears: tuple[Address, ...]  # where answers and adverts arrive
    ask: tuple[str, ...]
    interval: int
    timeout: int


def build(config: WatchConfig, host: Host) -> Callable[[Ns], None]:
    """Bind the addresses and make the machine."""
    for address in config.ears:
        host.listen(bind(address))
    watch = Watch(config.observer, host, config.ask, interval=config.interval, timeout=config.timeout)
    host.codec.accepts = (Advert, Checked)
    host.machine = watch
    host.uncertainty = watch.uncertainty
    return watch.start


def main() -> int:
    """Entry."""
    return run(Life(WatchConfig, build), sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
