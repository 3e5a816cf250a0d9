"""What the words of a command line mean: scenarios by path or id, sites by id or path in every size asked for."""

from collections.abc import Sequence
from pathlib import Path

from simtel.core import data
from simtel.core.i18n import Message
from simtel.core.problems import BadInput, Problem, any_of, nowhere, quoted
from simtel.profiles.catalogue import find_site, read_devices, site_names
from simtel.profiles.resolve import Parts, resolve
from simtel.profiles.spec import SiteSpec
from simtel.run.kinds import misplaced
from simtel.scenario.collect import collect, files
from simtel.scenario.spec import Scenario

SITES = ("today", "proposal-as-drawn")  # when none is named


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


def sites_of(names: Sequence[str], seats: Sequence[int], parts: Parts) -> list[SiteSpec]:
    """Every site in every size. BadInput holds what is wrong with all of them."""
    devices = read_devices()
    shipped = site_names()
    chosen: list[tuple[str, SiteSpec]] = []
    problems: list[Problem] = []
    for name in dict.fromkeys(names):
        wrong = None if name in shipped else misplaced(name, "site")
        if wrong is not None:
            problems.append(wrong)
            continue
        try:
            site = find_site(name, devices)
            chosen += [(name, resolve(site, number, parts)) for number in dict.fromkeys(seats) or [None]]
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
    return [site for _, site in chosen]
