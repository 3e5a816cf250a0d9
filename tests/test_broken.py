"""A rule broken in memory, and which rules a run comes by."""

import ast

import pytest

from tests.broken import NOTE, break_rule, marked, simulated
from tests.mutants import ROOT, Mutant, read

SOURCE = '''"""A module."""

TABLE = {
    1: "a",
}


def answer(asked: bool, times: int = 1) -> int:
    """An answer."""
    if (asked and
            TABLE):
        return 41 + times
    elif times:
        for _ in range(
            times
        ):
            pass
    match times:
        case 2:
            return 2
        case 3:
            return 3
    return 0
'''


@pytest.mark.parametrize(
    ("old", "when_imported", "when_run"),
    [
        ("41 + times", [], [(True, 1)]),
        ("asked and", [], [(True, 1), (False, 0), (False, 1), (False, 2)]),
        ("        return 41 + times\n    elif", [], [(True, 1), (False, 0), (False, 1), (False, 2)]),
        ("elif times", [], [(False, 0), (False, 1), (False, 2)]),
        ("            times\n", [], [(False, 1), (False, 2)]),
        ("case 3:", [], [(False, 0), (False, 1), (False, 2)]),
        ("return 3", [], []),
        ('1: "a"', ["rule"], []),
        ("times: int = 1", ["rule"], []),
        ("A module.", ["rule"], []),
    ],
)
def test_a_run_notes_the_rules_that_it_comes_by(
    old: str, when_imported: list[str], when_run: list[tuple[bool, int]]
) -> None:
    noted: list[str] = []
    module = {NOTE: noted.append}
    exec(compile(marked(SOURCE, {"rule": old}), "source", "exec"), module)  # noqa: S102
    assert noted == when_imported
    for asked, times in ((True, 1), (False, 0), (False, 1), (False, 2)):
        noted.clear()
        module["answer"](asked, times)  # type: ignore[operator]
        assert bool(noted) == ((asked, times) in when_run)


def test_the_notes_alter_nothing() -> None:
    """Without its notes, a marked module is the module."""
    for mutant in read(ROOT / "tests" / "mutants.toml", ROOT):
        if simulated(mutant):
            source = (ROOT / mutant.file).read_text(encoding="utf-8")
            lines = ast.unparse(marked(source, {mutant.rule: mutant.old})).splitlines()
            left = [line for line in lines if not line.strip().startswith(NOTE)]
            assert len(left) < len(lines)
            break


def test_only_rules_of_the_simulated_site_are_broken() -> None:
    files = {mutant.file for mutant in read(ROOT / "tests" / "mutants.toml", ROOT) if simulated(mutant)}
    assert "simtel/devices/line.py" in files
    assert not [file for file in files if "/verdict/" in file or "/recorded/" in file or "/report/" in file]


def test_what_was_imported_is_not_broken_any_more() -> None:
    import simtel.callcentre.licences  # noqa: F401, PLC0415

    with pytest.raises(ImportError, match="before it could be edited"):
        break_rule(Mutant("any", "simtel/callcentre/licences.py", "a", "b", ""))
