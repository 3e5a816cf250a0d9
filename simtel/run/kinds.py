"""What kind of file a word of the command line names, and where a file of that kind belongs.

A file that was given in the wrong place is told as such, not by the keys that it lacks.
"""

import os
import re
from pathlib import Path

from simtel.core.i18n import Message
from simtel.core.problems import Problem

_SAYS = re.compile(rb"""^(?:\{\s*")?simtel"?\s*:\s*["']?([a-z]+)/""", re.MULTILINE)
_HEAD = 4096  # bytes; a comment may stand before the line that says what the file is

BELONGS = {
    "scenario": Message("is a scenario file: give it to `simtel run`, before the options"),
    "site": Message("is a site file: give it by --site"),
    "profile": Message("is a device profile: a site names it; `simtel check` checks it"),
    "limits": Message("is a file of limits: give it by --limits"),
    "mapping": Message("is a mapping: give it to `simtel judge` by --map, with the files that it is about"),
    "demand": Message("is a demand: give it to `simtel size` or `simtel sweep`; `simtel check` checks it"),
    "prices": Message("is a list of prices: give it to `simtel size` by --prices; `simtel check` checks it"),
    "buyer": Message("holds a buyer's figures: give it to `simtel quote compare` by --buyer"),
    "quote": Message("is a quote: give it to `simtel quote`; `simtel check` checks it"),
    "columns": Message("is a mapping of columns: give it to `simtel fit` by --map"),
    "evidence": Message("is an evidence log: give it to `simtel judge`"),
    "variants": Message("holds variants: `simtel judge` reads it beside its evidence log"),
    "run": Message("lists the items of a run: give their evidence logs to `simtel judge`"),
}


def kind_of(path: str | os.PathLike[str]) -> str:
    """What a file says it is; empty when it says nothing, or is no file that can be read."""
    try:
        if not Path(path).is_file():
            return ""
        with Path(path).open("rb") as source:
            found = _SAYS.search(source.read(_HEAD).removeprefix(b"\xef\xbb\xbf"))
    except (OSError, ValueError):
        return ""
    return found[1].decode() if found else ""


def misplaced(path: str | os.PathLike[str], *wanted: str) -> Problem | None:
    """The problem of a file that says that it is of another kind than those `wanted`."""
    kind = kind_of(path)
    if kind in wanted or kind not in BELONGS:
        return None
    return Problem(os.fspath(path), 0, 0, BELONGS[kind])
