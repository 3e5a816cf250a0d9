"""The buyer's outage log: one row an outage, with its begin, its end, its cause and the calls that it lost.

    begin,end,cause,calls lost
    2025-03-02 10:12,2025-03-02 11:05,server,41

Columns are found by their heading, in English or Chinese, in any order; others are left alone. UTF-8 or GB18030; comma,
semicolon, tab or bar. Instants as 2025-03-02 10:12[:33], 2025/3/2 10:12 or ISO 8601 with or without a zone, all of them
on one clock. `calls lost` may be empty or be missing: then nobody counted them.

A cause is told by the words of `CAUSES` that stand in it, the longest first: a "trunk board" is neither a trunk nor a
board. Software and its server are software: what stops by itself takes no box along. A cause that names none, or two,
is `other`, an outage that no option is known to remove, and is told with its lines (`unknown_causes`).

A row that cannot be used is dropped and told with its line and why, as in a call log; of two outages that overlap,
which are one that was entered twice or two that nobody can tell apart, the later; of instants with a zone and without,
the fewer. Where nothing is left, that is an error. What is dropped makes the MTBF too long: whoever uses it says so.
"""

import csv
import io
import os
import re
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from math import inf
from pathlib import Path

from simtel.core.i18n import Message
from simtel.core.problems import BadInput, Problem, quoted, unreadable

