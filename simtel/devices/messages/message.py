"""What all messages have in common."""

import msgspec


class Message(msgspec.Struct, frozen=True, gc=False, tag=True):
    """Base of all messages."""
