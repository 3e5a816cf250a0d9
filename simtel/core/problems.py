"""What is wrong with a file that a person wrote, and how it is shown.

A reader never stops at the first mistake: it gathers `Problem`s, each with its place, and raises
one `BadInput` that holds them all.  `render` turns them into one screen of text:

    site.yaml:12:9: unknown key 'rmap'
       12 |         rmap: 30s
          |         ^
          did you mean 'ramp'?

What concerns no place in a file (a folder, a name that nothing has) is said without one.

The text of a hostile file may hold terminal escapes, bidirectional marks or one line of a
megabyte, so `render` replaces what cannot be printed and shows a window of a long line.  Chinese
characters take two columns on a terminal; the caret allows for that.
"""

from __future__ import annotations

import difflib
import errno
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from simtel.core.i18n import Message, either, told

A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")
SNIPPET_WIDTH = 100  # terminal columns of a source line that are shown
MESSAGE_LENGTH = 400  # characters; a validator may have quoted the whole file
WORD_LENGTH = 60  # characters of the file's own text that a message repeats


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake: `line` and `column` count characters from 1, `snippet` is the whole source line.

    Line 0 is no place: the problem concerns `path` as a whole, or, with an empty `path`, no file at all. `hint` is a
    sentence shown as it stands, such as "did you mean 'ramp'?".
    """

    path: str
    line: int
    column: int
    message: str
    hint: str | None = None
    snippet: str | None = None


class BadInput(Exception):  # noqa: N818  (it names what the person gave, not what the program did)
    """A file that cannot be used, with every problem found in it (at least one), in file order."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        found = tuple(problems)
        if not found:
            raise ValueError("BadInput needs at least one problem")
        super().__init__(found)
        self.problems: tuple[Problem, ...] = found

    def __str__(self) -> str:
        return render(self.problems)


def together(first: Callable[[], A], second: Callable[[], B], third: Callable[[], C]) -> tuple[A, B, C]:
    """What three readings give. BadInput holds what is wrong with all of them."""
    problems: list[Problem] = []
    given: list[Any] = []
    for reading in (first, second, third):
        try:
            given.append(reading())
        except BadInput as bad:
            problems += bad.problems
    if problems:
        raise BadInput(problems)
    return given[0], given[1], given[2]


def nowhere(message: str, hint: str | None = None) -> Problem:
    """A problem that concerns no file: a word of the command line that means nothing."""
    return Problem("", 0, 0, message, hint)


def unreadable(path: str, error: OSError | ValueError) -> Problem:
    """A file that could not be opened or read."""
    return Problem(path, 0, 0, Message("cannot be read: {why}", why=why(error)))


def why(error: OSError | ValueError) -> str:
    """The reason of an error of the system."""
    known = _REASONS.get(error.errno or 0) if isinstance(error, OSError) else None
    return known or getattr(error, "strerror", None) or str(error)


_REASONS = {
    errno.ENOENT: Message("No such file or directory"),
    errno.EACCES: Message("Permission denied"),
    errno.EPERM: Message("Operation not permitted"),
    errno.EISDIR: Message("Is a directory"),
    errno.ENOTDIR: Message("Not a directory"),
    errno.EEXIST: Message("File exists"),
    errno.ENOSPC: Message("No space left on device"),
    errno.EFBIG: Message("File too large"),
    errno.EROFS: Message("Read-only file system"),
    errno.EIO: Message("Input/output error"),
    errno.ELOOP: Message("Too many levels of symbolic links"),
    errno.ENAMETOOLONG: Message("File name too long"),
}


def render(problems: Sequence[Problem], limit: int = 20, lang: str = "en") -> str:
    """The first `limit` problems as text without a trailing newline; the rest are only counted."""
    blocks = [_block(problem, lang) for problem in problems[:limit]]
    if len(problems) > limit:
        blocks.append(told(Message("and {count} more", count=len(problems) - limit), lang))
    return "\n".join(blocks)


