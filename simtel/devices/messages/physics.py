"""What a device feels without being told: signal, sound, and what befalls it."""

from simtel.devices.messages.message import Message


class Signal(Message, frozen=True):
    """A span is sound both ways, or not: then the receiver sees a `defect` (`simtel.devices.alarms`)."""

    span: str
    on: bool
    defect: str = "los"


class Slip(Message, frozen=True):
    """The two clocks of a span differ by one frame more, which is lost or read twice: what the receiver of the message
    hears (`here`), or what the far end hears of it."""

    span: str
    here: bool


class Unanswered(Message, frozen=True):
    """On this span nobody confirms a release any more, or they do again."""

    span: str
    on: bool


class Unacknowledged(Message, frozen=True):
    """On this span nobody acknowledges a RESTART any more, or they do again."""

    span: str
    on: bool


class Sound(Message, frozen=True):
    """Sound of the call reaches this end, or not."""

    call: str
    on: bool


class Hushed(Message, frozen=True):
    """The public side sends no more speech: the call is over there, whatever servers say."""

    call: str


class PartState(Message, frozen=True):
    """A part of a seat works, or is dead."""

    part: str
    on: bool


class Trouble(Message, frozen=True):
    """Something is wrong with the telephone of a seat, or no longer (an `Ail`). `port`: that of its board, if any;
    `neighbour`: the seat with which its line is crossed."""

    ail: str
    on: bool
    port: str = ""
    neighbour: str = ""


class Drowned(Message, frozen=True):
    """No speech passes through `element` for the moment, or again."""

    element: str
    on: bool


class Hang(Message, frozen=True):
    """Call processing stops (or goes on again); the heartbeat is another process."""

    on: bool


class Stall(Message, frozen=True):
    """The whole server stands still (or goes on): processor, disk or virtual machine give it no time."""

    on: bool


class Slow(Message, frozen=True):
    """The processor needs `factor` times as long for everything; 1 is its own pace."""

    factor: int


class ClockSet(Message, frozen=True):
    """Somebody set the clock of the day, ahead by `by` ns, or back when that is negative."""

    by: int


class DiskFull(Message, frozen=True):
    """Nothing can be written any more, or again."""

    on: bool
