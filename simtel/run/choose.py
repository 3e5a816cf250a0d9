"""What the words of a command line mean: scenarios by path or id, sites by id or path in every size asked for."""

from collections.abc import Sequence
from pathlib import Path

from simtel.core import data
from simtel.core.problems import BadInput, Problem, did_you_mean, quoted
from simtel.profiles.catalogue import find_site, read_devices
from simtel.profiles.resolve import Parts, resolve
from simtel.profiles.spec import SiteSpec
from simtel.scenario.collect import collect, files
from simtel.scenario.spec import Scenario

SITES = ("today", "proposal-as-drawn")  # when none is named


def scenarios_of(words: Sequence[str]) -> list[Scenario]:
    """Scenarios by path or by the id of a shipped one. BadInput for what is neither."""
    shipped = {".".join(path.relative_to(data.scenarios()).with_suffix("").parts): path
               for path in files([data.scenarios()])}  # fmt: skip
    problems = []
    paths: list[str | Path] = []
    for word in words:
        if word in shipped and not Path(word).is_file():  # a folder of that name is one that a run wrote
            paths.append(shipped[word])
            continue
        paths.append(word)
        if not any((root / word).exists() for root in (Path(), data.data_root(), data.scenarios())):
            known = {*shipped, *(f"scenarios/{name.replace('.', '/')}.yaml" for name in shipped)}
            problems.append(Problem(word, 1, 1, f"there is no scenario {quoted(word)}", did_you_mean(word, known)))
    if problems:
        raise BadInput(problems)
    return collect(paths)


def sites_of(names: Sequence[str], seats: Sequence[int], parts: Parts) -> list[SiteSpec]:
    """Every site in every size. BadInput holds what is wrong with all of them."""
    devices = read_devices()
    found: list[SiteSpec] = []
    problems: list[Problem] = []
    for name in dict.fromkeys(names):
        try:
            site = find_site(name, devices)
            found += [resolve(site, number, parts) for number in dict.fromkeys(seats) or [None]]
        except BadInput as bad:
            problems += bad.problems
    if problems:
        raise BadInput(problems)
    return found
