"""The pytest plugin: scenario files as tests, and fixtures for tests that run a scenario themselves.

    pytest scenarios/ --simtel-target virtual --simtel-site today --simtel-seats 20

A YAML file that starts with `simtel: scenario/` is collected as one test for each target, site, size and criterion,
named `failover.active-server-crash[virtual-today-20-stable-calls-preserved]`. A scenario runs once for a site and size
in each pytest process; under xdist `--dist loadfile` keeps the tests of one scenario together. A test fails when its
verdict is FAIL, ERROR or INCONCLUSIVE; with `--simtel-inconclusive allow` the last is reported as skipped, with its
reason. Tests of one's own ask for `simtel_run`, or are marked `@pytest.mark.simtel("failover.active-server-crash")`
and ask for `simtel_evidence`; both run once for each site and size of the command line.

What takes long is announced: with -v or on a terminal, each run before it begins, and of a sweep the
first strike and at most `TOLD` more. Workers of xdist say nothing.

Every pytest run on the machine loads this file, so it imports nothing heavy until a scenario is met.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from traceback import format_exception
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from simtel.core.log import EvidenceLog
    from simtel.profiles.spec import SiteSpec
    from simtel.run.shared import Run, Shared
    from simtel.scenario.spec import Scenario
    from simtel.target.target import Target
    from simtel.verdict.verdict import Verdict

TOLD = 10
_HEAD = b"simtel: scenario/"
_BEGUN: pytest.StashKey[list[str]] = pytest.StashKey()
_SHARED: pytest.StashKey[Shared] = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Options of the command line."""
    group = parser.getgroup("simtel", "telephony scenarios")
    group.addoption("--simtel-target", default="virtual", metavar="KIND", help="virtual (default) or loopback")
    group.addoption("--simtel-site", action="append", metavar="ID", help="site; may be given again")
    group.addoption("--simtel-seats", action="append", type=int, metavar="N", help="seats; may be given again")
    group.addoption("--simtel-seed", type=int, default=1, metavar="N", help="seed of all that is random (default 1)")
    group.addoption(
        "--simtel-lang", choices=("en", "zh"), help="language of messages (default: from SIMTEL_LANG or LANG)"
    )
    group.addoption("--simtel-out", metavar="DIR", help="folder for evidence and verdicts (default: a temporary one)")
    group.addoption(
        "--simtel-inconclusive", choices=("fail", "allow"), default="fail",
        help="what a test does whose verdict is INCONCLUSIVE: fail (default), or be skipped with the reason",
    )  # fmt: skip


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker."""
    config.addinivalue_line("markers", "simtel(scenario): the scenario whose log the fixture simtel_evidence gives")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write run.json over all that was run."""
    if _SHARED in session.config.stash:
        session.config.stash[_SHARED].close()


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """A scenario file is a collector of tests; any other file is none of ours."""
    if file_path.suffix not in (".yaml", ".yml") or not _is_scenario(file_path):
        return None
    collector: pytest.Collector = ScenarioFile.from_parent(parent, path=file_path)
    return collector


def _is_scenario(path: Path) -> bool:
    """Whether the first line that is no comment says so."""
    try:
        with path.open("rb") as source:
            for line in source.read(4096).removeprefix(b"\xef\xbb\xbf").splitlines():
                if line.strip() and not line.startswith((b"#", b"---", b"%")):
                    return line.startswith(_HEAD)
    except OSError:
        pass
    return False


def _shared(config: pytest.Config) -> Shared:
    """The runs of this session. pytest.UsageError for sites or targets that are none."""
    if _SHARED not in config.stash:
        from simtel.core.problems import BadInput, render  # noqa: PLC0415  (only who meets a scenario pays)
        from simtel.run.choose import SITES  # noqa: PLC0415
        from simtel.run.shared import Shared  # noqa: PLC0415

        out = config.getoption("--simtel-out")
        worker = os.environ.get("PYTEST_XDIST_WORKER", "")  # two workers may run the same scenario
        try:
            shared = Shared(
                config.getoption("--simtel-target"),
                config.getoption("--simtel-site") or SITES,
                config.getoption("--simtel-seats") or (),
                config.getoption("--simtel-seed"),
                Path(out, worker).absolute() if out else None,
            )
            shared.target()
        except BadInput as bad:
            raise pytest.UsageError(render(bad.problems, lang=_lang(config))) from None
        config.stash[_SHARED] = shared
    return config.stash[_SHARED]


def _lang(config: pytest.Config) -> str:
    """The language of messages."""
    from simtel.core.i18n import default_language  # noqa: PLC0415

    return str(config.getoption("--simtel-lang") or default_language())


