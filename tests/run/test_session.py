"""All items into one folder, on one process or many."""

import json
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

import msgspec
import pytest

from simtel.core.log import read_log
from simtel.core.problems import BadInput, Problem
from simtel.run import session
from simtel.run.files import CannotWriteError
from simtel.run.plan import Item, items
from simtel.run.session import run_all, run_one, status
from simtel.run.variants import read_variants
from simtel.verdict.judge import Judgement
from simtel.verdict.outcome import Outcome
from tests.run.fake import FakeTarget
from tests.run.sites import crash, item, site

FOLDER = Path("failover.active-server-crash") / "proposal-as-drawn-20"


@pytest.fixture
def target(monkeypatch: pytest.MonkeyPatch) -> FakeTarget:
    fake = FakeTarget()
    monkeypatch.setattr(session, "make_target", lambda _: fake)
    return fake


def two() -> list[Item]:
    return items([crash()], [site(), site(seats=60)], seed=7)


def test_a_run_folder_holds_all_that_was_seen_and_said(tmp_path: Path, target: FakeTarget) -> None:
    (result,) = run_all([item()], tmp_path, jobs=1)
    found = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    assert found == {
        "run.json",
        *(str(FOLDER / name) for name in ("evidence.jsonl", "verdicts.json", "variants.jsonl")),
    }
    log = read_log(tmp_path / FOLDER / "evidence.jsonl")
    kept = msgspec.json.decode((tmp_path / FOLDER / "verdicts.json").read_bytes(), type=Judgement)
    assert log.footer is not None
    assert log.footer.digest == kept.digest == result.judgement.digest
    assert read_variants(tmp_path / FOLDER / "variants.jsonl", kept.digest)


def test_run_json_lists_the_items_with_paths_below_the_folder(tmp_path: Path, target: FakeTarget) -> None:
    results = run_all(two(), tmp_path, jobs=1)
    told = json.loads((tmp_path / "run.json").read_bytes())
    assert told["simtel"] == "run/1"
    assert [entry["seats"] for entry in told["items"]] == [20, 60]
    for entry, result in zip(told["items"], results, strict=True):
        assert (tmp_path / entry["evidence"]).is_file()
        assert (tmp_path / entry["verdicts"]).is_file()
        assert entry["digest"] == result.judgement.digest
        assert entry["outcome"] == result.judgement.outcome.name


def test_many_processes_find_what_one_finds_in_the_same_order(tmp_path: Path, target: FakeTarget) -> None:
    one, many = (run_all(two(), tmp_path / str(jobs), jobs=jobs) for jobs in (1, 2))
    assert [result.judgement for result in one] == [result.judgement for result in many]
    told = [(tmp_path / str(jobs) / "run.json").read_bytes() for jobs in (1, 2)]
    assert told[0] == told[1]


def test_progress_counts_every_item_and_names_the_one_under_way(tmp_path: Path, target: FakeTarget) -> None:
    names = [one.name for one in two()]
    for jobs in (1, 2):
        seen: list[tuple[int, int, str]] = []
        run_all(two(), tmp_path, jobs=jobs, progress=lambda *told, seen=seen: seen.append(told))  # type: ignore[misc]
        assert seen[0] == (0, 2, names[0])
        assert seen[-1] == (2, 2, names[1])
        assert [done for done, _, _ in seen] == sorted(done for done, _, _ in seen)
        assert all(name in names for _, _, name in seen)


