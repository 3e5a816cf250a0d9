"""Which figures each kind of device has: name, unit, the span in which it makes sense, and what it means.

The table is the contract between what is given (files in hardware_profiles/) and the machines that use it. A figure
outside its span is an error in the file. `tries` are the values to try when nobody stated the figure: the first stands
in, and whatever changes with the others rests on the unknown. A `descriptive` figure steers nothing: it is printed.
"""

from typing import NamedTuple

from simtel.core.clock import HOUR, MINUTE, MS, SECOND, US
from simtel.core.quantity import Unit, Value


class FigureSpec(NamedTuple):
    """One figure of a kind of device."""

    unit: Unit
    meaning: str
    low: Value | None = None
    high: Value | None = None
    choices: tuple[str, ...] = ()
    tries: tuple[Value, ...] = ()
    descriptive: bool = False


def _time(meaning: str, low: int, high: int, *tries: int) -> FigureSpec:
    return FigureSpec(Unit.TIME, meaning, low, high, tries=tries)


def _flag(meaning: str) -> FigureSpec:
    return FigureSpec(Unit.FLAG, meaning, tries=(True, False))


def _choice(meaning: str, *choices: str) -> FigureSpec:
    return FigureSpec(Unit.CHOICE, meaning, choices=choices, tries=choices)


def _count(meaning: str, low: int, high: int) -> FigureSpec:
    return FigureSpec(Unit.COUNT, meaning, low, high)


BOOT = {
    "boot_time": _time("from power-on to service", 1 * SECOND, 30 * MINUTE, 120 * SECOND, 30 * SECOND, 600 * SECOND)
}

REGISTRATION = {
    "registration.mode": _choice(
        "vip: one registration at the moving service address; successive: with the second server only after the first"
        " failed; dual: with both at once, using the one that answers",
        "dual",
        "vip",
        "successive",
    ),
    "registration.expiry": _time(
        "lifetime of a registration; renewed at half of it", 60 * SECOND, 24 * HOUR, HOUR, 60 * SECOND
    ),
    "registration.timeout": _time(
        "unanswered request is given up (SIP Timer B/F, 64*T1)",
        500 * MS,
        64 * SECOND,
        32 * SECOND,
        4 * SECOND,
    ),
    "registration.fallback": _time(
        "'successive': wait before registering with the next server", 0, 10 * MINUTE, 120 * SECOND, 0
    ),
}

# Seats know two ways more.
SEAT_REGISTRATION = {
    **REGISTRATION,
    "registration.mode": _choice(
        "vip: one registration at the moving service address; successive: with the second server only after the first"
        " failed; dual: with both at once, using the one that answers; flows: with both at once, each asked again and"
        " again (RFC 5626); srv: with the first of a list that answers, the next one at once (RFC 3263)",
        "dual",
        "vip",
        "successive",
        "flows",
        "srv",
    ),
}

HEADSET = {
    "unplugged": _choice(
        "what pulling the plug of the headset does: silence leaves the loop closed, and the talk goes on unheard;"
        " hang-up opens it",
        "silence",
        "hang-up",
    ),
}

KEEPALIVE = {
    "registration.keepalive": _time(
        "'dual': time between keep-alive questions to the server in use; seats ask nothing, servers tell them",
        SECOND,
        5 * MINUTE,
        30 * SECOND,
        5 * SECOND,
    ),
}

FAILURE = {
    "failure.mtbf_hours": _count("works so many hours on average until it fails", 10, 100_000_000),
    "failure.repair_time": _time("a repair takes so long on average, once somebody is there", MINUTE, 720 * HOUR),
}
TOGETHER = {
    "failure.together": FigureSpec(
        Unit.SHARE, "share of failures that take all units of the role at once", 0.0, 1.0, tries=(0.1,)
    ),
}

# Of an E1, whatever its signalling.
ALARMS = {
    "line.alarm_debounce": _time(
        "loss of signal or frame, or AIS, must last so long to become an alarm", 0, 10 * SECOND, 2500 * MS, 0
    ),
    "line.rai_debounce": _time(
        "the far end must report such a defect (RAI) so long for it to become an alarm", 0, 10 * SECOND, 500 * MS, 0
    ),
    "line.alarm_settle": _time("the line must be sound so long before the alarm clears", 0, 20 * SECOND, 5 * SECOND, 0),
    "line.clock_error": FigureSpec(
        Unit.ACCURACY,
        "left to itself, its clock is off by so much",
        0,
        1_000_000_000,
        tries=(4_600_000, 50_000_000),
    ),
}

