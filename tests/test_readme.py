"""What README says is so, in both languages: commands, links, files to copy, samples, the state of each requirement.

The table of requirements is generated from the `requirement` of the shipped scenarios and from the table of what waits
in simtel/report/claims.py, those of criteria and faults by tests/readme_tables.py: `.venv/bin/python -m
tests.test_readme` writes them into both files anew. Output of the program is written there by `tests/samples.py`.
"""

import ast
import re
import shlex
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import click
import msgspec
import pytest
from click.testing import CliRunner

from simtel import pytest_plugin
from simtel.cli.group import COMMANDS, Simtel, cli
from simtel.core import data
from simtel.core.faults import FAULTS
from simtel.core.i18n import translate
from simtel.core.problems import BadInput
from simtel.core.units import show
from simtel.profiles.catalogue import site_names
from simtel.report.claims import CLAIMED, LATER
from simtel.report.html import NAME
from simtel.run.choose import scenarios_of, sites_of
from simtel.run.once import to_memory
from simtel.run.plan import Item, items
from simtel.run.targets import make_target
from simtel.scenario.check import check
from simtel.scenario.collect import collect
from simtel.scenario.spec import Scenario
from simtel.verdict.criteria import CRITERIA
from simtel.verdict.judge import judge
from simtel.verdict.outcome import Outcome
from tests import readme_tables, samples

ROOT = Path(__file__).resolve().parent.parent
READMES = {"en": ROOT / "README.md", "zh": ROOT / "README.zh.md"}
LANGS = pytest.mark.parametrize("lang", READMES)

# What each requirement asks for.
ASKED = {id_: tuple(translate(claim.template, lang) for lang in READMES) for id_, claim in CLAIMED.items()}
WORDS = {"en": ("no.", "what is asked", "scenarios", "later"), "zh": ("编号", "要求", "场景", "以后")}
MARKS = ("<!-- requirements: written by tests/test_readme.py -->", "<!-- /requirements -->")


def table(lang: str) -> str:
    """The state of each requirement as a Markdown table between its marks."""
    place = list(READMES).index(lang)
    number, asked, tried, later = WORDS[lang]
    lines = [f"| {number} | {asked} | {tried} | {later} |", "|---|---|---|---|"]
    for requirement, titles in ASKED.items():
        found = _by_area(requirement)
        waits = translate(LATER[requirement].template, lang) if requirement in LATER else ""
        if not found:
            found, waits = "-", f"**{later}**: {waits}" if lang == "en" else f"**{later}**：{waits}"
        lines.append(f"| {requirement} | {titles[place]} | {found} | {waits} |")
    return "\n".join([MARKS[0], *lines, MARKS[1]])


@cache
def _shipped() -> list[Scenario]:
    return list(collect([data.scenarios()]))


def _by_area(requirement: str) -> str:
    areas: dict[str, list[str]] = {}
    for scenario in _shipped():
        if requirement in scenario.requirement:
            area, _, name = scenario.id.partition(".")
            areas.setdefault(area, []).append(name)
    return "; ".join(f"**{area}** {', '.join(sorted(names))}" for area, names in sorted(areas.items()))


def fences(lang: str) -> list[tuple[str, str]]:
    """Fenced blocks: language and content."""
    return re.findall(r"^```(\w*)\n(.*?)^```", READMES[lang].read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


def commands(lang: str) -> list[list[str]]:
    """Every command of simtel, make or pytest, in a block or between back-ticks, as words."""
    text = READMES[lang].read_text(encoding="utf-8")
    prose = re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)
    lines = [line for kind, block in fences(lang) if kind != "yaml" for line in block.replace("\\\n", " ").splitlines()]
    lines += re.findall(r"`([^`\n]+)`", prose)
    found = [line.removeprefix("$ ") for line in lines]
    return [shlex.split(line, comments=True) for line in found if re.match(r"(simtel|make|pytest) ", line)]


