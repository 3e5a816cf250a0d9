"""Messages of the server pair as datagrams: a tag of the run, then one MessagePack map that names its type.

Whatever arrives is either one of the five messages with values that can be, or it is counted by its reason and
dropped; nothing that a stranger sends raises. The tag keeps runs apart that share a machine.
"""

import msgspec

from simtel.core.clock import HOUR
from simtel.protocols.election import Advert, Claim, Fence
from simtel.protocols.service import Check, Checked

Message = Advert | Claim | Fence | Check | Checked
TAG_LENGTH = 8
LARGEST = 512  # bytes of a datagram; the largest honest one has below 100
LONGEST_NAME = 64


class Codec:
    """Encodes and decodes for one run, and counts what it rejected."""

    def __init__(self, tag: bytes) -> None:
        if len(tag) != TAG_LENGTH:
            raise ValueError(f"the tag of a run has {TAG_LENGTH} bytes, not {len(tag)}")
        self._tag = tag
        self._encoder = msgspec.msgpack.Encoder()
        self._decoder = msgspec.msgpack.Decoder(Message)
        self.accepts: tuple[type, ...] = (Advert, Claim, Fence, Check, Checked)  # what its machine has a use for
        self.rejected: dict[str, int] = {}

    def encode(self, message: object) -> bytes:
        """The datagram of a message."""
        return self._tag + self._encoder.encode(message)

    def decode(self, datagram: bytes) -> Message | None:
        """The message of a datagram; None when it is none, which is counted in `rejected`."""
        if len(datagram) > LARGEST:
            return self._rejected("too long")
        if datagram[:TAG_LENGTH] != self._tag:
            return self._rejected("of another run")
        try:
            message: Message = self._decoder.decode(datagram[TAG_LENGTH:])
        except (ValueError, RecursionError, OverflowError):  # msgspec's own errors are ValueErrors
            return self._rejected("malformed")
        if not _possible(message):
            return self._rejected("impossible value")
        if not isinstance(message, self.accepts):
            return self._rejected("not for this machine")
        return message

    def _rejected(self, reason: str) -> Message | None:
        self.rejected[reason] = self.rejected.get(reason, 0) + 1
        return None


def _possible(message: Message) -> bool:
    match message:
        case Advert(server, priority, interval):
            return _is_name(server) and 0 <= priority <= 255 and 0 < interval <= HOUR
        case Claim(server) | Fence(server):
            return _is_name(server)
        case Check(name, number) | Checked(name, number):
            return _is_name(name) and number >= 0


def _is_name(name: str) -> bool:
    return 0 < len(name) <= LONGEST_NAME and name.isprintable()
