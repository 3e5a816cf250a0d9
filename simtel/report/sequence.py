"""One call as a sequence diagram: a lane for each party that the log names, time running down, and the faults across.

Drawn from the log alone: an arrow goes from where the log saw a thing come from to where it saw it arrive, and what
only one party saw is a dot on its lane. Bars on the lanes say how long a timeslot was held, a telephone rang, people
talked or heard nothing, and how long a unit was struck.

The worst call of a verdict is, of the calls that it rests on, the one that came to the worst end, and of several the
one with the longest silence.
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from simtel.core.clock import show_duration
from simtel.core.events import Event, Kind
from simtel.core.i18n import Message
from simtel.core.log import EvidenceLog
from simtel.report import history
from simtel.report.both import Words, both, told, worded
from simtel.report.lanes import Row, lanes_picture
from simtel.report.svg import Drawing, Legend, num
from simtel.report.words import plain
from simtel.verdict.census import Call, calls, faults, servers_alone, text, whole
from simtel.verdict.judge import Judgement
from simtel.verdict.outcome import Outcome
from simtel.verdict.verdict import say

THICK = {"dead": 15, "lasts": 9, "rings": 9, "talks": 9, "silent": 5}  # in the order of painting
LADDERS = 3  # pictures of one item
_WORSE = ("completed", "unanswered", "abandoned", "waiting", "refused", "failed", "", "cut")
_ROLES = ("exchange", "span", "gateway", "platform", "switch", "feed", "server", "board", "seat", "station")


class Worst(NamedTuple):
    """A call, and the criteria of whose verdicts it is the worst; none when it is just the worst of the run."""

    call: str
    keys: tuple[str, ...]


def worst_calls(log: EvidenceLog, judgement: Judgement) -> list[Worst]:
    """The worst call of each verdict with the worst outcome; of the whole run when none of them rests on a call."""
    found = calls(log)
    if not found:
        return []
    of: dict[str, list[str]] = {}
    for verdict in judgement.verdicts:
        failed = verdict.outcome in (Outcome.FAIL, Outcome.ERROR)
        if not failed and (verdict.outcome is not judgement.outcome or verdict.outcome is Outcome.PASS):
            continue
        named = (log.events[n - 1].call for n in verdict.events if 0 < n <= len(log.events))
        mine = [found[call] for call in named if call in found]
        if mine:
            of.setdefault(_worst(mine).id, []).append(verdict.key)
    return [Worst(call, tuple(keys)) for call, keys in of.items()] or [Worst(_worst(found.values()).id, ())]


def _worst(found: Iterable[Call]) -> Call:
    return max(found, key=lambda call: (_WORSE.index(call.disposition) if call.disposition in _WORSE else 0,
                                        whole(call.end, "gap") or 0))  # fmt: skip


def sequence(log: EvidenceLog, call: str) -> Drawing:
    """The diagram of one call. KeyError when nothing in the log names the call."""
    rows = _rows(log, call)
    return lanes_picture(
        both("Ladder of call {call}", call=plain(call)), rows, _lanes(rows), _role,
        lambda pic, places, at, seen: _bars(pic, log, call, places, at, seen),
    )  # fmt: skip


def _rows(log: EvidenceLog, call: str) -> list[Row]:
    mine = log.by_call().get(call)
    if not mine:
        raise KeyError(call)
    begun, over = mine[0].t, mine[-1].t
    seized = next((event.subject for event in mine if event.kind == Kind.TRUNK_SEIZED), "")
    beside = [event for event in (*faults(log), *log.of(Kind.FAULT_CLEARED)) if begun <= event.t <= over]
    beside += [event for event in history.words_said(log) if begun <= event.t <= over]
    beside += [
        event for event in log.of(Kind.SPAN_ALARM, Kind.DCHANNEL_STATE)
        if event.subject == seized and event.observer == "exchange" and begun <= event.t <= over
    ]  # fmt: skip
    told_ = [event for event in mine if event.kind != Kind.AGENT_STATE]  # the seat says the same of the call
    return [_row(event, seized) for event in sorted((*told_, *beside), key=lambda event: event.seq)]


# What a row says; its fields are those of the event.
_SAYS: dict[Kind, Message] = {
    Kind.TRUNK_SEIZED: Message("timeslot {slot} seized"),
    Kind.CALL_DIALLED: Message("number dialled"),
    Kind.TRUNK_FREED: Message("timeslot {slot} free"),
    Kind.CALL_CONNECTED: Message("answered"),
    Kind.CALL_QUEUED: Message("hears that he waits"),
    Kind.CALL_REFUSED: Message("refused: {cause}"),
    Kind.CALL_ENDED: Message("end: {disposition}, {cause}"),
    Kind.SEAT_RUNG: Message("rings"),
    Kind.SEAT_TALKING: Message("agent answers, {part}"),
    Kind.SEAT_LEFT: Message("seat leaves: {cause}"),
    Kind.SEAT_DOUBLE: Message("second call beside {held}"),
    Kind.RECORDING_REFUSED: Message("not recorded: {cause}"),
    Kind.MEDIA_INTERRUPTED: Message("silence begins"),
    Kind.MEDIA_RESUMED: Message("sound again after {gap}"),
    Kind.DIALOG_REQUEST: Message("{method}: {answer}"),
    Kind.RECORD_COLLECTED: Message("call record, {duration}"),
    Kind.CALL_RECORDED: Message("recording, {length}"),
    Kind.SERVER_DETECTED: Message("peer is gone"),
    Kind.SERVER_PROMOTED: Message("takes over"),
    Kind.SERVER_SERVING: Message("serves, knows {calls} calls"),
    Kind.SERVER_DEMOTED: Message("steps back"),
}
_LENGTHS = ("gap", "duration", "length")


def _row(event: Event, span: str) -> Row:
    here = _party(event.observer)
    match event.kind:
        case Kind.FAULT_INJECTED:
            words = {lang: f"✖ {word}" for lang, word in worded(text(event, "fault")).items()}
            return Row(event.t, _with_unit(words, text(event, "unit")), _party(event.subject), kind="struck")
        case Kind.FAULT_CLEARED:
            return Row(event.t, both("fault undone"), _party(event.subject), kind="cleared")
        case Kind.CALL_OFFERED:
            says = Message("outbound call") if text(event, "direction") == "out" else Message("inbound call")
            return Row(event.t, _filled(says, event), here, kind="dot")
        case Kind.SPAN_ALARM:
            over = event.data.get("on") is False
            says = Message("alarm {alarm} ends") if over else Message("alarm {alarm} begins")
            return Row(event.t, _filled(says, event), event.subject, kind="dot")
        case Kind.DCHANNEL_STATE:
            up = say("D-channel up") if event.data.get("up") is True else say("D-channel down")
            return Row(event.t, told(up), event.subject, kind="dot")
        case Kind.TRUNK_SEIZED | Kind.TRUNK_FREED:
            return Row(event.t, _says(event), here, _party(event.subject))
        case Kind.CALL_CONNECTED | Kind.CALL_QUEUED if span:
            return Row(event.t, _says(event), span, here)
        case Kind.SEAT_RUNG if span:
            return Row(event.t, _says(event), span, here)
        case Kind.SEAT_TALKING if span:
            return Row(event.t, _says(event), here, span)
        case Kind.CALL_REFUSED if text(event, "by"):
            return Row(event.t, _says(event), _party(text(event, "by")), here)
        case Kind.RECORD_COLLECTED | Kind.CALL_RECORDED if text(event, "server"):
            return Row(event.t, _says(event), _party(text(event, "server")), here)
        case _:
            return Row(event.t, _says(event), here, kind="dot")


def _says(event: Event) -> Words:
    try:
        return _filled(_SAYS[Kind(event.kind)], event)
    except (KeyError, ValueError):
        return both("{kind}", kind=plain(event.kind))


def _filled(says: Message, event: Event) -> Words:
    shown = {
        name: show_duration(value) if name in _LENGTHS and type(value) is int else value
        for name, value in event.data.items()
    }
    return both(says.template, **shown)


def _with_unit(words: Words, unit: str) -> Words:
    return {lang: f"{word} ({unit})" for lang, word in words.items()} if unit else words


def _party(name: str) -> str:
    """Whose part it is: seat.4 of seat.4/phone."""
    return name.partition("/")[0]


def _lanes(rows: Iterable[Row]) -> list[str]:
    """The parties, from the public network to the seats and the station; the harness is none."""
    found = dict.fromkeys(lane for row in rows for lane in (row.start, row.end) if lane)
    return sorted(found, key=_order)


def _order(lane: str) -> tuple[int, list[tuple[int, str]]]:
    role = lane.partition(".")[0]
    return (_ROLES.index(role) if role in _ROLES else len(_ROLES)), history.natural(lane)


def _role(lane: str) -> Words:
    role = lane.partition(".")[0]
    return _PARTIES.get(role) or worded(role)


_PARTIES = {
    "exchange": both("public network"), "span": both("trunk span"), "gateway": both("trunk gateway"),
    "server": both("server"), "board": both("agent board"), "seat": both("seat"), "station": both("management station"),
    "switch": both("LAN switch"), "feed": both("power feed"), "platform": both("platform"), "site": both("site"),
}  # fmt: skip


def _bars(
    pic: Drawing, log: EvidenceLog, call: str, places: dict[str, float], at: Callable[[int], float],
    seen: tuple[int, int],
) -> Legend:  # fmt: skip
    """What lasts, on the lanes; what of it there was, for the legend."""
    found: list[tuple[str, str, int, int]] = []  # lane, kind, since, until
    open_: dict[tuple[str, str], int] = {}

    def close(lane: str, kind: str, t: int) -> None:
        since = open_.pop((lane, kind), None)
        if since is not None:
            found.append((lane, kind, since, t))

    for event in log.by_call()[call]:
        lane, here = _party(event.subject), _party(event.observer)
        match event.kind:
            case Kind.CALL_OFFERED:
                open_.setdefault((here, "lasts"), event.t)
            case Kind.CALL_ENDED:
                close(here, "lasts", event.t)
                close(here, "silent", event.t)
            case Kind.TRUNK_SEIZED:
                open_[lane, "lasts"] = event.t
            case Kind.TRUNK_FREED:
                close(lane, "lasts", event.t)
            case Kind.SEAT_RUNG:
                open_[here, "rings"] = event.t
            case Kind.SEAT_TALKING:
                close(here, "rings", event.t)
                open_[here, "talks"] = event.t
            case Kind.SEAT_LEFT:
                for kind in ("rings", "talks", "silent"):
                    close(here, kind, event.t)
            case Kind.MEDIA_INTERRUPTED:
                open_[here, "silent"] = event.t
            case Kind.MEDIA_RESUMED:
                close(here, "silent", event.t)
    found += [(lane, kind, since, seen[1]) for (lane, kind), since in open_.items()]
    alone = servers_alone(log)
    for fault in faults(log):
        lane, until = _party(fault.subject), history.undone(log, fault)
        lasts = lane not in alone or text(fault, "fault") in history.DEADLY
        if lasts and until >= seen[0] and fault.t <= seen[1]:
            found.append((lane, "dead", max(fault.t, seen[0]), min(until, seen[1])))
    drawn = [one for one in sorted(found, key=lambda one: list(THICK).index(one[1])) if one[0] in places]
    for lane, kind, since, until in drawn:
        x, y1, y2 = places[lane], at(since), at(until)
        pic.bars(f"M{num(x)} {num(y1)}V{num(max(y2, y1 + 2))}", THICK[kind], f"seq-{kind}")
    there = {kind for _, kind, _, _ in drawn}
    parts = (
        ("lasts", both("holds the call")), ("rings", both("rings")), ("talks", both("talks")),
        ("silent", both("hears nothing")), ("dead", both("struck by the fault")),
    )  # fmt: skip
    return [(f"seq-{kind}", words) for kind, words in parts if kind in there]