def files_to_copy(lang: str) -> dict[str, str]:
    """Files that README shows whole: YAML blocks that start with `# NAME`."""
    return {block.split("\n", 1)[0].removeprefix("# "): block for kind, block in fences(lang) if kind == "yaml"}


class Options:
    """Stands for pytest's parser and keeps the options that the plugin adds."""

    def __init__(self) -> None:
        self.known: dict[str, Any] = {}

    def getgroup(self, *_names: str) -> "Options":
        return self

    def addoption(self, name: str, **how: Any) -> None:
        self.known[name] = how.get("choices")


def wrong(words: list[str], folder: Path) -> str:
    """What is wrong with a command typed in a checkout that also holds README's own files; empty when nothing is."""
    rules: dict[str, Callable[[list[str], Path], str]] = {
        "simtel": _wrong_simtel, "make": _wrong_make, "pytest": _wrong_pytest,
    }  # fmt: skip
    return rules[words[0]](words[1:], folder)


def _wrong_simtel(words: list[str], folder: Path) -> str:
    assert isinstance(cli, Simtel)
    if "--help" in words or "--version" in words:
        return ""
    try:
        with click.Context(cli, info_name="simtel") as ctx:
            parsed = cli.make_context("simtel", list(words))
            name, command, rest = cli.resolve_command(ctx, [*parsed._protected_args, *parsed.args])
            assert command is not None
            within = command.make_context(name, rest, parent=ctx)
            if isinstance(command, click.Group):
                below, command, rest = command.resolve_command(within, [*within._protected_args, *within.args])
                assert command is not None
                within = command.make_context(below, rest, parent=within)
            given = within.params
        if name == "run":
            scenarios_of(given["paths"])
            sites_of(given["sites"], given["seats"], given["parts"])
        elif name == "check":
            missing = [p for p in given["paths"] if not (Path(p).exists() or (ROOT / p).exists())]
            return f"there is no {missing}" if missing else ""
    except (click.ClickException, BadInput) as error:
        return str(error)
    return ""


def _wrong_make(words: list[str], folder: Path) -> str:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    variables = set(re.findall(r"^([A-Z_]+) *[?:]?=", makefile, re.MULTILINE))
    unknown = [w for w in words if w not in targets and w.partition("=")[0] not in variables]
    return f"the Makefile knows no {unknown}" if unknown else ""


def _wrong_pytest(words: list[str], folder: Path) -> str:
    options = Options()
    pytest_plugin.pytest_addoption(options)  # type: ignore[arg-type]
    for word, value in zip(words, [*words[1:], ""], strict=True):
        if word.startswith("--simtel") and word not in options.known:
            return f"no option {word}"
        if options.known.get(word) and value not in options.known[word]:
            return f"{word} is not {value}"
        if word == "--simtel-site" and value not in site_names():
            return f"no site {value}"
        if word.endswith(("/", ".yaml", ".py")) and not ((ROOT / word).exists() or (folder / word).exists()):
            return f"there is no {word}"
    return ""


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with README's own files, which are the same in both languages."""
    for name, content in files_to_copy("en").items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@LANGS
def test_the_table_of_requirements_is_the_generated_one(lang: str) -> None:
    assert table(lang) in READMES[lang].read_text(encoding="utf-8"), "run python -m tests.test_readme"


@LANGS
@pytest.mark.parametrize("name", readme_tables.TABLES)
def test_the_tables_of_criteria_and_faults_are_the_generated_ones(lang: str, name: str) -> None:
    assert readme_tables.drawn(name, lang) in READMES[lang].read_text(encoding="utf-8"), (
        "run python -m tests.test_readme"
    )


def test_every_criterion_and_every_kind_of_fault_is_told() -> None:
    assert readme_tables.MEASURES.keys() == CRITERIA.keys()
    assert readme_tables.STRIKES_ZH.keys() == FAULTS.keys()
    for lang in READMES:
        for name, spec in ((n, s) for c in CRITERIA.values() for n, s in c.limits.items()):
            assert f"`{name}`" in readme_tables.drawn("criteria", lang)
            if spec.default is not None:
                assert show(spec.default.value, spec.unit) in readme_tables.drawn("criteria", lang)


