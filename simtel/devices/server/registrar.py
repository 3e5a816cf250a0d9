"""Who can be reached at which contact, and for how long. Gateways have no seat; they take outgoing calls in turn."""

from simtel.core.clock import Ns
from simtel.devices.messages.registration import Register
from simtel.devices.messages.replication import ContactChange


class Registrar:
    """The contacts that one server knows."""

    def __init__(self) -> None:
        self._contacts: dict[str, tuple[str, int]] = {}  # contact -> (seat, good until)
        self._boots: dict[str, int] = {}  # gateway -> its last power-on that is known here
        self._turn = 0

    def enter(self, contact: str, seat: str, until: int) -> None:
        """A registration, good until then."""
        self._contacts[contact] = (seat, until)

    def restarted(self, message: Register) -> bool:
        """Whether it is the first word of a gateway after a power-on."""
        if not message.fresh or message.seat or self._boots.get(message.contact) == message.boot:
            return False
        self._boots[message.contact] = message.boot
        return True

    def reachable(self, contact: str, now: Ns) -> bool:
        """Whether the contact is registered."""
        entry = self._contacts.get(contact)
        return entry is not None and now < entry[1]

    def known(self, now: Ns) -> list[str]:
        """The contacts that are registered, in the order of their first registration."""
        return [contact for contact, (_, until) in self._contacts.items() if now < until]

    def told(self, now: Ns) -> list[ContactChange]:
        """What the standby is told of all that are registered."""
        return [ContactChange(c, seat, until - now) for c, (seat, until) in self._contacts.items() if now < until]

    def turn(self) -> None:
        """The next outgoing call begins with another gateway."""
        self._turn += 1

    def gateways(self, now: Ns) -> list[str]:
        """The registered gateways, in the order in which they are tried."""
        known = [c for c, (seat, until) in self._contacts.items() if not seat and now < until]
        if not known:
            return []
        turn = self._turn % len(known)
        return known[turn:] + known[:turn]

    def clock_set(self, by: int) -> None:
        """The clock with which they run out shows `by` more than it would."""
        self._contacts = {contact: (seat, until - by) for contact, (seat, until) in self._contacts.items()}
