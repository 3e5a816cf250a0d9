"""How much memory a run takes at its height, compiled code and all."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

OWN = Path("/proc/self")
measured = pytest.mark.skipif(not (OWN / "clear_refs").exists(), reason="only Linux tells the height of this process")


def height(run: Callable[[], object]) -> int:
    """Bytes that this process held at the most while it ran, above what it held before."""

    def status(field: str) -> int:
        found = re.search(rf"{field}:\s+(\d+) kB", (OWN / "status").read_text())
        assert found
        return int(found[1]) * 1024

    (OWN / "clear_refs").write_text("5")  # the height counts from here on
    before = status("VmRSS")
    run()
    return status("VmHWM") - before