def _place(site: SiteSpec) -> str:
    return f"{site.id}-{site.seats}"


class ScenarioFile(pytest.File):
    """One scenario file."""

    def collect(self) -> Iterator[pytest.Item]:
        """A test for each site, size and criterion. A bad file is a collection error with every mistake in it."""
        from simtel.core.problems import BadInput, render  # noqa: PLC0415

        shared = _shared(self.config)
        try:
            scenario = shared.scenario(str(self.path))
        except BadInput as bad:
            raise self.CollectError(render(bad.problems, lang=_lang(self.config))) from None
        for site in shared.sites.of(scenario)[1]:
            for key in shared.keys(scenario, site):
                name = f"{scenario.id}[{shared.kind}-{_place(site)}-{key}]"
                item = CriterionItem.from_parent(self, name=name, scenario=scenario, site=site, key=key)
                if self.config.pluginmanager.hasplugin("timeout"):  # which is meant for tests of a second
                    item.add_marker(pytest.mark.timeout(0))
                yield item


class CriterionItem(pytest.Item):
    """One criterion of one scenario on one site."""

    def __init__(self, *, scenario: Scenario, site: SiteSpec, key: str, **rest: Any) -> None:
        super().__init__(**rest)
        self.scenario = scenario
        self.site = site
        self.key = key

    def runtest(self) -> None:
        """Run the scenario unless it was, and take this criterion's verdict."""
        announcer = Announcer(self)
        runs = _shared(self.config).runs(self.scenario, self.site, announcer.begin)
        announcer.end()
        judged = [(run, verdict) for run in runs if (verdict := run.verdict(self.key)) is not None]
        if not judged:
            run = runs[0]
            self.user_properties += [("target", run.judgement.header.target), ("outcome", "NOT JUDGED")]
            pytest.skip(_said(self.config, "{key} was not judged: {why}", key=self.key, why=_why_not(self.config, run)))
        run, verdict = max(judged, key=lambda pair: pair[1].outcome)  # of a sweep, the first of the worst
        self.user_properties += _properties(run, verdict)
        if verdict.outcome.name == "PASS":
            return
        if verdict.outcome.name == "INCONCLUSIVE" and self.config.getoption("--simtel-inconclusive") == "allow":
            pytest.skip(_headline(verdict, _lang(self.config)))
        raise VerdictError(_told(run, verdict, _lang(self.config)))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """A verdict speaks for itself; anything else is shown as pytest shows it."""
        if isinstance(excinfo.value, VerdictError):
            return str(excinfo.value)
        try:
            return super().repr_failure(excinfo, style)
        except TypeError:  # pytest counts with the line of each frame, and a frame that was broken off may have none
            return "".join(format_exception(excinfo.value))

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Where the test stands."""
        return self.path, None, self.name


class Announcer:
    """Says on the terminal which of all runs begins, and of a sweep which strike; silent where nobody reads it."""

    def __init__(self, item: pytest.Item) -> None:
        self._item = item
        self._verbosity = item.config.get_verbosity()
        self._reporter = item.config.pluginmanager.getplugin("terminalreporter")
        read = self._reporter is not None and not hasattr(item.config, "workerinput")
        self._read = read and (self._verbosity > 0 or (self._verbosity == 0 and self._reporter.isatty))
        self._wrote = False

    def begin(self, strike: int, strikes: int, name: str) -> None:
        """A run begins. The line stands alone."""
        if not self._read or (strike > 1 and strike * TOLD // strikes == (strike - 1) * TOLD // strikes):
            return
        begun = self._item.config.stash.setdefault(_BEGUN, [])
        if strike == 1:
            begun.append(name)
        items = (item for item in self._item.session.items if isinstance(item, CriterionItem))
        total = max(len({(item.scenario.id, _place(item.site)) for item in items}), len(begun))
        config = self._item.config
        which = _said(config, ", strike {strike} of {strikes}", strike=strike, strikes=strikes) if strikes > 1 else ""
        line = _said(config, "simtel: run {number} of {total}: {name}", number=len(begun), total=total, name=name)
        with self._uncaptured():
            if self._wrote:
                self._reporter.write("\n")
            else:
                self._reporter.ensure_newline()
            self._reporter.write(line + which, flush=True)
        self._wrote = True

    def end(self) -> None:
        """All runs ended. Where pytest writes only a letter for each test, it goes on behind the name of the file."""
        if self._wrote and self._verbosity == 0:
            with self._uncaptured():
                self._reporter.write_fspath_result(self._item.nodeid, "")

    def _uncaptured(self) -> AbstractContextManager[object]:
        capture = self._item.config.pluginmanager.getplugin("capturemanager")
        return nullcontext() if capture is None else capture.global_and_fixture_disabled()


class VerdictError(Exception):
    """A verdict that is not a pass."""


def _said(config: pytest.Config, template: str, /, **args: str | int) -> str:
    """A sentence in the user's language."""
    from simtel.core.i18n import Message, told  # noqa: PLC0415

    return told(Message(template, **args), _lang(config))


