"""`simtel check`, `doctor` and `schema`; the language; the way of a failure to its exit code."""

import json
from pathlib import Path

import pytest

from simtel.cli import doctor
from simtel.core import data
from simtel.core.i18n import default_language
from tests.cli.conftest import Simtel


def test_shipped_files_are_sound(simtel: Simtel) -> None:
    done = simtel("check", str(data.scenarios()), str(data.devices().parent))
    assert done.exit_code == 0
    assert "files are sound" in done.output


def test_a_bad_file_is_shown_with_place(simtel: Simtel) -> None:
    Path("bad.yaml").write_text("simtel: scenario/1\nid: [\n")
    done = simtel("check", "bad.yaml")
    assert done.exit_code == 2
    assert "bad.yaml:3:1" in done.stderr


@pytest.mark.parametrize("kind", ["scenario", "profile", "site", "verdicts", "judgement"])
def test_a_schema_is_json(simtel: Simtel, kind: str) -> None:
    done = simtel("schema", kind)
    assert done.exit_code == 0
    assert json.loads(done.output)["$schema"].startswith("https://json-schema.org/")


def test_the_doctor_finds_what_run_needs(simtel: Simtel) -> None:
    done = simtel("doctor")
    assert done.exit_code == 0
    assert "MISSING" not in done.output
    assert "simpy" in done.output
    assert "sipp" in done.output


def test_the_doctor_names_what_is_missing(simtel: Simtel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "PACKAGES", ("no-such-package",))
    done = simtel("doctor")
    assert done.exit_code == 4
    assert "MISSING   no-such-package" in done.output
    assert "cannot work here: no-such-package" in done.output


def test_a_missing_examiner_is_no_fault(simtel: Simtel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    done = simtel("doctor")
    assert "missing   sipp" in done.output
    assert done.exit_code == 0


def test_a_folder_that_cannot_be_written_is_found(tmp_path: Path) -> None:
    assert doctor._writable(tmp_path).found
    assert not doctor._writable(tmp_path / "nowhere").found


@pytest.mark.parametrize(
    ("env", "language"),
    [
        ({}, "en"), ({"LANG": "zh_CN.UTF-8"}, "zh"), ({"LANG": "de_DE"}, "en"), ({"LANG": "C.UTF-8"}, "en"),
        ({"SIMTEL_LANG": "en", "LANG": "zh_CN.UTF-8"}, "en"), ({"SIMTEL_LANG": "zh", "LANG": "C"}, "zh"),
        ({"LC_ALL": "C", "LANG": "zh_CN"}, "en"),
    ],
)  # fmt: skip
def test_the_language_comes_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, env: dict[str, str], language: str
) -> None:
    for name in ("SIMTEL_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    assert default_language() == language


def test_shell_completion_knows_the_commands(simtel: Simtel, monkeypatch: pytest.MonkeyPatch) -> None:
    from click.shell_completion import ShellComplete  # noqa: PLC0415

    from simtel.cli.group import COMMANDS, cli  # noqa: PLC0415

    complete = ShellComplete(cli, {}, "simtel", "_SIMTEL_COMPLETE")
    assert {found.value for found in complete.get_completions([], "")} == set(COMMANDS)
    assert {found.value for found in complete.get_completions(["run"], "--se")} == {"--seats", "--seed"}
