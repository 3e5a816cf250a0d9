"""The one error of the SIP room."""

from typing import Self


class MalformedMessage(ValueError):  # noqa: N818 - what it says is a name of the trade
    """Bytes that RFC 3261 does not allow: the reason, the octet at which it shows, and the response code that a server
    answers with (400 unless the RFC names another; a response that is malformed is dropped, whatever the code)."""

    def __init__(self, reason: str, offset: int = 0, code: int = 400) -> None:
        super().__init__(f"octet {offset}: {reason}")
        self.reason = reason
        self.offset = offset
        self.code = code

    def moved(self, by: int) -> Self:
        """The same error seen from `by` octets further left: of the whole of which a part was read."""
        return type(self)(self.reason, self.offset + by, self.code)
