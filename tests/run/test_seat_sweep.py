"""A sweep is the same whoever computes it, is taken up where it was broken off, and loses nothing that was ready."""

from concurrent.futures import Executor, Future, ThreadPoolExecutor
from pathlib import Path

import msgspec
import pytest

from simtel.core.problems import BadInput
from simtel.profiles.demand import read_demand
from simtel.run import seat_sweep
from simtel.run.seat_sweep import Kept, Sweep, executor_of, sweep, write_sweep
from simtel.sizing.design.sweep_point import Point, Question, Share, question
from simtel.sizing.kernels.draws import Law
from tests.sizing.demands import demand_file

ASKED = question(read_demand(demand_file().encode(), "demand.yaml"), 10, 1000, seed=1)
SEATS = range(5, 30, 3)


@pytest.fixture
def computed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The numbers of seats for which a point was computed."""
    numbers: list[int] = []

    def point(asked: Question, seats: int) -> Point:
        numbers.append(seats)
        share = Share(seats / 30, seats / 31, seats / 29, asked.callers.rate)
        return Point(seats, 10, 1000, 8, {"service_level": share})

    monkeypatch.setattr(seat_sweep, "point", point)
    return numbers


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def whole(folder: Path, executor: Executor, asked: Question = ASKED) -> dict[str, bytes]:
    points = sweep(asked, SEATS, folder, executor)
    write_sweep(folder / "sweep.json", Sweep("1", "tests", "0", asked, tuple(points)))
    return files(folder)


def test_the_files_are_the_same_whoever_computes_and_in_whatever_order(tmp_path: Path, computed: list[int]) -> None:
    threads = whole(tmp_path / "threads", ThreadPoolExecutor(4))
    assert sorted(computed) == list(SEATS)
    alone = whole(tmp_path / "alone", _Backwards())
    assert alone == threads
    assert len(alone) == len(SEATS) + 1
    read = msgspec.json.decode(alone["sweep.json"], type=Sweep)
    assert [one.seats for one in read.points] == list(SEATS)


class _Backwards(Executor):
    """Any executor: this one does all at the end, the last first, and says so by futures of its own."""

    def __init__(self) -> None:
        self.work: list[tuple[Future, object, tuple]] = []

    def submit(self, fn, /, *args, **kwargs):  # type: ignore[no-untyped-def]
        future: Future = Future()
        self.work.append((future, fn, args))
        if len(self.work) == len(SEATS):
            for made, task, words in reversed(self.work):
                made.set_result(task(*words))  # type: ignore[operator]
        return future


def test_what_the_folder_holds_is_not_computed_again(tmp_path: Path, computed: list[int]) -> None:
    first = whole(tmp_path, ThreadPoolExecutor(2))
    computed.clear()
    assert whole(tmp_path, ThreadPoolExecutor(2)) == first
    assert computed == []
    (tmp_path / "points" / "8.json").write_bytes(first["points/8.json"][:40])  # torn by somebody else
    (tmp_path / "points" / "17.json").unlink()
    (tmp_path / "points" / "20.json").write_bytes(first["points/23.json"])
    assert whole(tmp_path, ThreadPoolExecutor(2)) == first
    assert sorted(computed) == [8, 17, 20]


def test_what_was_asked_otherwise_is_computed_again(
    tmp_path: Path, computed: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole(tmp_path, ThreadPoolExecutor(2))
    changes = [
        {"seed": 2}, {"calls": 2000}, {"half_width": 0.01}, {"service": Law.exponential(170.0)}, {"trunks": 30},
        {"ports": 9}, {"confidence": 0.9},
    ]  # fmt: skip
    for change in changes:
        computed.clear()
        whole(tmp_path, ThreadPoolExecutor(2), msgspec.structs.replace(ASKED, **change))
        assert sorted(computed) == list(SEATS), change
    whole(tmp_path, ThreadPoolExecutor(2))
    computed.clear()
    monkeypatch.setattr(seat_sweep, "__version__", "of the future")
    whole(tmp_path, ThreadPoolExecutor(2))
    assert sorted(computed) == list(SEATS)


def test_what_was_ready_is_kept_when_a_sweep_is_broken_off(
    tmp_path: Path, computed: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    compute = seat_sweep.point

    def broken(asked: Question, seats: int) -> Point:
        if seats == 20:
            raise KeyboardInterrupt
        return compute(asked, seats)

    with monkeypatch.context() as patch:
        patch.setattr(seat_sweep, "point", broken)
        with pytest.raises(KeyboardInterrupt):
            sweep(ASKED, SEATS, tmp_path, ThreadPoolExecutor(1))
    kept = files(tmp_path)
    assert "points/5.json" in kept
    assert "points/20.json" not in kept
    for name, content in kept.items():
        assert msgspec.json.decode(content, type=Kept).point.seats == int(Path(name).stem)
    computed.clear()
    assert whole(tmp_path, ThreadPoolExecutor(2)) == whole(tmp_path / "other", ThreadPoolExecutor(2))
    assert not {int(Path(name).stem) for name in kept} & set(computed[: len(SEATS) - len(kept)])


def test_progress_counts_what_was_there(tmp_path: Path, computed: list[int]) -> None:
    told: list[tuple[int, int, str]] = []
    sweep(ASKED, SEATS[:3], tmp_path, ThreadPoolExecutor(1))
    sweep(ASKED, SEATS, tmp_path, ThreadPoolExecutor(1), lambda *words: told.append(words))
    assert told[0] == (3, len(SEATS), "14")
    assert told[-1] == (len(SEATS), len(SEATS), "29")
    assert [done for done, _, _ in told] == sorted(done for done, _, _ in told)


def test_an_executor_that_is_none_is_named() -> None:
    with pytest.raises(BadInput, match="local or dask://HOST:PORT, not 'remote'"):
        executor_of("remote", None)


def test_without_the_extra_its_name_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise ModuleNotFoundError(name)

    monkeypatch.setattr(seat_sweep, "import_module", missing)
    with pytest.raises(BadInput, match=r"simtel\[cluster\]"):
        executor_of("dask://127.0.0.1:1", None)
