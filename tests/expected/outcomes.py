"""Expected outcomes: `python tests/expected/outcomes.py` runs all and rewrites outcomes.toml, keeping its reasons.

One row for each shipped scenario on each shipped site, at its default seats, seed 7, every figure at its stated value.
A row that is not all PASS says why the design gets what it gets; a row without a reason fails the test.
"""

import sys
import tomllib
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import msgspec

from simtel.core.events import Kind
from simtel.profiles.catalogue import site_names
from simtel.run.choose import scenarios_of, sites_of
from simtel.run.once import lacks, to_memory, without
from simtel.run.plan import Item, items
from simtel.run.session import strikes_of
from simtel.run.targets import make_target
from simtel.verdict.judge import judge
from simtel.verdict.outcome import Outcome, merge

TABLE = Path(__file__).parent / "outcomes.toml"
SEED = 7
# Sites of the same design with other devices: where such a site gets the same outcomes, it gets them for the same
# reason, and a new row takes that reason over.
ALIKE = {
    "public-smg-4": ("proposal-as-drawn", "as-quoted-one-e1-each"),
    "public-mediant-800": ("proposal-as-drawn", "as-quoted-one-e1-each"),
    "public-one-gateway": ("proposal-as-drawn", "as-quoted-two-e1-active"),
    "public-today": ("as-quoted-gateways-only", "today"),
    "two-boards": ("as-quoted-one-e1-each",),
    "saving-clos": ("today",),
    "timeslot-matrix": ("today",),
    "today-on-r2": ("today",),
}
HEAD = """# What each shipped scenario must give on each shipped site: default seats, seed 7, figures as stated. Read by
# simtel's own tests alone; it alters no verdict. An expected failure that passes is reported like a new failure: look
# at it, and when the new outcome is right, write the table anew (reasons stay, new rows get an empty one to fill in) by
#     python tests/expected/outcomes.py [SCENARIO ID ...]
"""


def all_items() -> list[Item]:
    """Every scenario on every site."""
    return items(scenarios_of(["scenarios"]), sites_of(site_names(), [], "grown"), SEED)


def named(item: Item) -> str:
    """The key of a row."""
    return f"{item.scenario.id}/{item.site.id}"


class Ran(msgspec.Struct):
    """What came of an item: verdict key -> outcome, of a sweep the worst of all strikes; the digest of each strike; the
    causes for which calls were refused.
    """

    outcomes: dict[str, str]
    digests: list[str]
    causes: list[str]


def ran(item: Item) -> Ran:
    """Run an item."""
    found: dict[str, list[Outcome]] = {}
    digests = []
    causes: set[str] = set()
    for strike in strikes_of(item):
        target = make_target(strike.target)
        missing = lacks(strike, target)
        if missing is None:
            log = to_memory(strike, target)
            judgement = judge(log)
            assert log.footer is not None
            digests.append(log.footer.error or log.footer.digest)
            causes |= {str(event.data["cause"]) for event in log.of(Kind.CALL_REFUSED)}
        else:
            judgement = without(strike, target, missing)
            digests.append(f"lacks: {missing}")
        for verdict in judgement.verdicts:
            found.setdefault(verdict.key, []).append(verdict.outcome)
    return Ran({key: merge(each).name for key, each in found.items()}, digests, sorted(causes))


def outcomes(item: Item) -> dict[str, str]:
    """Verdict key -> outcome."""
    return ran(item).outcomes


def read() -> dict[str, dict[str, str]]:
    """The table."""
    return tomllib.loads(TABLE.read_text(encoding="utf-8")) if TABLE.exists() else {}


def _alike(item: Item, row: dict[str, str], rows: dict[str, dict[str, str]], before: dict[str, dict[str, str]]) -> str:
    """The reason of a site of the same design, if it gets the same outcomes; else nothing."""
    names = [f"{item.scenario.id}/{site}" for site in ALIKE.get(item.site.id, ())]
    return next((before.get(name, {}).get("why", "") for name in names if rows[name] == row), "")


def main(chosen: list[str]) -> None:
    """Run everything, or the rows of the scenarios that are named, and write the table."""
    before, wanted = read(), all_items()
    rows = {name: {key: said for key, said in row.items() if key != "why"} for name, row in before.items()}
    anew = [item for item in wanted if not chosen or item.scenario.id in chosen or named(item) not in rows]
    with ProcessPoolExecutor() as pool:
        rows |= zip(map(named, anew), pool.map(outcomes, anew), strict=True)
    lines = [HEAD]
    for item in wanted:
        row = rows[named(item)]
        lines.append(f'["{named(item)}"]')
        if set(row.values()) != {"PASS"}:
            why = before.get(named(item), {}).get("why") or _alike(item, row, rows, before)
            lines.append(f'why = "{why}"')
        lines += [*(f'{key} = "{outcome}"' for key, outcome in row.items()), ""]
    TABLE.write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
