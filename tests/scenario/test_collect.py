from pathlib import Path

import pytest

from simtel.core import data
from simtel.core.problems import BadInput
from simtel.scenario.collect import collect, files

CRASH = "failover/active-server-crash.yaml"


def shipped(name: str) -> str:
    return (data.scenarios() / name).read_text(encoding="utf-8")


def test_a_folder_means_all_below_it_sorted_and_once() -> None:
    whole = collect([data.scenarios(), data.scenarios() / CRASH])
    assert [Path(s.path) for s in whole] == sorted(data.scenarios().rglob("*.yaml"))


def test_shipped_scenarios_are_found_from_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in (CRASH, f"scenarios/{CRASH}", "scenarios/failover/", "failover"):
        assert "failover.active-server-crash" in {s.id for s in collect([name])}


def test_what_lies_here_comes_before_what_is_shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "failover").mkdir()
    (tmp_path / "failover" / "mine.yaml").write_text(shipped(CRASH).replace("failover.active", "mine.active"), "utf-8")
    assert [s.id for s in collect(["failover"])] == ["mine.active-server-crash"]


def test_an_id_given_twice_is_refused(tmp_path: Path) -> None:
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(shipped(CRASH), encoding="utf-8")
    with pytest.raises(BadInput, match="is described by") as caught:
        collect([tmp_path])
    assert caught.value.problems[0].path == str(tmp_path / "b.yaml")


def test_paths_that_hold_nothing_are_all_named(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(BadInput) as caught:
        files([tmp_path / "empty", tmp_path / "absent.yaml", "nowhere/"])
    assert [problem.message for problem in caught.value.problems] == [
        "holds no YAML file",
        "does not exist",
        "does not exist",
    ]


def test_a_link_that_leads_back_to_itself_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").symlink_to("b.yaml")
    (tmp_path / "b.yaml").symlink_to("a.yaml")
    (tmp_path / "up").symlink_to(tmp_path)
    for given in (tmp_path, tmp_path / "a.yaml"):
        with pytest.raises(BadInput, match=r"a\.yaml: cannot be read: Too many levels of symbolic links"):
            collect([given])


def test_every_bad_file_is_reported(tmp_path: Path) -> None:
    for name in ("a.yaml", "b.yml", "c.txt"):
        (tmp_path / name).write_text("simtel: scenario/1\n", encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        collect([tmp_path])
    assert {Path(problem.path).name for problem in caught.value.problems} == {"a.yaml", "b.yml"}
