"""Lines of a console or syslog file, and the events that they tell.

 1. A line counts when a rule of the mapping matches it; the first rule that does decides. Others are what a console
    says besides.
 2. Its time is what `stamp` and `format` find in it, in the zone that the mapping says, less the offset of that clock
    against the capture. A format without a year takes the year of the mapping, and the next one after December.
 3. A line that a rule matches and that has no time, or whose groups do not hold what their fields are, is evidence that
    is lost: it is counted, and the recording is not whole.
 4. A call is known by its SIP Call-ID. What is said of a call that no capture shows is left out and counted.

The file is read line by line, whatever its size; a line counts up to `MOST` characters.
"""

import os
from collections.abc import Iterator
from datetime import datetime
from fnmatch import fnmatchcase
from pathlib import Path

from simtel.core.events import Kind
from simtel.core.i18n import Message
from simtel.core.problems import BadInput, Problem, unreadable
from simtel.profiles.mapping import Console, Mapping, Rule, since_1970
from simtel.target.recorded.notes import HARNESS, Notes

MOST = 4_096
_HALF_A_YEAR = 183 * 86_400 * 1_000_000_000


def console_of(mapping: Mapping, path: str | os.PathLike[str]) -> Console:
    """What the mapping says of that file. BadInput when it says nothing."""
    name = Path(path).name
    try:
        empty = not Path(path).stat().st_size
    except OSError as error:
        raise BadInput([unreadable(os.fspath(path), error)]) from None
    for console in mapping.consoles:
        if fnmatchcase(name, console.file):
            return console
    message = Message("no entry of 'consoles' in {mapping} names this file", mapping=mapping.path)
    if empty:
        message = Message("is empty")
    raise BadInput([Problem(os.fspath(path), 0, 0, message)])


class Reader:
    """Reads one file. `matched` says how many lines each rule had, `lines` how many there are."""

    def __init__(self, console: Console, path: str | os.PathLike[str], notes: Notes, ids: dict[str, str]) -> None:
        self._console, self._notes, self._ids = console, notes, ids
        self.path = os.fspath(path)
        self.matched: dict[Rule, int] = dict.fromkeys(console.rules, 0)
        self._year = console.year
        self._before: int | None = None
        self.lines = 0

    def read(self) -> None:
        """All lines. BadInput for what is no text, or when there are lines and not one has a time."""
        dated = False
        for line in self._lines():
            self.lines += 1
            rule, found = next(((r, m) for r in self._console.rules if (m := r.pattern.search(line))), (None, None))
            if rule is None or found is None:
                dated = dated or self._time(line) is not None
                continue
            self.matched[rule] += 1
            t = self._time(line)
            if t is None:
                self._notes.counts["undated"] += 1
                self._notes.cut["lines"] = None
                continue
            dated = True
            self._tell(t, rule, found.groupdict())
        if self.lines and not dated:
            message = Message("none of its {count} lines has a time as the mapping writes it: {format}",
                              count=self.lines, format=self._console.format)  # fmt: skip
            raise BadInput([Problem(self.path, 1, 1, message)])

    def _tell(self, t: int, rule: Rule, groups: dict[str, str | None]) -> None:
        fields = rule.fields(groups)
        if fields is None:
            self._notes.counts["unclear"] += 1
            self._notes.cut["lines"] = None
            return
        call = None
        if groups.get("call") is not None:
            call = self._ids.get(str(groups["call"]))
            if call is None:
                self._notes.unknown["call"] += 1
                return
        observer = HARNESS if rule.kind is Kind.FAULT_INJECTED else self._console.observer
        self._notes.add(t, rule.kind, rule.subject or str(groups.get("subject") or ""), call, observer, **fields)

    def _time(self, line: str) -> int | None:
        """When the line was written, by the capture's clock."""
        found = self._console.stamp.search(line)
        text = found["time"] if found is not None else None
        if text is None:
            return None
        form = self._console.format
        if self._year is not None:
            text, form = f"{self._year} {text}", f"%Y {form}"
        try:
            when = datetime.strptime(text, form)  # noqa: DTZ007 - the zone is in the mapping
        except (ValueError, OverflowError):
            return None
        if when.tzinfo is None:
            when = when.replace(tzinfo=self._console.zone)
        t = since_1970(when) - self._console.offset
        if self._year is not None and self._before is not None and self._before - t > _HALF_A_YEAR:
            self._year += 1
            return self._time(line)
        self._before = t
        return t

    def _lines(self) -> Iterator[str]:
        try:
            with Path(self.path).open("rb") as source:
                number, whole = 0, True
                while raw := source.readline(MOST):
                    number += whole
                    if b"\0" in raw and number == 1:
                        message = Message("is neither a packet capture nor text")
                        raise BadInput([Problem(self.path, number, raw.index(0) + 1, message)])
                    if whole:
                        yield raw.decode("utf-8", "replace").rstrip("\r\n")
                    whole = raw.endswith(b"\n")
        except (OSError, ValueError) as error:
            raise BadInput([unreadable(self.path, error)]) from None
