"""What can be wrong with the telephone of a seat, or with the port of the agent board on which it hangs.

An ailment is not a death: the port stays registered and everybody goes on believing in it. What each leaves undone:

    no-dial-tone    an agent who lifts hears no dial tone and cannot dial; all else works
    no-loop-current the line has no battery: it rings, but nobody hears or is heard, and to the board the loop is open
    stuck-off-hook  to the board the loop is closed for good: a hang-up is not seen, calls are refused as busy, and
                    without a call dial tone, howler and lock-out follow each other
    stuck-on-hook   to the board the loop is open for good: it rings, and lifting is not seen
    ring-no-trip    lifting is seen, but ringing goes on in the talk and drowns it, ring by ring
    codec-noise     speech passes, with noise in it; all else works
    lines-crossed   the port rings, and is answered, at the desk of the neighbour, whose port rings here
    leads-nowhere   the line is crossed with one on which nothing hangs: nothing passes, and the loop is open
    dsp-dead        no speech and no tone passes; signalling works
    ring-dead       nothing rings; all else works
    bus-lost        nothing passes between board and servers; the telephone has battery and looks healthy
    unplugged       the headset is out of its plug: `silence` leaves the loop closed, `hang-up` opens it

An open loop that lasts `hook_debounce` is a hang-up. The agent knows at once of a plug that he pulled and of a line
that went dead under a talk; all else he finds out by the call that comes to nothing.
"""

from enum import StrEnum

import msgspec


class Ail(StrEnum):
    """What is wrong."""

    NO_DIAL_TONE = "no-dial-tone"
    NO_CURRENT = "no-loop-current"
    OFF_HOOK = "stuck-off-hook"
    ON_HOOK = "stuck-on-hook"
    NO_TRIP = "ring-no-trip"
    NOISY = "codec-noise"
    CROSSED = "lines-crossed"
    NOWHERE = "leads-nowhere"
    DSP = "dsp-dead"
    NO_RING = "ring-dead"
    BUS = "bus-lost"
    SILENT = "unplugged-silence"
    OPEN = "unplugged-hang-up"


# What each hinders: dial; ring; be free for a call; answer (lifting is seen); trip (ringing ends with it); speak
# (speech passes); clear (without noise); here (it rings at the own desk); hold (the loop stays closed in a talk);
# release (hanging up is seen).
HINDERS: dict[Ail, frozenset[str]] = {
    Ail.NO_DIAL_TONE: frozenset({"dial"}),
    Ail.NO_CURRENT: frozenset({"dial", "answer", "speak", "hold"}),
    Ail.OFF_HOOK: frozenset({"dial", "free", "release"}),
    Ail.ON_HOOK: frozenset({"dial", "answer", "hold"}),
    Ail.NO_TRIP: frozenset({"trip"}),
    Ail.NOISY: frozenset({"clear"}),
    Ail.CROSSED: frozenset({"here"}),
    Ail.NOWHERE: frozenset({"dial", "ring", "answer", "speak", "hold"}),
    Ail.DSP: frozenset({"dial", "speak"}),
    Ail.NO_RING: frozenset({"ring"}),
    Ail.BUS: frozenset({"dial", "speak"}),
    Ail.SILENT: frozenset({"dial", "answer", "speak"}),
    Ail.OPEN: frozenset({"dial", "answer", "speak", "hold"}),
}


class PortTimes(msgspec.Struct, frozen=True):
    """How a board treats its lines. Durations in nanoseconds."""

    ring_length: int
    ring_pause: int
    hook_debounce: int
    dial_tone: int
    howler: int
