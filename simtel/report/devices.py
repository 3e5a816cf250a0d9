"""Device profiles as people read them: what is known, what is assumed and how far it may be off, what is unknown."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgspec
from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text as Line

from simtel.core.i18n import pick, term, told, translate
from simtel.core.quantity import Basis, Quantity, Unknown
from simtel.core.units import UNITS
from simtel.profiles.device import Profile
from simtel.profiles.spec import Given
from simtel.report.formats import BASE_UNITS
from simtel.report.table import printed
from simtel.report.words import listed, plain, show_source, show_value, tell
from simtel.verdict.verdict import Text, say

SCHEMA = "profiles/1"
SORTS: dict[str, Text] = {"known": say("Known"), "assumed": say("Assumed"), "unknown": say("Unknown")}


def sort_of(given: Given) -> str:
    """known, assumed or unknown."""
    if isinstance(given.stated, Unknown):
        return "unknown"
    return "assumed" if given.stated.basis is Basis.ASSUMED else "known"


def render_list(profiles: Sequence[Profile], lang: str = "en", colour: bool = False, width: int | None = None) -> str:
    """One line for each device, with how many of its figures are known, assumed and unknown."""
    table = _table(lang, say("device"), say("kind"), say("name"), *SORTS.values())
    for profile in profiles:
        counts = [sum(sort_of(given) == sort for given in profile.figures.values()) for sort in SORTS]
        table.add_row(*map(Line, (profile.id, term(profile.kind, lang), _name(profile, lang), *map(str, counts))))
    return printed([table], colour, width)


def render_profile(profile: Profile, lang: str = "en", colour: bool = False, width: int | None = None) -> str:
    """All that a profile states."""
    return printed(list(_profile(profile, lang)), colour, width)


def _profile(profile: Profile, lang: str) -> Iterator[RenderableType]:
    yield Line(_name(profile, lang), style="bold")
    yield Line(f"{profile.id} · {term(profile.kind, lang)}")
    for text in (profile.source, profile.notes):
        if text:
            yield Line(plain(translate(text, lang)))
    for sort, head in SORTS.items():
        figures = {path: given for path, given in profile.figures.items() if sort_of(given) == sort}
        if not figures:
            continue
        yield Line(f"\n{tell(head, lang)}", style="bold")
        columns = [(head, [show(given, lang) for given in figures.values()]) for head, show in COLUMNS[sort]]
        filled = [(head, cells) for head, cells in columns if any(cells)]
        table = _table(lang, say("figure"), *(head for head, _ in filled))
        for (path, given), *row in zip(figures.items(), *(cells for _, cells in filled), strict=True):
            table.add_row(_named(path, given, lang), *map(Line, row))
        yield Padding(table, (0, 0, 0, 0))
    if any(given.spec.descriptive for given in profile.figures.values()):
        yield Line(translate("○ is printed only and steers nothing.", lang))


def render_diff(
    one: Profile, other: Profile, lang: str = "en", colour: bool = False, width: int | None = None
) -> str:  # fmt: skip
    """Figures in which two devices differ."""
    table = Table(show_edge=False, pad_edge=False, header_style="")
    for head in (tell(say("figure"), lang), _name(one, lang), _name(other, lang)):
        table.add_column(Line(head), overflow="fold")
    paths = dict.fromkeys([*one.figures, *other.figures])
    same = 0
    for path in paths:
        first, second = one.figures.get(path), other.figures.get(path)
        if first is not None and second is not None and first.stated == second.stated:
            same += 1
            continue
        table.add_row(Line(path), *(Line(_cell(given, lang)) for given in (first, second)))
    foot = Line(translate("{same} of {all} figures are stated alike", lang, same=same, all=len(paths)))
    return printed([*([table] if table.row_count else []), foot], colour, width)


def _cell(given: Given | None, lang: str) -> str:
    if given is None:
        return translate("has no such figure", lang)
    others = _range(given, lang)
    return "\n".join([_value(given, lang) + (f" ({others})" if others else ""), _where(given, lang)])


def _table(lang: str, *heads: Text) -> Table:
    table = Table(show_edge=False, pad_edge=False, header_style="")
    for head in heads:
        table.add_column(Line(tell(head, lang)), overflow="fold")
    return table


def _name(profile: Profile, lang: str) -> str:
    return plain(pick(profile.name, lang))


def _named(path: str, given: Given, lang: str) -> Line:
    """A figure's name, and below it what it means."""
    name, meaning = Line(path), given.spec.meaning
    return name.append(f"\n{plain(translate(meaning, lang))}", "dim") if meaning else name


