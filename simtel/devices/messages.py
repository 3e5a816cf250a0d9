"""What devices say to each other, flow level: one message for what takes several on a real wire.

Names follow the protocol whose place a message takes (Q.931 towards the exchange, SIP towards servers); `voice`
messages are people speaking to each other over a call that is up. Messages are immutable and carry no deadlines.
"""

import msgspec


class Message(msgspec.Struct, frozen=True, gc=False, tag=True):
    """Base of all messages."""


# --- public network <-> gateway (D-channel)


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


# --- gateway or seat <-> server


class Register(Message, frozen=True):
    """`contact` (an address) can be reached, for `expiry` ns; `seat` when it belongs to one. `fresh`: it has just
    started and knows no call. `boot` tells one power-on from another, so that a repetition is known as one."""

    contact: str
    expiry: int
    seat: str = ""
    fresh: bool = False
    boot: int = 0


class Registered(Message, frozen=True):
    """Registered with `server`. `agent_known`: it has the agent's login."""

    server: str
    contact: str
    active: bool
    agent_known: bool = False


class KeepAlive(Message, frozen=True):
    """Are you there, and active? For a `flow` being there will do."""

    contact: str
    flow: bool = False


class Alive(Message, frozen=True):
    """Yes."""

    server: str
    contact: str


class Serving(Message, frozen=True):
    """Unasked: `server` is the active one now. `agents_known`: it has the agents' logins."""

    server: str
    agents_known: bool


class Invite(Message, frozen=True):
    """A trunk call for the call centre; `recorded`: it must be; `span` and `slot`: the circuit on which it comes."""

    call: str
    gateway: str
    skill: str
    priority: int = 0
    recorded: bool = False
    span: str = ""
    slot: int = 0


class Answer(Message, frozen=True):
    """The call is answered; speech goes to `hops`."""

    call: str
    server: str
    hops: tuple[str, ...]


class Reject(Message, frozen=True):
    """The call is refused."""

    call: str
    cause: str
    by: str


class Reinvite(Message, frozen=True):
    """Speech of the call goes to `hops` from now on."""

    call: str
    server: str
    hops: tuple[str, ...]


class Bye(Message, frozen=True):
    """The call is over; `sender` is who asks."""

    call: str
    sender: str
    cause: str = "normal"


class Done(Message, frozen=True):
    """Answer to a request inside a dialog: `known` False means 481."""

    call: str
    method: str
    known: bool


class Hold(Message, frozen=True):
    """Put the call on hold, or take it back."""

    call: str
    sender: str
    on: bool


class Refresh(Message, frozen=True):
    """Is this call still up with you? (session timer)"""

    call: str
    server: str


class Refreshed(Message, frozen=True):
    """Yes or no."""

    call: str
    known: bool


class InviteOut(Message, frozen=True):
    """Set a call up to the public network."""

    call: str
    server: str


class Trying(Message, frozen=True):
    """The call was passed on to the public network, or waits there until it can be."""

    call: str
    gateway: str


class Answered(Message, frozen=True):
    """The called party lifted the receiver; `span` and `slot`: the circuit on which he is."""

    call: str
    gateway: str
    span: str = ""
    slot: int = 0


class Ring(Message, frozen=True):
    """A call for you."""

    call: str
    server: str


class Cancel(Message, frozen=True):
    """Stop ringing."""

    call: str


class PickUp(Message, frozen=True):
    """The agent answers, or takes the call up on another part of the seat."""

    call: str
    seat: str
    contact: str


class Busy(Message, frozen=True):
    """The seat has a call already."""

    call: str
    seat: str


class Through(Message, frozen=True):
    """The outbound call is answered; you are through."""

    call: str


class Dial(Message, frozen=True):
    """The agent dials out; `recorded`: the call must be."""

    call: str
    seat: str
    contact: str
    recorded: bool = False


class Login(Message, frozen=True):
    """An agent takes a seat. `call`: he has that call already."""

    seat: str
    contact: str
    skills: tuple[str, ...]
    call: str = ""


class LoggedIn(Message, frozen=True):
    """The login is accepted, or refused with a cause."""

    seat: str
    server: str
    refused: str = ""


class Ready(Message, frozen=True):
    """The agent is free again, and has no call. Answered by Done."""

    seat: str
    contact: str


# --- server <-> server (replication): durations, never instants


class CallChange(Message, frozen=True):
    """What the standby knows of a call. `place` is -1, and `priority` 0, when queue positions are not replicated;
    `recording_for` is -1 when the call is not being recorded."""

    call: str
    phase: str
    gateway: str
    seat: str
    contact: str
    skill: str
    place: int
    answered_ago: int
    recorded: bool
    record_known: bool
    priority: int = 0
    recording_for: int = -1
    span: str = ""
    slot: int = 0


class CallGone(Message, frozen=True):
    """The call is over."""

    call: str


class AgentChange(Message, frozen=True):
    """An agent's login and state; no skills means logged out."""

    seat: str
    contact: str
    skills: tuple[str, ...]
    state: str


class ContactChange(Message, frozen=True):
    """A registration."""

    contact: str
    seat: str
    expiry: int


class Configured(Message, frozen=True):
    """All that is missing in the configuration of a server (see `server.configuration`), after so many entries."""

    seats: frozenset[str]
    licences: int
    version: int


class Changes(Message, frozen=True):
    """All changes of one step of the active server."""

    changes: tuple[object, ...]


class TakeOver(Message, frozen=True):
    """`server` steps down: the last that it says, after all that it knew."""

    server: str


class SyncRequest(Message, frozen=True):
    """A standby that has just started asks for everything."""

    server: str


# --- server -> station


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


# --- people (voice over a call, or on the desk)


class Hello(Message, frozen=True):
    """The agent speaks."""

    call: str
    seat: str


class Goodbye(Message, frozen=True):
    """The caller says goodbye: the agent is to hang up."""

    call: str


class Music(Message, frozen=True):
    """The caller hears that he has to wait."""

    call: str


class DialOrder(Message, frozen=True):
    """A call that an agent is to dial, unless it is later than `until` when he comes to it; `recorded`: it must be."""

    call: str
    until: int = 2**53
    recorded: bool = False


class Dialled(Message, frozen=True):
    """The agent dialled."""

    call: str
    seat: str


class GaveUp(Message, frozen=True):
    """The agent's attempt came to nothing."""

    call: str
    cause: str
    by: str


# --- physics: what a device feels without being told


class Signal(Message, frozen=True):
    """A span is sound both ways, or not: then the receiver sees a `defect` (`simtel.devices.line`, rule 1)."""

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
