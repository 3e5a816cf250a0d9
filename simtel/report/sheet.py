"""The page's style sheet, as far as pictures need it: what the classes of a picture's parts look like.

Only rules for `svg ...` count, written as the sheet writes them: classes, `text`, colours as #rgb, #rrggbb or var(--x).
Of several rules for a part the later wins unless the earlier names more classes, as in a browser.
"""

import re
from functools import cache
from pathlib import Path

TEMPLATES = Path(__file__).parent / "templates"
Look = dict[str, str]  # property of SVG -> value, without var()

_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_VAR = re.compile(r"var\((--\w+)\)")


@cache
def look(kind: str, *, is_text: bool) -> Look:
    """How a part of these classes looks."""
    mine = {*kind.split(), *(("",) if is_text else ())}
    found: Look = {}
    for rule in sorted((one for one in _rules() if one[1] <= mine), key=lambda one: one[0]):
        found |= rule[2]
    return found


@cache
def _rules() -> tuple[tuple[tuple[int, int], frozenset[str], Look], ...]:
    """(weight, classes, properties) of each rule for pictures; `text` is the class without a name."""
    sheet = (TEMPLATES / "style.css").read_text(encoding="utf-8")
    given = dict(re.findall(r"(--\w+): (#\w+)", sheet))
    rules = []
    for place, (selectors, body) in enumerate(_RULE.findall(sheet)):
        plain = _VAR.sub(lambda found: given[found[1]], body)
        given_here = (part.partition(":") for part in plain.split(";") if ":" in part)
        properties = {name.strip(): value.strip() for name, _, value in given_here}
        for selector in selectors.split(","):
            head, _, rest = selector.strip().partition(" ")
            if head == "svg" and rest:
                names = frozenset(rest.removeprefix("text").split(".")[1:] or [""])
                rules.append(((0 if rest == "text" else len(names), place), names, properties))
    return tuple(rules)
