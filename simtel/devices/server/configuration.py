"""What the operator has entered on a server. It stands on the server's disk: a restart keeps it, a peer may lack it.

A site is described as it is in the end. What a scenario adds in service is missing at first, and is entered on the
server that serves then; its peer learns of it if configuration is replicated, and else goes on without it. The newer of
two versions holds.
"""

import msgspec

from simtel.devices.messages.replication import Configured


class Configuration:
    """Seats that are not entered yet, and agent licences that are not."""

    __slots__ = ("missing_licences", "missing_seats", "version")

    def __init__(self, missing_seats: frozenset[str] = frozenset(), missing_licences: int = 0) -> None:
        self.missing_seats = missing_seats
        self.missing_licences = missing_licences
        self.version = 0  # so many entries have been made

    def enter(self, seats: tuple[str, ...], licences: int) -> None:
        """The operator makes an entry."""
        self.missing_seats = self.missing_seats.difference(seats)
        self.missing_licences -= licences
        self.version += 1

    def told(self) -> Configured:
        """For the peer."""
        return Configured(self.missing_seats, self.missing_licences, self.version)

    def take(self, message: Configured) -> bool:
        """The peer's, if it is newer; says whether it was."""
        if message.version <= self.version:
            return False
        self.missing_seats, self.missing_licences, self.version = msgspec.structs.astuple(message)
        return True
