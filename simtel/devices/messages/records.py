"""What a server hands over to the station that keeps it."""

from simtel.devices.messages.message import Message


class Record(Message, frozen=True):
    """One call record."""

    call: str
    server: str
    answered: bool
    duration: int


class Recording(Message, frozen=True):
    """A recording of the call, or the part of it that `server` has made; `length` in ns."""

    call: str
    server: str
    length: int
