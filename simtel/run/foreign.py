"""Evidence that others recorded, judged: captures and console files become a log of ours, and that is judged.

The target kind is `bench`: what was recorded is equipment that stands outside simtel. The clock of such a log is called
`recorded`, and each PASS on it says that it rests on the mapping.
"""

import io
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from simtel import __version__
from simtel.core.log import EvidenceLog, EvidenceWriter, Header, Limit
from simtel.core.problems import BadInput, Problem
from simtel.profiles.mapping import Mapping as Map
from simtel.profiles.mapping import read_mapping
from simtel.run.choose import scenarios_of
from simtel.run.files import write_whole
from simtel.run.kinds import misplaced
from simtel.run.once import as_log
from simtel.run.plan import expecting
from simtel.scenario.spec import Scenario
from simtel.target.recorded.evidence import Recording
from simtel.verdict.judge import RECORDED


def read_recording(
    files: Sequence[str | os.PathLike[str]],
    map_: str | os.PathLike[str],
    limits: Mapping[str, Mapping[str, Limit]] | None = None,
    keep: Path | None = None,
) -> tuple[EvidenceLog, list[str]]:
    """The log of a recording, and what is to be told about it. `keep` is a file that the log is written to.

    BadInput for what cannot be used; CannotWriteError.
    """
    wrong = [found for file in files if (found := misplaced(file)) is not None]
    wrong += [found] if (found := misplaced(map_, "mapping")) is not None else []
    if wrong:
        raise BadInput(wrong)
    mapping = read_mapping(map_)
    scenario = _scenario(mapping)
    recording = Recording(mapping, files)
    out = io.BytesIO()
    recording.write(EvidenceWriter(out, _header(recording, scenario, files, limits)))
    if keep is not None:
        write_whole(keep, out.getvalue())
    return as_log(out.getvalue()), recording.told


def _scenario(mapping: Map) -> Scenario:
    """The scenario whose criteria and limits apply: a shipped one by its id, or a file beside the mapping."""
    beside = Path(mapping.path).parent / mapping.scenario
    try:
        return scenarios_of([str(beside) if beside.is_file() else mapping.scenario])[0]
    except BadInput as bad:
        line, column = mapping.scenario_place
        raise BadInput(
            [
                problem if problem.path else Problem(mapping.path, line, column, problem.message, problem.hint)
                for problem in bad.problems
            ]
        ) from None


def _header(
    recording: Recording,
    scenario: Scenario,
    files: Sequence[str | os.PathLike[str]],
    limits: Mapping[str, Mapping[str, Limit]] | None,
) -> Header:
    mapping, roles = recording.mapping, recording.roles()
    seats = len(roles.get("seats", ()))
    names = [Path(file).name for file in files]
    return Header(
        scenario=scenario.id, site=mapping.id, target="bench", seed=0, version=__version__, seats=seats,
        title=scenario.title, why=scenario.why, site_title=mapping.title, requirement=scenario.requirement,
        scenario_hash=scenario.hash, site_hash=mapping.hash, clock=RECORDED, started=recording.started, roles=roles,
        observes=recording.observes(), expect=expecting(scenario, limits, seats).expect,
        command=" ".join(["simtel", "judge", *names, "--map", Path(mapping.path).name]),
    )  # fmt: skip
