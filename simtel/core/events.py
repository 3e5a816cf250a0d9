"""The vocabulary of evidence: every kind of event that any target may write, with its fields and who can see it.

Events are flow level and the same from every target. An event has a subject (what it is about) and an observer (who
saw it). A device's word about itself is marked by `observer == subject`; criteria that must not trust the device
under test rest on the kinds seen by callers, seats, the watch or the management station.

Dispositions of a call (`call.ended`), each offered call ends in exactly one:
    completed   both people had finished talking
    abandoned   the caller gave up while waiting (ringing, IVR, queue)
    waiting     the caller had not given up when the run was over, and nobody had served him
    unanswered  an outbound call was not answered by the called party
    refused     something said no: see the `call.refused` event for who and why
    failed      the attempt died before an answer without anyone saying no (dead trunk, dead server)
    cut         the call was answered and was lost: a fault, or silence until people hung up
"""

from enum import StrEnum

import msgspec

from simtel.core.causes import CAUSES
from simtel.core.i18n import Message


class Kind(StrEnum):
    """Kinds of events. The fields of each stand in `FIELDS`."""

    # The harness: what was done to the site, and the census at the end.
    FAULT_INJECTED = "fault.injected"
    FAULT_CLEARED = "fault.cleared"
    LOAD_ENDED = "load.ended"
    FABRIC_SEARCHED = "fabric.searched"
    DEVICE_HOLDS = "device.holds"
    # Years: the calendar goes on while the site stands still, and who could call at all.
    TIME_SKIPPED = "time.skipped"
    ACCESS_LOST = "access.lost"
    ACCESS_RESTORED = "access.restored"
    # The public network and its callers.
    CALL_OFFERED = "call.offered"
    TRUNK_SEIZED = "trunk.seized"
    CALL_DIALLED = "call.dialled"
    TRUNK_FREED = "trunk.freed"
    CALL_CONNECTED = "call.connected"
    CALL_QUEUED = "call.queued"
    CALL_REFUSED = "call.refused"
    CALL_ENDED = "call.ended"
    # Seats and agents.
    SEAT_RUNG = "seat.rung"
    SEAT_RUNG_ELSEWHERE = "seat.rung-elsewhere"
    SEAT_TALKING = "seat.talking"
    SEAT_LEFT = "seat.left"
    SEAT_DOUBLE = "seat.double-delivery"
    SEAT_PART = "seat.part"
    PORT_STATE = "port.state"
    AGENT_STATE = "agent.state"
    AGENT_REFUSED = "agent.refused"
    RECORDING_REFUSED = "recording.refused"
    # Media, as heard at one end of a call.
    MEDIA_INTERRUPTED = "media.interrupted"
    MEDIA_RESUMED = "media.resumed"
    MEDIA_NOISY = "media.noisy"
    # Requests inside a dialog, seen by who asked.
    DIALOG_REQUEST = "dialog.request"
    # Registrations, seen by the device that registers.
    REGISTRATION_MADE = "registration.made"
    REGISTRATION_LOST = "registration.lost"
    # Trunks.
    SPAN_ALARM = "span.alarm"
    SPAN_SLIP = "span.slip"
    CHANNEL_STATE = "channel.state"
    DCHANNEL_STATE = "dchannel.state"
    # Servers: their own word, and what the watch on the LAN sees.
    SERVER_DETECTED = "server.detected"
    SERVER_PROMOTED = "server.promoted"
    SERVER_SERVING = "server.serving"
    SERVER_DEMOTED = "server.demoted"
    SERVER_ADVERTISED = "server.advertised"
    SERVER_SILENT = "server.silent"
    SERVICE_CHECKED = "service.checked"
    SERVICE_LOST = "service.lost"
    SERVICE_ANSWERED = "service.answered"
    # Call records and recordings, seen by the station that collects them.
    RECORD_COLLECTED = "record.collected"
    CALL_RECORDED = "call.recorded"


class Event(msgspec.Struct, frozen=True, gc=False):
    """One observation. `t` in nanoseconds since the start of the run; `seq` counts from 1 in the merged log."""

    seq: int
    t: int
    kind: str
    subject: str
    observer: str
    call: str | None
    data: dict[str, str | int | bool]