def _unit(given: Given, lang: str) -> str:
    return plain(told(UNITS[given.stated.unit], lang))


def _value(given: Given, lang: str) -> str:
    stated = given.stated
    shown = term("unknown", lang) if isinstance(stated, Unknown) else show_value(stated.value, stated.unit, lang)
    return f"○ {shown}" if given.spec.descriptive else shown


def _stand_in(given: Given, lang: str) -> str:
    """The value that an unknown figure has in a run."""
    return "○" if given.spec.descriptive else show_value(given.spec.tries[0], given.stated.unit, lang)


def _end(given: Given, high: bool, lang: str) -> str:
    """An end of the range of an assumption."""
    stated = given.stated
    end = None if isinstance(stated, Unknown) else stated.high if high else stated.low
    return "" if end is None else show_value(end, stated.unit, lang)


def _others(given: Given, lang: str) -> str:
    """The alternatives of an assumption; what an unknown is tried with besides the stand-in."""
    stated = given.stated
    tried = given.spec.tries[1:] if isinstance(stated, Unknown) else stated.alternatives
    return listed((show_value(value, stated.unit, lang) for value in tried), lang)


def _range(given: Given, lang: str) -> str:
    """All that a figure is tried with besides its value, in one line."""
    ends = [_end(given, high, lang) for high in (False, True)]
    return listed(filter(None, (" – ".join(filter(None, ends)), _others(given, lang))), lang)


def _where(given: Given, lang: str) -> str:
    stated = given.stated
    basis, text = ("unknown", stated.reason) if isinstance(stated, Unknown) else (stated.basis.value, stated.source)
    return show_source(basis, text, lang)


# Sort of figure -> the columns that tell of it; one in which nothing stands is left out.
COLUMNS: dict[str, tuple[tuple[Text, Callable[[Given, str], str]], ...]] = {
    "known": ((say("unit"), _unit), (say("value"), _value), (say("where from"), _where)),
    "assumed": (
        (say("unit"), _unit),
        (say("nominal"), _value),
        (say("low"), lambda given, lang: _end(given, False, lang)),
        (say("high"), lambda given, lang: _end(given, True, lang)),
        (say("tried as well"), _others),
        (say("where from"), _where),
    ),
    "unknown": (
        (say("unit"), _unit),
        (say("stands in"), _stand_in),
        (say("tried as well"), _others),
        (say("where from"), _where),
    ),
}


def list_json(profiles: Sequence[Profile]) -> str:
    """Devices as one document; figures in base units."""
    return _document({"devices": [_device(profile) for profile in profiles]})


def diff_json(one: Profile, other: Profile) -> str:
    """The figures in which two devices differ, as one document."""
    sides = [{path: _figure(given) for path, given in profile.figures.items()} for profile in (one, other)]
    paths = [path for path in dict.fromkeys([*sides[0], *sides[1]]) if sides[0].get(path) != sides[1].get(path)]
    differ = {path: [side.get(path) for side in sides] for path in paths}
    return _document({"devices": [one.id, other.id], "differ": differ})


def _document(content: dict[str, Any]) -> str:
    document = {"simtel": SCHEMA, "base_units": BASE_UNITS, **content}
    return msgspec.json.format(msgspec.json.encode(document), indent=2).decode() + "\n"


def _device(profile: Profile) -> dict[str, Any]:
    return {
        "id": profile.id, "kind": profile.kind, "name": profile.name, "aliases": profile.aliases,
        "source": profile.source, "notes": profile.notes,
        "figures": {
            path: {"meaning": given.spec.meaning, **_figure(given)} for path, given in profile.figures.items()
        },
    }  # fmt: skip


def _figure(given: Given) -> dict[str, Any]:
    stated = given.stated
    found: dict[str, Any] = {"sort": sort_of(given), "unit": stated.unit, "descriptive": given.spec.descriptive}
    if isinstance(stated, Quantity):
        return {**found, **msgspec.to_builtins(stated)}
    return found | {"reason": stated.reason, "tried": given.spec.tries}
