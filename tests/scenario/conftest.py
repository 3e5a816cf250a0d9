"""A bad file is a good one with one thing changed; the mark § stands where the complaint is due."""

from collections.abc import Callable
from typing import Any

import pytest

from simtel.core.problems import BadInput, Problem

Complains = Callable[..., list[Problem]]


@pytest.fixture
def complains() -> Complains:
    """Read `good` with `old` replaced by `new` and return the problems; the one at § must hold `message`."""

    def run(read: Callable[[bytes], Any], good: str, old: str, new: str, message: str) -> list[Problem]:
        assert good.count(old) == 1, f"{old!r} is there {good.count(old)} times"
        assert new.count("§") == 1
        marked = good.replace(old, new)
        before = marked[: marked.index("§")]
        place = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
        with pytest.raises(BadInput) as caught:
            read(marked.replace("§", "").encode())
        problems = list(caught.value.problems)
        here = [problem for problem in problems if (problem.line, problem.column) == place]
        assert here, f"nothing at {place}: {caught.value}"
        assert any(message in problem.message for problem in here), caught.value
        return problems

    return run
