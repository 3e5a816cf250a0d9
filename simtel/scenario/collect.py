"""Which scenarios a list of paths means: files, folders with all below them, and the shipped ones by path."""

import os
from collections.abc import Sequence
from pathlib import Path

from simtel.core import data
from simtel.core.i18n import Message
from simtel.core.problems import BadInput, Problem, quoted
from simtel.scenario.load import read_scenario
from simtel.scenario.spec import Scenario


def files(paths: Sequence[str | os.PathLike[str]]) -> list[Path]:
    """YAML files, sorted, each once. BadInput names every path that holds none."""
    found: dict[str, Path] = {}
    problems: list[Problem] = []
    for given in paths:
        path = _place(given)
        here = sorted(p for p in path.rglob("*") if p.suffix in (".yaml", ".yml")) if path.is_dir() else [path]
        if not here or not os.path.lexists(path):  # a link to nowhere is named by whoever reads it
            empty, absent = Message("holds no YAML file"), Message("does not exist")
            problems.append(Problem(os.fspath(given), 0, 0, empty if path.is_dir() else absent))
            continue
        found |= {os.path.realpath(file): file for file in here}
    if problems:
        raise BadInput(problems)
    return sorted(found.values())


def _place(given: str | os.PathLike[str]) -> Path:
    """The path as given; if nothing is there, the shipped file or folder of that name."""
    path = Path(given)
    if path.exists() or path.is_absolute():
        return path
    for shipped in (data.data_root() / path, data.scenarios() / path):
        if shipped.exists():
            return shipped
    return path


def collect(paths: Sequence[str | os.PathLike[str]]) -> list[Scenario]:
    """The scenarios in order of their files. BadInput holds what is wrong with all, and ids given twice."""
    scenarios: dict[str, Scenario] = {}
    problems: list[Problem] = []
    for file in files(paths):
        try:
            scenario = read_scenario(file)
        except BadInput as bad:
            problems += bad.problems
            continue
        if scenario.id in scenarios:
            first = scenarios[scenario.id].path
            message = Message("scenario {id} is described by {path} too", id=quoted(scenario.id), path=first)
            problems.append(Problem(str(file), 1, 1, message))
        scenarios[scenario.id] = scenario
    if problems:
        raise BadInput(problems)
    return list(scenarios.values())
