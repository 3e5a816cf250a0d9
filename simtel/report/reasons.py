"""Why what was not met was not met: every reason once, with all the places where it was given.

A scenario's own reasons stand under its title, the worst first, what does not apply last. Those that the same words
give in several scenarios (a figure that nobody varied, a device that nobody stated) stand last, together. No reason is
left out.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from simtel.core.log import Header
from simtel.report.grid import Column, column_of, family
from simtel.verdict.judge import Judgement
from simtel.verdict.outcome import Outcome
from simtel.verdict.verdict import Text


@dataclass(slots=True)
class Reason:
    """One sentence, and the criteria, sites and scenarios that it was given for, each in order and once."""

    outcome: Outcome
    text: Text
    applies: bool = True
    keys: dict[str, None] = field(default_factory=dict)
    columns: dict[Column, None] = field(default_factory=dict)
    scenarios: dict[str, Header] = field(default_factory=dict)
    items: dict[str, int] = field(default_factory=dict)  # scenario -> the first item that says so
    count: int = 0


class Section(NamedTuple):
    """The reasons of one scenario; those of several scenarios have no header."""

    header: Header | None
    reasons: list[Reason]


def reasons(judgements: Sequence[Judgement]) -> list[Section]:
    """All reasons of all verdicts that are no PASS, by scenario in the order of the run."""
    found: dict[tuple[Outcome, str, str], Reason] = {}
    for number, judgement in enumerate(judgements):
        for verdict in judgement.verdicts:
            if verdict.outcome is Outcome.PASS:
                continue
            same = (verdict.outcome, verdict.reason.template, repr(sorted(verdict.reason.args.items())))
            reason = found.setdefault(same, Reason(verdict.outcome, verdict.reason, verdict.applies))
            scenario = family(judgement.header.scenario)
            reason.keys[verdict.key] = None
            reason.columns[column_of(judgement.header)] = None
            reason.scenarios.setdefault(scenario, judgement.header)
            reason.items.setdefault(scenario, number)
            reason.count += 1
    ordered = sorted(found.values(), key=lambda reason: (not reason.applies, -reason.outcome))
    sections: dict[str, Section] = {}
    for judgement in judgements:
        name = family(judgement.header.scenario)
        if name not in sections:
            own = [reason for reason in ordered if list(reason.scenarios) == [name]]
            sections[name] = Section(judgement.header, own)
    shared = Section(None, [reason for reason in ordered if len(reason.scenarios) > 1])
    return [section for section in (*sections.values(), shared) if section.reasons]
