"""Offer and answer (RFC 3264) about voice: pure functions from descriptions to descriptions.

1. An answer has a stream for each stream of the offer, in its order; one that it cannot have gets port 0 (6).
2. An answer names formats of the offer alone, with the offer's numbers, in the order of the offer: who answers heeds
   the preference of who asks.
3. The direction is what both want: who may only send is answered by who may only receive (6.1).
4. A later offer has at least the streams of the one before, in their places, and a version that rises by one with
   each change (8).
5. DTMF as events (RFC 4733) goes beside the voice where both name it at the rate of the voice.
"""

import msgspec

from simtel.protocols.sip.sdp import DIRECTIONS, STATIC, Codec, Media, Origin, Session

PCMA, PCMU, G729 = STATIC[8], STATIC[0], STATIC[18]
EVENTS = Codec("TELEPHONE-EVENT", 8_000)
_DYNAMIC = 96  # RFC 3551, 6: numbers from 96 on mean what rtpmap says
_DTMF = 101  # what nearly all telephones use
_FAMILY = {True: "IP6", False: "IP4"}
_MAY = {"sendrecv": (True, True), "sendonly": (True, False), "recvonly": (False, True), "inactive": (False, False)}
_CALLED = {may: name for name, may in _MAY.items()}


class NoAgreement(ValueError):  # noqa: N818 - what it says is a name of the trade
    """An answer that does not fit its offer, or an offer that does not fit the one before; the reason."""


class Party(msgspec.Struct, frozen=True):
    """One end: where it wants to hear, what it can speak in the order of its liking, and its session's number."""

    address: str
    port: int
    codecs: tuple[Codec, ...] = (PCMA, PCMU)
    events: bool = True
    session: int = 1
    user: str = "-"


class Agreed(msgspec.Struct, frozen=True):
    """One stream as one end has it: what it sends and where, under which numbers, and who may speak."""

    codec: Codec
    payload: int
    address: str
    port: int
    sends: bool
    hears: bool
    events: int | None = None  # the number under which DTMF is sent


def offer(party: Party, direction: str = "sendrecv", version: int = 1) -> Session:
    """A first offer of one voice stream."""
    numbers = {codec: number for number, codec in STATIC.items()}
    free = iter(number for number in range(_DYNAMIC, 128) if number != _DTMF)
    chosen = {numbers[codec] if codec in numbers else next(free): codec for codec in party.codecs}
    if party.events:
        chosen[_DTMF] = EVENTS
    return _session(party, (_stream(party, "RTP/AVP", chosen, direction),), version)


def answer(asked: Session, party: Party, direction: str = "sendrecv", version: int = 1) -> Session:
    """The answer to an offer. A stream has port 0 where nothing is common; where that is so of all, refuse (488)."""
    taken = False
    streams = []
    for stream in asked.media:
        chosen = {} if taken else _common(stream, party)
        if not chosen:
            streams.append(Media(stream.kind, 0, stream.formats, stream.protocol))
            continue
        taken = True
        heard, sent = _MAY[asked.direction_of(stream)]  # what the other sends, we hear
        sends, hears = _MAY[direction]
        streams.append(_stream(party, stream.protocol, chosen, _CALLED[sends and sent, hears and heard]))
    return _session(party, tuple(streams), version)


def changed(last: Session, direction: str | None = None, *, port: int | None = None) -> Session:
    """The next offer or answer of who wrote `last`: hold, resume, or another port of the first stream that lives."""
    media = list(last.media)
    at = next((i for i, stream in enumerate(media) if stream.port), None)
    if at is None:
        raise NoAgreement("no stream lives")
    stream = media[at]
    if direction is not None:
        kept = tuple(pair for pair in stream.attributes if pair[0] not in DIRECTIONS)
        stream = msgspec.structs.replace(stream, attributes=(*kept, (direction, None)))
    media[at] = msgspec.structs.replace(stream, port=stream.port if port is None else port)
    origin = msgspec.structs.replace(last.origin, version=last.origin.version + 1)
    return msgspec.structs.replace(last, origin=origin, media=tuple(media))


def follows(last: Session, now: Session) -> bool:
    """Whether `now` changes anything against `last` of the same writer. NoAgreement where it may not follow it."""
    if len(now.media) < len(last.media):
        raise NoAgreement("a later description has fewer streams (RFC 3264, 8)")
    if now.origin.version == last.origin.version:
        if now != last:
            raise NoAgreement("a description changed and its version did not (RFC 3264, 8)")
        return False
    return True


def agreed(mine: Session, theirs: Session, *, offered: bool) -> Agreed | None:
    """The voice stream as the writer of `mine` has it, who offered or else answered; None where no stream lives.
    NoAgreement where the answer does not fit the offer."""
    asked, answered = (mine, theirs) if offered else (theirs, mine)
    if len(asked.media) != len(answered.media):
        raise NoAgreement(f"an answer of {len(answered.media)} streams to an offer of {len(asked.media)}")
    for ours, others, first, second in zip(mine.media, theirs.media, asked.media, answered.media, strict=True):
        if (first.kind, first.protocol) != (second.kind, second.protocol):
            raise NoAgreement(f"a stream {first.kind} {first.protocol} is answered by {second.kind} {second.protocol}")
        address = theirs.address_of(others)
        if not second.port or not first.port or ours.kind != "audio" or address is None:
            continue
        both = {number: codec for number, codec in others.codecs.items() if codec in ours.codecs.values()}
        voice = next((number for number, codec in both.items() if codec.name not in (EVENTS.name, "CN")), None)
        if voice is None:
            raise NoAgreement("an answer has no format of its offer")
        codec = both[voice]
        events = next((n for n, c in both.items() if c.name == EVENTS.name and c.rate == codec.rate), None)
        sends, hears = _MAY[mine.direction_of(ours)]
        heard, sent = _MAY[theirs.direction_of(others)]
        silent = address in ("0.0.0.0", "::")  # noqa: S104 - RFC 2543's way to hold
        return Agreed(codec, voice, address, others.port, sends and sent and not silent, hears and heard, events)
    return None


def _common(stream: Media, party: Party) -> dict[int, Codec]:
    """Formats of a voice stream that the party has too, events where they are at the rate of the voice."""
    if stream.kind != "audio" or not stream.port or stream.protocol not in ("RTP/AVP", "RTP/AVPF"):
        return {}
    voice = {number: codec for number, codec in stream.codecs.items() if codec in party.codecs}
    rates = {codec.rate for codec in voice.values()}
    events = {
        number: codec for number, codec in stream.codecs.items() if codec.name == EVENTS.name and codec.rate in rates
    }
    return {**voice, **(events if party.events else {})} if voice else {}


def _stream(party: Party, protocol: str, chosen: dict[int, Codec], direction: str) -> Media:
    attributes: list[tuple[str, bytes | None]] = []
    for number, codec in chosen.items():
        name = codec.name.lower() if codec.name == EVENTS.name else codec.name
        channels = f"/{codec.channels}" if codec.channels > 1 else ""
        attributes.append(("rtpmap", f"{number} {name}/{codec.rate}{channels}".encode()))
        if codec.name == EVENTS.name:
            attributes.append(("fmtp", f"{number} 0-15".encode()))
    attributes.append((direction, None))
    return Media("audio", party.port, tuple(map(str, chosen)), protocol, attributes=tuple(attributes))


def _session(party: Party, media: tuple[Media, ...], version: int) -> Session:
    family = _FAMILY[":" in party.address]
    return Session(Origin(party.user, party.session, version, party.address, family), media, party.address)
