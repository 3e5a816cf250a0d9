"""The kill matrix: which scenario notices which broken rule. `make kills` runs it and writes expected/kills.toml.

A scenario that notices no broken rule proves nothing about the devices; one that notices only what most others notice
as well could go. So the table names for each scenario its witness: of all rules of tests/mutants.toml about the
simulated site, the one that the scenario notices and the fewest others do.

A scenario is run on one site, where it has most to say (`site_of`, `SITE`), each figure at its stated value. It notices
a rule when a verdict is another one than expected/outcomes.toml says: also ERROR, for a machine that fails. A rule is
tried on those scenarios alone that come by its lines; where these are many (WIDE), only on those that have no witness
yet. Slow scenarios (SLOW) are tried with the rules that the fewest notice first, until one is noticed. A rule that
becomes a witness is tried on all that are not slow, and they are counted; one that more than FEW notice is tried no
further. What takes ten times as long as without the edit counts as noticed, but is nobody's witness.

With --check it sees instead whether each scenario still notices its witness; --quick leaves the slow ones out, and
words choose the scenarios that begin so.

What was tried is kept in `.kills.jsonl` and not tried again until the scenario, its outcomes, the mutant or the file
that it edits changes; `make clean` forgets it.
"""

import json
import multiprocessing
import signal
import sys
import time
import tomllib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from hashlib import sha256
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import FrameType
from typing import Any, NamedTuple, TypeVar

import msgspec
import simpy  # noqa: F401 - once, and not in each of the processes

import simtel.verdict.judge  # noqa: F401 - the same
from simtel.profiles.catalogue import site_names
from simtel.run.choose import scenarios_of, sites_of
from simtel.run.plan import Item, items
from tests.broken import break_rule, mark, simulated
from tests.mutants import ROOT, Mutant
from tests.mutants import read as read_mutants

TABLE = ROOT / "tests" / "expected" / "kills.toml"
TRIED = ROOT / ".kills.jsonl"
FEW = 8  # of the whole library
SLOW = 0.4  # seconds of a run
WIDE = 20  # scenarios that come by a rule
LONGEST = 60.0  # seconds, where nothing is known of a run
FAVOURED = ("proposal-as-drawn", "today", "as-quoted-one-e1-each")  # where sites have as much to say
# Where a scenario has most to say although less passes: the figure that it is about binds there.
SITE = {
    "capacity.all-seats-busy": "option-2-all-there-is",
    "switching.last-connection": "saving-clos",
    "switching.non-blocking": "timeslot-matrix",
    "switching.sought-refusal": "saving-clos",
    "trunks.cables-moved": "as-quoted-two-e1-active",
    "trunks.dchannel-surge": "today-on-r2",
    "trunks.who-hangs-up": "today-on-r2",
}
NO, YES, ENDLESS = "no", "yes", "endless"
CHECK, QUICK = "--check", "--quick"
AT_ONCE = 3  # processes that try a rule, on the two cores of a small machine
HEAD = """# For each scenario a broken rule of tests/mutants.toml that it notices and few others do: so many do in all
# as `noticed_by` says, of slow ones only those that were tried. Written by `make kills`; `make kills CHECK=1` sees to
# it that each scenario still notices its witness. The row of one without witness says `why`, which is written by hand.
"""


class Witness(msgspec.Struct, frozen=True, omit_defaults=True):
    """`rule` is broken: the scenario notices on `site`, as one of `noticed_by`. `slow`: it takes long to see that.

    Without a rule, `why` there is none.
    """

    rule: str = ""
    site: str = ""
    noticed_by: int = 0
    slow: bool = False
    why: str = ""


class Try(NamedTuple):
    """A rule to be broken, the scenarios to run then, and how many may notice before the others are not run."""

    rule: str
    scenarios: list[str]
    most: int


T = TypeVar("T")
FORK = multiprocessing.get_context("fork")
Found = dict[str, str]  # scenario -> NO, YES or ENDLESS
Tries = Callable[[Try], Found]
Expected = Mapping[str, Mapping[str, str]]


# --- which is whose witness


