"""A command line whose runs go to the fake target."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from simtel.cli.group import cli
from simtel.run import session
from tests.run.fake import FakeTarget

Simtel = Callable[..., Result]


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> FakeTarget:
    target = FakeTarget()
    monkeypatch.setattr(session, "make_target", lambda _: target)
    return target


@pytest.fixture
def simtel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fake: FakeTarget) -> Simtel:
    """Runs the command line in an empty folder, in English."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SIMTEL_LANG", "en")
    monkeypatch.setenv("COLUMNS", "200")

    def call(*arguments: str) -> Result:
        return CliRunner().invoke(cli, list(arguments))

    return call
