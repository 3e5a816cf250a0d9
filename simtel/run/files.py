"""Files of a run folder: whole or not there at all.

Everything but evidence is written to a temporary name beside its place and then renamed. Evidence is written as it is
seen, under a name that ends in `.part`, and gets its own name when the run is over or is broken off: a reader never
takes a log that is still growing for one that ended. What cannot be written (a full disk, a file size limit, a folder
without permission) is `CannotWriteError`, whatever room tried, so that it is never mistaken for a failing machine.
"""

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from simtel.core.i18n import Message
from simtel.core.problems import BadInput, Problem, why

PART = ".part"


class CannotWriteError(Exception):
    """Something could not be written: `path` and why."""

    def __init__(self, path: str | os.PathLike[str], error: OSError) -> None:
        self.path = os.fspath(path)
        self.why = why(error)
        super().__init__(f"{self.path}: {self.why}")

    def __reduce__(self) -> tuple[Any, ...]:
        return (type(self), (self.path, OSError(0, self.why)))


@contextmanager
def writing(path: str | os.PathLike[str]) -> Iterator[None]:
    """An OSError inside means that `path` could not be written."""
    try:
        yield
    except OSError as error:
        raise CannotWriteError(path, error) from error


def prepare(folder: Path) -> None:
    """Make a folder and see that files can be made in it. BadInput when not."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder):
            pass
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        message = Message("no files can be written here: {why}", why=why(error))
        raise BadInput([Problem(str(folder), 0, 0, message, Message("name another folder by --out"))]) from None


def writable(path: Path) -> None:
    """See that a file can be written here, in a folder that is there. BadInput when not."""
    try:
        with TemporaryFile(dir=path.parent):
            pass
    except (OSError, ValueError) as error:
        message = Message("cannot be written: {why}", why=why(error))
        raise BadInput([Problem(str(path), 0, 0, message)]) from None


def write_whole(path: Path, content: bytes) -> None:
    """Write a file whole or leave what was there. CannotWriteError."""
    part = path.with_name(path.name + PART)
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            part.write_bytes(content)
            part.replace(path)
        except BaseException:
            with suppress(OSError):
                part.unlink()
            raise


class EvidenceFile(io.BufferedWriter):
    """Where evidence is written while a run goes on. `keep` gives the file its name, `drop` removes it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._part = path.with_name(path.name + PART)
        with writing(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            with suppress(FileNotFoundError):
                path.unlink()
            self._file = io.FileIO(self._part, "wb")
        super().__init__(self._file)

    def write(self, content: Any, /) -> int:
        """Write. CannotWriteError."""
        with writing(self.path):
            return super().write(content)

    def flush(self) -> None:
        """Hand all to the system. CannotWriteError."""
        with writing(self.path):
            super().flush()

    def keep(self) -> Path:
        """The log is as long as it gets: give it its name."""
        with writing(self.path):
            self.close()
            self._part.replace(self.path)
        return self.path

    def drop(self) -> None:
        """The log could not be written: leave nothing that looks like one."""
        self._file.close()  # not self.close(), which would try to write again
        with suppress(OSError):
            self._part.unlink()