def test_progress_is_told_again_while_one_item_takes_long(
    tmp_path: Path, target: FakeTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Slow(Executor):
        """Does a piece of work when it has been asked about three times."""

        def submit(self, work: Any, /, *args: Any, **_: Any) -> Future[Any]:
            future: Future[Any] = Future()
            self.todo.append((future, work, args))
            return future

        def __init__(self) -> None:
            self.todo: list[tuple[Future[Any], Any, tuple[Any, ...]]] = []

    slow = Slow()
    seen: list[int] = []

    def progress(done: int, total: int, name: str) -> None:
        seen.append(done)
        if len(seen) % 3 == 0 and slow.todo:
            future, work, args = slow.todo.pop(0)
            future.set_result(work(*args))

    monkeypatch.setattr("simtel.run.workers.TICK", 0.0)
    run_all(two(), tmp_path, executor=slow, progress=progress)
    assert seen == [0, 0, 0, 1, 1, 1, 2]


def test_an_item_that_the_site_cannot_have_is_judged_inconclusive(tmp_path: Path, target: FakeTarget) -> None:
    scenario = crash(roles=("platforms",))
    (result,) = run_all([item(scenario=scenario)], tmp_path, jobs=1)
    assert [v.outcome for v in result.judgement.verdicts] == [Outcome.INCONCLUSIVE]
    assert str(result.judgement.verdicts[0].reason) == "Not applicable: the site has no platforms"
    assert not any(v.applies for v in result.judgement.verdicts)
    assert result.entry.evidence is None
    assert target.runs == 0
    assert status([result]) == 3


def test_a_plan_that_the_target_cannot_run_is_inconclusive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bad = BadInput([Problem("plan", 1, 1, "has calls, and there is nobody to call")])
    monkeypatch.setattr(session, "make_target", lambda _: FakeTarget(stop=bad))
    result = run_one(item(), tmp_path)
    assert result.judgement.outcome is Outcome.INCONCLUSIVE
    assert "nobody to call" in str(result.judgement.verdicts[0].reason)
    assert not any(v.applies for v in result.judgement.verdicts)


def test_a_failing_machine_is_an_error_and_is_not_varied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = FakeTarget(fail=True)
    monkeypatch.setattr(session, "make_target", lambda _: fake)
    (result,) = run_all([item()], tmp_path, jobs=1)
    assert result.judgement.outcome is Outcome.ERROR
    assert fake.runs == 1
    assert status([result]) == 4


def test_a_sweep_is_run_strike_by_strike(tmp_path: Path, target: FakeTarget) -> None:
    results = run_all([item(scenario=crash(sweep="takeover"))], tmp_path, jobs=1)
    assert len(results) == 10
    told = json.loads((tmp_path / "run.json").read_bytes())["items"]
    assert len({entry["scenario"] for entry in told}) == 10
    assert all("@" in entry["scenario"] for entry in told)


def test_a_sweep_without_a_step_is_inconclusive(
    tmp_path: Path, target: FakeTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "strikes", lambda *_: [])
    (result,) = run_all([item(scenario=crash(sweep="takeover"))], tmp_path, jobs=1)
    assert result.judgement.outcome is Outcome.INCONCLUSIVE
    assert "no step to strike at" in str(result.judgement.verdicts[0].reason)


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_run_that_cannot_be_written_stops_and_leaves_no_run_json(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jobs: int
) -> None:
    full = CannotWriteError("evidence.jsonl", OSError(28, "No space left on device"))
    monkeypatch.setattr(session, "make_target", lambda _: FakeTarget(stop=full))
    (tmp_path / "run.json").write_text("of an earlier run")
    (tmp_path / "report.html").write_text("of an earlier run")
    with pytest.raises(CannotWriteError):
        run_all(two(), tmp_path, jobs=jobs)
    left = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert all(path.name.startswith("evidence.jsonl") for path in left)  # of another process, stopped in the middle
    assert not [path for path in left if b'{"footer"' in path.read_bytes()]  # nothing that looks whole
    assert jobs > 1 or not left


def test_loopback_runs_take_turns(tmp_path: Path, target: FakeTarget, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "pool", lambda _: pytest.fail("a pool was made"))
    run_all([msgspec.structs.replace(one, target="loopback") for one in two()], tmp_path, jobs=2)
    assert target.runs == 2  # and nothing was varied


@pytest.mark.parametrize(
    ("outcomes", "code"),
    [(["PASS", "PASS"], 0), (["PASS", "FAIL"], 1), (["PASS", "INCONCLUSIVE"], 3), (["FAIL", "ERROR"], 4), ([], 3)],
)
def test_the_exit_status_is_that_of_the_worst(
    tmp_path: Path, target: FakeTarget, outcomes: list[str], code: int
) -> None:
    result = run_one(item(), tmp_path)
    results = [
        msgspec.structs.replace(
            result, judgement=msgspec.structs.replace(result.judgement, outcome=Outcome[name])
        ) for name in outcomes
    ]  # fmt: skip
    assert status(results) == code


def test_an_earlier_run_in_the_same_folder_gives_way(tmp_path: Path, target: FakeTarget) -> None:
    run_all(two(), tmp_path, jobs=1)
    mine = tmp_path / FOLDER.parent / "proposal-as-drawn-60" / "note.txt"
    mine.write_text("not simtel's")
    assert len(session.earlier_items(tmp_path)) == 2
    run_all(items([crash()], [site(seats=40)], seed=7), tmp_path, jobs=1)
    left = {str(path.relative_to(tmp_path / FOLDER.parent)) for path in tmp_path.rglob("*/*/*") if path.is_file()}
    assert left == {
        "proposal-as-drawn-60/note.txt",
        *(f"proposal-as-drawn-40/{name}" for name in ("evidence.jsonl", "verdicts.json", "variants.jsonl")),
    }


@pytest.mark.parametrize("content", ["", "{}", '{"simtel": "run/1", "items": [{"scenario": "../x"}]}'])
def test_what_is_no_list_of_a_run_names_no_earlier_items(tmp_path: Path, content: str) -> None:
    (tmp_path / "run.json").write_text(content)
    assert session.earlier_items(tmp_path) == []


def test_items_outside_the_folder_are_not_touched(tmp_path: Path, target: FakeTarget) -> None:
    out = tmp_path / "out"
    run_all([item()], out, jobs=1)
    told = (out / "run.json").read_text().replace('"scenario": "failover.', '"scenario": "../failover.')
    (out / "run.json").write_text(told)
    assert "../failover." in told
    assert session.earlier_items(out) == []
