"""Which table of a sheet is meant: the options that it sets side by side or below each other, and who says which."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from simtel.core.i18n import Message
from simtel.core.problems import any_of, quoted
from simtel.quotes.sheets.container import refuse
from simtel.quotes.sheets.draft import Draft
from simtel.quotes.sheets.figures import State, figure
from simtel.quotes.sheets.headings import FIGURES, Headings, Option, find_headings
from simtel.quotes.sheets.rows import Reader
from simtel.quotes.sheets.sheet import Sheet, plain

MOST_TABLES = 20


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a sheet."""

    name: str
    where: str  # its columns or rows
    headings: Headings
    option: Option
    rows: list[int]
    head: int


def choose_sheet(sheets: Sequence[Sheet], asked: str, columns: Mapping[str, int], name: str) -> Sheet:
    """The sheet that is asked for, else the one that holds a table. BadInput: none, or several."""
    names = [sheet.name for sheet in sheets]
    if asked:
        for sheet in sheets:
            if asked == sheet.name:
                return sheet
        hint = any_of(asked, names) or Message("there are {names}", names=", ".join(map(quoted, names)))
        raise refuse(name, Message("has no sheet {sheet}", sheet=quoted(asked)), hint)
    filled = [sheet for sheet in sheets if sheet.rows]
    if not filled:
        raise refuse(name, Message("is empty"))
    if len(filled) == 1:
        return filled[0]
    found = [sheet for sheet in filled if find_headings(sheet) is not None or (columns and not sheet.hidden)]
    shown = [sheet for sheet in found if not sheet.hidden] or found
    if len(shown) == 1:
        return shown[0]
    message = Message("holds a table in several sheets") if shown else Message("has no sheet with a row of headings")
    raise refuse(name, message, Message("name one by --sheet: {names}", names=", ".join(map(quoted, names))))


def choices(sheet: Sheet, columns: Mapping[str, int], name: str) -> list[Choice]:
    """The options of a sheet; `columns` says of some roles where they stand, over what the headings say. BadInput."""
    tables = _tables(sheet)
    if not tables and (fixed := _without_headings(sheet, columns)) is not None:
        tables = [fixed]
    if not tables:
        message = Message("no row of headings is understood: a name and a quantity, price or amount are due")
        hint = Message("say what the columns hold, such as --column name=B --column quantity=D --column price=E")
        raise refuse(f"{name}!{sheet.name}" if sheet.name else name, message, hint)
    found: list[Choice] = []
    head = tables[0][0].top
    for headings, rows in tables:
        doubled = [role for role in headings.doubled if role not in columns]
        if doubled:
            message = Message(
                "row {row}: more than one column is for {role}", row=headings.bottom, role=quoted(doubled[0])
            )
            raise refuse(name, message, Message("say which by --column {role}=F", role=doubled[0]))
        for option in headings.options:
            named = {role: (column,) for role, column in columns.items()}
            kept = {
                role: tuple(c for c in given if c not in columns.values()) for role, given in option.columns.items()
            }
            own = Option(option.name, {**{role: given for role, given in kept.items() if given}, **named})
            label = option.name or (_over(sheet, headings.top) if len(tables) > 1 else "")
            where = (
                option.span if len(headings.options) > 1 else f"{headings.top}:{rows[-1] if rows else headings.bottom}"
            )
            changed = replace(headings, options=tuple(own if one is option else one for one in headings.options))
            found.append(Choice(label, where, changed, own, rows, head))
    return found


def choose(found: list[Choice], asked: str, name: str) -> Choice:
    """The option that is asked for by its number or name. BadInput: not said which, or no such."""
    if len(found) == 1 and not asked:
        return found[0]
    listed = Message("name one by --option: {names}",
                     names=", ".join(f"{at} ({one.name or one.where})" for at, one in enumerate(found, 1)))  # fmt: skip
    if not asked:
        raise refuse(name, Message("holds {count} options", count=len(found)), listed)
    if asked.isascii() and asked.isdigit() and 1 <= int(asked[:4]) <= len(found):
        return found[int(asked) - 1]
    named = [one for one in found if plain(asked) and plain(asked) in plain(one.name)]
    if len(named) == 1:
        return named[0]
    raise refuse(name, Message("there is no one option {option}", option=quoted(asked)), listed)


def draft_of(sheet: Sheet, choice: Choice) -> Draft:
    """What the rows of an option say."""
    draft = Reader(sheet, choice.headings, choice.option, choice.rows, choice.head).read()
    if sheet.hidden:
        draft.say(sheet.name, Message("is a hidden sheet; it is read all the same"))
    return draft


def _tables(sheet: Sheet) -> list[tuple[Headings, list[int]]]:
    """Tables of a sheet from the top. Headings that come again before a total, as on a new page, begin none."""
    found: list[tuple[Headings, list[int]]] = []
    after = 0
    while len(found) < MOST_TABLES and (headings := find_headings(sheet, after)) is not None:
        rows = [row for row in sheet.numbers if row > headings.bottom]
        if found:
            before, above = found[-1]
            above = [row for row in above if row < headings.top]
            again = [option.columns for option in headings.options] == [option.columns for option in before.options]
            if again and not _closed(sheet, before, above, found[0][0].top):
                found[-1] = (before, above + rows)
                after = headings.bottom
                continue
            found[-1] = (before, above)
        found.append((headings, rows))
        after = headings.bottom
    return found


def _closed(sheet: Sheet, headings: Headings, rows: list[int], head: int) -> bool:
    """Whether a table has come to its total."""
    return any(Reader(sheet, headings, option, rows, head).read().totals for option in headings.options)


def _without_headings(sheet: Sheet, columns: Mapping[str, int]) -> tuple[Headings, list[int]] | None:
    """A table whose columns were named: it begins at the first row with a name and a figure."""
    figures = [column for role, column in columns.items() if role in FIGURES]
    if "name" not in columns or not figures:
        return None
    for row in sheet.numbers:
        cells = sheet.rows[row]
        name = cells.get(columns["name"])
        if name is not None and any(figure(cells.get(column), "").state is State.NUMBER for column in figures):
            option = Option("", {role: (column,) for role, column in columns.items()})
            headings = Headings(row - 1, row - 1, (option,), (), (), {}, "")
            return headings, [one for one in sheet.numbers if one >= row]
    return None


def _over(sheet: Sheet, top: int) -> str:
    """The text right above a table, which is its name."""
    above = [row for row in sheet.numbers if row < top]
    if not above:
        return ""
    cells = list(sheet.cells(above[-1]))
    return cells[0].text if len(cells) == 1 and cells[0].number is None else ""
