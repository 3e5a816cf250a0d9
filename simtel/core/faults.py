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
    SPAN_DEAF = "span-deaf"
    SPAN_MUTE = "span-mute"
    SPAN_AIS = "span-ais"
    SPAN_LOF = "span-lof"
    SPAN_TS16 = "span-ts16"
    CLOCK_TWO_MASTERS = "clock-two-masters"
    CLOCK_TWO_SLAVES = "clock-two-slaves"
    RELEASE_UNANSWERED = "release-unanswered"
    RESTART_UNANSWERED = "restart-unanswered"
    PORT_DEAD = "port-dead"
    CONSOLE_CRASH = "console-crash"
    HEADSET_LOST = "headset-lost"
    HEADSET_UNPLUGGED = "headset-unplugged"
    NO_DIAL_TONE = "no-dial-tone"
    NO_LOOP_CURRENT = "no-loop-current"
    STUCK_OFF_HOOK = "stuck-off-hook"
    STUCK_ON_HOOK = "stuck-on-hook"
    RING_NO_TRIP = "ring-no-trip"
    CODEC_NOISE = "codec-noise"
    LINES_CROSSED = "lines-crossed"
    DSP_DEAD = "dsp-dead"
    RING_DEAD = "ring-dead"
    WATCHDOG_RESET = "watchdog-reset"
    BUS_LOST = "bus-lost"
    BOARD_SWAP = "board-swap"
    BOARD_UNSEATED = "board-unseated"
    POWER_LOST = "power-lost"
    HEARTBEAT_ONE_WAY = "heartbeat-one-way"
    LINK_FLAP = "link-flap"
    STALL = "stall"
    ADDRESS_STALE = "address-stale"
    SWITCHOVER = "switchover"
    ADDED = "added"
    LICENCES_ADDED = "licences-added"
    SLOW = "slow"
    CLOCK_AHEAD = "clock-ahead"
    CLOCK_BACK = "clock-back"
    DISK_FULL = "disk-full"


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
    FaultKind.SPAN_DEAF: (
        "the pair towards the gateway is cut: the gateway has no signal (LOS) and tells the exchange so (RAI)",
        ("spans",),
    ),
    FaultKind.SPAN_MUTE: (
        "the pair towards the exchange is cut: the exchange has no signal (LOS) and tells the gateway so (RAI)",
        ("spans",),
    ),
    FaultKind.SPAN_AIS: ("the transmission system between the ends fails and sends all ones (AIS) to both", ("spans",)),
    FaultKind.CLOCK_TWO_MASTERS: (
        "the gateway keeps its own time on the E1 instead of the exchange's: both ends are masters, and slip",
        ("spans",),
    ),
    FaultKind.CLOCK_TWO_SLAVES: (
        "the exchange's end follows the E1's clock as the gateway does: nobody keeps it, and the exchange slips",
        ("spans",),
    ),
    FaultKind.SPAN_LOF: ("there is a signal, but neither end finds the frame in it (LOF)", ("spans",)),
    FaultKind.SPAN_TS16: (
        "timeslot 16 alone is lost (all ones) both ways: speech passes on the E1, signalling does not",
        ("spans",),
    ),
    FaultKind.RELEASE_UNANSWERED: (
        "who is told on the E1 that a call is over does not confirm it: whoever said so holds the timeslot (T308)",
        ("spans",),
    ),
    FaultKind.RESTART_UNANSWERED: (
        "who is told on the E1 to reset timeslots (RESTART) does not acknowledge it: they go out of service (T316)",
        ("spans",),
    ),
    FaultKind.PORT_DEAD: ("one port of a board is dead", ("boards",)),
    FaultKind.CONSOLE_CRASH: ("the softphone console of a seat stops", ("seats",)),
    FaultKind.HEADSET_LOST: ("the headset or handset of a seat is dead", ("seats",)),
    FaultKind.HEADSET_UNPLUGGED: (
        "the headset of a seat is pulled out of its plug; the telephone itself works",
        ("seats",),
    ),
    FaultKind.NO_DIAL_TONE: ("one port gives no dial tone", ("boards",)),
    FaultKind.NO_LOOP_CURRENT: ("one port feeds no current into its line", ("boards",)),
    FaultKind.STUCK_OFF_HOOK: ("one port sees its telephone off-hook, whatever it does", ("boards",)),
    FaultKind.STUCK_ON_HOOK: ("one port sees its telephone on-hook, whatever it does", ("boards",)),
    FaultKind.RING_NO_TRIP: ("one port goes on ringing after the answer", ("boards",)),
    FaultKind.CODEC_NOISE: ("the codec of one port adds noise to the speech; all else works", ("boards",)),
    FaultKind.LINES_CROSSED: ("the lines of one port and of the next are crossed", ("boards",)),
    FaultKind.DSP_DEAD: ("a signal processor dies: the ports of one group pass no speech", ("boards",)),
    FaultKind.RING_DEAD: ("the ring generator dies: nothing on the board rings", ("boards",)),
    FaultKind.WATCHDOG_RESET: ("the watchdog of a board resets it: it starts again by itself", ("boards",)),
    FaultKind.BUS_LOST: ("a board loses its bus to the servers and the LAN; its lines keep their current", ("boards",)),
    FaultKind.BOARD_SWAP: (
        "a board is taken out; another is in its place when the fault is undone",
        ("boards",),
    ),
    FaultKind.BOARD_UNSEATED: (
        "a board sits badly in its slot: it loses its contacts and gets them back, each half of `period`",
        ("boards",),
    ),
    FaultKind.POWER_LOST: ("a power feed fails; what hangs on it alone stops", ("feeds",)),
    FaultKind.HEARTBEAT_ONE_WAY: (
        "the peer no longer hears the server's heartbeat; the other direction stays",
        ("servers",),
    ),
    FaultKind.LINK_FLAP: (
        "the unit's LAN connection goes down and comes back, each half of `period`",
        ("servers", "gateways", "seats", "boards"),
    ),
    FaultKind.STALL: (
        "the server stands still, its heartbeat too, and goes on with what it knew when the fault is undone",
        ("servers",),
    ),
    FaultKind.ADDRESS_STALE: (
        "the LAN learns `delay` too late which server has the service address (no gratuitous ARP)",
        ("servers",),
    ),
    FaultKind.SWITCHOVER: ("no fault: the operator lets the active server hand over to its peer", ("servers",)),
    FaultKind.ADDED: (
        "no fault: a seat, or a board with its seats, is put in and entered; before that it is not there",
        ("seats", "boards"),
    ),
    FaultKind.LICENCES_ADDED: (
        "no fault: the operator enters the last `count` agent licences; before that they are missing",
        ("servers",),
    ),
    FaultKind.SLOW: ("whatever the server does takes `factor` times as long; it stops nothing", ("servers",)),
    FaultKind.CLOCK_AHEAD: ("somebody sets the server's clock of the day ahead by `by`", ("servers",)),
    FaultKind.CLOCK_BACK: ("somebody sets the server's clock of the day back by `by`", ("servers",)),
    FaultKind.DISK_FULL: ("the server's disk is full: no call record and no recording can be written", ("servers",)),
}

# Faults of one port of a board, and of one group of ports: a scenario says which (`port`, `group`).
OF_A_PORT = (
    FaultKind.PORT_DEAD,
    FaultKind.NO_DIAL_TONE,
    FaultKind.NO_LOOP_CURRENT,
    FaultKind.STUCK_OFF_HOOK,
    FaultKind.STUCK_ON_HOOK,
    FaultKind.RING_NO_TRIP,
    FaultKind.CODEC_NOISE,
    FaultKind.LINES_CROSSED,
)
OF_A_GROUP = (FaultKind.DSP_DEAD,)
