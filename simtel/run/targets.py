"""Targets by name, each loaded only when it is asked for."""

from simtel.core.i18n import Message
from simtel.core.problems import BadInput, did_you_mean, nowhere, quoted
from simtel.target.target import Target

NAMES = ("virtual", "loopback")


def make_target(name: str) -> Target:
    """A target. BadInput for a name that is none."""
    if name == "virtual":
        from simtel.target.virtual import VirtualTarget  # noqa: PLC0415

        return VirtualTarget()
    if name == "loopback":
        from simtel.target.loopback import LoopbackTarget  # noqa: PLC0415

        return LoopbackTarget()
    raise BadInput([nowhere(Message("there is no target {name}", name=quoted(name)), did_you_mean(name, NAMES))])
