"""What the active server tells its standby: durations, never instants."""

from simtel.devices.messages.message import Message


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
