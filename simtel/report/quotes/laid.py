"""A table for a terminal whose figures never break: a column of figures is as wide as its widest line, and its head is
broken to that; what is left of the screen goes to the words."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rich.cells import cell_len
from rich.style import Style
from rich.table import Table
from rich.text import Text as Line

from simtel.report.words import plain

_LEAST, _WORDS = 5, 14  # cells of a column of figures at least; of one of words, unless its longest word is shorter


class Column(NamedTuple):
    """A column: its head, and whether it holds figures or words."""

    head: str
    figures: bool = True


class Cell(NamedTuple):
    """A text with a colour of its own."""

    text: str
    style: str | Style = ""


Row = Sequence[str | Cell]


def laid(title: str, columns: Sequence[Column], rows: Iterable[Row], ends: frozenset[int] = frozenset()) -> Table:
    """The table; a line may end within a cell by a newline. `ends`: rows after which a rule is drawn."""
    content = [[one if isinstance(one, Cell) else Cell(one) for one in row] for row in rows]
    table = Table(title=Line(plain(title)), title_justify="left")
    for place, column in enumerate(columns):
        widest = max((cell_len(line) for row in content for line in row[place].text.split("\n")), default=0)
        if column.figures:
            table.add_column(Line(broken(column.head, max(widest, _LEAST))), justify="right", no_wrap=True)
        else:
            words = [column.head, *(row[place].text for row in content)]
            longest = max(cell_len(word) for text in words for word in ["", *text.split()])
            table.add_column(Line(_lines(column.head)), overflow="fold", min_width=min(longest, _WORDS),
                             no_wrap=longest == widest <= _WORDS)  # fmt: skip
    for number, row in enumerate(content):
        table.add_row(*(Line(_lines(one.text), style=one.style) for one in row), end_section=number in ends)
    return table


def broken(text: str, width: int) -> str:
    """A head on as many lines as it needs: between words, and between the letters of Chinese."""
    lines = [""]
    for word in _words(plain(text)):
        gap = "" if not lines[-1] or _wide(word) or _wide(lines[-1][-1]) else " "
        closing = word[0] in "，。）*)"  # never begins a line
        if lines[-1] and not closing and cell_len(lines[-1] + gap + word) > width:
            lines.append(word)
        else:
            lines[-1] += ("" if closing else gap) + word
    return "\n".join(lines)


def joined(text: str) -> str:
    """Lines that were broken to fit, on one line again."""
    first, *others = text.split("\n")
    for line in others:
        first += line if first and line and _wide(first[-1]) and _wide(line) else f" {line}"
    return first


def _words(text: str) -> list[str]:
    found: list[str] = []
    for part in text.split():
        run = ""
        for letter in part:
            if _wide(letter):
                found += [run, letter] if run else [letter]
                run = ""
            else:
                run += letter
        found += [run] if run else []
    return found


def _wide(text: str) -> bool:
    return cell_len(text[0]) == 2


def _lines(text: str) -> str:
    return "\n".join(map(plain, text.split("\n")))