def suggest(word: str, candidates: Iterable[str]) -> str | None:
    """The candidate closest to `word`, blind to case and to `-` against `_`, or None if none is near."""
    if len(word) > WORD_LENGTH:  # no key is that long, and difflib takes quadratic time
        return None
    by_shape = {_shape(candidate): candidate for candidate in sorted(candidates, reverse=True)}
    close = difflib.get_close_matches(_shape(word), by_shape, n=1, cutoff=0.6)
    return by_shape[close[0]] if close else None


def did_you_mean(word: str, candidates: Iterable[str]) -> str | None:
    """The hint for a mistyped word, or None."""
    near = suggest(word, candidates)
    return None if near is None else Message("did you mean '{near}'?", near=near)


def any_of(word: str, candidates: Iterable[str], most: int = 3) -> str | None:
    """The hint for a mistyped or unfinished name, with up to `most` names that are like it or hold it; or None."""
    if len(word) > WORD_LENGTH or not word:
        return None
    by_shape = {_shape(candidate): candidate for candidate in sorted(candidates, reverse=True)}
    shape = _shape(word)
    close = difflib.get_close_matches(shape, by_shape, n=most, cutoff=0.6)
    close += [other for other in sorted(by_shape) if shape in other and other not in close]
    names = [quoted(by_shape[name]) for name in close[:most]]
    return Message("did you mean {names}?", names=either(names)) if names else None


def quoted(word: object) -> str:
    """The file's own word for use in a message: in single quotes, cut when long."""
    text = str(word)
    return f"'{text}'" if len(text) <= WORD_LENGTH else f"'{text[:WORD_LENGTH]}...'"


def _shape(word: str) -> str:
    return word.casefold().replace("_", "-")


def _block(problem: Problem, lang: str) -> str:
    message = " ".join(told(problem.message, lang).split())
    if len(message) > MESSAGE_LENGTH:
        message = message[:MESSAGE_LENGTH] + "..."
    where = f":{problem.line}:{problem.column}" if problem.line else ""
    path = f"{_printable(problem.path)}{where}: " if problem.path else ""
    lines = [path + _printable(message)]
    gutter = ""
    if problem.snippet is not None and problem.snippet.strip():
        number = f"{problem.line:>5}"
        gutter = " " * len(number)
        source, caret = _window(problem.snippet, problem.column - 1)
        lines += [f"{number} | {source}".rstrip(), f"{gutter} | {caret}"]
    if problem.hint:
        lines.append(f"{gutter or '     '} {_printable(' '.join(told(problem.hint, lang).split()))}")
    return "\n".join(lines)


def _window(snippet: str, at: int) -> tuple[str, str]:
    """The part of a source line round character `at`, and the line with the caret under it."""
    at = max(0, min(at, len(snippet)))
    # Cut to characters first: widths of a megabyte need not be known to show a hundred columns.
    start = max(0, at - SNIPPET_WIDTH)
    before = _printable(snippet[start:at])
    after = _printable(snippet[at : at + SNIPPET_WIDTH])
    room = SNIPPET_WIDTH // 2 if start or _width(before + after) > SNIPPET_WIDTH else SNIPPET_WIDTH
    lead = _tail(before, room)
    if start or len(lead) < len(before):
        lead = "..." + lead
    trail = _head(after, SNIPPET_WIDTH - _width(lead))
    if len(trail) < len(after) or at + SNIPPET_WIDTH < len(snippet):
        trail += "..."
    return lead + trail, " " * _width(lead) + "^"


def _head(text: str, room: int) -> str:
    used = 0
    for index, char in enumerate(text):
        used += _width(char)
        if used > room:
            return text[:index]
    return text


def _tail(text: str, room: int) -> str:
    return _head(text[::-1], room)[::-1]


def _width(text: str) -> int:
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text
    )


def _printable(text: str) -> str:
    """The same number of characters, none of which moves the cursor or turns the writing direction."""
    if text.isprintable():
        return text
    return "".join(
        char if char.isprintable() else " " if char in "\t\u3000\xa0" else "\N{REPLACEMENT CHARACTER}" for char in text
    )
