"""The vocabulary of faults: what a scenario may do to a unit, and what may be done to which unit.

A fault names a kind and a subject. Every fault is undone: when the scenario says so (`for`), or at the end of the run.
"""

from enum import StrEnum


class FaultKind(StrEnum):
    """What can be done to a site."""

    CRASH = "crash"
    HANG = "hang"
    LINK_DOWN = "link-down"
    HEARTBEAT_LOST = "heartbeat-lost"
    REPLICATION_LOST = "replication-lost"
    REPLICATION_LATE = "replication-late"
    LATENT = "latent"
    SPAN_CUT = "span-cut"
    PORT_DEAD = "port-dead"
    CONSOLE_CRASH = "console-crash"
    HEADSET_LOST = "headset-lost"
    POWER_LOST = "power-lost"


# What each does, in one line, and the roles that it may strike.
FAULTS: dict[FaultKind, tuple[str, tuple[str, ...]]] = {
    FaultKind.CRASH: (
        "the unit stops at once and starts again when the fault is undone",
        ("servers", "gateways", "loops", "boards", "seats", "switches", "platforms"),
    ),
    FaultKind.HANG: ("the unit stops working but its heartbeat goes on", ("servers",)),
    FaultKind.LINK_DOWN: (
        "the unit's LAN connection is pulled; it runs on",
        ("servers", "gateways", "loops", "seats", "boards"),
    ),
    FaultKind.HEARTBEAT_LOST: (
        "both heartbeat paths between the servers are cut; the service LAN stays",
        ("servers",),
    ),
    FaultKind.REPLICATION_LOST: ("the replication path drops everything, silently", ("servers",)),
    FaultKind.REPLICATION_LATE: ("the replication path delays everything by `delay`", ("servers",)),
    FaultKind.LATENT: (
        "the standby is dead and is shown healthy; found by the next standby test",
        ("servers",),
    ),
    FaultKind.SPAN_CUT: ("the E1 cable is cut", ("spans",)),
    FaultKind.PORT_DEAD: ("one port of a board is dead", ("boards",)),
    FaultKind.CONSOLE_CRASH: ("the softphone console of a seat stops", ("seats",)),
    FaultKind.HEADSET_LOST: ("the headset or handset of a seat is dead", ("seats",)),
    FaultKind.POWER_LOST: ("a power feed fails; what hangs on it alone stops", ("feeds",)),
}
