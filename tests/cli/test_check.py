from pathlib import Path

from click.testing import CliRunner

from simtel.cli.check import check
from simtel.cli.group import cli


def test_sound_files_are_counted(tmp_path: Path) -> None:
    file = tmp_path / "limits.yaml"
    file.write_text("simtel: limits/1\nlimits: {media-gap: {at_most: {value: 1s, basis: buyer, source: x}}}\n", "utf-8")
    done = CliRunner().invoke(cli, ["--lang", "en", "check", str(file)])
    assert (done.exit_code, done.stdout) == (0, "1 file is sound\n")


def test_a_bad_file_ends_with_2_and_its_place(tmp_path: Path) -> None:
    file = tmp_path / "bad.yaml"
    file.write_text("simtel: scenario/1\nid: a\nid: b\n", "utf-8")
    done = CliRunner().invoke(cli, ["check", str(file), "--lang", "en"])
    assert done.exit_code == 2
    assert f"{file}:3:1: key 'id' is given twice" in done.output


def test_what_no_person_writes_is_told_where_it_belongs(tmp_path: Path) -> None:
    log = tmp_path / "evidence.jsonl"
    log.write_text('{"simtel":"evidence/1","header":{}}\n', "utf-8")
    done = CliRunner().invoke(cli, ["check", str(log), "--lang", "en"])
    assert done.exit_code == 2
    assert done.stderr == f"{log}: is an evidence log: give it to `simtel judge`\n"


def test_nothing_to_check_is_a_mistake() -> None:
    assert CliRunner().invoke(check, []).exit_code == 2
