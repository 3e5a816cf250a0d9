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
        from simtel.core.problems import BadInput  # noqa: PLC0415  (only a session that meets a scenario pays)
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
            raise pytest.UsageError(str(bad)) from None
        config.stash[_SHARED] = shared
    return config.stash[_SHARED]


def _place(site: SiteSpec) -> str:
    return f"{site.id}-{site.seats}"


class ScenarioFile(pytest.File):
    """One scenario file."""

    def collect(self) -> Iterator[pytest.Item]:
        """A test for each site, size and criterion. A bad file is a collection error with every mistake in it."""
        from simtel.core.problems import BadInput  # noqa: PLC0415

        shared = _shared(self.config)
        try:
            scenario = shared.scenario(str(self.path))
        except BadInput as bad:
            raise self.CollectError(str(bad)) from None
        for site in shared.sites:
            for key in shared.keys(scenario, site):
                name = f"{scenario.id}[{shared.kind}-{_place(site)}-{key}]"
                yield CriterionItem.from_parent(self, name=name, scenario=scenario, site=site, key=key)


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
            pytest.skip(f"{self.key} was not judged: {_why_not(run)}")
        run, verdict = max(judged, key=lambda pair: pair[1].outcome)  # of a sweep, the first of the worst
        self.user_properties += _properties(run, verdict)
        if verdict.outcome.name == "PASS":
            return
        if verdict.outcome.name == "INCONCLUSIVE" and self.config.getoption("--simtel-inconclusive") == "allow":
            pytest.skip(f"INCONCLUSIVE: {verdict.reason}")
        raise VerdictError(_told(run, verdict))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """A verdict speaks for itself; anything else is shown as pytest shows it."""
        if isinstance(excinfo.value, VerdictError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

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
        which = f", strike {strike} of {strikes}" if strikes > 1 else ""
        with self._uncaptured():
            if self._wrote:
                self._reporter.write("\n")
            else:
                self._reporter.ensure_newline()
            self._reporter.write(f"simtel: run {len(begun)} of {total}: {name}{which}", flush=True)
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


def _why_not(run: Run) -> str:
    return str(run.judgement.verdicts[0].reason) if run.log is None else "the target sees no calls"


def _properties(run: Run, verdict: Verdict) -> list[tuple[str, object]]:
    """What a JUnit file says of a verdict, in base units."""
    found: list[tuple[str, object]] = [
        ("target", run.judgement.header.target), ("outcome", verdict.outcome.name), ("digest", run.judgement.digest),
    ]  # fmt: skip
    if verdict.measured is not None:
        measured = verdict.measured
        found += [("measured", measured.value), ("unit", str(measured.unit)), ("uncertainty", measured.uncertainty)]
    if verdict.limit is not None:
        found += [("limit", verdict.limit.value), ("limit_name", verdict.limit.name)]
    return found


def _told(run: Run, verdict: Verdict) -> str:
    """The verdict with all on which it rests."""
    from simtel.core.units import show  # noqa: PLC0415

    header, measured, limit = run.judgement.header, verdict.measured, verdict.limit
    lines = [
        f"{verdict.outcome.name}: {verdict.reason}",
        f"  {verdict.key} of {header.scenario} on {header.site}, {header.seats} seats",
        f"  target {header.target}, seed {header.seed}",
    ]
    if measured is not None:
        off = f" (off by at most {show(measured.uncertainty, measured.unit)})" if measured.uncertainty else ""
        lines.append(f"  measured: {show(measured.value, measured.unit)}{off}")
    if limit is not None:
        lines.append(f"  limit: {limit.name} {show(limit.value, limit.unit)} ({limit.basis}: {limit.source})")
    lines += [f"  note: {note}" for note in verdict.notes]
    if verdict.events:
        lines.append(f"  events: {', '.join(map(str, verdict.events))}")
    lines.append(f"  evidence: {run.log.path if run.log is not None else 'none: it was not run'}")
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
        raise pytest.UsageError(
            'simtel_evidence needs a marker such as @pytest.mark.simtel("failover.active-server-crash")'
        )
    run = simtel_run(marker.args[0])
    if run.log is None:
        pytest.fail(f"there is no evidence: {_why_not(run)}")
    return run.log
