"""Call control and servers on a bench: settings as figures, a standby that remembers, a clock in the test's hand."""

from typing import Any

import msgspec

from simtel.core.clock import MINUTE, MS, SECOND, Ns
from simtel.core.streams import Streams
from simtel.core.timers import TimerHeap
from simtel.devices.fabric.fabric import Packets
from simtel.devices.messages.calls import Invite, PickUp
from simtel.devices.messages.registration import Login, Register
from simtel.devices.messages.replication import CallChange
from simtel.devices.server.call import Replicates, Settings
from simtel.devices.server.configuration import Configuration
from simtel.devices.server.control import CallControl
from simtel.devices.server.outgoing import Outgoing
from simtel.devices.server.server import Rates, Server
from simtel.devices.server.shadow import describe
from simtel.protocols.election import Times
from tests.devices.recorder import Cables, Recorder

ALL = Replicates(
    dialogs=True, registrations=True, queue=True, agents=True, records=True, configuration=True, journal=False
)
NONE = Replicates(
    dialogs=False, registrations=False, queue=False, agents=False, records=False, configuration=False, journal=False
)  # fmt: skip
PLAIN = Settings(
    ivr_time=10 * SECOND,
    queue_limit=3,
    ivr_limit=100,
    seat_limit=10,
    channels_count_agents=False,
    talk_through_server=False,
    recorded_through_server=False,
    session_timer=30 * MINUTE,
    fabric=Packets(100),
    records_by_day=True,
    timers_by_day=False,
    refuses_unwritten=False,
    replicates=ALL,
)
LICENCES = {"core-channel": 10, "agent": 5, "recording": 2}
GATEWAY = "gateway.a"


def seat(number: int) -> str:
    return f"seat.{number}"


def phone(number: int) -> str:
    return f"seat.{number}/phone"


class Desk:
    """Call control of server.a; `told` is what its standby heard."""

    def __init__(self, licences: dict[str, int] | None = None, *, recorded: bool = False, **settings: Any) -> None:
        """`recorded`: every call must be."""
        self.out = Recorder()
        self.cables = Cables()
        self.timers = TimerHeap()
        self.told: list[Any] = []
        self.missing: set[str] = set()  # seats that nobody has entered
        streams = Streams(1)
        self.control = CallControl(
            "server.a",
            self.out,
            self.timers,
            msgspec.structs.replace(PLAIN, **settings),
            {**LICENCES, **(licences or {})},
            streams("ivr"),
            self.cables.plane,
            self,
        )
        self.outgoing = Outgoing(self.control, self.timers)
        self.now = Ns(0)
        self._recorded = recorded

    def tell(self, change: object) -> None:
        self.told.append(change)

    def entered(self, seat: str) -> bool:
        return seat not in self.missing

    def agents(self, *numbers: int, skills: tuple[str, ...] = ("service",)) -> None:
        """These agents log in with their phones and are free."""
        for number in numbers:
            self.control.log_in(Login(seat(number), phone(number), skills), self.now)
        self.out.take()

    def call(self, name: str, skill: str = "service", priority: int = 0, slot: int = 1) -> None:
        """A trunk call comes in; the plane knows its path, as the gateway would tell it."""
        self.control.invite(Invite(name, GATEWAY, skill, priority, self._recorded, "span.1", slot), self.now)
        self.cables.plane.connect(name, ("span.1", GATEWAY, "server.a"))

    def through_ivr(self, *names: str, priority: int = 0) -> None:
        """Calls come in, and their callers choose."""
        for name in names:
            self.call(name, priority=priority)
            self.timers.cancel(("ivr", name))
            self.control.ivr_over(name, self.now)

    def talk(self, name: str, number: int) -> None:
        """A call comes in and agent `number` answers it; nothing of that stays in the record."""
        self.through_ivr(name)
        self.control.pick_up(PickUp(name, seat(number), phone(number)), self.now)
        self.out.take()
        self.told.clear()

    def wait(self, span: int) -> None:
        """Time passes; what is due is served, as a server would."""
        end = Ns(self.now + span)
        while (due := self.timers.next()) is not None and due <= end:
            key = self.timers.due(due)
            assert key is not None
            self.now = due
            {"ivr": self.control.ivr_over, "ring": self.control.ring_over}[key[0]](key[1], due)
        self.now = end

    def described(self, name: str) -> CallChange:
        """What the standby would be told of a call now."""
        return describe(self.control.calls[name], self.control.settings.replicates, self.now)

    def licences(self) -> int:
        """All that are in use, of every name."""
        return sum(self.control.licences.in_use(name) for name in LICENCES)

    def to(self, address: str) -> list[object]:
        """What was sent to an address since the last look; the rest is gone."""
        return [message for to, message in self.out.take() if to == address]

    def of(self, kind: type) -> list[tuple[str, Any]]:
        """Messages of a type sent since the last look; the rest is gone."""
        return [(to, message) for to, message in self.out.take() if type(message) is kind]


TIMES = Times(advert_interval=100 * MS, promote_time=50 * MS, address_time=20 * MS)
RATES = Rates(attempts=10.0, registrations=100.0, backlog=2 * SECOND, control=True)


def server(
    name: str = "server.a",
    *,
    peer: str | None = "server.b",
    rates: Rates = RATES,
    watched: bool = False,
    configuration: Configuration | None = None,
    **settings: Any,
) -> tuple[Server, Recorder]:
    """One server that has not started."""
    out = Recorder()
    made = Server(
        name,
        out,
        peer=peer,
        priority=150 if name == "server.a" else 100,
        times=TIMES,
        fencing=False,
        preempt=False,
        watched=watched,
        rates=rates,
        settings=msgspec.structs.replace(PLAIN, **settings),
        licences=LICENCES,
        streams=Streams(1),
        plane=Cables().plane,
        configuration=configuration,
    )
    return made, out


def register(contact: str, expiry: int = 60 * MINUTE, *, fresh: bool = False) -> Register:
    owner = contact.partition("/")[0] if "/" in contact else ""
    return Register(contact, expiry, owner, fresh)