MOST_BYTES, MOST_TOLD = 4 << 20, 100
MOST_CALLS = 10_000_000
DAY = 86_400.0  # seconds
_DELIMITERS = ",;\t|"
_FORMATS = ("%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M")
_COLUMNS = {
    "begin": ("begin", "start", "from", "开始", "开始时间", "起始时间", "故障开始"),
    "end": ("end", "until", "to", "结束", "结束时间", "恢复时间", "故障结束"),
    "cause": ("cause", "reason", "原因", "故障原因"),
    "lost": ("calls lost", "lost calls", "lost", "损失呼叫", "损失话务", "丢失呼叫", "损失通话数"),
}
# Cause -> words for it. What a cause is decides which options remove it.
CAUSES = {
    "servers": (
        "server",
        "servers",
        "switch host",
        "platform",
        "platforms",
        "服务器",
        "主机",
        "平台",
        "交换机主机",
    ),
    "software": ("software", "call server", "程序", "软件"),
    "gateways": ("gateway", "gateways", "trunk board", "网关", "中继板", "中继网关"),
    "spans": ("e1", "span", "trunk", "trunks", "carrier", "line", "lines", "中继", "线路", "运营商"),
    "boards": ("board", "boards", "adapter", "坐席板", "适配器", "座席接口适配器"),
    "switches": ("lan", "network", "switch", "局域网", "网络", "交换机"),
    "feeds": ("power", "feed", "ups", "供电", "电源", "停电"),
}
OTHER = "other"
_KNOWN = {word: cause for cause, words in CAUSES.items() for word in words}
# The longest first; a word in Latin letters stands by itself, "line" is not in "online".
_WORDS = re.compile("|".join(
    rf"(?<![a-z0-9]){word}(?![a-z0-9])" if word.isascii() else word for word in sorted(_KNOWN, key=len, reverse=True)
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outage:
    """One outage: seconds since 1970 on the clock of the log; `lost` calls, None where nobody counted; `line` of the
    log, and the cause as it is `said` there."""

    begin: float
    end: float
    cause: str
    lost: float | None
    line: int = 0
    said: str = ""

    @property
    def length(self) -> float:
        """Seconds."""
        return self.end - self.begin


@dataclass(frozen=True, slots=True)
class Log:
    """Outages by their begin, how many rows there were, and what was dropped, by line."""

    outages: tuple[Outage, ...]
    rows: int
    dropped: tuple[Problem, ...]

    @property
    def told(self) -> list[Problem]:
        """What was dropped, of very many the first and how many more."""
        more = len(self.dropped) - MOST_TOLD
        said = Message("and {count} more rows are dropped", count=more)
        rest = [Problem(self.dropped[MOST_TOLD].path, self.dropped[MOST_TOLD].line, 1, said)] if more > 0 else []
        return [*self.dropped[:MOST_TOLD], *rest]


def read_log(path: str | os.PathLike[str], now: float = inf) -> Log:
    """A log; `now`, in seconds since 1970: no outage ends later, give or take the clocks of a day. BadInput: it is
    none, or nothing in it can be used."""
    name = os.fspath(path)
    return parse_log(_read(name), name, now)


def parse_log(raw: bytes, name: str, now: float = inf) -> Log:
    """The same, of the bytes of a log."""
    text = _decoded(raw, name)
    first = next((line for line in text.splitlines() if line.strip()), "")
    if not first:
        raise BadInput([Problem(name, 0, 0, Message("is empty"))])
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=max(_DELIMITERS, key=first.count), strict=True)
    found: list[tuple[Outage, bool]] = []
    dropped: list[Problem] = []
    places: dict[str, int] = {}
    try:
        for row in rows:
            if not any(cell.strip() for cell in row):
                continue
            if not places:
                places = _places(row, name, rows.line_num)
                continue
            try:
                outage, zoned = _outage(row, places, rows.line_num)
            except ValueError as error:
                dropped.append(Problem(name, rows.line_num, 1, error.args[0]))
                continue
            if outage.end > now + DAY:
                dropped.append(Problem(name, rows.line_num, 1, Message("has not come yet")))
            else:
                found.append((outage, zoned))
    except csv.Error:  # where the next row begins nobody knows
        message = Message("quotes that do not close, or a field that is too long")
        raise BadInput([Problem(name, max(1, rows.line_num), 1, message)]) from None
    count = len(found) + len(dropped)
    kept, joint = _apart(found)
    dropped += [Problem(name, line, 1, message) for line, message in joint]
    if not count:
        dropped.append(Problem(name, 0, 0, Message("holds no outage")))
    log = Log(kept, count, tuple(sorted(dropped, key=lambda problem: problem.line)))
    if not kept:
        raise BadInput(log.told)
    return log


def cause_of(said: str) -> str:
    """The cause that words tell; `other` for words that tell none, or several."""
    found = {_KNOWN[word] for word in _WORDS.findall(said.lower())}
    if "software" in found:
        found.discard("servers")
    return found.pop() if len(found) == 1 else OTHER


def unknown_causes(log: Iterable[Outage]) -> dict[str, tuple[int, ...]]:
    """Words for a cause that tell none -> the lines that they stand in."""
    found: dict[str, tuple[int, ...]] = {}
    for one in log:
        if one.cause == OTHER:
            found[one.said] = (*found.get(one.said, ()), one.line)
    return found


def _apart(found: list[tuple[Outage, bool]]) -> tuple[tuple[Outage, ...], list[tuple[int, Message]]]:
    """The outages on one clock of which none begins within another, by their begin, and the lines of the others."""
    mostly = 2 * sum(zoned for _, zoned in found) > len(found)
    dropped = [
        (one.line, Message("some instants have a zone and some have none")) for one, zoned in found
        if zoned is not mostly
    ]  # fmt: skip
    kept: list[Outage] = []
    for one in sorted((one for one, zoned in found if zoned is mostly), key=lambda one: one.begin):
        if kept and one.begin < kept[-1].end:
            dropped.append((one.line, Message("begins before the outage before it has ended")))
        else:
            kept.append(one)
    return tuple(kept), dropped


def _read(name: str) -> bytes:
    try:
        if not stat.S_ISREG(Path(name).stat().st_mode):
            raise BadInput([Problem(name, 0, 0, Message("is not a regular file; an outage log is due"))])
        with Path(name).open("rb") as file:
            raw = file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        raise BadInput([unreadable(name, error)]) from None
    if len(raw) > MOST_BYTES:
        too_large = Message("is larger than {most} bytes, the most that is read", most=MOST_BYTES)
        raise BadInput([Problem(name, 0, 0, too_large)])
    return raw


def _decoded(raw: bytes, name: str) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return text
    message = Message("holds bytes that are not {encodings}: save the file as UTF-8, or name its 'encoding'",
                      encodings="utf-8, gb18030")  # fmt: skip
    raise BadInput([Problem(name, 1, 1, message)])


def _places(row: list[str], name: str, line: int) -> dict[str, int]:
    heads = [cell.strip().lower().replace("_", " ") for cell in row]
    places = {
        key: heads.index(word) for key, words in _COLUMNS.items() for word in words[::-1] if word in heads
    }  # fmt: skip
    lacking = [key for key in ("begin", "end", "cause") if key not in places]
    if lacking:
        message = Message("there is no column {columns}: an outage log has begin, end, cause and calls lost",
                          columns=", ".join(lacking))  # fmt: skip
        raise BadInput([Problem(name, line, 1, message)])
    return places


def _outage(row: list[str], places: dict[str, int], line: int) -> tuple[Outage, bool]:
    """The outage of a row, and whether its instants have a zone. ValueError says what is wrong."""
    cells = {key: row[at].strip() if at < len(row) else "" for key, at in places.items()}
    begin, end = (_instant(cells[key], key) for key in ("begin", "end"))
    if (begin.tzinfo is None) is not (end.tzinfo is None):
        raise ValueError(Message("some instants have a zone and some have none"))
    first, last = ((one if one.tzinfo else one.replace(tzinfo=UTC)).timestamp() for one in (begin, end))
    if last <= first:
        raise ValueError(Message("ends before it begins, or at once"))
    lost = None
    if cells.get("lost"):
        if not cells["lost"].isdecimal() or len(cells["lost"]) > 8 or int(cells["lost"]) > MOST_CALLS:
            raise ValueError(Message("{word} is not a count: write a whole number from 0", word=quoted(cells["lost"])))
        lost = float(cells["lost"])
    said = cells["cause"]
    return Outage(first, last, cause_of(said), lost, line, said), begin.tzinfo is not None


def _instant(text: str, key: str) -> datetime:
    for form in _FORMATS:
        try:
            found = datetime.strptime(text, form)  # noqa: DTZ007  (the clock of the log)
        except ValueError:
            continue
        break
    else:
        try:
            found = datetime.fromisoformat(text)
        except ValueError:
            message = Message("{key}: {text} is no instant: write it as 2025-03-02 10:12", key=key, text=quoted(text))
            raise ValueError(message) from None
    if not 2000 <= found.year < 2200:
        raise ValueError(Message("{key}: {text} is not within the years 2000 to 2199", key=key, text=quoted(text)))
    return found
