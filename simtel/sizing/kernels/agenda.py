"""What is due, in compiled code: (instant, what), earliest first, equal instants as they were entered.

A calendar (Brown, "Calendar queues", Commun. ACM 31, 1988): an instant has its place in one of BUCKETS stretches of
2**shift ns, which begin again from the first when the last is over. A bucket is a chain of entries in order, most of
them none or one; which buckets have entries is kept as bits, so that the next one is found without a look at those
between. Entries of a later round wait in their chain until the calendar comes there again. What it costs to enter and
to take does not depend on how much is due. Nothing is taken back: who no longer wants an entry knows it when it comes.
"""

from typing import Any, Final, cast

import numpy as np

from simtel.sizing.kernels.compiled import part
from simtel.sizing.kernels.lanes import zeros_below

BUCKETS: Final = 1024
ENTRIES: Final = 1 << 16
_WORDS: Final = BUCKETS // 64
_MASK: Final = BUCKETS - 1
_ONE: Final = cast("int", np.int64(1))
_NEVER: Final = cast("int", np.int64(2**63 - 1))  # behind all instants
AT, WHAT, LIFE, NEXT = range(4)
NOTHING: Final = 0  # the row that is no entry: it stands behind the last of each chain, and is due never

AGENDA: Final = np.dtype(
    [
        ("shift", "i8"),
        ("next", "i8"),  # the instant of what is due first (ns); behind all instants when nothing is
        ("free", "i8"),  # first row of those that are entries no more; NOTHING: there is none
        ("fresh", "i8"),  # first row of those that never were
        ("full", "i8", _WORDS),  # bits: the bucket has an entry
        ("bucket", "i8", BUCKETS),  # first row of its chain
        ("entry", "i8", (ENTRIES, 4)),
    ]
)
Agenda = Any  # one record, in compiled code


@part
def clear(a: Agenda, shift: int) -> None:
    """Nothing is due. A bucket is 2**shift ns long; best is about as long as from one entry to the next."""
    a.shift, a.next, a.free, a.fresh = shift, _NEVER, NOTHING, NOTHING + 1
    a.full[:] = 0
    a.bucket[:] = NOTHING
    a.entry[NOTHING, AT] = _NEVER


@part
def room(a: Agenda) -> bool:
    """Whether there is room for one more."""
    return a.free != NOTHING or a.fresh < ENTRIES  # type: ignore[no-any-return]


@part
def enter(a: Agenda, at: int, what: int, life: int) -> None:
    """Enter `what` for an instant (ns) that is not over; there must be room."""
    row = a.free
    entry = a.entry[row]
    if row == NOTHING:
        row = a.fresh
        a.fresh += 1
        entry = a.entry[row]
    else:
        a.free = entry[NEXT]
    entry[AT], entry[WHAT], entry[LIFE] = at, what, life
    bucket = at >> a.shift & _MASK
    following = a.bucket[bucket]
    if at < a.entry[following, AT]:
        entry[NEXT] = following
        a.bucket[bucket] = row
        a.full[bucket >> 6] |= _ONE << (bucket & 63)
        a.next = min(a.next, at)
        return
    before = following
    while a.entry[following, AT] <= at:
        before, following = following, a.entry[following, NEXT]
    entry[NEXT] = following
    a.entry[before, NEXT] = row


@part
def take(a: Agenda) -> tuple[int, int]:
    """Take out what is due first: (what, life). There must be something."""
    bucket = a.next >> a.shift & _MASK
    row = a.bucket[bucket]
    entry = a.entry[row]
    following = entry[NEXT]
    entry[NEXT] = a.free
    a.free = row
    a.bucket[bucket] = following
    if following == NOTHING:
        a.full[bucket >> 6] ^= _ONE << (bucket & 63)
    look_ahead(a)
    return entry[WHAT], entry[LIFE]


@part
def look_ahead(a: Agenda) -> None:
    """Set the instant of what is due first; it is not before that which was."""
    stretch = a.next >> a.shift
    begin = stretch & _MASK
    word = begin >> 6
    full = a.full[word] & (-_ONE << (begin & 63))
    for _ in range(_WORDS + 1):
        while full:
            bucket = word << 6 | zeros_below(full)
            at = a.entry[a.bucket[bucket], AT]
            if at >> a.shift == stretch + (bucket - begin & _MASK):
                a.next = at
                return
            full &= full - 1
        word = (word + 1) & (_WORDS - 1)
        full = a.full[word]
    a.next = _NEVER
    for bucket in range(BUCKETS):  # nothing in this round
        a.next = min(a.next, a.entry[a.bucket[bucket], AT])
