"""What operators do to the plant, or ask of it."""

from simtel.devices.messages.message import Message


class HandOver(Message, frozen=True):
    """The operator wants the peer to serve."""


class Configure(Message, frozen=True):
    """The operator enters seats and agent licences on the server that serves."""

    seats: tuple[str, ...]
    licences: int


class TryAgain(Message, frozen=True):
    """An agent who is out is asked to log in once more."""


class Cables(Message, frozen=True):
    """A person moved E1 cables: the receiver has these spans now."""

    spans: tuple[str, ...]
