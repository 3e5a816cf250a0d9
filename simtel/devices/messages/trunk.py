"""Between public network and gateway, over a span or a loop line."""

from simtel.devices.messages.message import Message


class Setup(Message, frozen=True):
    """A call on that timeslot. The number that was dialled stands for a skill group, a priority, and for recording."""

    call: str
    span: str
    slot: int
    skill: str = ""
    priority: int = 0
    recorded: bool = False
    exclusive: bool = True  # that timeslot or none


class Moved(Message, frozen=True):
    """The first response to a SETUP: the call has another timeslot than the one that it named."""

    call: str
    span: str
    slot: int


class Proceeding(Message, frozen=True):
    """The call is being worked on."""

    call: str


class Connect(Message, frozen=True):
    """Answered."""

    call: str


class Release(Message, frozen=True):
    """The call is over. `cause` says why, `by` who began it. With `span` and `slot` it is a question: the sender holds
    the timeslot until the far end confirms."""

    call: str
    cause: str
    by: str
    span: str = ""
    slot: int = 0


class Released(Message, frozen=True):
    """Confirmed: nothing of that call is left here (RELEASE COMPLETE)."""

    call: str
    span: str


class Restart(Message, frozen=True):
    """The channels of `span` were reset at the sender: whatever was on them is over. With a `slot`: that channel alone.
    The far end is to acknowledge."""

    span: str
    slot: int = 0


class Restarted(Message, frozen=True):
    """Acknowledged: the channel, or with 0 all of them, was reset here too."""

    span: str
    slot: int = 0


class LinkReset(Message, frozen=True):
    """Layer 2 of `span` was set up anew (SABME): what was under way on it is lost (Q.921)."""

    span: str


class StatusEnquiry(Message, frozen=True):
    """Is this call up with you? Answered by a release when it is not (Q.931 5.8.10)."""

    call: str
    span: str


class LoopSign(Message, frozen=True):
    """Something done to a loop line: off-hook, on-hook, digits; ring, dial-tone, voice, reversed, normal (polarity),
    break, busy. A line carries no names of calls: `setup` is how simtel follows the call that is meant."""

    span: str
    slot: int
    sign: str
    setup: Setup | None = None


class CasSign(Message, frozen=True):
    """A line signal of a timeslot, or what register signals came to: seize, seize-ack, digits, refused, answer,
    clear-back, clear-forward, idle. Signals carry no names of calls: `setup` and `release` are how simtel follows
    the call that is meant, and why it is over."""

    span: str
    slot: int
    sign: str
    setup: Setup | None = None
    release: Release | None = None
