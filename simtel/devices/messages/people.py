"""What people say to each other: voice over a call, or a word on the desk."""

from simtel.devices.messages.message import Message


class Hello(Message, frozen=True):
    """The agent speaks."""

    call: str
    seat: str


class Goodbye(Message, frozen=True):
    """The caller says goodbye: the agent is to hang up."""

    call: str


class Music(Message, frozen=True):
    """The caller hears that he has to wait."""

    call: str


class DialOrder(Message, frozen=True):
    """A call that an agent is to dial, unless it is later than `until` when he comes to it; `recorded`: it must be."""

    call: str
    until: int = 2**53
    recorded: bool = False


class Dialled(Message, frozen=True):
    """The agent dialled."""

    call: str
    seat: str


class GaveUp(Message, frozen=True):
    """The agent's attempt came to nothing."""

    call: str
    cause: str
    by: str
