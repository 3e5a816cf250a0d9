"""`simtel ladder`: who sent what to whom in a call, out of a capture or an evidence log."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import NamedTuple

import rich_click as click

from simtel.cli.phrase import Command
from simtel.cli.speech import complain, language, language_option, say, say_message
from simtel.core.i18n import Message
from simtel.core.problems import BadInput, Problem, any_of, quoted
from simtel.report.svg import Drawing
from simtel.wire.capture import is_capture

MOST_MESSAGES = 200_000  # of all ladders at once; a capture may hold millions
MOST_PICTURES = 1_000


class Source(NamedTuple):
    """A file with calls: what each was like, in a line; the worst; and the ladders of some, as text and picture."""

    calls: Mapping[str, str]
    worst: str
    ladders: Callable[[list[str]], Iterable[tuple[str, Callable[[], Drawing]]]]


@click.command(cls=Command)
@language_option
@click.argument("file", type=click.Path())
@click.option("--call", "call_", metavar="ID", help="Of this call: a Call-ID, or the call of an evidence log.")
@click.option("--all", "all_", is_flag=True, help="Of every call; -o is then a folder.")
@click.option("--list", "list_", is_flag=True, help="Say which calls there are, and how each ended.")
@click.option("-o", "--out", type=click.Path(path_type=Path), metavar="FILE.svg", help="Draw it to this file as well.")
def ladder(file: str, call_: str | None, all_: bool, list_: bool, out: Path | None) -> int:
    """Show the ladder of a call.

    FILE is a packet capture (SIP over UDP and TCP in pcap or pcapng) or an evidence log. Without --call, --all and
    --list it is that of the worst call: of a capture one with a malformed message, then one without a final answer,
    then one that was refused.
    """
    from simtel.run.files import prepare, writable  # noqa: PLC0415

    if sum((call_ is not None, all_, list_)) > 1:
        raise click.UsageError(say("--call, --all and --list exclude each other"))
    if list_ and out is not None:
        raise click.UsageError(say("--list draws nothing: leave out -o"))
    if out is not None and not all_:
        writable(out)
    source = _capture(file) if is_capture(file) else _evidence(file)
    if list_:
        for name, how in source.calls.items():
            click.echo(f"{quoted(name)}  {say_message(how)}")
        return 0
    if call_ is not None and call_ not in source.calls:
        message = Message("has no call {call}", call=quoted(call_))
        raise BadInput([Problem(file, 0, 0, message, any_of(call_, source.calls))])
    if all_ and out is not None:
        if len(source.calls) > MOST_PICTURES:
            message = Message("has {count} calls, more than {most}: ask by --call", count=len(source.calls),
                              most=MOST_PICTURES)  # fmt: skip
            raise BadInput([Problem(file, 0, 0, message)])
        prepare(out)
    names = list(source.calls) if all_ else [call_ if call_ is not None else source.worst]
    _show(source, names, out, apart=all_)
    if call_ is None and not all_ and len(source.calls) > 1:
        complain("this is the worst of {count} calls; --list names them", count=len(source.calls))
    return 0


def _show(source: Source, names: list[str], out: Path | None, *, apart: bool) -> None:
    from simtel.report.svg_file import svg_file  # noqa: PLC0415
    from simtel.run.files import write_whole  # noqa: PLC0415

    for number, (text, picture) in enumerate(source.ladders(names), start=1):
        if out is not None:
            write_whole(out / f"{number:03}.svg" if apart else out, svg_file(picture(), language()))
        click.echo(text, nl=number < len(names))


def _capture(file: str) -> Source:
    from simtel.report.sip_calls import sip_calls, worst_sip_call  # noqa: PLC0415
    from simtel.report.sip_ladder import sip_picture, sip_text  # noqa: PLC0415
    from simtel.wire.capture import Capture  # noqa: PLC0415
    from simtel.wire.sip_capture import Heard, SipCapture  # noqa: PLC0415

    first = SipCapture(Capture(file))
    calls = sip_calls(first.messages())
    if not calls:
        message = Message("holds no SIP message, in {count} packets", count=first.capture.count)
        raise BadInput([Problem(file, 0, 0, message)])
    if first.unread:
        complain("{count} messages of SIP could not be read; the first: {why}", count=first.unread, why=first.why)
    if first.capture.cut:
        complain("the capture ends in the middle of a packet")
    base = min(call.begun for call in calls.values())

    def ladders(names: list[str]) -> Iterable[tuple[str, Callable[[], Drawing]]]:
        count = sum(calls[name].count for name in names)
        if count > MOST_MESSAGES:
            message = Message("has {count} messages, more than {most}: ask by --call", count=count, most=MOST_MESSAGES)
            raise BadInput([Problem(file, 0, 0, message)])
        kept: dict[str, list[Heard]] = {name: [] for name in names}
        for heard in SipCapture(Capture(file)).messages():
            if heard.sip.call_id in kept:
                kept[heard.sip.call_id].append(heard)
        for name, mine in kept.items():
            yield sip_text(mine, calls[name], base, language()), partial(sip_picture, mine, base)

    return Source({name: call.said for name, call in calls.items()}, worst_sip_call(calls.values()).call_id, ladders)


def _evidence(file: str) -> Source:
    from simtel.core.log import read_log  # noqa: PLC0415
    from simtel.report.ladder import render_ladder  # noqa: PLC0415
    from simtel.report.sequence import sequence, worst_calls  # noqa: PLC0415
    from simtel.run.kinds import misplaced  # noqa: PLC0415
    from simtel.verdict.census import calls  # noqa: PLC0415
    from simtel.verdict.judge import judge  # noqa: PLC0415

    if (wrong := misplaced(file, "evidence")) is not None:
        raise BadInput([wrong])
    log = read_log(file)
    named, census = log.by_call(), calls(log)
    if not named:
        raise BadInput([Problem(file, 0, 0, Message("tells of no call"))])
    worst = worst_calls(log, judge(log))

    def ladders(names: list[str]) -> Iterable[tuple[str, Callable[[], Drawing]]]:
        for name in names:
            yield render_ladder(log, name, language()), partial(sequence, log, name)

    said = {
        name: Message("{count} events: {how}", count=len(mine), how=census[name].disposition if name in census else "?")
        for name, mine in named.items()
    }
    return Source(said, worst[0].call if worst else next(iter(named)), ladders)
