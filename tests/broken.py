"""One rule of the simulation, broken in memory: no file is touched.

A mutant of tests/mutants.toml edits one module. In a process that has not imported that module yet, `break_rule` has
it made from its edited source; who imports it afterwards gets the broken one. In the same way `mark` has modules made
that note which mutants a run could notice at all: those whose statements it comes by.
"""

import ast
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable
from importlib.machinery import SourceFileLoader
from types import CodeType

from tests.mutants import ROOT, Mutant

# The rooms that a simulated site is made of. What judges, draws or reads recordings is no part of a device.
SIMULATED = ("callcentre", "devices", "model", "protocols/election", "protocols/service",
             "target/arrivals", "target/building", "target/connections", "target/site", "target/survey",
             "target/virtual", "target/years")  # fmt: skip
NOTE = "__comes_by__"

Maker = Callable[[str], CodeType]  # of a source
_made: dict[str, Maker] = {}  # path -> how its module is made
_as_it_stands = SourceFileLoader.get_code


def _get_code(self: SourceFileLoader, fullname: str) -> CodeType | None:
    make = _made.get(str(self.path))
    return _as_it_stands(self, fullname) if make is None else make(self.get_source(fullname) or "")


def _make(file: str, maker: Maker) -> None:
    """ImportError if somebody has imported it already."""
    name = file.removesuffix(".py").replace("/", ".")
    if name in sys.modules:
        raise ImportError(f"{file} was imported before it could be edited", name=name)
    _made[str(ROOT / file)] = maker
    SourceFileLoader.get_code = _get_code  # type: ignore[method-assign]


def simulated(mutant: Mutant) -> bool:
    """Whether it breaks a rule of the simulated site."""
    return mutant.file.startswith(tuple(f"simtel/{room}" for room in SIMULATED))


def break_rule(mutant: Mutant) -> None:
    """Whoever imports the module from now on gets the edited one."""
    _make(mutant.file, lambda source: compile(source.replace(mutant.old, mutant.new), mutant.file, "exec"))


def mark(mutants: Iterable[Mutant], note: Callable[[str], object]) -> None:
    """Have modules made that `note` the rule of each mutant by whose statements a run comes.

    One that stands outside functions (a table, a default, a base class) is noted when its module is imported.
    """
    of_file: dict[str, dict[str, str]] = defaultdict(dict)
    for mutant in mutants:
        of_file[mutant.file][mutant.rule] = mutant.old
    for file, olds in of_file.items():
        _make(file, lambda source, file=file, olds=olds: compile(marked(source, olds), file, "exec"))  # type: ignore[misc]
    setattr(__import__("builtins"), NOTE, note)


def marked(source: str, olds: dict[str, str]) -> ast.Module:
    """The source with a note of each rule before the statements on which its `old` stands."""
    tree = ast.parse(source)
    statements = [node for node in ast.walk(tree) if isinstance(node, ast.stmt)]
    at: dict[ast.stmt, list[str]] = defaultdict(list)
    for rule, old in olds.items():
        before, _, _ = source.partition(old)
        first = before.count("\n") + 1
        for statement in _on(statements, first, first + old.rstrip("\n").count("\n")) or tree.body[:1]:
            at[statement].append(rule)
    for node in ast.walk(tree):
        for field in ("body", "orelse", "finalbody"):
            body = getattr(node, field, None)
            if isinstance(body, list):
                setattr(node, field, [new for old in body for new in (*map(_note, at.get(old, ())), old)])
    return ast.fix_missing_locations(tree)


def _note(rule: str) -> ast.stmt:
    return ast.parse(f"{NOTE}({rule!r})").body[0]


def _on(statements: list[ast.stmt], first: int, last: int) -> list[ast.stmt]:
    """Statements on these lines, by their heads where they have a body; else the innermost around them."""
    found, around = [], []
    for node in statements:
        body = node.cases[0].pattern if isinstance(node, ast.Match) else next(iter(getattr(node, "body", ())), None)
        end = node.end_lineno or node.lineno
        head = end if body is None else body.lineno - 1
        if node.lineno <= last and max(head, node.lineno) >= first:
            found.append(node)
        if node.lineno <= first and end >= last:
            around.append(node)
    return found or around[-1:]
