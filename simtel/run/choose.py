"""What the words of a command line mean: scenarios by path or id, sites by id or path in every size asked for.

The size of a site is what the command line says, else what the scenario says (`seats`), else what the site's file says.
"""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from simtel.core import data
from simtel.core.i18n import Message
from simtel.core.problems import BadInput, Problem, any_of, nowhere, quoted
from simtel.profiles.catalogue import find_site, read_devices, site_names
from simtel.profiles.resolve import Parts, resolve
from simtel.profiles.site import Site
from simtel.profiles.spec import SiteSpec
from simtel.run.kinds import misplaced
from simtel.scenario.collect import collect, files
from simtel.scenario.spec import Scenario

SITES = ("today", "proposal-as-drawn")  # when none is named


class Sites(list[SiteSpec]):
    """Sites in every size that was asked for, or in their own; and each again in the size that a scenario fixes."""

    def __init__(self, sized: Sequence[SiteSpec], own: Sequence[Site], parts: Parts) -> None:
        """`own`: the sites for which no size was asked for."""
        super().__init__(sized)
        self._own = own
        self._parts = parts

    def of(self, scenario: Scenario) -> tuple[Scenario, list[SiteSpec]]:
        """The scenario, without its number of seats if another was asked for, and the sites on which it is run."""
        if scenario.seats is None:
            return scenario, self
        if not self._own:
            return msgspec.structs.replace(scenario, seats=None), self
        return scenario, [_in_size(site, scenario.seats, self._parts) for site in self._own]


def _in_size(site: Site, seats: int, parts: Parts) -> SiteSpec:
    """The site with so many seats, or as its file describes it when it cannot have them: the plan then says so."""
    try:
        return resolve(site, seats, parts)
    except BadInput:
        return resolve(site, None, parts)


def shipped_scenarios() -> dict[str, Path]:
    """Files of the shipped scenarios by id."""
    root = data.scenarios()
    return {".".join(path.relative_to(root).with_suffix("").parts): path for path in files([root])}


def scenarios_of(words: Sequence[str]) -> list[Scenario]:
    """Scenarios by path or by the id of a shipped one. BadInput for what is neither."""
    shipped = shipped_scenarios()
    problems = []
    paths: list[str | Path] = []
    for word in words:
        if word in shipped and not Path(word).is_file():  # a folder of that name is one that a run wrote
            paths.append(shipped[word])
            continue
        paths.append(word)
        if not any((root / word).exists() for root in (Path(), data.data_root(), data.scenarios())):
            is_path = Path(word).suffix in (".yaml", ".yml")
            names = [f"scenarios/{name.replace('.', '/')}.yaml" for name in shipped] if is_path else shipped
            listed = Message("`simtel list scenarios` says which there are")
            message = Message("there is no scenario {name}", name=quoted(word))
            problems.append(nowhere(message, any_of(word, names) or listed))
    if not problems:
        problems = [wrong for path in files(paths) if (wrong := misplaced(path, "scenario")) is not None]
    if problems:
        raise BadInput(problems)
    return collect(paths)


def sites_of(names: Sequence[str], seats: Sequence[int], parts: Parts) -> Sites:
    """Every site in every size. BadInput holds what is wrong with all of them."""
    devices = read_devices()
    shipped = site_names()
    chosen: list[tuple[str, SiteSpec]] = []
    own: list[Site] = []
    problems: list[Problem] = []
    for name in dict.fromkeys(names):
        wrong = None if name in shipped else misplaced(name, "site")
        if wrong is not None:
            problems.append(wrong)
            continue
        try:
            site = find_site(name, devices)
            chosen += [(name, resolve(site, number, parts)) for number in dict.fromkeys(seats) or [None]]
            own += [] if seats else [site]
        except BadInput as bad:
            problems += bad.problems
    by_id: dict[str, str] = {}
    for name, made in chosen:
        other = by_id.setdefault(made.id, name)
        if other != name:
            message = Message(
                "has the id {id} of {other} too; give each site an id of its own", id=quoted(made.id), other=other
            )
            problems.append(Problem(name, 0, 0, message))
    if problems:
        raise BadInput(problems)
    return Sites([site for _, site in chosen], own, parts)
