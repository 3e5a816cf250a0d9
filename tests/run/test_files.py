"""Files are whole or not there."""

import errno
import pickle
from pathlib import Path

import pytest

from simtel.core.problems import BadInput
from simtel.run.files import CannotWriteError, EvidenceFile, prepare, write_whole


def test_a_whole_file_replaces_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "new" / "run.json"
    write_whole(path, b"one")
    write_whole(path, b"two")
    assert path.read_bytes() == b"two"
    assert list(path.parent.iterdir()) == [path]


def test_what_cannot_be_written_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    path.write_bytes(b"old")
    (tmp_path / "run.json.part").symlink_to("/dev/full")
    with pytest.raises(CannotWriteError) as caught:
        write_whole(path, b"new")
    assert caught.value.path == str(path)
    assert "No space left" in caught.value.why
    assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir()] == [("run.json", b"old")]


def test_a_folder_is_made_and_left_empty(tmp_path: Path) -> None:
    prepare(tmp_path / "a" / "b")
    prepare(tmp_path / "a" / "b")
    assert list((tmp_path / "a" / "b").iterdir()) == []


@pytest.mark.parametrize("folder", ["/proc/a", "/proc", "file", "file/a", "a\0b"])
def test_a_folder_that_cannot_be_written_is_bad_input_without_a_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("file").touch()
    with pytest.raises(BadInput) as caught:
        prepare(Path(folder))
    (problem,) = caught.value.problems
    assert (problem.path, problem.line) == (folder, 0)
    assert problem.message.startswith("no files can be written here: ")


def test_evidence_has_no_name_until_it_is_kept(tmp_path: Path) -> None:
    out = EvidenceFile(tmp_path / "evidence.jsonl")
    out.write(b"line\n")
    assert not (tmp_path / "evidence.jsonl").exists()
    assert out.keep().read_bytes() == b"line\n"
    assert len(list(tmp_path.iterdir())) == 1


def test_evidence_of_an_earlier_run_is_gone_before_the_next_begins(tmp_path: Path) -> None:
    (tmp_path / "evidence.jsonl").write_bytes(b"old")
    out = EvidenceFile(tmp_path / "evidence.jsonl")
    assert not (tmp_path / "evidence.jsonl").exists()
    out.drop()
    assert list(tmp_path.iterdir()) == []


def test_evidence_on_a_full_disk_is_dropped(tmp_path: Path) -> None:
    (tmp_path / "evidence.jsonl.part").symlink_to("/dev/full")
    out = EvidenceFile(tmp_path / "evidence.jsonl")
    out.write(b"line\n")
    with pytest.raises(CannotWriteError):
        out.flush()
    out.drop()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CannotWriteError, match="file"):
        EvidenceFile(tmp_path / "file" / "evidence.jsonl")


def test_the_error_survives_the_way_from_a_worker() -> None:
    error = CannotWriteError("a/b", OSError(errno.ENOSPC, "No space left on device"))
    again = pickle.loads(pickle.dumps(error))  # noqa: S301  (what a process pool does)
    assert (str(again), again.path, again.why) == (str(error), "a/b", "No space left on device")
