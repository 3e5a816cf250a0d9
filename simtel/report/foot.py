"""The foot of a report: when the run was, the command that makes it again, its seed and the version of simtel.

All of it stands in the heads of the logs. What they do not say (an old log, one that others recorded) is left out.
"""

from collections.abc import Iterator, Sequence

from simtel.core.i18n import translate
from simtel.report.words import listed, plain, tell
from simtel.verdict.judge import Judgement
from simtel.verdict.verdict import Text, say


def foot_lines(judgements: Sequence[Judgement], lang: str) -> Iterator[str]:
    """The same for a terminal: the command, which may be long, on a line of its own."""
    lines: tuple[list[str], list[str]] = ([], [])
    for label, said in foot(judgements):
        text = translate("{what}: {reason}", lang, what=tell(label, lang), reason=said)
        lines[label.template != "command"].append(text)
    yield from (listed(line, lang) for line in lines if line)


def foot(judgements: Sequence[Judgement]) -> list[tuple[Text, str]]:
    """What is told of the run, each with its label; several runs tell of each what differs."""
    heads = [judgement.header for judgement in judgements]
    commands = dict.fromkeys(head.made_by for head in heads if head.made_by)
    if not commands:  # judged one by one: the command of one item stands for the run when there is but one
        each = dict.fromkeys(head.command for head in heads if head.command)
        commands = each if len(each) == 1 else {}
    told = (
        (say("command"), commands),
        (say("date"), dict.fromkeys(head.started.replace("T", " ") for head in heads)),
        (say("seed"), dict.fromkeys(str(head.seed) for head in heads)),
        (say("simtel version"), dict.fromkeys(head.version for head in heads)),
    )
    return [(label, plain("; ".join(filter(None, values)))) for label, values in told if any(values)]
