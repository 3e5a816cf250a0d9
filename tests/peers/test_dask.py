"""A Dask cluster of two worker processes on this machine computes the very files that the machine does by itself."""

import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from distributed import Client, LocalCluster

from simtel.cli.group import cli
from simtel.core.problems import BadInput
from simtel.run import seat_sweep
from simtel.run.seat_sweep import executor_of
from tests.sizing.demands import demand_file

# What Dask's own shutdown says of its sockets, and what it says of the versions of its parts, is not ours.
pytestmark = [pytest.mark.timeout(180), pytest.mark.filterwarnings("default")]


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_two_workers_of_a_cluster_and_the_machine_itself_write_the_same_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIMTEL_LANG", "en")
    (tmp_path / "demand.yaml").write_text(demand_file(), encoding="utf-8")

    def sweep(out: str, *words: str) -> dict[str, bytes]:
        asked = ["sweep", str(tmp_path / "demand.yaml"), "--seats", "8:15", "--replications", "20", "--calls", "400"]
        done = CliRunner().invoke(cli, [*asked, "--out", str(tmp_path / out), *words])
        assert done.exit_code == 0, done.output
        return files(tmp_path / out)

    with LocalCluster(2, processes=True, threads_per_worker=1, host="127.0.0.1", dashboard_address=None) as cluster:
        assert cluster.scheduler_address.startswith("tcp://127.0.0.1:")
        address = cluster.scheduler_address.removeprefix("tcp://")
        spread = sweep("cluster", "--executor", f"dask://{address}")
        with Client(cluster, set_as_default=False) as client:  # both had their share: they know how to
            assert list(client.run(lambda: "simtel.sizing.design.sweep_point" in sys.modules).values()) == [True, True]
    assert len(spread) == 8 + 4
    assert spread == sweep("alone", "--jobs", "1")
    assert spread == sweep("pair", "--jobs", "2")


def test_a_scheduler_that_does_not_answer_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seat_sweep, "_PATIENCE", "200ms")
    with pytest.raises(BadInput, match=r"no Dask scheduler answers at dask://127\.0\.0\.1:1"):
        executor_of("dask://127.0.0.1:1", None)