class Matrix:
    """Rule -> scenario -> whether it notices, as far as that has to be known; `tries` finds it out."""

    def __init__(self, cells: dict[str, Found], quick: Sequence[str], slow: Sequence[str], tries: Tries) -> None:
        self.cells = cells
        self._quick, self._slow, self._tries = quick, slow, tries

    def noticed_by(self, rule: str) -> int:
        """Scenarios, as far as is known."""
        return sum(said != NO for said in self.cells[rule].values())

    def witness(self, name: str) -> str | None:
        """The rule that the scenario and the fewest others notice, few in all, as far as is known."""
        rules = [rule for rule, by in self.cells.items() if by.get(name) == YES and self.noticed_by(rule) <= FEW]
        return min(rules, key=self.noticed_by, default=None)

    def fill(self) -> dict[str, str]:
        """Scenario -> its witness, of those that have one."""
        names = [*self._quick, *self._slow]
        for rule in sorted(self.cells, key=lambda rule: len(self._left(rule, self._quick))):
            wide = len(self._left(rule, self._quick)) > WIDE
            self._try(rule, [name for name in self._quick if not wide or self.witness(name) is None])
            if wide and any(self.witness(name) == rule for name in self._quick):
                self._try(rule, self._quick)
        for name in self._slow:
            self._seek(name)
        while unsure := {r for name in names if (r := self.witness(name)) and self._left(r, self._quick)}:
            for rule in sorted(unsure):
                self._try(rule, self._quick)
        return {name: rule for name in names if (rule := self.witness(name))}

    def _seek(self, name: str) -> None:
        """Try what the fewest others notice, until the slow scenario notices one; last what nobody does."""
        for rule in sorted(self.cells, key=lambda rule: self.noticed_by(rule) or FEW):
            known = self.witness(name)
            if known and self.noticed_by(known) <= self.noticed_by(rule) + 1:
                return
            self._try(rule, [name])

    def _left(self, rule: str, names: Sequence[str]) -> list[str]:
        return [name for name in names if name not in self.cells[rule]]

    def _try(self, rule: str, names: Sequence[str]) -> None:
        left, most = self._left(rule, names), FEW - self.noticed_by(rule)
        if left and most >= 0:
            self.cells[rule] |= self._tries(Try(rule, left, most))
            print(f"{len(left):3} tried, {self.noticed_by(rule):2} notice  {rule}", flush=True)


# --- what is run


def expected() -> dict[str, dict[str, str]]:
    """ "scenario/site" -> verdict key -> outcome, without any edit."""
    rows = tomllib.loads((ROOT / "tests" / "expected" / "outcomes.toml").read_text(encoding="utf-8"))
    return {name: {key: said for key, said in row.items() if key != "why"} for name, row in rows.items()}


def site_of(scenario: str, rows: Expected, sites: Iterable[str]) -> str:
    """The site on which most verdicts pass, so that they can fail; of those, where fewest are inconclusive."""

    def tells(site: str) -> tuple[int, int]:
        given = list(rows[f"{scenario}/{site}"].values())
        return given.count("PASS"), -given.count("INCONCLUSIVE")

    return max(sorted(sites, key=lambda site: FAVOURED.index(site) if site in FAVOURED else 9), key=tells)


def library() -> dict[str, Item]:
    """Each scenario on its site."""
    rows, sites = expected(), {site.id: site for site in sites_of(site_names(), [], "grown")}
    found: dict[str, Item] = {}
    for scenario in scenarios_of(["scenarios"]):
        site = SITE.get(scenario.id) or site_of(scenario.id, rows, sites)
        (found[scenario.id],) = items([scenario], [sites[site]], seed=7)
    return found


def simulated_mutants() -> dict[str, Mutant]:
    """The mutants of the simulated site by their rules."""
    listed = read_mutants(ROOT / "tests" / "mutants.toml", ROOT)
    return {mutant.rule: mutant for mutant in listed if simulated(mutant)}


