"""However a run ends, its log tells the truth."""

from pathlib import Path

import pytest

from simtel.core.log import read_log
from simtel.core.problems import BadInput, Problem
from simtel.run.files import CannotWriteError
from simtel.run.once import to_file, to_memory
from simtel.verdict.judge import judge
from simtel.verdict.outcome import Outcome
from tests.run.fake import FakeTarget
from tests.run.sites import item


def test_file_and_memory_hold_the_same_evidence(tmp_path: Path) -> None:
    filed, kept = to_file(item(), FakeTarget(), tmp_path / "e.jsonl"), to_memory(item(), FakeTarget())
    assert filed.events == kept.events
    assert filed.footer == kept.footer
    assert filed.header == kept.header


def test_a_machine_that_fails_makes_every_criterion_an_error(tmp_path: Path) -> None:
    judgement = judge(to_file(item(), FakeTarget(fail=True), tmp_path / "e.jsonl"))
    assert {verdict.outcome for verdict in judgement.verdicts} == {Outcome.ERROR}
    assert "ArithmeticError: the planted machine broke" in str(judgement.verdicts[0].reason)


def test_a_run_that_is_broken_off_leaves_a_readable_log_on_which_nothing_passes(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        to_file(item(), FakeTarget(stop=KeyboardInterrupt()), tmp_path / "e.jsonl")
    log = read_log(tmp_path / "e.jsonl")
    assert len(log.events) == 6
    assert not log.complete
    assert Outcome.PASS not in {verdict.outcome for verdict in judge(log).verdicts}


@pytest.mark.parametrize(
    "stop", [CannotWriteError("e", OSError("full")), BadInput([Problem("plan", 1, 1, "cannot be run")])]
)
def test_what_cannot_be_written_or_run_leaves_no_log(tmp_path: Path, stop: Exception) -> None:
    with pytest.raises(type(stop)):
        to_file(item(), FakeTarget(stop=stop), tmp_path / "e.jsonl")
    assert list(tmp_path.iterdir()) == []
