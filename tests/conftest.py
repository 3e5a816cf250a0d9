"""Settings of all tests: properties are judged by what they find, never by how fast this machine is.

What all tests have in common is there until the end, so the garbage collector need not look at it again and again.

What several tests ask of the same run of the library is run once for all of them.
"""

import gc
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import msgspec
import pytest

if TYPE_CHECKING:
    from simtel.run.plan import Item
    from tests.expected.outcomes import Ran

hypothesis.settings.register_profile(
    "simtel",
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
    derandomize="CI" in os.environ,  # the same commit gets the same answer; elsewhere each run searches anew
    print_blob=True,
)
hypothesis.settings.load_profile("simtel")
# For runs that ask only whether a property fails, as those of mutants: the smallest example is not looked for.
hypothesis.settings.register_profile(
    "first", hypothesis.settings.get_profile("simtel"), phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate]
)


def pytest_collection_finish() -> None:
    """A fifth of the time of tests that make many objects."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> "Callable[[Item], Ran]":
    """`outcomes.ran` of an item of the library, run by the first test of all processes that asks for it."""
    # Only now: a single test of a device shall not wait for all of simtel to be imported.
    from tests.expected.outcomes import Ran, named, ran  # noqa: PLC0415

    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent

    def found(item: "Item") -> "Ran":
        path = folder / f"{named(item).replace('/', ' ')}.json"
        if not path.exists():
            part = Path(f"{path}.{os.getpid()}")
            part.write_bytes(msgspec.json.encode(ran(item)))
            part.replace(path)
        return msgspec.json.decode(path.read_bytes(), type=Ran)

    return found
