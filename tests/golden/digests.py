"""Digests of the events of every shipped scenario: `python tests/golden/digests.py` rewrites digests.toml.

With `--print` it prints them in the order of the table and writes nothing; names of scenarios after that choose some.
"""

import sys
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TypeVar

from simtel.run.choose import scenarios_of, sites_of
from simtel.run.once import lacks, to_memory
from simtel.run.plan import Item, items
from simtel.run.session import strikes_of
from simtel.run.targets import make_target

T = TypeVar("T")
TABLE = Path(__file__).parent / "digests.toml"
SITES = ("today", "proposal-as-drawn", "as-quoted-one-e1-each")
SEED = 7
HEAD = """# Digests of the events of every scenario on three sites, seed 7, default seats. A rule that changes what
# happens changes them; nothing else may. Look at what changed, then write them anew by
#     python tests/golden/digests.py
"""


def digest(item: Item) -> str:
    """Digest of one run; of a sweep that of its first and last strike; 'lacks ...' when the site cannot run it."""
    target = make_target(item.target)
    missing = lacks(item, target)
    if missing is not None:
        return f"lacks: {missing}"
    found = []
    for strike in ends(strikes_of(item)):
        log = to_memory(strike, target)
        assert log.footer is not None
        found.append(log.footer.error or log.footer.digest)
    return " ".join(found)


def ends(strikes: list[T]) -> list[T]:
    """The first and the last, or the only one."""
    return [strikes[0], *strikes[1:][-1:]]


def all_items(words: Iterable[str] = (), seed: int = SEED) -> list[Item]:
    """The items of the table."""
    return items(scenarios_of(list(words) or ["scenarios"]), sites_of(SITES, [], "grown"), seed)


def named(item: Item) -> str:
    """The key of an item in the table."""
    return f"{item.scenario.id}/{item.site.id}"


def main(words: list[str]) -> None:
    """Print, or write the table."""
    if words[:1] == ["--print"]:
        for item in all_items(words[1:]):
            print(named(item), digest(item))
        return
    wanted = all_items()
    with ProcessPoolExecutor() as pool:
        found = list(pool.map(digest, wanted))
    lines = [f'"{named(item)}" = "{one}"' for item, one in zip(wanted, found, strict=True)]
    TABLE.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
