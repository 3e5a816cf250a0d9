"""A sweep over numbers of seats: every point computed once, on whatever processes there are, and kept.

    DIR/points/<seats>.json   one point, with the digest of what it was asked
    DIR/sweep.json            all points, with what they were asked (written last)

A point is written whole as soon as it is there. A sweep that was broken off is taken up where it was: points in the
folder that were asked the same by the same version are not computed again. What stands in the files depends on what
was asked and on nothing else: not on the number of workers, nor on where they are, nor on what was there before.
"""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import Any

import msgspec

from simtel import __version__
from simtel.core.i18n import Message
from simtel.core.problems import BadInput, nowhere, quoted
from simtel.run.files import write_whole
from simtel.run.workers import pool, spread
from simtel.sizing.design.sweep_point import Point, Question, point

SCHEMA = "sweep/1"
POINTS, SWEEP = "points", "sweep.json"
SCHEME = "dask://"
_PATIENCE = "15s"  # for a scheduler that does not answer
Progress = Callable[[int, int, str], None]  # points done, points in all, what is under way


class Kept(msgspec.Struct, frozen=True):
    """One point in the store."""

    asked: str
    point: Point


class Sweep(msgspec.Struct, frozen=True, tag_field="simtel", tag=SCHEMA):
    """sweep.json. `demand`: its id and hash. Shares from 0 to 1, times in seconds, rates per second. `apart`: why
    formula and simulation differ."""

    version: str
    demand: str
    demand_hash: str
    asked: Question
    points: tuple[Point, ...]
    apart: tuple[str, ...] = ()


def sweep(
    asked: Question, seats: Sequence[int], out: Path, executor: Executor | None = None, progress: Progress | None = None
) -> list[Point]:
    """The points for these numbers of seats, in their order. `executor`: where those that `out` lacks are computed.

    CannotWriteError, KeyboardInterrupt: all points that were ready are kept.
    """
    digest = sha256(__version__.encode() + msgspec.json.encode(asked)).hexdigest()
    found = {number: one for number in seats if (one := _kept(out, number, digest)) is not None}
    wanted = [number for number in seats if number not in found]
    before = len(found)

    def done(place: int, one: Point) -> None:
        write_whole(_path(out, one.seats), _pretty(Kept(digest, one)))
        found[wanted[place]] = one

    def tick(number: int, first: int) -> None:
        if progress is not None:
            progress(before + number, len(seats), str(wanted[first]))

    if wanted:
        place = executor or pool(min(os.cpu_count() or 1, len(wanted)))
        spread(place, point, [(asked, number) for number in wanted], done, tick)
    elif executor is not None:
        executor.shutdown()
    if progress is not None:
        progress(len(seats), len(seats), str(seats[-1]))
    return [found[number] for number in seats]


def write_sweep(path: Path, made: Sweep) -> None:
    """Write sweep.json. CannotWriteError."""
    write_whole(path, _pretty(made))


def executor_of(word: str, jobs: int | None) -> Executor:
    """What `--executor` names: `local` processes, or a Dask cluster by the address of its scheduler. BadInput."""
    if word == "local":
        return pool(jobs or os.cpu_count() or 1)
    if not word.startswith(SCHEME):
        raise BadInput([nowhere(Message("--executor is local or dask://HOST:PORT, not {word}", word=quoted(word)))])
    try:
        return _Cluster(f"tcp://{word.removeprefix(SCHEME)}")
    except ImportError:
        message = Message("--executor dask:// needs the packages of the extra simtel[cluster]")
        raise BadInput([nowhere(message)]) from None
    except (OSError, ValueError) as error:
        message = Message("no Dask scheduler answers at {address}: {why}", address=word, why=str(error))
        raise BadInput([nowhere(message)]) from None


class _Cluster(Executor):
    """The workers of a Dask cluster. What they have not begun when the sweep ends is taken back."""

    def __init__(self, address: str) -> None:
        distributed = import_module("distributed")  # an extra that few have
        self._client = distributed.Client(address, timeout=_PATIENCE, set_as_default=False)
        self._executor = self._client.get_executor(pure=False)

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        return self._executor.submit(fn, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        self._executor.shutdown(wait=wait and not cancel_futures)
        self._client.close()


def _path(out: Path, seats: int) -> Path:
    return out / POINTS / f"{seats}.json"


def _kept(out: Path, seats: int, digest: str) -> Point | None:
    """The point that the folder holds, if it was asked the same; what cannot be read is computed again."""
    try:
        kept = msgspec.json.decode(_path(out, seats).read_bytes(), type=Kept)
    except (OSError, ValueError):
        return None
    return kept.point if kept.asked == digest and kept.point.seats == seats else None


def _pretty(record: msgspec.Struct) -> bytes:
    return msgspec.json.format(msgspec.json.encode(record), indent=1) + b"\n"
