"""One run of one item: evidence from a target, and what the judge says of it.

Evidence goes to a file, or to memory for the many runs of which only the verdicts are kept. However a run ends, its
log tells the truth: one that ended has its footer; one in which a machine failed has a footer with the error, on which
every criterion is ERROR; one that was broken off has none, and no criterion passes on it.
"""

import io
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO, Protocol, runtime_checkable

import msgspec

from simtel.core.events import Event
from simtel.core.log import EvidenceLog, EvidenceWriter, Footer, Header, read_log
from simtel.core.problems import BadInput
from simtel.profiles.spec import SiteSpec
from simtel.run.files import CannotWriteError, EvidenceFile
from simtel.run.plan import Item, header, lacking
from simtel.target.plan import Plan
from simtel.target.target import Target
from simtel.verdict.judge import Judgement
from simtel.verdict.outcome import Outcome, merge
from simtel.verdict.verdict import Text, Verdict


def to_file(item: Item, target: Target, path: Path) -> EvidenceLog:
    """Run, with the evidence in a file. KeyboardInterrupt leaves a log without footer; CannotWriteError, or BadInput
    for a plan that the target cannot run, leaves none.
    """
    out = EvidenceFile(path)
    try:
        _run(item, target, out)
    except (CannotWriteError, BadInput):
        out.drop()
        raise
    except BaseException:
        out.keep()
        raise
    return read_log(out.keep())


def to_memory(item: Item, target: Target) -> EvidenceLog:
    """Run, with the evidence in memory."""
    out = io.BytesIO()
    _run(item, target, out)
    return as_log(out.getvalue())


def as_log(content: bytes) -> EvidenceLog:
    """The log that a writer of ours has written."""
    first, *lines = content.splitlines(keepends=True)
    footer = msgspec.json.decode(lines.pop(), type=_Last).footer if lines else None
    events = msgspec.json.Decoder(Event).decode_lines(b"".join(lines))
    return EvidenceLog(msgspec.json.decode(first, type=_First).header, events, footer)


class _First(msgspec.Struct):
    header: Header


class _Last(msgspec.Struct):
    footer: Footer


def _run(item: Item, target: Target, out: BinaryIO) -> None:
    plan = Plan(item.scenario, item.site, item.seed)
    writer = EvidenceWriter(out, header(item, _words(target.observes()), roles_of(target, item.site)))
    try:
        target.run(plan, writer)
    except (CannotWriteError, BadInput):
        raise
    except Exception as error:  # noqa: BLE001 - a machine failed: the run's ERROR, not the device's crash
        writer.close(error=f"{type(error).__name__}: {error}")
    except BaseException:
        writer.abandon()
        raise


@runtime_checkable
class NamesUnits(Protocol):
    """A target that says by which names its log calls the units of a role, and the seats that hang on a unit."""

    def roles(self, site: SiteSpec) -> dict[str, tuple[str, ...]]:
        """{"servers": ("server.a", "server.b"), "board.1": ("seat.1", ...)}"""


@runtime_checkable
class CountsEvents(Protocol):
    """A target that says how much work its last run was."""

    heap_events: int


def roles_of(target: Target, site: SiteSpec) -> dict[str, tuple[str, ...]]:
    """Names of units, if the target knows them before the run."""
    return target.roles(site) if isinstance(target, NamesUnits) else {}


def _words(kinds: Iterable[str]) -> list[str]:
    return sorted(str(kind) for kind in kinds)


def without(item: Item, target: Target, reason: Text, applies: bool = False) -> Judgement:
    """The judgement of an item that cannot be run: every criterion INCONCLUSIVE for the same reason, as one that does
    not apply there, or (`applies`) for which the run gave no occasion.
    """
    verdicts = tuple(
        Verdict(wanted.criterion, Outcome.INCONCLUSIVE, reason, subject=wanted.subject, applies=applies)
        for wanted in item.scenario.expect
    )
    return Judgement(header(item, _words(target.observes())), verdicts, merge(v.outcome for v in verdicts), "", False)


def lacks(item: Item, target: Target) -> Text | None:
    """What keeps the item from being run by the target."""
    return lacking(item.scenario, item.site, target.faults())
