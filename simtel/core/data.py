"""Where scenarios/ and hardware_profiles/ lie: beside the package, or in simtel/_data in a wheel."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent
_FOLDERS = ("scenarios", "hardware_profiles")


def data_root(package: Path = _PACKAGE) -> Path:
    """The folder that holds both. FileNotFoundError when neither place has them."""
    for root in (package.parent, package / "_data"):
        if all((root / folder).is_dir() for folder in _FOLDERS):
            return root
    raise FileNotFoundError(f"{' and '.join(_FOLDERS)} are missing: this installation of simtel is incomplete")


def scenarios() -> Path:
    """The shipped scenarios."""
    return data_root() / "scenarios"


def devices() -> Path:
    """The shipped device profiles."""
    return data_root() / "hardware_profiles" / "devices"


def benches() -> Path:
    """The shipped mappings of recordings."""
    return data_root() / "hardware_profiles" / "benches"


def demands() -> Path:
    """The shipped demands."""
    return data_root() / "hardware_profiles" / "demand"


def sites() -> Path:
    """The shipped sites."""
    return data_root() / "hardware_profiles" / "sites"


def buyers() -> Path:
    """The shipped figures of buyers."""
    return data_root() / "hardware_profiles" / "buyers"


def quotes() -> Path:
    """The shipped quotes."""
    return data_root() / "hardware_profiles" / "quotes"


def prices() -> Path:
    """The shipped prices."""
    return data_root() / "hardware_profiles" / "prices"
