"""What a run left in its folder: run.json, and what the judge said of each item.

A folder may come from elsewhere: its run.json must not point out of it, no file is read that is absurdly large, and
whatever is not as a run leaves it is told with its place.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

import msgspec

from simtel.core.decoder_words import decoder_said
from simtel.core.i18n import Message
from simtel.core.problems import BadInput, Problem, quoted, unreadable
from simtel.run.session import RUN
from simtel.run.session import SCHEMA as RUN_SCHEMA
from simtel.verdict.judge import SCHEMA as JUDGEMENT
from simtel.verdict.judge import Judgement

LARGEST = 64 << 20  # bytes of one file
T = TypeVar("T")


class Listed(msgspec.Struct, frozen=True):
    """One item of run.json, with paths relative to the folder."""

    scenario: str
    site: str
    seats: int
    outcome: str
    verdicts: str
    evidence: str | None = None


class Run(msgspec.Struct, frozen=True):
    """run.json, as far as a reader needs it."""

    simtel: str
    items: tuple[Listed, ...]


def read_run(folder: Path) -> Run:
    """The list of a run's items. BadInput when the folder holds no run that ended."""
    path = folder / RUN
    if folder.is_dir() and not path.exists():
        message = Message("holds no {file}: no run ended here", file=RUN)
        raise BadInput([Problem(str(folder), 0, 0, message)])
    run = decode(path, Run)
    _demand(path, run.simtel, RUN_SCHEMA)
    return run


def read_judgements(folder: Path) -> list[Judgement]:
    """The judgements of all items of a run, in the order of the run. BadInput."""
    return [read_judgement(inside(folder, entry.verdicts)) for entry in read_run(folder).items]


class _Head(msgspec.Struct, frozen=True):
    """The schema of any file of simtel; empty when it names none."""

    simtel: str = ""


def read_judgement(path: Path) -> Judgement:
    """What the judge said of one item. BadInput, also for a file that does not name its schema."""
    _demand(path, decode(path, _Head).simtel, JUDGEMENT)
    return decode(path, Judgement)


def _demand(path: Path, schema: str, known: str) -> None:
    if schema != known:
        message = Message("schema {schema} is not one that this version reads ({known})",
                          schema=quoted(schema), known=known)  # fmt: skip
        raise bad(path, message)


def runs_below(folders: Iterable[Path]) -> list[Path]:
    """Folders of runs that ended, each once, at `folders` or below them, the oldest first."""
    found = {path.resolve(): path for folder in folders for path in sorted(folder.rglob(RUN)) if path.is_file()}
    return [path.parent for path in sorted(found.values(), key=lambda path: path.stat().st_mtime_ns)]


def inside(folder: Path, relative: str) -> Path:
    """A path within the run folder. BadInput for one that points out of it."""
    path = (folder / relative).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise bad(folder / RUN, Message("{path} lies outside the folder of the run", path=quoted(relative)))
    return path


def decode(path: Path, kind: type[T]) -> T:
    """A file of the folder. BadInput."""
    try:
        if path.stat().st_size > LARGEST:
            raise bad(path, Message("is larger than {most} MiB", most=LARGEST >> 20))
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except OSError as error:
        raise BadInput([unreadable(str(path), error)]) from None
    except (ValueError, RecursionError) as error:
        raise bad(path, Message("is not what a run leaves here: {error}", error=decoder_said(error))) from None


def bad(path: Path, message: str) -> BadInput:
    """A file that is not as a run leaves it."""
    return BadInput([Problem(str(path), 1, 1, message)])