def _why_not(config: pytest.Config, run: Run) -> str:
    from simtel.report.words import tell  # noqa: PLC0415

    if run.log is None:
        return tell(run.judgement.verdicts[0].reason, _lang(config))
    return _said(config, "the target sees no calls")


def _headline(verdict: Verdict, lang: str) -> str:
    """Outcome and reason. The outcome is a word of every build server, and stays as it is."""
    from simtel.report.words import tell  # noqa: PLC0415

    return f"{verdict.outcome.name}: {tell(verdict.reason, lang)}"


def _properties(run: Run, verdict: Verdict) -> list[tuple[str, object]]:
    """What a JUnit file says of a verdict, in base units: as `simtel run --format junit` says it."""
    from simtel.report.formats import facts  # noqa: PLC0415

    said = {"target": run.judgement.header.target, **facts(verdict), "digest": run.judgement.digest}
    return list(said.items())


def _told(run: Run, verdict: Verdict, lang: str) -> str:
    """The verdict with all on which it rests."""
    from simtel.core.i18n import translate  # noqa: PLC0415
    from simtel.report.words import show_limit, show_measured, show_source, tell  # noqa: PLC0415

    header, limit = run.judgement.header, verdict.limit
    lines = [
        _headline(verdict, lang),
        "  " + translate("{key} of {scenario} on {site}, {seats} seats", lang,
                  key=verdict.key, scenario=header.scenario, site=header.site, seats=header.seats),
        "  " + translate("target {target}, seed {seed}", lang, target=header.target, seed=header.seed),
    ]  # fmt: skip
    if verdict.measured is not None:
        lines.append("  " + translate("measured: {figure}", lang, figure=show_measured(verdict.measured, lang)))
    if limit is not None:
        shown, source = show_limit(limit, lang), show_source(limit.basis, limit.source, lang)
        lines.append("  " + translate("limit: {limit} ({source})", lang, limit=shown, source=source))
    lines += ["  " + translate("note: {note}", lang, note=tell(note, lang)) for note in verdict.notes]
    if verdict.events:
        lines.append("  " + translate("events: {numbers}", lang, numbers=", ".join(map(str, verdict.events))))
    lines.append(
        "  " + translate("evidence: {path}", lang, path=str(run.log.path)) if run.log is not None
        else "  " + translate("evidence: none, it was not run", lang)
    )  # fmt: skip
    return "\n".join(lines)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that runs scenarios is repeated for each site and size."""
    if "simtel_site" in metafunc.fixturenames:
        sites = _shared(metafunc.config).sites
        metafunc.parametrize("simtel_site", sites, ids=[_place(site) for site in sites], indirect=True)


@pytest.fixture
def simtel_site(request: pytest.FixtureRequest) -> SiteSpec:
    """The site of this test: each one of the command line in turn."""
    site: SiteSpec = request.param
    return site


@pytest.fixture
def simtel_seed(request: pytest.FixtureRequest) -> int:
    """The seed of the command line."""
    return _shared(request.config).seed


@pytest.fixture
def simtel_target(request: pytest.FixtureRequest) -> Target:
    """A target of the kind that the command line names."""
    return _shared(request.config).target()


@pytest.fixture
def simtel_run(request: pytest.FixtureRequest, simtel_site: SiteSpec) -> Callable[[str], Run]:
    """Runs a scenario, by id or path, on the site of this test: judgement, log and folder."""
    shared = _shared(request.config)
    return lambda word: shared.run(shared.scenario(word), simtel_site)


@pytest.fixture
def simtel_evidence(request: pytest.FixtureRequest, simtel_run: Callable[[str], Run]) -> EvidenceLog:
    """The log of the scenario that the test's marker names."""
    marker = request.node.get_closest_marker("simtel")
    if marker is None or not marker.args:
        example = '@pytest.mark.simtel("failover.active-server-crash")'
        raise pytest.UsageError(
            _said(request.config, "simtel_evidence needs a marker such as {example}", example=example)
        )
    run = simtel_run(marker.args[0])
    if run.log is None:
        why = _why_not(request.config, run)
        pytest.fail(_said(request.config, "there is no evidence: {why}", why=why))
    return run.log
