"""Instants of a call log: from texts in any of its formats to seconds since 1970 (UTC), and to the clock of its zone.

A text with a zone of its own, and a number of seconds since 1970, is an instant as it stands; any other is one on the
clock of the log's zone. Where that clock is set forward an hour is skipped: a text within it is no instant. Where it is
set back an hour comes twice: a text within it is taken for the first, and counted (`twice`).

A minute is read once: of what follows, up to the last colon the same, only the seconds are. Texts are told from what is
no instant by codes below zero, for whoever drops a row says why; nothing (NaN) is for those who ask to judge.
"""

import math
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone

import numpy as np

from simtel.profiles.columns import Columns
from simtel.run.calllog.lengths import number_of
from simtel.sizing.theory.quadrature import Floats

UNREADABLE, OUTSIDE, SKIPPED = -1.0, -2.0, -3.0
EARLIEST, LATEST = 946_684_800.0, 7_258_118_400.0  # the years 2000 and 2200
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001  (of the log's clock)
_EXCEL = 25_569  # days of 1970-01-01, as spreadsheets count: from the end of 1899
_SECONDS_LAST = (":%S", ":%S.%f", ":%S,%f")
_MINUTES = 10_000  # kept
_QUARTER = 900  # seconds; zones differ, and change, by whole quarters of an hour


class Instants:
    """Reads instants in the first of the formats that fits; the one that fitted last is tried first."""

    def __init__(self, columns: Columns) -> None:
        self.twice = 0
        self._zone = columns.zone
        self._fixed = columns.zone.utcoffset(None).total_seconds() if isinstance(columns.zone, timezone) else None
        self._number = number_of(columns.decimal)
        self._formats = list(columns.formats)
        self._minutes: dict[str, float] = {}
        self._double: set[str] = set()  # of them, those that come twice

    def read(self, texts: Sequence[str]) -> Floats:
        """Seconds since 1970 (UTC), NaN for an empty text, or why not."""
        found, minutes, double = [], self._minutes, self._double
        for text in texts:
            minute, _, seconds = text.rpartition(":")
            begin = minutes.get(minute)
            if begin is None:
                found.append(self._slow(text) if text else math.nan)
                continue
            try:
                found.append(begin + _seconds(seconds))
            except ValueError:
                found.append(self._slow(text))
                continue
            if double and minute in double:
                self.twice += 1
        return np.array(found, dtype=np.float64)

    def local(self, instants: Floats) -> Floats:
        """The same instants on the clock of the zone, in seconds since it showed 1970."""
        if self._fixed is not None:
            return instants + self._fixed
        quarters, where = np.unique(instants // _QUARTER, return_inverse=True)
        dated = (datetime.fromtimestamp(quarter * _QUARTER, UTC) for quarter in quarters.tolist())
        offsets = np.array([_offset(when.astimezone(self._zone)) for when in dated], dtype=np.float64)
        return np.asarray(instants + offsets[where])

    def _slow(self, text: str) -> float:
        code = UNREADABLE
        for number, form in enumerate(self._formats):
            try:
                found = self._of(form, text)
            except (ValueError, OverflowError):
                continue
            if EARLIEST <= found < LATEST:
                if number:
                    self._formats.insert(0, self._formats.pop(number))
                return found
            code = SKIPPED if found == SKIPPED else OUTSIDE
        return code

    def _of(self, form: str, text: str) -> float:
        """ValueError: not written so."""
        if form in ("epoch-s", "epoch-ms"):
            return self._number(text) * (1.0 if form == "epoch-s" else 0.001)
        if form == "excel":  # a date, or a date and a time of two columns; the sixth decimal of a day is 0.09 s
            days = math.fsum(map(self._number, text.split()))
            return self._true(round((days - _EXCEL) * 86_400, 3))
        minute, _, seconds = text.rpartition(":")
        if form == "iso" and not (len(minute) == len("2026-01-01 00:00") and seconds.replace(".", "").isdigit()):
            return self._whole(datetime.fromisoformat(text))
        if form != "iso" and not form.endswith(_SECONDS_LAST):
            return self._whole(_dated(text, form))
        before = self.twice
        when = datetime.fromisoformat(minute) if form == "iso" else _dated(minute, form.rpartition(":")[0])
        found, more = self._whole(when), _seconds(seconds)
        if when.tzinfo is None and found > 0:
            if len(self._minutes) > _MINUTES:
                self._minutes.clear()
            self._minutes[minute] = found
            if self.twice > before:
                self._double.add(minute)
        return found + more if found > 0 else found

    def _whole(self, when: datetime) -> float:
        if when.tzinfo is not None:
            return clock_of(when.replace(tzinfo=None)) - _offset(when)
        return self._true(clock_of(when))

    def _true(self, clock: float) -> float:
        """The instant at which the zone's clock shows this; SKIPPED if it never does."""
        if self._fixed is not None:
            return clock - self._fixed
        when = (_EPOCH + timedelta(seconds=clock)).replace(tzinfo=self._zone)
        first, second = _offset(when), _offset(when.replace(fold=1))
        self.twice += first > second
        return SKIPPED if first < second else clock - first


def clock_of(when: datetime) -> float:
    """An instant on the log's clock, as calls have it: seconds since it showed 1970."""
    return (when - _EPOCH).total_seconds()


def _dated(text: str, form: str) -> datetime:
    if "%p" in form:
        text = text.replace("上午", "AM").replace("下午", "PM")
    return datetime.strptime(text, form)  # noqa: DTZ007  (on the log's clock)


def _offset(when: datetime) -> float:
    offset = when.utcoffset()
    return 0.0 if offset is None else offset.total_seconds()


def _seconds(text: str) -> float:
    """Seconds of a minute, a leap second among them, with their fraction. ValueError: none."""
    try:
        found = float(text)
    except ValueError:
        found = float(text.replace(",", "."))
    if not 0 <= found < 61:
        raise ValueError(text)
    return found