@LANGS
@pytest.mark.parametrize("user", samples.SAMPLES)
def test_the_output_that_readme_shows_is_what_the_program_prints(lang: str, user: str) -> None:
    text = READMES[lang].read_text(encoding="utf-8")
    assert samples.shown(user, lang) in text, "run python tests/samples.py readme"


@pytest.mark.parametrize("user", samples.SAMPLES)
def test_a_sample_is_what_the_program_finds_today(user: str) -> None:
    """Runs each sample's command without varying figures: same events, same figures, no other outcome."""
    kept = samples.stored(user)
    found = [judge(to_memory(item, make_target(item.target))) for item in planned(samples.SAMPLES[user])]
    again = "rules or files have changed: run python tests/samples.py"
    assert [j.digest for j in found] == [j.digest for j in kept], again
    for now, then in zip(found, kept, strict=True):
        assert [v.key for v in now.verdicts] == [v.key for v in then.verdicts], again
        for one, other in zip(now.verdicts, then.verdicts, strict=True):
            assert (one.measured, one.limit) == (other.measured, other.limit), again
            assert other.outcome in (one.outcome, Outcome.INCONCLUSIVE), again


def planned(command: str) -> list[Item]:
    """What a sample's command would run, without varying."""
    with click.Context(cli, info_name="simtel"):
        context = cli.make_context("simtel", shlex.split(command)[1:])
        name, run, rest = cli.resolve_command(context, [*context._protected_args, *context.args])
        assert run is not None
        given = run.make_context(name, rest, parent=context).params
    scenarios, sites = scenarios_of(given["paths"]), sites_of(given["sites"], given["seats"], given["parts"])
    return items(scenarios, sites, given["seed"], given["target"], vary=False)


def test_every_requirement_has_a_line_with_a_scenario_or_the_word_later() -> None:
    assert list(ASKED) == [*(f"R{n}" for n in range(1, 19)), *(f"D{n}" for n in range(1, 10))]
    for lang in READMES:
        for line in table(lang).splitlines()[3:-1]:
            tried, waits = (cell.strip() for cell in line.split("|")[3:5])
            assert (tried == "-") == waits.startswith(f"**{WORDS[lang][3]}**")
            assert tried == "-" or re.match(r"\*\*[a-z]+\*\* [a-z]", tried)


@LANGS
def test_every_command_names_what_exists(lang: str, checkout: Path) -> None:
    found = commands(lang)
    assert {words[0] for words in found} == {"simtel", "make", "pytest"}
    assert {words[1] for words in found if words[0] == "simtel"} >= {"run", "judge", "check"}
    for words in found:
        if words[1] == "size" and "--out" in words:  # it writes the site that the next command runs
            assert CliRunner().invoke(cli, [*words[1:], "--no-simulate"]).exit_code == 0
    assert not {shlex.join(words): said for words in found if (said := wrong(words, checkout))}


@pytest.mark.parametrize(
    "command",
    [
        "simtel walk scenarios/", "simtel run scenarios/failover/ --site yesterday", "simtel run scenarios/nowhere/",
        "simtel run scenarios/failover/ --sites today", "simtel run scenarios/failover/ --target bench",
        "simtel run scenarios/failover/ --seats many", "simtel check nowhere.yaml", "make coffee", "make bench SPEED=1",
        "pytest scenarios/ --simtel-sites today", "pytest scenarios/ --simtel-site yesterday", "pytest nowhere/",
        "pytest scenarios/ --simtel-inconclusive pass",
    ],
)  # fmt: skip
def test_a_command_that_names_nothing_is_found(command: str, checkout: Path) -> None:
    assert wrong(shlex.split(command), checkout)


@LANGS
def test_each_shipped_site_is_named(lang: str) -> None:
    text = READMES[lang].read_text(encoding="utf-8")
    assert [site for site in site_names() if f"`{site}`" not in text] == []