class Trials:
    """Runs the library with broken rules, and keeps what came of it."""

    def __init__(self, chosen: Mapping[str, Item], mutants: Mapping[str, Mutant], kept: Path | None = None) -> None:
        self.cells: dict[str, Found] = {rule: {} for rule in mutants}
        self._chosen, self._mutants, self._kept, self._rows = chosen, mutants, kept, expected()
        self._longest = dict.fromkeys(chosen, LONGEST)
        self._scenario_keys = {
            name: _key(item.scenario.hash, item.site.id, json.dumps(self._rows[f"{name}/{item.site.id}"]))
            for name, item in chosen.items()
        }
        self._rule_keys = {
            mutant.rule: _key(json.dumps(mutant), (ROOT / mutant.file).read_text(encoding="utf-8"))
            for mutant in mutants.values()
        }
        if kept and kept.exists():
            self._remember(kept.read_text(encoding="utf-8"))

    def _remember(self, kept: str) -> None:
        rules = {key: rule for rule, key in self._rule_keys.items()}
        names = {key: name for name, key in self._scenario_keys.items()}
        for key, found in map(json.loads, kept.splitlines()):
            if key in rules:
                self.cells[rules[key]] |= {names[name]: said for name, said in found.items() if name in names}

    def watch(self) -> dict[str, float]:
        """Run all unedited: a rule that a scenario does not come by is none that it notices. Seconds of each."""
        took: dict[str, float] = {}
        (seen,) = _apart([partial(_watch, self._chosen, list(self._mutants.values()))])
        for name, (rules, seconds) in seen.items():
            took[name], self._longest[name] = seconds, 2 + 10 * seconds
            for rule in self.cells.keys() - rules:
                self.cells[rule][name] = NO
        return took

    def work(self, one: Try) -> Callable[[], Found]:
        """What it is to try a rule, for a process that has seen no edit."""
        chosen = [(name, self._chosen[name]) for name in one.scenarios]
        runs = [(item, self._rows[f"{name}/{item.site.id}"], self._longest[name]) for name, item in chosen]
        return partial(_noticed, self._mutants[one.rule], runs, one.most)

    def __call__(self, one: Try) -> Found:
        """Try a rule, in a process of its own."""
        (found,) = _apart([self.work(one)])
        if self._kept:
            by = {self._scenario_keys[name]: said for name, said in found.items()}
            with self._kept.open("a", encoding="utf-8") as kept:
                kept.write(json.dumps([self._rule_keys[one.rule], by]) + "\n")
        return found


def _key(*parts: str) -> str:
    return sha256("\n".join(parts).encode()).hexdigest()[:12]


# --- in a process of its own


def _apart(works: Iterable[Callable[[], T]]) -> Iterator[T]:
    """Do each in a new process with what is imported here: it has seen no edit yet. EOFError if one fails there."""
    under_way: deque[tuple[BaseProcess, Connection]] = deque()
    for work in works:
        if len(under_way) == AT_ONCE:
            yield _received(*under_way.popleft())
        here, there = FORK.Pipe(duplex=False)
        process = FORK.Process(target=_send, args=(work, there))
        process.start()
        there.close()
        under_way.append((process, here))
    while under_way:
        yield _received(*under_way.popleft())


def _send(work: Callable[[], object], there: Connection) -> None:
    there.send(work())


def _received(process: BaseProcess, here: Connection) -> Any:
    try:
        return here.recv()
    finally:
        process.join()


class EndlessError(BaseException):
    """An edit keeps a run from ending. Not an Exception, which would be the error of a machine."""


def _endless(_number: int, _frame: FrameType | None) -> None:
    raise EndlessError


def _outcomes(item: Item, longest: float) -> dict[str, str]:
    from tests.expected.outcomes import outcomes  # noqa: PLC0415 - only now, so that it imports the edited module

    signal.signal(signal.SIGVTALRM, _endless)
    signal.setitimer(signal.ITIMER_VIRTUAL, longest, 1.0)
    try:
        return outcomes(item)
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def _noticed(mutant: Mutant, runs: Sequence[tuple[Item, Mapping[str, str], float]], most: int) -> Found:
    """Who notices, of items with their outcomes unedited and the seconds that each may take."""
    break_rule(mutant)
    found: Found = {}
    for item, unedited, longest in runs:
        if sum(said != NO for said in found.values()) > most:
            break
        try:
            said = NO if _outcomes(item, longest) == unedited else YES
        except EndlessError:
            said = ENDLESS
        except Exception:  # noqa: BLE001 - a broken rule may break anything
            said = YES
        found[item.scenario.id] = said
    return found


def _watch(chosen: Mapping[str, Item], mutants: Sequence[Mutant]) -> dict[str, tuple[set[str], float]]:
    """The rules by which each scenario comes, and its seconds."""
    noted: set[str] = set()
    mark(mutants, noted.add)
    import simtel.target.virtual  # noqa: F401, PLC0415
    import tests.expected.outcomes  # noqa: F401, PLC0415

    always = set(noted)
    found = {}
    for name, item in chosen.items():
        noted.clear()
        begun = time.process_time()
        _outcomes(item, LONGEST)
        found[name] = noted | always, time.process_time() - begun
        print(f"{found[name][1]:6.2f} s, comes by {len(found[name][0]):3} rules  {name}", flush=True)
    return found


