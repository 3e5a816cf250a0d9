"""`simtel profiles`: which devices there are, what is known of one, in what two of them differ."""

import sys
from pathlib import Path

import rich_click as click

from simtel.cli.phrase import Command
from simtel.cli.speech import format_option, language, language_option, say
from simtel.core.i18n import Message
from simtel.core.problems import BadInput, Problem, any_of, nowhere, quoted
from simtel.profiles.catalogue import read_devices
from simtel.profiles.device import Profile, read_device
from simtel.report.devices import diff_json, list_json, render_diff, render_list, render_profile
from simtel.run.kinds import misplaced

NEEDS = {"list": 0, "show": 1, "diff": 2}  # what is done -> how many devices it is about


@click.command(cls=Command)
@language_option
@click.argument("what", type=click.Choice(list(NEEDS)))
@click.argument("devices", nargs=-1, metavar="[ID|FILE]...")
@format_option("table", "json")
def profiles(what: str, devices: tuple[str, ...], form: str) -> int:
    """List, show and compare devices.

    `list` names all devices, `show ID` says what is known of one, what is assumed and in what range, what is unknown
    and why; `diff A B` says in what two of them differ. A device is named by its id or by a file of one's own.
    """
    if len(devices) != NEEDS[what]:
        raise click.UsageError(say("`{what}` takes {count} devices, given were {found}",
                                   what=what, count=NEEDS[what], found=len(devices)))  # fmt: skip
    known = read_devices()
    chosen = _chosen(devices, known) if devices else sorted(known.values(), key=lambda one: (one.kind, one.id))
    if form == "json":
        click.echo(diff_json(chosen[0], chosen[1]) if what == "diff" else list_json(chosen), nl=False)
        return 0
    lang, colour = language(), sys.stdout.isatty()
    if what == "list":
        text = render_list(chosen, lang, colour)
    elif what == "show":
        text = render_profile(chosen[0], lang, colour)
    else:
        text = render_diff(chosen[0], chosen[1], lang, colour)
    click.echo(text, nl=False, color=colour)
    return 0


def _chosen(names: tuple[str, ...], known: dict[str, Profile]) -> list[Profile]:
    """Devices by id or file. BadInput holds what is wrong with all of them."""
    found = []
    problems: list[Problem] = []
    for name in names:
        try:
            found.append(known[name] if name in known else _read(name, known))
        except BadInput as bad:
            problems += bad.problems
    if problems:
        raise BadInput(problems)
    return found


def _read(name: str, known: dict[str, Profile]) -> Profile:
    if Path(name).suffix not in (".yaml", ".yml"):
        listed = Message("`simtel profiles list` says which there are; a file of one's own ends in .yaml")
        raise BadInput(
            [nowhere(Message("there is no device {name}", name=quoted(name)), any_of(name, known) or listed)]
        )
    wrong = misplaced(name, "profile")
    if wrong is not None:
        raise BadInput([wrong])
    return read_device(name)
