"""One call as a user agent sees it, and what it may be told in which state: a table.

A leg that we call is CALLING until a provisional answer makes it EARLY; one that calls us is OFFERED until its user
accepts it, then ANSWERED until the ACK comes. Both are UP then. CANCELLING waits for the end of an INVITE that was
taken back; CLOSING for the answer to our BYE.
"""

from enum import StrEnum
from typing import Any

import msgspec

from simtel.protocols.sip.dialog import Dialog
from simtel.protocols.sip.transaction import Transaction


class State(StrEnum):
    """Where a leg is."""

    CALLING = "calling"
    EARLY = "early"
    OFFERED = "offered"
    ANSWERED = "answered"
    UP = "up"
    CANCELLING = "cancelling"
    CLOSING = "closing"
    OVER = "over"


class Wish(StrEnum):
    """What its user may want."""

    HANG_UP = "hang-up"
    ACCEPT = "accept"
    PROGRESS = "progress"
    REFUSE = "refuse"
    REINVITE = "reinvite"


# (state, wish) -> what the agent does for it. What is not listed comes too late and does nothing.
WISHES: dict[tuple[State, Wish], str] = {
    (State.CALLING, Wish.HANG_UP): "cancel_later",  # 9.1: no CANCEL before a provisional answer
    (State.EARLY, Wish.HANG_UP): "cancel",
    (State.OFFERED, Wish.HANG_UP): "decline",
    (State.ANSWERED, Wish.HANG_UP): "bye_later",  # 15: no BYE of the callee before the ACK, or before he gives up
    (State.UP, Wish.HANG_UP): "bye",
    (State.OFFERED, Wish.ACCEPT): "accept",
    (State.OFFERED, Wish.PROGRESS): "progress",
    (State.OFFERED, Wish.REFUSE): "refuse",
    (State.UP, Wish.REINVITE): "reinvite",
}


class Leg(msgspec.Struct, eq=False, kw_only=True):
    """`user` is whatever its owner keeps with it. Instants in nanoseconds of the agent's clock, -1 for "not yet"."""

    state: State
    invite: Transaction | None = None  # its first INVITE
    dialog: Dialog | None = None
    early: dict[bytes, Dialog] = {}  # by remote tag: a forked INVITE has several
    tag: bytes = b""  # ours
    user: Any = None
    to: Any = None  # where `answer` goes
    answer: bytes = b""  # the 2xx that is repeated until the ACK comes, or the ACK that is repeated with each 2xx
    interval: int = 0
    status: int = 0  # of the last answer
    asking: bool = False  # a re-INVITE or UPDATE of ours is under way (glare, 14.1)
    asked: bool = False  # one of the peer's is
    leaving: bool = False  # hang up as soon as that is allowed
    body: bytes = b""  # what the peer offered or answered last
    began: int = -1
    rang: int = -1
    up: int = -1

    @property
    def client(self) -> bool:
        """Whether we call."""
        return self.invite is not None and self.invite.client
