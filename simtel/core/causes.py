"""Why attempts to call are refused or die, in a word, and what each of them lacked.

Devices say these words in their refusals, the public side writes them into the evidence, and criteria ask what they
stand for. What others recorded names the final response of SIP instead (RFC 3261, section 21; RFC 3398 for the causes
of Q.850 behind them). A word that is not here is no refusal: whoever hears it takes the attempt as failed.
"""

from enum import StrEnum


class Lack(StrEnum):
    """What an attempt lacked."""

    TRUNK = "trunk"  # a timeslot or a line
    SEAT = "seat"  # an agent, or a place among those who wait for one
    ROOM = "room"  # something that is counted: channels, ports, licences, memory, the disk
    PACE = "pace"  # a device that works so fast
    HEALTH = "health"  # something had failed: no limit of capacity
    WILL = "will"  # nobody tried: it is no attempt at all


CAPACITY = (Lack.TRUNK, Lack.SEAT, Lack.ROOM, Lack.PACE)  # more of it would have let the attempt in
CAUSES: dict[str, tuple[Lack, ...]] = {
    "trunk": (Lack.TRUNK,),
    "seat": (Lack.SEAT,),
    "queue": (Lack.SEAT,),  # it is full when every seat is taken
    "ivr-port": (Lack.ROOM,),
    "core-channel": (Lack.ROOM,),
    "fabric": (Lack.ROOM,),
    "speech-memory": (Lack.ROOM,),
    "middle-stage": (Lack.ROOM,),
    "fabric-port": (Lack.ROOM,),
    "disk": (Lack.ROOM,),
    "attempts": (Lack.PACE,),  # of a server
    "setups": (Lack.PACE,),  # of a gateway
    "trunk-dead": (Lack.TRUNK, Lack.HEALTH),
    "no-server": (Lack.HEALTH,),
    "no-gateway": (Lack.HEALTH,),
    "not-registered": (Lack.HEALTH,),
    "restarting": (Lack.TRUNK, Lack.HEALTH),  # nobody has acknowledged yet that the E1 was reset
    "glare": (),  # it had a timeslot, and lost it to the far end's call
    "not-dialled": (Lack.WILL,),  # the agent who was to dial was talking until the load ended
}
RESPONSES: dict[str, tuple[Lack, ...]] = {  # of SIP, in recordings
    "480": (Lack.SEAT,),
    "486": (Lack.SEAT,),
    "503": (Lack.PACE,),
    "600": (Lack.SEAT,),
}
TRUNK_DEAD, RESTARTING, SETUPS, GLARE, NOT_DIALLED = "trunk-dead", "restarting", "setups", "glare", "not-dialled"
# What a device says; that a trunk is dead, nobody is there to say, and the others are words of the public side.
REFUSALS = frozenset(CAUSES) - {TRUNK_DEAD, RESTARTING, GLARE, NOT_DIALLED}
SILENCE = ("no-server", "no-answer")  # no server answered: what a gateway says then, and how the call ends


def lacked(cause: str, *lacks: Lack) -> bool:
    """Whether an attempt that was refused so lacked one of these."""
    return any(lack in lacks for lack in (CAUSES.get(cause) or RESPONSES.get(cause, ())))
