"""Compiled code is kept, and forgotten when any file changes that it was made from."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import simtel.sizing.kernels

ROOM = Path(simtel.sizing.kernels.__file__).parent


def of_the_room(tree: ast.AST) -> set[str]:
    """Files of the room from which a file takes something."""
    prefix = "simtel.sizing.kernels."
    named = [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module]
    return {module.removeprefix(prefix) for module in named if module.startswith(prefix)} | {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "simtel.sizing.kernels"
        for alias in node.names
    }


def declared(tree: ast.AST) -> set[str] | None:
    """What a file tells the decorator that its functions are made from; None where there is none."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "compiler":
            return {ast.literal_eval(argument) for argument in node.args}
    return None


TREES = {path.stem: ast.parse(path.read_text(encoding="utf-8")) for path in ROOM.glob("*.py")}
KERNELS = {name: sources for name, tree in TREES.items() if (sources := declared(tree)) is not None}


@pytest.mark.parametrize("kernel", KERNELS)
def test_a_kernel_names_all_that_it_is_made_from(kernel: str) -> None:
    seen, open_ = set[str](), {kernel}
    while open_:
        seen |= open_
        open_ = set().union(*(of_the_room(TREES[name]) for name in open_)) - seen
    assert KERNELS[kernel] == seen - {"compiled"}


def test_a_changed_callee_is_compiled_anew_into_its_caller(tmp_path: Path) -> None:
    room = tmp_path / "room"
    room.mkdir()
    source = (ROOM / "compiled.py").read_text(encoding="utf-8")
    (room / "compiled.py").write_text(source, encoding="utf-8")
    (room / "caller.py").write_text(
        "from compiled import compiler\nfrom callee import callee\n"
        'compiled = compiler("caller", "callee")\n@compiled\ndef caller():\n    return callee()\nprint(caller(), '
        "sum(caller.stats.cache_hits.values()))\n",
        encoding="utf-8",
    )
    said = []
    for answer in (1, 1, 2):
        (room / "callee.py").write_text(
            f'from compiled import compiler\ncompiled = compiler("callee")\n@compiled\ndef callee():\n'
            f"    return {answer}\n",
            encoding="utf-8",
        )
        command = [sys.executable, "caller.py"]
        said.append(subprocess.run(command, cwd=room, capture_output=True, text=True, check=True).stdout.strip())
    assert said == ["1 0", "1 1", "2 0"]


def test_where_nothing_can_be_written_the_cache_is_the_users_or_none(tmp_path: Path) -> None:
    room, users = tmp_path / "room", tmp_path / "users"
    room.mkdir()
    (room / "compiled.py").write_text((ROOM / "compiled.py").read_text(encoding="utf-8"), encoding="utf-8")
    (room / "__pycache__").write_text("no folder", encoding="utf-8")
    (room / "alone.py").write_text(
        'from compiled import compiler\ncompiled = compiler("alone")\n@compiled\ndef alone():\n    return 1\n'
        "print(alone())\n",
        encoding="utf-8",
    )

    def said() -> str:
        environment = {name: value for name, value in os.environ.items() if name != "NUMBA_CACHE_DIR"}
        environment["XDG_CACHE_HOME"] = str(users)
        command = [sys.executable, "alone.py"]
        run = subprocess.run(command, cwd=room, env=environment, capture_output=True, text=True, check=True)
        return run.stdout.strip()

    assert said() == "1"
    assert list(users.glob("simtel/*/*/*.nbc"))
    shutil.rmtree(users)
    users.write_text("no folder", encoding="utf-8")
    assert said() == "1"