# --- the table


def read(path: Path = TABLE) -> dict[str, Witness]:
    """The table."""
    return msgspec.toml.decode(path.read_bytes(), type=dict[str, Witness]) if path.exists() else {}


def write(table: Mapping[str, Witness], path: Path = TABLE) -> None:
    """Write the table."""
    lines = [HEAD]
    for name, witness in sorted(table.items()):
        row = msgspec.to_builtins(witness).items()
        lines += [f'["{name}"]', *(f"{key} = {json.dumps(said, ensure_ascii=False)}" for key, said in row), ""]
    path.write_text("\n".join(lines), encoding="utf-8")


def lost(table: Mapping[str, Witness]) -> list[str]:
    """Scenarios of the table that do not notice their witness (any more)."""
    chosen, mutants = library(), simulated_mutants()
    wanted: dict[str, list[str]] = {}
    found = []
    for name, row in table.items():
        if name not in chosen or row.site != chosen[name].site.id or row.rule not in mutants:
            print(f"there is no such scenario, site or rule any more: {name}, {row.site}, {row.rule}")
            found.append(name)
        else:
            wanted.setdefault(row.rule, []).append(name)
    tries = [Try(rule, names, len(names)) for rule, names in wanted.items()]
    trials = Trials(chosen, mutants)
    for one, said in zip(tries, _apart(map(trials.work, tries)), strict=True):
        print(f"{one.rule}: {', '.join(f'{name} {word}' for name, word in said.items())}", flush=True)
        found += [name for name, word in said.items() if word != YES]
    return found


def check(words: Sequence[str]) -> int:
    """See whether each scenario still notices its witness; only QUICK ones; only those that begin with a word."""
    areas = tuple(word for word in words if word != QUICK)
    table = read()
    unknown = [area for area in areas if not any(name.startswith(area) for name in table)]
    if unknown:
        known = sorted({name.partition(".")[0] for name in table})
        return _wrong(f"no scenario begins with {', '.join(unknown)}; they begin with {', '.join(known)}")
    rows = {name: row for name, row in table.items() if row.rule and name.startswith(areas or "")}
    rows = {name: row for name, row in rows.items() if not row.slow or QUICK not in words}
    found = lost(rows)
    for name in found:
        print(f"{name} does not notice its witness: {rows[name].rule}", file=sys.stderr)
    print(f"kills: {len(rows) - len(found)} of {len(rows)} scenarios notice their witness")
    return 1 if found else 0


def _wrong(said: str) -> int:
    print(f"kills: {said}", file=sys.stderr)
    return 2


def main(words: Sequence[str]) -> int:
    """What the words say. Exit code 2: they say nothing known."""
    if words[:1] == [CHECK]:
        return check(words[1:])
    if words:
        return _wrong(f"knows {CHECK} [{QUICK}] [SCENARIO ...], or no word to fill the whole matrix; not {words[0]}")
    return fill()


def fill() -> int:
    """Fill the matrix and write the table."""
    chosen, before = library(), read()
    trials = Trials(chosen, simulated_mutants(), TRIED)
    took = trials.watch()
    slow = [name for name in chosen if took[name] > SLOW]
    matrix = Matrix(trials.cells, [name for name in chosen if name not in slow], slow, trials)
    found = matrix.fill()
    write({
        name: Witness(found[name], item.site.id, matrix.noticed_by(found[name]), name in slow)
        if name in found else Witness(why=before.get(name, Witness()).why)
        for name, item in chosen.items()
    })  # fmt: skip
    nobodys = [rule for rule in matrix.cells if not matrix.noticed_by(rule)]
    print(f"{len(matrix.cells) - len(nobodys)} of {len(matrix.cells)} broken rules are noticed; these are not:")
    print("".join(f"  {rule}\n" for rule in nobodys))
    for number in range(1, FEW + 1):
        those = [name for name, rule in found.items() if matrix.noticed_by(rule) == number]
        print(f"{len(those):3} scenarios have a witness that {number} notice")
    without = [name for name in chosen if name not in found]
    print(f"{len(without):3} scenarios have none: {', '.join(without)}")
    return 1 if any(not before.get(name, Witness()).why for name in without) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
