"""The ladder of one call of a capture, as text and as a picture: who sent what to whom, and what came again."""

from collections.abc import Sequence
from datetime import UTC, datetime

from simtel.core.clock import SECOND, show_duration
from simtel.core.i18n import LANGUAGES, told, translate
from simtel.protocols.sip.reasons import REASONS
from simtel.report.both import Words, both
from simtel.report.ladder import aligned
from simtel.report.lanes import Row, lanes_picture
from simtel.report.sip_calls import SipCall
from simtel.report.svg import Drawing
from simtel.report.words import plain
from simtel.wire.sip_capture import Heard

LONGEST = 72  # characters of what an arrow says


def words_of(heard: Heard, *, again: bool) -> Words:
    """What a message says, in both languages."""
    sip = heard.sip
    words = (
        sip.method if sip.request else f"{sip.status} {REASONS.get(sip.status, '')} ({sip.method})".replace("  ", " ")
    )
    if sip.media is not None:
        words += f", SDP {sip.media.address}:{sip.media.port}"
        words += f" {sip.media.direction}" if sip.media.direction != "sendrecv" else ""
    if sip.marks and sip.marks[0]:
        words += f", {sip.marks[0]}"
    words = plain(words)[:LONGEST]
    if heard.wrong:
        return both("{words}, malformed: {why}", words=words, why=heard.wrong)
    return both("{words}, sent again", words=words) if again else dict.fromkeys(LANGUAGES, words)


def _rows(messages: Sequence[Heard], base: int) -> list[Row]:
    """Arrows between addresses; between addresses with ports where one address speaks with itself."""
    ports = any(heard.source == heard.target for heard in messages)
    call = SipCall(messages[0])
    return [
        Row(
            heard.t - base, words_of(heard, again=call.hear(heard)), _party(heard.source, heard.from_port, ports),
            _party(heard.target, heard.to_port, ports), "wrong" if heard.wrong else "msg",
        )
        for heard in messages
    ]  # fmt: skip


def _party(address: str, port: int, ports: bool) -> str:
    if not ports:
        return address
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


def sip_picture(messages: Sequence[Heard], base: int) -> Drawing:
    """The picture of the messages of one call (at least one), times counted from `base`."""
    rows = _rows(messages, base)
    lanes = dict.fromkeys(lane for row in rows for lane in (row.start, row.end))
    title = both("Ladder of call {call}", call=plain(messages[0].sip.call_id))
    return lanes_picture(title, rows, lanes, lambda _: "", lambda *_: [])


def sip_text(messages: Sequence[Heard], call: SipCall, base: int, lang: str) -> str:
    """The same as text."""
    rows = _rows(messages, base)
    head = (
        translate("no.", lang), translate("time", lang), translate("elapsed", lang), translate("from", lang),
        translate("to", lang), translate("what was sent", lang),
    )  # fmt: skip
    shown = [
        (str(n), f"{row.t / SECOND:.6f}", f"+{show_duration(row.t - rows[0].t)}", row.start, row.end, row.words[lang])
        for n, row in enumerate(rows, start=1)
    ]
    began = datetime.fromtimestamp(messages[0].t // SECOND, UTC).isoformat(sep=" ").removesuffix("+00:00")
    title = translate("Call {call}, from {began} UTC", lang, call=call.call_id, began=began)
    return "\n".join([plain(title), plain(told(call.said, lang)), *aligned([head, *shown])]) + "\n"
