"""`simtel list`: which scenarios and sites there are, and what a scenario file may say."""

from collections.abc import Callable, Iterator

import rich_click as click

from simtel.cli.phrase import Command
from simtel.cli.speech import language, language_option, say, say_message
from simtel.core import data
from simtel.core.causes import CAUSES
from simtel.core.events import FIELDS, Kind
from simtel.core.faults import FAULTS
from simtel.core.i18n import pick
from simtel.core.units import EXAMPLES, UNITS, show
from simtel.profiles.catalogue import find_site, read_devices, site_names
from simtel.scenario.collect import collect
from simtel.scenario.load import LOADS, OWNERS
from simtel.scenario.meanings import KEYS
from simtel.scenario.meanings import LOADS as LOAD_MEANINGS
from simtel.verdict.criteria import ALWAYS, CRITERIA
from simtel.verdict.criterion import LimitSpec

Row = tuple[str, str, list[tuple[str, str]]]  # name, what it is, and more about it: name and text


def _scenarios() -> Iterator[Row]:
    for scenario in collect([data.scenarios()]):
        yield scenario.id, f"{pick(scenario.title, language())}  [{', '.join(scenario.requirement)}]", []


def _sites() -> Iterator[Row]:
    devices = read_devices()
    for name in site_names():
        site = find_site(name, devices)
        seats = say("{count} seats, at most {most}", count=site.default_seats, most=site.data["seats"]["at_most"])
        yield name, f"{pick(site.data['title'], language())}  [{seats}]", []


def _criteria() -> Iterator[Row]:
    for name, criterion in CRITERIA.items():
        always = f"  [{say('judged in every run')}]" if name in ALWAYS else ""
        limits = [(limit, _limit(spec)) for limit, spec in criterion.limits.items()]
        yield name, say(criterion.title.template, **criterion.title.args) + always, limits


def _limit(spec: LimitSpec) -> str:
    unit = say("{unit}, such as {example}", unit=say_message(UNITS[spec.unit]), example=EXAMPLES[spec.unit])
    if spec.default is not None:
        known = spec.default
        return say("{unit}; {value} when none is given ({basis}: {source})", unit=unit, basis=known.basis,
                   value=show(known.value, spec.unit), source=say(known.source))  # fmt: skip
    return unit if spec.required else say("{unit}; may be left out", unit=unit)


def _faults() -> Iterator[Row]:
    for kind, (what, roles) in FAULTS.items():
        more = [name for name, kinds in OWNERS.items() if kind in kinds]
        yield (
            kind,
            say(what),
            [(say("strikes"), ", ".join(roles)), *([(say("needs"), ", ".join(more))] if more else [])],
        )


def _keys() -> Iterator[Row]:
    for key, meaning in KEYS.items():
        yield key, say_message(meaning), []


def _loads() -> Iterator[Row]:
    for kind, (needs, may) in LOADS.items():
        beside = [(say("needs"), ", ".join(sorted(needs))), (say("may have"), ", ".join(sorted(may)))]
        yield kind, say_message(LOAD_MEANINGS[kind]), [(what, names) for what, names in beside if names]


def _events() -> Iterator[Row]:
    for kind, (what, fields) in FIELDS.items():
        more = [(say("fields"), ", ".join(fields))] if fields else []
        if kind is Kind.CALL_REFUSED:
            more.append((say("causes"), ", ".join(CAUSES)))
        yield kind, say(what), more


# What can be listed -> its heading and its rows.
KINDS: dict[str, tuple[str, Callable[[], Iterator[Row]]]] = {
    "scenarios": ("Scenarios: simtel run NAME", _scenarios),
    "sites": ("Sites: simtel run ... --site NAME", _sites),
    "criteria": ("Criteria, and the limits that a scenario gives them below 'expect'", _criteria),
    "faults": ("Kinds of fault, and what a scenario may do them to", _faults),
    "loads": ("Kinds of load, and what a scenario says of them below 'load'", _loads),
    "keys": ("Keys of a scenario file, and what they mean", _keys),
    "events": ("Events of an evidence log: a fault may follow one, a mapping makes them (?: may be absent)", _events),
}


@click.command("list", cls=Command)
@language_option
@click.argument("kinds", nargs=-1, type=click.Choice(list(KINDS)), metavar=f"[{'|'.join(KINDS)}]...")
def listing(kinds: tuple[str, ...]) -> int:
    """List scenarios, sites, and what may stand in a scenario file: criteria, faults, loads, keys and events.

    Without a word all of them are listed.
    """
    for number, kind in enumerate(dict.fromkeys(kinds) or KINDS):
        heading, rows = KINDS[kind]
        click.echo(("\n" if number else "") + say(heading))
        found = list(rows())
        width = max(len(name) for name, _, _ in found)
        for name, what, more in found:
            click.echo(f"  {name:{width}}  {what}")
            beside = max((len(one) for one, _ in more), default=0)
            for one, text in more:
                click.echo(f"  {'':{width}}    {one:{beside}}: {text}")
    return 0
