"""Who can be reached, which server serves, and which agents are at work."""

from simtel.devices.messages.message import Message


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