LINE = {
    **ALARMS,
    "line.alarm_drops_dchannel": _flag("the alarm takes the D-channel down at once, without waiting for layer 2"),
    "line.t200": _time("Q.921 retransmission timer", 100 * MS, 10 * SECOND, SECOND),
    "line.n200": _count("Q.921 retransmissions", 1, 10),
    "line.window": _count("Q.921 messages under way at once, not acknowledged yet (k)", 1, 127),
    "line.status_enquiry": _flag("when the D-channel is back, it asks the far end about the calls that it has left"),
    "line.t305": _time("Q.931: a release (DISCONNECT) without answer is repeated after so long", SECOND, 2 * MINUTE),
    "line.t308": _time(
        "Q.931: and (RELEASE) once more after so long; after as long again the channel is stuck", SECOND, MINUTE
    ),
    "line.exclusive": _flag("a SETUP insists on its timeslot (exclusive); else the far end may name another"),
    "line.restarts": _flag("it resets a channel that is stuck (RESTART); else it waits for the far end to do so"),
    "line.t316": _time("Q.931: a RESTART without acknowledgement is repeated after so long", SECOND, 10 * MINUTE),
    "line.n316": _count("Q.931: RESTARTs without acknowledgement, after which the channel is out of service", 1, 10),
    "line.t203": _time("Q.921 idle poll", SECOND, 60 * SECOND, 10 * SECOND),
    "line.t309": _time(
        "Q.931 5.8.9: active calls outlive the D-channel so long", 0, 90 * SECOND, 6 * SECOND, 90 * SECOND
    ),
}

PUBLIC_NETWORK = {
    **FAILURE,
    "line.hunting": _choice("order in which incoming calls take timeslots", "ascending", "descending"),
    "trunk_group": _choice(
        "all: one group over all spans; by-number: each number is bound to one span", "all", "by-number"
    ),
    "answer_time": _time(
        "a called party lifts the receiver after so long, on average", SECOND, 60 * SECOND, 8 * SECOND
    ),
    "delay": _time("a signalling message needs so long on the D-channel", 0, SECOND, 20 * MS),
}

