"""One call as its server knows it, and the settings by which servers work."""

import msgspec

from simtel.core.clock import LIMIT
from simtel.devices.fabric.fabric import Figures

NEVER = -LIMIT  # an instant that has not come; one of a clock that was set may lie before the start of the run
# phases
IVR, QUEUED, RINGING, TALKING, HELD, DIALLING = "ivr", "queued", "ringing", "talking", "held", "dialling"
# licences
CORE, AGENT, RECORDING = "core-channel", "agent", "recording"


class Call(msgspec.Struct, gc=False):
    """A trunk call. `answered_at` (an instant as the call record has it) and `recorded_from` (-1: not recorded) are
    instants of this server's own clock; `record_known` False: no record can be written."""

    id: str
    phase: str
    gateway: str
    skill: str
    seat: str = ""
    contact: str = ""
    place: int = 0
    priority: int = 0
    answered_at: int = NEVER
    recorded: bool = False
    recording: bool = False
    recorded_from: int = -1
    record_known: bool = True
    channels: int = 0
    seen: int = 0
    asked: bool = False
    tried: int = 0
    span: str = ""  # the circuit
    slot: int = 0


class Replicates(msgspec.Struct, frozen=True):
    """What the standby is told."""

    dialogs: bool
    registrations: bool
    queue: bool
    agents: bool
    records: bool
    configuration: bool
    journal: bool  # by way of a journal on the disk


class Settings(msgspec.Struct, frozen=True):
    """How a call server works. Durations in nanoseconds."""

    ivr_time: int
    queue_limit: int
    ivr_limit: int
    seat_limit: int
    channels_count_agents: bool
    talk_through_server: bool
    recorded_through_server: bool
    session_timer: int
    fabric: Figures  # by which speech passes
    records_by_day: bool  # call records are timed with the clock of the day, which can be set
    timers_by_day: bool  # and so are the timers
    refuses_unwritten: bool  # no call is taken of which no record can be written
    replicates: Replicates