def test_each_command_of_simtel_is_shown() -> None:
    assert {words[1] for words in commands("en") if words[0] == "simtel"} >= COMMANDS.keys()


@LANGS
def test_every_file_to_copy_is_sound(lang: str, tmp_path: Path) -> None:
    shown = files_to_copy(lang)
    assert shown.keys() == {"lunch-hour.yaml", "one-switch.yaml", "limits.yaml"}
    for name, content in shown.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    problems, count = check([tmp_path])
    assert not problems
    assert count == len(shown)


def test_the_tests_to_copy_ask_for_fixtures_that_there_are() -> None:
    blocks = [block for kind, block in fences("en") if kind == "python"]
    assert blocks == [block for kind, block in fences("zh") if kind == "python"]
    tests = [node for block in blocks for node in ast.parse(block).body if isinstance(node, ast.FunctionDef)]
    asked = {argument.arg for test in tests for argument in test.args.args}
    assert asked
    assert all(hasattr(pytest_plugin, name) for name in asked)


@LANGS
def test_every_relative_link_leads_somewhere(lang: str) -> None:
    links = re.findall(r"\]\(([^)#\s]+)\)|(?:src|href)=\"([^\"#]+)\"", READMES[lang].read_text(encoding="utf-8"))
    near = [link for pair in links for link in pair if link and "://" not in link]
    assert near
    assert not [link for link in near if not (ROOT / link).exists()]


def test_both_languages_say_the_same() -> None:
    heads = {}
    for lang, path in READMES.items():
        prose = re.sub(r"^```.*?^```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
        heads[lang] = [len(marks) for marks in re.findall(r"^(#+) ", prose, re.MULTILINE)]
    assert heads["en"] == heads["zh"]
    assert commands("en") == commands("zh")
    assert files_to_copy("en") == files_to_copy("zh")


@LANGS
def test_the_command_of_each_sample_is_told(lang: str) -> None:
    told = [shlex.join(words) for words in commands(lang)]
    assert not [command for command in samples.SAMPLES.values() if command not in told]


@pytest.mark.parametrize("user", samples.SAMPLES)
def test_a_sample_is_small_and_needs_nothing_beside_it(user: str) -> None:
    folder = samples.FOLDER / user
    assert {path.name for path in folder.iterdir()} == {NAME, "verdicts.json", samples.JUDGEMENTS}
    assert sum(path.stat().st_size for path in folder.iterdir()) <= samples.LARGEST
    page = (folder / NAME).read_text(encoding="utf-8")
    assert page.rstrip().endswith("</html>")
    assert not _outside(page)
    assert msgspec.json.decode((folder / "verdicts.json").read_bytes())["simtel"] == "verdicts/1"


@LANGS
def test_the_picture_is_small_and_needs_nothing_beside_it(lang: str) -> None:
    path = samples.FOLDER / samples.PICTURE.format(lang=lang)
    assert path.stat().st_size < 200_000
    text = path.read_text(encoding="utf-8")
    assert ET.fromstring(text).tag.endswith("svg")  # noqa: S314 - our own file
    assert not _outside(text)
    assert path.relative_to(ROOT).as_posix() in READMES[lang].read_text(encoding="utf-8")


def test_what_lies_outside_is_found() -> None:
    assert _outside('<img src="picture.png">')
    assert _outside("<style>@import url(other.css)</style>")
    assert not _outside('<a href="#item-1"></a><img src="data:image/png;base64,">')


def _outside(page: str) -> list[str]:
    """What a page would load or lead to beyond itself."""
    return re.findall(r"(?:src|href)\s*=\s*[\"'](?!#|data:)[^\"']*|url\((?!#|data:)[^)]*|@import", page)


def fill(text: str, lang: str) -> str:
    """README with its table written anew."""
    before, _, rest = text.partition(MARKS[0])
    return readme_tables.fill(before + table(lang) + rest.partition(MARKS[1])[2], lang)


if __name__ == "__main__":
    for language, readme in READMES.items():
        readme.write_text(fill(readme.read_text(encoding="utf-8"), language), encoding="utf-8")