# kind -> (what it says, {field: (type, meaning)}). A name ending in '?' may be absent. Durations are nanoseconds.
FIELDS: dict[Kind, tuple[str, dict[str, tuple[type, str]]]] = {
    Kind.FAULT_INJECTED: (
        "the harness did something to `subject`",
        {
            "fault": (str, "kind of fault"),
            "number": (int, "fault number within the scenario, from 0"),
            "unit?": (str, "the part meant, such as port 3"),
        },
    ),
    Kind.FAULT_CLEARED: (
        "the harness undid it",
        {"fault": (str, "kind of fault"), "number": (int, "its number")},
    ),
    Kind.LOAD_ENDED: ("no further call will be offered", {"offered": (int, "calls offered so far")}),
    Kind.FABRIC_SEARCHED: (
        "before the run, calls were sought that the switching fabric refuses though their ends are free",
        {
            "found": (bool, "the calls that are offered end in one that it refuses on paper"),
            "never": (bool, "by its figures it refuses none, whatever the order"),
            "calls": (int, "how many are offered"),
        },
    ),
    Kind.DEVICE_HOLDS: (
        "census after the run: what `subject` still holds",
        {
            "what": (str, "calls, timeslots, dialogs, licences, queue, ports, files or processes"),
            "count": (int, "how many"),
        },
    ),
    Kind.TIME_SKIPPED: (
        "nothing happened for so long on the calendar, and the log's time stands still meanwhile",
        {"seconds": (int, "whole seconds")},
    ),
    Kind.ACCESS_LOST: ("`subject` (a seat or a span) could not make or take a call with the public network", {}),
    Kind.ACCESS_RESTORED: ("`subject` could again", {}),
    Kind.CALL_OFFERED: (
        "somebody dialled, or was to dial and never could",
        {
            "direction": (str, "in or out"),
            "skill": (str, "skill group wanted"),
            "attempt": (int, "1, or more when redialling"),
            "priority?": (int, "who has more is to be served first; 0 when it is not said"),
            "recorded?": (bool, "the talk must be recorded"),
        },
    ),
    Kind.TRUNK_SEIZED: (
        "`subject` (a span) carries the call",
        {
            "slot": (int, "timeslot 1-15 or 17-31, or line number"),
            "dialled?": (bool, "no: a loop line, on which the number is still to be dialled"),
        },
    ),
    Kind.CALL_DIALLED: ("the number was dialled on the line that carries the call", {}),
    Kind.TRUNK_FREED: ("the timeslot is idle again", {"slot": (int, "timeslot")}),
    Kind.CALL_CONNECTED: ("answered: the caller hears the IVR, or the called party lifted the receiver", {}),
    Kind.CALL_QUEUED: ("the caller hears that he waits", {}),
    Kind.CALL_REFUSED: (
        "an attempt was refused",
        {
            "by": (str, "device that refused"),
            "cause": (str, ", ".join(CAUSES)),
        },
    ),
    Kind.CALL_ENDED: (
        "the public side is through with the call",
        {
            "disposition": (str, "see the head of this file"),
            "cause": (str, "why, in a word"),
            "gap?": (int, "longest silence that the public side heard after the answer, ended or not"),
            "silent?": (int, "silence still lasting at the end, 0 when sound was there"),
        },
    ),
    Kind.SEAT_RUNG: ("a call rings at the seat", {}),
    Kind.SEAT_RUNG_ELSEWHERE: (
        "it rings at the telephone of another seat, for lines are crossed",
        {"at": (str, "that seat")},
    ),
    Kind.SEAT_TALKING: (
        "the agent answered",
        {"part": (str, "console, phone or headset that carries the audio")},
    ),
    Kind.SEAT_LEFT: (
        "the seat is through with the call",
        {
            "cause": (str, "why"),
            "gap?": (int, "longest silence that the seat heard"),
            "silent?": (int, "silence at the end"),
        },
    ),
    Kind.SEAT_DOUBLE: ("a second call was delivered to a busy seat", {"held": (str, "the call it had")}),
    Kind.SEAT_PART: (
        "a part of the seat went down or came back",
        {"part": (str, "console, phone or headset"), "up": (bool, "")},
    ),
    Kind.PORT_STATE: (
        "`subject` (a port of a board) sees a telephone off-hook that has no call, or is in order again",
        {"state": (str, "off-hook, howler, locked-out or in-service")},
    ),
    Kind.AGENT_STATE: (
        "the agent changed state",
        {"state": (str, "out, ready, ringing, talking or wrap-up")},
    ),
    Kind.AGENT_REFUSED: (
        "an agent could not log in",
        {"cause": (str, "agent-licence, adapter-port, seats or not-entered")},
    ),
    Kind.RECORDING_REFUSED: ("a call that should be recorded is not", {"cause": (str, "recording-channel or disk")}),
    Kind.MEDIA_INTERRUPTED: ("this end hears nothing any more", {"end": (str, "public or seat")}),
    Kind.MEDIA_RESUMED: (
        "sound is back",
        {"end": (str, "public or seat"), "gap": (int, "length of the silence")},
    ),
    Kind.MEDIA_NOISY: (
        "this end heard noise in the call, and hears it no more",
        {"end": (str, "public or seat"), "length": (int, "how long it heard noise")},
    ),
    Kind.DIALOG_REQUEST: (
        "a request inside the dialog was answered or not",
        {
            "method": (str, "bye, hold, resume or refresh"),
            "answer": (str, "ok, unknown (481) or timeout (408)"),
        },
    ),
    Kind.REGISTRATION_MADE: ("`subject` is registered", {"server": (str, "with whom")}),
    Kind.REGISTRATION_LOST: (
        "`subject` noticed that its registration is gone",
        {"server": (str, "with whom")},
    ),
    Kind.SPAN_ALARM: (
        "an alarm on `subject` (a span) began or ended, after its debounce",
        {"alarm": (str, "los, ais, lof, rai or t16ais"), "on": (bool, "")},
    ),
    Kind.SPAN_SLIP: (
        "a controlled slip: this end of `subject` (a span) lost a frame of the other, or read it twice",
        {"slips": (int, "how many since it last told")},
    ),
    Kind.CHANNEL_STATE: (
        "a timeslot is taken from calls: release unconfirmed (maintenance), RESTART too (out-of-service); or is back",
        {
            "slot": (int, "timeslot of `subject` (a span), or 0: all of them, by an end that was switched on"),
            "state": (str, "maintenance, out-of-service or in-service"),
        },
    ),
    Kind.DCHANNEL_STATE: ("the D-channel of `subject` changed", {"up": (bool, "")}),
    Kind.SERVER_DETECTED: ("own word: the peer is gone", {}),
    Kind.SERVER_PROMOTED: ("own word: I have taken over, the address is to follow", {}),
    Kind.SERVER_SERVING: ("own word: take-over is complete", {"calls": (int, "calls that it knows")}),
    Kind.SERVER_DEMOTED: ("own word: I step back", {}),
    Kind.SERVER_ADVERTISED: ("the watch hears `subject` advertise itself as active", {}),
    Kind.SERVER_SILENT: (
        "the watch has not heard `subject` for three intervals",
        {"since": (int, "instant of the last advert")},
    ),
    Kind.SERVICE_CHECKED: (
        "service checks of the last period",
        {"sent": (int, "asked"), "answered": (int, "answered")},
    ),
    Kind.SERVICE_LOST: (
        "a service check stayed without answer",
        {"since": (int, "instant of the last answered check")},
    ),
    Kind.SERVICE_ANSWERED: (
        "a service check is answered: the first, after a loss, or by another server",
        {"server": (str, "who answered")},
    ),
    Kind.RECORD_COLLECTED: (
        "one call record arrived at the management station",
        {"server": (str, "who wrote it"), "answered": (bool, ""), "duration": (int, "from answer to end")},
    ),
    Kind.CALL_RECORDED: (
        "a recording of the call, or a part of it, arrived at the management station",
        {"server": (str, "who made it"), "length": (int, "of the recording")},
    ),
}


def field_errors(event: Event) -> list[str]:
    """What is wrong with an event against the vocabulary; empty when nothing is. Used on foreign logs and in tests."""
    try:
        _, fields = FIELDS[Kind(event.kind)]
    except ValueError:
        return [Message("unknown kind {kind}", kind=repr(event.kind))]
    wrong: list[str] = []
    known = {name.rstrip("?"): kind for name, (kind, _) in fields.items()}
    wrong += [
        Message("{kind} lacks {field}", kind=event.kind, field=repr(name))
        for name in fields
        if not name.endswith("?") and name not in event.data
    ]
    for name, value in event.data.items():
        if name not in known:
            wrong.append(Message("{kind} has the unknown field {field}", kind=event.kind, field=repr(name)))
        elif type(value) is not known[name]:
            wrong.append(
                Message(
                    "{kind}: {field} is {value}, not {type}",
                    kind=event.kind,
                    field=name,
                    value=repr(value),
                    type=known[name].__name__,
                )
            )
    return wrong
