"""Runs shared by many tests: each scenario on each site of each size runs once, however many criteria ask."""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from simtel.core.log import EvidenceLog, read_log
from simtel.profiles.spec import SiteSpec
from simtel.run.choose import scenarios_of, sites_of
from simtel.run.plan import Item, items
from simtel.run.session import Progress, Result, run_one, strikes_of, write_run
from simtel.run.targets import make_target
from simtel.scenario.spec import Scenario
from simtel.target.target import Target
from simtel.verdict.criteria import ALWAYS, one_active
from simtel.verdict.judge import Judgement
from simtel.verdict.verdict import Verdict, key_of


class Run(NamedTuple):
    """What a run gave. `log` is None when the site lacks what the scenario needs."""

    judgement: Judgement
    log: EvidenceLog | None
    folder: Path

    def verdict(self, key: str) -> Verdict | None:
        """The verdict with that key, if it was given."""
        return next((one for one in self.judgement.verdicts if one.key == key), None)


class Shared:
    """All runs of one session on one target. BadInput for sites that are none."""

    def __init__(
        self, target: str, sites: Sequence[str], seats: Sequence[int], seed: int, out: Path | None = None
    ) -> None:
        self.kind = target
        self.seed = seed
        self.sites = sites_of(sites, seats, "grown")
        self._out = out
        self._done: dict[str, list[Run]] = {}
        self._results: list[Result] = []
        self._item: Item | None = None

    @property
    def out(self) -> Path:
        """The folder of the session; a new one below the machine's temporary folder when none was named."""
        if self._out is None:
            self._out = Path(tempfile.mkdtemp(prefix="simtel-"))
        return self._out

    def target(self) -> Target:
        """A target of the session's kind."""
        return make_target(self.kind)

    def scenario(self, word: str) -> Scenario:
        """A scenario by path or by the id of a shipped one. BadInput."""
        (found,) = scenarios_of([word])
        return found

    def keys(self, scenario: Scenario, site: SiteSpec) -> list[str]:
        """Keys of the verdicts that the scenario will have on the site."""
        asked = [key_of(wanted.criterion, wanted.subject) for wanted in scenario.expect]
        always = [id_ for id_ in ALWAYS if id_ != one_active.ID or site.layout.servers >= one_active.PAIR]
        return asked + [id_ for id_ in always if id_ not in asked]

    def runs(self, scenario: Scenario, site: SiteSpec, progress: Progress | None = None) -> list[Run]:
        """The runs of a scenario on a site, made when first asked for: one, or all strikes of a sweep.

        `progress` is told of each before it begins.
        """
        given = [one for one in items([scenario], self.sites, self.seed, self.kind) if one.site.id == site.id]
        sized = [one for one in given if one.scenario.seats is not None or one.site.seats == site.seats]
        (item,) = sized or items([scenario], [site], self.seed, self.kind)
        if item.name not in self._done:
            self._item = item
            strikes = strikes_of(item)
            results = []
            for number, strike in enumerate(strikes, start=1):
                if progress is not None:
                    progress(number, len(strikes), item.name)
                results.append(run_one(strike, self.out))
            self._results += results
            self._done[item.name] = [self._run(result) for result in results]
        return self._done[item.name]

    def run(self, scenario: Scenario, site: SiteSpec) -> Run:
        """The run of a scenario on a site; of a sweep, the first of the worst."""
        return max(self.runs(scenario, site), key=lambda run: run.judgement.outcome)

    def _run(self, result: Result) -> Run:
        path = result.entry.evidence
        log = read_log(self.out / path) if path is not None else None
        return Run(result.judgement, log, (self.out / result.entry.verdicts).parent)

    def close(self) -> Path | None:
        """Write run.json over all that was run; None when nothing was."""
        return write_run(self._results, self.out, self._item) if self._item is not None else None
