"""`simtel judge`: a log judged again, or what others recorded; no site and no model is needed."""

from collections.abc import Mapping
from pathlib import Path

import msgspec
import rich_click as click

from simtel.cli.phrase import Command
from simtel.cli.show import FORMATS, show
from simtel.cli.speech import complain, format_option, language_option, say, say_message
from simtel.core.i18n import Message
from simtel.core.log import Limit, read_log
from simtel.core.problems import BadInput, Problem
from simtel.run.foreign import read_recording
from simtel.run.kinds import misplaced
from simtel.run.session import EVIDENCE, VARIANTS
from simtel.run.variants import read_variants
from simtel.scenario.limits import read_limits
from simtel.verdict.judge import Judgement
from simtel.verdict.judge import judge as judged
from simtel.verdict.outcome import exit_code, merge
from simtel.verdict.variants import apply_variants
from simtel.wire.capture import is_capture


@click.command(cls=Command)
@language_option
@click.argument("logs", metavar="FILES...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--limits", type=click.Path(), help="The buyer's limits, in place of those in the log.")
@click.option(
    "--map",
    "map_",
    type=click.Path(),
    help="FILES are packet captures and console logs that others recorded; this file says what in them is what.",
)
@click.option("--keep", type=click.Path(path_type=Path), help="With --map: write the evidence log to this file.")
@format_option(*FORMATS)
def judge(logs: tuple[Path, ...], limits: str | None, map_: str | None, keep: Path | None, form: str) -> int:
    """Judge evidence logs again, or what others recorded.

    FILES are evidence.jsonl files, or folders of runs. What other values of assumed and unknown figures do to a
    verdict is read from variants.jsonl beside the log, if that belongs to it.

    With --map, FILES are one recording: packet captures (SIP, RTP and VRRP in pcap or pcapng) and console or syslog
    files. `simtel schema mapping` prints what the mapping file may hold; hardware_profiles/benches/ has one to copy.
    What the recording cannot show is INCONCLUSIVE.
    """
    if map_ is not None:
        return recorded(logs, map_, limits, keep, form)
    if keep is not None:
        raise click.UsageError(say("--keep means nothing without --map"))
    logs = tuple(log for path in logs for log in (_logs(path) if path.is_dir() else [path]))
    asked = [(Path(limits), "limits")] if limits else []
    asked += [(log, "evidence") for log in logs]
    problems = [wrong for path, kind in asked if (wrong := misplaced(path, kind)) is not None]
    foreign = Message("is a packet capture: give --map too, which says what in it is what")
    problems += [Problem(str(log), 0, 0, foreign) for log in logs if log.is_file() and is_capture(log)]
    if problems:
        raise BadInput(problems)
    given = read_limits(limits) if limits else {}
    judgements: list[Judgement] = []
    for path in logs:
        try:
            judgements.append(again(path, given))
        except BadInput as bad:
            problems += bad.problems
    if problems:
        raise BadInput(problems)
    show(judgements, form)
    return exit_code(merge(judgement.outcome for judgement in judgements))


def _logs(folder: Path) -> list[Path]:
    """The evidence logs of a folder. BadInput when it has none."""
    found = sorted(folder.rglob(EVIDENCE))
    if not found:
        raise BadInput([Problem(str(folder), 0, 0, Message("holds no {file}", file=EVIDENCE))])
    return found


def recorded(files: tuple[Path, ...], map_: str, limits: str | None, keep: Path | None, form: str) -> int:
    """Judge what others recorded, and say on standard error what of it was not understood."""
    wrong = misplaced(limits, "limits") if limits else None
    if wrong is not None:
        raise BadInput([wrong])
    log, told = read_recording(files, map_, read_limits(limits) if limits else {}, keep)
    for sentence in told:
        click.echo(f"simtel: {say_message(sentence)}", err=True)
    judgement = judged(log)
    show([judgement], form)
    return exit_code(judgement.outcome)


def again(path: Path, limits: Mapping[str, Mapping[str, Limit]]) -> Judgement:
    """Judge one log. Where a limit is replaced the kept variants say nothing: they were judged with the old one."""
    judgement = judged(read_log(path), limits)
    beside = path.with_name(VARIANTS)
    variants = read_variants(beside, judgement.digest)
    if variants is None and beside.exists():
        complain("{path} belongs to another log and is left out", path=str(beside))
    whole, bare = apply_variants(judgement, variants or ()), apply_variants(judgement, ())
    chosen = tuple(
        without if old.criterion in limits else with_
        for old, with_, without in zip(judgement.verdicts, whole.verdicts, bare.verdicts, strict=True)
    )
    return msgspec.structs.replace(judgement, verdicts=chosen, outcome=merge(v.outcome for v in chosen))
