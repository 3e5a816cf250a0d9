"""The mutant runner on a miniature project: it tells killed from survived, refuses what proves nothing."""

from pathlib import Path

import pytest

from tests import mutants

LINE = """[[mutant]]
rule = "{rule}"
file = "simtel/rule.py"
old = "{old}"
new = "{new}"
test = "tests/test_rule.py{node}"
"""
RULE_TESTS = """from simtel.rule import answer
def test_answer():
    assert answer == 42
def test_red():
    assert not answer
"""
SLOW_TESTS = """from time import sleep
import pytest
from simtel.rule import answer
@pytest.mark.timeout(2)
def test_slow():
    while answer != 42:
        try:
            sleep(1)
        except BaseException:
            pass
"""
FIRST = """import hypothesis
hypothesis.settings.register_profile("first", deadline=None)
"""
KILLED = LINE.format(rule="answer", old="41 + 1", new="41 - 1", node="::test_answer")
SURVIVES = LINE.format(rule="spare", old="spare = 1", new="spare = 2", node="::test_answer")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "simtel").mkdir()
    (tmp_path / "tests").mkdir()
    (tmp_path / "simtel" / "__init__.py").touch()
    (tmp_path / "simtel" / "pytest_plugin.py").touch()
    (tmp_path / "simtel" / "rule.py").write_text("answer = 41 + 1\nspare = 1\n")
    (tmp_path / "tests" / "test_rule.py").write_text(RULE_TESTS)
    (tmp_path / "tests" / "conftest.py").write_text(FIRST)
    (tmp_path / "pyproject.toml").write_text('[tool.pytest.ini_options]\naddopts = "--import-mode=importlib"\n')
    return tmp_path


@pytest.mark.parametrize(
    ("listed", "code", "closing"),
    [
        (KILLED, 0, "1 killed, 0 survived, 0 broken"),
        (KILLED + SURVIVES, 1, "1 killed, 1 survived, 0 broken"),
        (KILLED.replace("41 - 1", "41 -"), 2, "0 killed, 0 survived, 1 broken"),
        ((KILLED + SURVIVES) * 3, 1, "3 killed, 3 survived, 0 broken"),  # an edit is gone before the next one
    ],
    ids=["killed", "survived", "edit-breaks-the-file", "one-after-another"],
)
def test_outcomes(project: Path, capsys: pytest.CaptureFixture[str], listed: str, code: int, closing: str) -> None:
    (project / "tests" / "mutants.toml").write_text(listed)
    assert mutants.main(project) == code
    assert closing in capsys.readouterr().out
    assert (project / "simtel" / "rule.py").read_text() == "answer = 41 + 1\nspare = 1\n"


def test_only_the_rules_that_hold_a_word_are_run(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "tests" / "mutants.toml").write_text(KILLED + SURVIVES)
    assert mutants.main(project, "answ") == 0
    assert "1 killed, 0 survived, 0 broken" in capsys.readouterr().out
    assert mutants.main(project, "nothing such") == 2
    assert "no rule holds 'nothing such'" in capsys.readouterr().err


def test_a_test_that_an_edit_keeps_from_ending_is_broken_and_said_again_at_the_end(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mutants, "LONGEST", 12)
    (project / "tests" / "mutants.toml").write_text(KILLED.replace("41 - 1", "__import__('time').sleep(300)"))
    assert mutants.main(project) == 2
    told = capsys.readouterr().out
    assert told.count("BROKEN (pytest exit code 124)") == 2
    assert "no end after 12 s" in told


def test_a_test_over_its_time_is_red_whatever_catches_that_on_the_way(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mutants, "LONGEST", 12)
    (project / "tests" / "test_slow.py").write_text(SLOW_TESTS)
    (project / "tests" / "mutants.toml").write_text(KILLED.replace("test_rule.py::test_answer", "test_slow.py"))
    assert mutants.main(project) == 0
    assert "1 killed, 0 survived, 0 broken" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("listed", "said"),
    [
        ("", "KeyError"),
        ("mutant = []", "lists no mutant"),
        (LINE.format(rule="r", old="nowhere", new="x", node=""), "stands 0 times"),
        (LINE.format(rule="r", old="1", new="2", node=""), "stands 3 times"),
        (LINE.format(rule="r", old="41 + 1", new="41 + 1", node=""), "want one edit"),
        (KILLED + 'typo = "x"\n', "typo"),
        (KILLED.replace("test_answer", "test_red"), "do not pass unedited"),
        (KILLED.replace("test_answer", "test_gone"), "do not pass unedited"),
    ],
    ids=["empty", "none", "gone", "ambiguous", "no-edit", "unknown-key", "red-unedited", "no-such-test"],
)
def test_refused(project: Path, capsys: pytest.CaptureFixture[str], listed: str, said: str) -> None:
    (project / "tests" / "mutants.toml").write_text(listed)
    assert mutants.main(project) == 2
    assert said in capsys.readouterr().err
