"""Glare on an E1 with a D-channel: both ends seize one timeslot, and their SETUPs cross (Q.931 Annex D.3).

A SETUP names its timeslot as `exclusive` (that one or none) or as preferred. Of two that cross,

    both alike       the network's call keeps it
    one exclusive    the exclusive one keeps it, whichever side it is

and the other, if it was preferred, is told another timeslot in the first response to it, as far as there is one; else
it is refused (cause 34), and hunts again. The same holds for a timeslot that the far end cannot use for other reasons.
"""

GLARE_TRIES = 5  # our own bound; each try takes another timeslot


def keeps(network: bool, exclusive: bool, far_exclusive: bool) -> bool:
    """Whether the call of this end, the network's or not, keeps the timeslot."""
    return network if exclusive == far_exclusive else exclusive
