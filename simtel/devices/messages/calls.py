"""A call, between gateway, server and seat."""

from simtel.devices.messages.message import Message


class Invite(Message, frozen=True):
    """A trunk call for the call centre; `recorded`: it must be; `span` and `slot`: the circuit on which it comes."""

    call: str
    gateway: str
    skill: str
    priority: int = 0
    recorded: bool = False
    span: str = ""
    slot: int = 0


class Answer(Message, frozen=True):
    """The call is answered; speech goes to `hops`."""

    call: str
    server: str
    hops: tuple[str, ...]


class Reject(Message, frozen=True):
    """The call is refused."""

    call: str
    cause: str
    by: str


class Reinvite(Message, frozen=True):
    """Speech of the call goes to `hops` from now on."""

    call: str
    server: str
    hops: tuple[str, ...]


class Bye(Message, frozen=True):
    """The call is over; `sender` is who asks."""

    call: str
    sender: str
    cause: str = "normal"


class Done(Message, frozen=True):
    """Answer to a request inside a dialog: `known` False means 481."""

    call: str
    method: str
    known: bool


class Hold(Message, frozen=True):
    """Put the call on hold, or take it back."""

    call: str
    sender: str
    on: bool


class Refresh(Message, frozen=True):
    """Is this call still up with you? (session timer)"""

    call: str
    server: str


class Refreshed(Message, frozen=True):
    """Yes or no."""

    call: str
    known: bool


class InviteOut(Message, frozen=True):
    """Set a call up to the public network."""

    call: str
    server: str


class Trying(Message, frozen=True):
    """The call was passed on to the public network, or waits there until it can be."""

    call: str
    gateway: str


class Answered(Message, frozen=True):
    """The called party lifted the receiver; `span` and `slot`: the circuit on which he is."""

    call: str
    gateway: str
    span: str = ""
    slot: int = 0


class Ring(Message, frozen=True):
    """A call for you."""

    call: str
    server: str


class Cancel(Message, frozen=True):
    """Stop ringing."""

    call: str


class PickUp(Message, frozen=True):
    """The agent answers, or takes the call up on another part of the seat."""

    call: str
    seat: str
    contact: str


class Busy(Message, frozen=True):
    """The seat has a call already."""

    call: str
    seat: str


class Through(Message, frozen=True):
    """The outbound call is answered; you are through."""

    call: str


class Dial(Message, frozen=True):
    """The agent dials out; `recorded`: the call must be."""

    call: str
    seat: str
    contact: str
    recorded: bool = False
