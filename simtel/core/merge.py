"""Part files: each observer writes its own, and the run merges them into one numbered log.

A part is JSON Lines, each line written to the file at once, so that a SIGKILL loses at most the line being written:

    {"event":{...}}   what was seen
    {"late":n}        the largest lateness so far grew to n nanoseconds
    {"error":"..."}   the process failed; the run is an ERROR
    {"end":{...}}     the process ended in order

Lines are merged by (t, observer, line in the part), parts of one observer in the order in which they are given.
"""

import os
from pathlib import Path
from typing import Any

import msgspec

from simtel.core.decoder_words import decoder_said
from simtel.core.events import Event, Kind, field_errors
from simtel.core.i18n import Message
from simtel.core.log import EvidenceWriter
from simtel.core.problems import BadInput, Problem

LATE_STEP = 100_000  # ns; a growth of the lateness below this is not worth a line


class Seen(msgspec.Struct, frozen=True, gc=False):
    """An event that has no number yet."""

    t: int
    kind: str
    subject: str
    observer: str
    call: str | None
    data: dict[str, str | int | bool]


class End(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a process knows at its end. Times in nanoseconds."""

    lateness: int = 0
    uncertainty: int = 0  # what else, besides lateness, its instants may be off by
    rejected: dict[str, int] = {}  # datagrams thrown away, by reason
    undelivered: int = 0  # messages to somebody whom it does not know
    killed: tuple[str, ...] = ()  # processes that it killed on purpose
    rooms: tuple[str, ...] = ()  # rooms of simtel that it had loaded


class Line(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line of a part: exactly one of the fields is set."""

    event: Seen | None = None
    late: int | None = None
    error: str | None = None
    end: End | None = None


class PartWriter:
    """Writes the part of one observer, unbuffered."""

    def __init__(self, path: str | os.PathLike[str], observer: str) -> None:
        self.observer = observer
        self.lateness = 0
        self._told = 0
        self._encoder = msgspec.json.Encoder()
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)

    def event(self, t: int, kind: str, subject: str, call: str | None, data: dict[str, Any]) -> None:
        """Something was seen at `t`."""
        self._line(Line(event=Seen(t, kind, subject, self.observer, call, data)))

    def late(self, by: int) -> None:
        """Something was served `by` nanoseconds late; only a new maximum is written."""
        self.lateness = max(self.lateness, by)
        if self.lateness >= self._told + LATE_STEP:
            self._told = self.lateness
            self._line(Line(late=self.lateness))

    def error(self, message: str) -> None:
        """The process fails."""
        self._line(Line(error=message))

    def end(self, end: End) -> None:
        """The process ends in order."""
        self._line(Line(end=msgspec.structs.replace(end, lateness=self.lateness)))

    def close(self) -> None:
        """Give the file back."""
        os.close(self._file)

    def _line(self, line: Line) -> None:
        # One write for the whole line: a process that is killed has written it or has not.
        rest = memoryview(self._encoder.encode(line) + b"\n")
        while rest:
            rest = rest[os.write(self._file, rest) :]


class Part(msgspec.Struct, frozen=True):
    """A part, read."""

    path: str
    seen: tuple[Seen, ...]
    lateness: int
    errors: tuple[str, ...]
    end: End | None


def read_part(path: str | os.PathLike[str]) -> Part:
    """Read a part. A last line that was cut off is dropped; BadInput names any other that is no line of a part."""
    name = os.fspath(path)
    seen: list[Seen] = []
    errors: list[str] = []
    problems: list[Problem] = []
    lateness = 0
    end: End | None = None
    decoder = msgspec.json.Decoder(Line)
    for number, raw in enumerate(Path(name).read_bytes().splitlines(keepends=True), start=1):
        if not raw.endswith(b"\n"):
            break
        try:
            line = decoder.decode(raw)
        except ValueError as error:  # MsgspecError and UnicodeDecodeError are both ValueErrors
            problems.append(
                Problem(name, number, 1, Message("is no line of a part: {error}", error=decoder_said(error)))
            )
            continue
        if line.event is not None:
            event = line.event
            plain = Event(0, event.t, event.kind, event.subject, event.observer, event.call, event.data)
            problems += [Problem(name, number, 1, message) for message in field_errors(plain)]
            seen.append(event)
        elif line.late is not None:
            lateness = max(lateness, line.late)
        elif line.error is not None:
            errors.append(line.error)
        elif line.end is not None:
            end = line.end
            lateness = max(lateness, end.lateness)
        else:
            problems.append(Problem(name, number, 1, Message("is an empty line of a part")))
    if problems:
        raise BadInput(problems)
    return Part(name, tuple(seen), lateness, tuple(errors), end)


def merge(parts: list[Part], out: EvidenceWriter) -> None:
    """Write the events of all parts in order; the writer numbers them."""
    keyed = [
        (seen.t, seen.observer, place, line, seen)
        for place, part in enumerate(parts)
        for line, seen in enumerate(part.seen)
    ]
    keyed.sort(key=lambda entry: entry[:4])
    for *_, seen in keyed:
        out.add(seen.t, Kind(seen.kind), seen.subject, seen.observer, seen.call, seen.data)