KINDS: dict[str, dict[str, FigureSpec]] = {
    "call-server": {
        **BOOT,
        **FAILURE,
        "failure.coverage": FigureSpec(
            Unit.SHARE, "share of failures that stop it outright; else it hangs and its heartbeat goes on", 0.0, 1.0
        ),
        "failure.standby_shown": FigureSpec(
            Unit.SHARE, "share of failures of the standby that are seen before the next standby test", 0.0, 1.0
        ),
        "limits.attempts": FigureSpec(Unit.RATE, "call attempts that it can process", 0.1, 10_000.0, tries=(10.0, 1.0)),
        "limits.registrations": FigureSpec(
            Unit.RATE, "registrations that it can process", 0.1, 10_000.0, tries=(50.0, 5.0)
        ),
        "limits.backlog": _time(
            "work waiting longer than this is refused early (overload control) or lost (without)",
            10 * MS,
            60 * SECOND,
            2 * SECOND,
        ),
        "limits.seats": _count("largest number of seats", 1, 1000),
        "limits.queue": _count("callers that may wait", 0, 10_000),
        "limits.ivr": _count("ports of the IVR: callers in its menus at once", 1, 10_000),
        "overload_control": _flag(
            "refuses early what it cannot serve in time; without it the work is done too late and is wasted"
        ),
        "day_clock": _choice(
            "what is measured with the clock of the day, which can be set: the length of call records; all timers too"
            " (registrations, session timer, heartbeat)",
            "records",
            "nothing",
            "everything",
        ),
        "disk_full": _choice(
            "with a full disk calls go on, and their records and recordings are lost; or no call is taken, and records"
            " of those that end wait for room",
            "lose",
            "refuse",
        ),
        "election.heartbeat": _choice(
            "the heartbeat is a process apart; or it shares the processor with calls, and waits while those wait",
            "apart",
            "shared",
        ),
        "election.advert_interval": _time(
            "time between adverts of the active server (as VRRP)",
            10 * MS,
            60 * SECOND,
            SECOND,
            100 * MS,
            10 * SECOND,
        ),
        "election.promote_time": _time(
            "from deciding to take over to call processing being ready",
            0,
            5 * MINUTE,
            200 * MS,
            0,
            10 * SECOND,
        ),
        "election.address_time": _time(
            "from then until the service address leads here", 0, 5 * MINUTE, 100 * MS, 0, 10 * SECOND
        ),
        "election.fencing": _choice(
            "power: the standby has its peer switched off before it takes over", "none", "power"
        ),
        "election.fencing_time": _time("switching the peer off takes so long", 0, 2 * MINUTE, 2 * SECOND),
        "election.preempt": _flag("the server of higher priority takes the service back when it returns"),
        "election.preempt_delay": _time("and waits so long before it does", 0, HOUR, MINUTE),
        "election.test_interval": _time("the standby is really tested so often", MINUTE, 720 * HOUR, 168 * HOUR),
        "replication.dialogs": _flag("answered calls are known to the standby"),
        "replication.registrations": _flag("registrations are known to the standby"),
        "replication.queue": _flag("queue positions are known to the standby"),
        "replication.agents": _flag("agent states are known to the standby"),
        "replication.records": _flag("open call records are known to the standby"),
        "replication.configuration": _flag("what the operator enters on one server is known to the other"),
        "replication.journal": _choice(
            "changes leave for the standby from memory, or by way of a journal on the disk, and not when that is full",
            "memory",
            "disk",
        ),
        "replication.licences": FigureSpec(
            Unit.SHARE,
            "share of the licences that the second server has by itself; the rest hangs on a dongle in the first",
            0.0,
            1.0,
            tries=(1.0, 0.0),
        ),
        "replication.lag": _time(
            "a change reaches the standby so much later", 0, 60 * SECOND, 100 * MS, 0, 10 * SECOND
        ),
        "media.talk": _choice(
            "where the speech of two people passes: straight between the ends, or through the server",
            "direct",
            "server",
        ),
        "media.recorded": _choice("recording listens beside the path (passive) or in it (server)", "passive", "server"),
        "session_timer": _time(
            "a call without any sign of life is asked after so often (RFC 4028)",
            90 * SECOND,
            24 * HOUR,
            1800 * SECOND,
        ),
    },
    "e1-gateway": {
        **BOOT,
        **FAILURE,
        **REGISTRATION,
        **KEEPALIVE,
        **LINE,
        "ports.spans": _count("E1 ports", 1, 64),
        "line.hunting": _choice("order in which outgoing calls take timeslots", "ascending", "descending"),
        "limits.setups": FigureSpec(
            Unit.RATE, "calls of either direction that it can take in a given time; more wait or are refused", 0.1, 1e4
        ),
    },
    "exchange": {
        **LINE,
        **PUBLIC_NETWORK,
        "line.t303": _time("SETUP without answer is repeated once, then given up", SECOND, 30 * SECOND, 4 * SECOND),
    },
    "r2-exchange": {
        **ALARMS,
        **PUBLIC_NETWORK,
        "cas.register_time": _time(
            "numbers and answers of the register signalling (MFC) take so long", 500 * MS, 30 * SECOND, 3 * SECOND
        ),
        "cas.release_guard": _time(
            "after clear-forward the far end shows the timeslot idle so much later", 0, 10 * SECOND, 200 * MS
        ),
        "cas.lingers": _time(
            "who hears that the other has hung up puts down his receiver after so long, on average", 0, 2 * MINUTE
        ),
        "cas.clear_back": _time(
            "when the called side has hung up, the calling side may hold the line so long", SECOND, 5 * MINUTE
        ),
    },
    "ip-phone": {**BOOT, **SEAT_REGISTRATION, **HEADSET, **FAILURE},
    "softphone": {**BOOT, **SEAT_REGISTRATION, **FAILURE},
    "analog-console": {**HEADSET, **FAILURE},
    "headset": {**HEADSET, **FAILURE},
    "agent-board": {
        **BOOT,
        **SEAT_REGISTRATION,
        **FAILURE,
        "ports.stations": _count("stations", 1, 512),
        "ports.group": FigureSpec(Unit.COUNT, "stations that share one signal processor", 1, 512, tries=(8, 4)),
        "hot_swap": _flag("a board can be changed while the others work"),
        "ring.length": _time("length of one ring", 100 * MS, 5 * SECOND, SECOND),
        "ring.pause": _time("pause between two rings", 100 * MS, 10 * SECOND, 4 * SECOND),
        "line.hook_debounce": _time("an open loop that lasts so long is a hang-up", 0, 5 * SECOND, 600 * MS),
        "line.dial_tone": _time(
            "off-hook without a digit: dial tone for so long, then the howler", SECOND, 2 * MINUTE, 16 * SECOND
        ),
        "line.howler": _time(
            "the howler sounds so long, then the port is locked out until the receiver is put down",
            SECOND,
            10 * MINUTE,
            MINUTE,
        ),
    },
    "lan-switch": {
        **BOOT,
        **FAILURE,
        **TOGETHER,
        "forwarding.delay": _time("a packet needs so long through it", US, 100 * MS, MS),
        "forwarding.listening": _time(
            "a port that gets its link back forwards so much later (spanning tree: listening and learning)",
            0,
            2 * MINUTE,
            0,
            30 * SECOND,
        ),
        "forwarding.packets": FigureSpec(Unit.RATE, "packets that it forwards", 10.0, 1e9, tries=(1e6,)),
        "forwarding.bitrate": FigureSpec(
            Unit.BITRATE, "bits that it forwards, each way", 64_000, 10**12, tries=(10**9,)
        ),
    },
    "timeslot-interchange": {
        "memory.slots": _count("places in the speech memory: one for each end of a call", 2, 100_000),
        "memory.accesses": FigureSpec(
            Unit.RATE,
            "accesses to the speech memory: 8,000 writes and as many reads for each place",
            32_000.0,
            1e12,
            tries=(1e7,),
        ),
    },
    "clos-network": {
        "stages.inlets": _count("ports of an outer switch (n)", 1, 1_000),
        "stages.middle": _count("middle switches (m): 2n-1 and more never block", 1, 2_000),
        "stages.outer": _count("outer switches on each side (r)", 1, 1_000),
        "routing": _choice(
            "which middle switch a path takes of those that are free: the lowest, the busiest, the next in turn, any",
            "first-fit",
            "packing",
            "cyclic",
            "random",
        ),
        "rearranges": _flag("calls that are up are moved to make room for another"),
    },
    "loop-module": {
        **BOOT,
        **REGISTRATION,
        **KEEPALIVE,
        "ports.lines": _count("analog loop lines", 1, 64),
        "lines.reversal": _flag(
            "of a call that was dialled here, the exchange tells answer and release by turning the polarity"
        ),
        "lines.break_time": _time(
            "the exchange breaks the loop so long to tell a release; 0 is never", 0, 5 * SECOND, 600 * MS, 0
        ),
        "loop.rings": _count("a call is offered at this burst of ringing (the caller's number comes after one)", 1, 5),
        "loop.ring_timeout": _time("after so long without ringing the caller has gone", 5 * SECOND, 30 * SECOND),
        "loop.dial_tone_wait": _time("dial tone is awaited so long", 100 * MS, 30 * SECOND),
        "loop.dial_time": _time("dialling a number takes so long", 100 * MS, 30 * SECOND),
        "loop.answer_by": _choice(
            "an outgoing call counts as answered when the polarity turns, or some time after dialling",
            "reversal",
            "guess",
        ),
        "loop.guess_time": _time("'guess': so long after dialling", SECOND, 60 * SECOND),
        "loop.break_detect": _time("a loop broken so long means release", 10 * MS, 5 * SECOND),
        "loop.busy_cycles": _count("cycles of busy tone that mean release", 1, 20),
        "loop.guard": _time("a line is not taken again so soon after hanging up", 0, 10 * SECOND),
        "loop.glare": _choice(
            "whoever is on the line instead of dial tone is taken as a caller, or hung up on", "take", "hang-up"
        ),
        "loop.late_ring": _choice(
            "ringing that goes on after more than its pause, but before `ring_timeout`, is another caller or the same",
            "new-caller",
            "same-caller",
        ),
    },
    "platform": {},
    "crm-server": {},
    "management-station": {},
    "power-feed": {**FAILURE, **TOGETHER},
    "licence": {},
    "people": {
        "ivr_time": _time("a caller spends so long in the IVR, on average", SECOND, 10 * MINUTE, 25 * SECOND),
        "queue_patience": _time("a caller waits so long for an agent, on average", SECOND, HOUR, 120 * SECOND),
        "silence_patience": _time("people hang up after so much silence", SECOND, 2 * MINUTE, 10 * SECOND),
        "redial": FigureSpec(Unit.SHARE, "share of unserved callers who dial again", 0.0, 1.0, tries=(0.5, 0.0)),
        "redial_delay": _time("and do so after so long, on average", SECOND, HOUR, 30 * SECOND),
        "caller_ends": FigureSpec(
            Unit.SHARE, "share of talks that the caller ends, not the agent", 0.0, 1.0, tries=(0.5,)
        ),
        "answer_time": _time(
            "an agent lifts the receiver after so long, on average", 100 * MS, 60 * SECOND, 3 * SECOND
        ),
        "talk_time": _time("two people talk so long, on average", SECOND, HOUR, 150 * SECOND),
        "wrap_up": _time("an agent writes up a call for so long", 0, 30 * MINUTE, 20 * SECOND),
        "pick_up_time": _time(
            "an agent needs so long to take the call up on the other part of the seat",
            SECOND,
            MINUTE,
            5 * SECOND,
        ),
    },
}
# What a platform of a given kind may also carry: a platform that is used as a call server has the server's figures.
KINDS["platform"] = dict(KINDS["call-server"])

# Settings of a site that belong to no single device.
SITE: dict[str, FigureSpec] = {
    "address": _choice(
        "own: each server keeps its address; moving: a service address follows the active server",
        "moving",
        "own",
    ),
    "core_channel_counts": _choice("what takes a core channel", "trunks", "trunks-and-agents"),
    "cable_move_time": _time(
        "until a person has moved the E1 cables of a dead platform to the other",
        MINUTE,
        24 * HOUR,
        30 * MINUTE,
    ),
}
