from pathlib import Path

import pytest

from simtel.core import data


def plant(root: Path) -> None:
    for folder in ("scenarios", "hardware_profiles"):
        (root / folder).mkdir(parents=True)


def test_checkout_comes_first(tmp_path: Path) -> None:
    package = tmp_path / "simtel"
    plant(tmp_path)
    plant(package / "_data")
    assert data.data_root(package) == tmp_path


def test_wheel_carries_its_own(tmp_path: Path) -> None:
    package = tmp_path / "simtel"
    plant(package / "_data")
    (tmp_path / "scenarios").mkdir()  # half a checkout is none
    assert data.data_root(package) == package / "_data"


def test_nothing_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="scenarios and hardware_profiles are missing"):
        data.data_root(tmp_path / "simtel")


@pytest.mark.parametrize("folder", [data.scenarios, data.devices, data.sites], ids=lambda f: f.__name__)
def test_shipped_folders_hold_files(folder: object) -> None:
    assert callable(folder)
    assert list(folder().rglob("*.yaml"))
