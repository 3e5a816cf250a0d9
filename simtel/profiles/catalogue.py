"""All device profiles of a folder, and sites found by name: of the shipped ones, or any file."""

import os
from pathlib import Path

from simtel.core import data
from simtel.core.i18n import Message
from simtel.core.problems import BadInput, Problem, any_of, nowhere, quoted
from simtel.profiles.device import Profile, read_device
from simtel.profiles.site import Site, read_site


def read_devices(folder: str | os.PathLike[str] | None = None) -> dict[str, Profile]:
    """Devices by id, from the shipped folder by default. BadInput holds what is wrong with all files."""
    profiles: dict[str, Profile] = {}
    problems: list[Problem] = []
    for path in sorted(Path(folder or data.devices()).rglob("*.yaml")):
        try:
            profile = read_device(path)
        except BadInput as bad:
            problems += bad.problems
            continue
        if profile.id in profiles:
            first = profiles[profile.id].path
            message = Message("device {id} is described by {path} too", id=quoted(profile.id), path=first)
            problems.append(Problem(str(path), 1, 1, message))
        profiles[profile.id] = profile
    if problems:
        raise BadInput(problems)
    return profiles


def site_names() -> list[str]:
    """Names of the shipped sites."""
    return sorted(path.stem for path in data.sites().glob("*.yaml"))


def find_site(name: str, profiles: dict[str, Profile] | None = None) -> Site:
    """A site by the name of a shipped one or a path. BadInput when there is none, or it is wrong."""
    if name in site_names():
        path = data.sites() / f"{name}.yaml"
    elif Path(name).suffix in (".yaml", ".yml"):
        path = Path(name)
    else:
        listed = Message("`simtel list sites` says which there are; a file of one's own ends in .yaml")
        message = Message("there is no site {name}", name=quoted(name))
        raise BadInput([nowhere(message, any_of(name, site_names()) or listed)])
    return read_site(path, read_devices() if profiles is None else profiles)
