"""The frame of the house: which way imports run, which room may use which library, what --help may load.

Checks, each with planted violations that it must catch: the import contract of pyproject.toml (rooms
against rooms), a table of libraries per room held against every file's syntax tree (which sees what
import-linter cannot: imports by name, and rooms that do not exist yet), and the modules that a fresh
interpreter has loaded once `simtel --help` has answered. Last, a built wheel carries what a checkout reads.
"""

import ast
import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import simtel

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "simtel"

PURE_ROOMS = {"protocols", "media", "callcentre", "devices", "verdict", "sizing"}
IMPURE_LIBRARIES = {"simpy", "scapy", "serial", "asyncio", "socket", "threading", "time", "random"}
LIBRARY_ROOMS = {  # a library named here is used in these rooms only
    "simpy": {"model"},
    "scapy": {"wire"},
    "serial": {"wire"},
    "asyncio": {"wire", "emulator", "probe", "target", "console"},
    "matplotlib": {"report"},
    "distributed": {"run"},
    "openpyxl": {"quotes"},
    "xlsxwriter": {"report"},
}
ROOM_BANS = {  # rooms that lie lower and still must not be seen
    "verdict": {"callcentre", "protocols", "media"},
    "devices": {"scenario", "verdict", "sizing"},
    "probe": {"devices", "callcentre"},
}
# Never loaded by `simtel --help`.
HEAVY = {"scapy", "matplotlib", "scipy", "numba", "simpy", "distributed", "openpyxl", "xlsxwriter"}


def imports(source: str) -> Iterator[tuple[int, str]]:
    """Line and dotted name of each import in `source`, deferred and by-name ones included."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names=names):
                yield from ((node.lineno, alias.name) for alias in names)
            case ast.ImportFrom(module=module, names=names, level=0):
                yield from ((node.lineno, f"{module}.{alias.name}") for alias in names)
            case ast.Call(
                func=ast.Name(id="import_module" | "__import__") | ast.Attribute(attr="import_module"),
                args=[ast.Constant(value=str(name)), *_],
            ):
                yield node.lineno, name


def violations(package: Path) -> list[str]:
    """Each import below `package` that its room may not use, as `file:line: room imports name`."""
    found = []
    for path in sorted(package.rglob("*.py")):
        room = path.relative_to(package).parts[0].removesuffix(".py")
        for line, name in imports(path.read_text(encoding="utf-8")):
            top, _, rest = name.partition(".")
            impure = room in PURE_ROOMS and top in IMPURE_LIBRARIES
            elsewhere = room not in LIBRARY_ROOMS.get(top, {room})
            banned = top == "simtel" and rest.partition(".")[0] in ROOM_BANS.get(room, set())
            if impure or elsewhere or banned:
                found.append(f"{path.relative_to(package)}:{line}: {room} imports {name}")
    return found


def plant(root: Path, room: str, code: str) -> Path:
    """A skeleton of the package below `root`, every room empty but for `code` in `room`."""
    for init in PACKAGE.glob("*/__init__.py"):
        (root / "simtel" / init.parent.name).mkdir(parents=True, exist_ok=True)
        (root / "simtel" / init.parent.name / "__init__.py").touch()
    (root / "simtel" / "__init__.py").touch()
    (root / "simtel" / room).mkdir(exist_ok=True)
    (root / "simtel" / room / "planted.py").write_text(code, encoding="utf-8")
    return root / "simtel"


def lint_imports(cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [
        Path(sys.executable).parent / "lint-imports",
        "--no-cache",
        "--config",
        ROOT / "pyproject.toml",
    ]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


def loaded_by(code: str) -> set[str]:
    """The top-level modules that a fresh interpreter has loaded after `code`."""
    tail = "import json, sys; print('\\n' + json.dumps(sorted({m.partition('.')[0] for m in sys.modules})))"
    run = subprocess.run([sys.executable, "-c", f"{code}\n{tail}"], capture_output=True, text=True, check=True)
    return set(json.loads(run.stdout.splitlines()[-1]))


def test_import_contract_holds() -> None:
    run = lint_imports(ROOT)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "0 broken" in run.stdout


@pytest.mark.parametrize(
    ("room", "imported", "contract"),
    [
        ("core", "simtel.protocols", "Imports run down only"),
        ("devices", "simtel.wire", "Imports run down only"),
        ("emulator", "simtel.model", "Imports run down only"),
        ("target", "simtel.run", "Imports run down only"),
        ("stray", "simtel.core", "Imports run down only"),  # a room that no layer names
        ("verdict", "simtel.protocols", "A verdict sees no device"),
        ("devices", "simtel.verdict", "A device knows nothing of the test"),
        ("probe", "simtel.callcentre", "A probe shares no rule"),
    ],
)
def test_import_contract_catches(tmp_path: Path, room: str, imported: str, contract: str) -> None:
    package = plant(tmp_path, room, f"import {imported}\n")
    (package / room / "__init__.py").touch()
    run = lint_imports(tmp_path)
    assert run.returncode == 1, run.stdout + run.stderr
    broken = [line for line in run.stdout.splitlines() if line.endswith("BROKEN")]
    assert len(broken) == 1, run.stdout
    assert broken[0].startswith(contract)


def test_import_contract_keeps_the_empty_house(tmp_path: Path) -> None:
    plant(tmp_path, "run", "import simtel.target\n")
    run = lint_imports(tmp_path)
    assert run.returncode == 0, run.stdout + run.stderr


def test_each_room_uses_only_its_libraries() -> None:
    assert violations(PACKAGE) == []


@pytest.mark.parametrize("library", sorted(LIBRARY_ROOMS))
def test_library_outside_its_room_is_caught(tmp_path: Path, library: str) -> None:
    package = plant(tmp_path, "cli", f"def late():\n    import {library}.deep\n")
    assert violations(package) == [f"cli/planted.py:2: cli imports {library}.deep"]


@pytest.mark.parametrize("library", sorted(LIBRARY_ROOMS))
def test_library_in_its_room_is_allowed(tmp_path: Path, library: str) -> None:
    for room in sorted(LIBRARY_ROOMS[library]):
        package = plant(tmp_path, room, f"import {library}\n")
    assert violations(package) == []


@pytest.mark.parametrize("room", sorted(PURE_ROOMS))
@pytest.mark.parametrize("library", sorted(IMPURE_LIBRARIES))
def test_impure_library_in_a_pure_room_is_caught(tmp_path: Path, room: str, library: str) -> None:
    package = plant(tmp_path, room, f"from {library} import thing\n")
    assert violations(package) == [f"{room}/planted.py:1: {room} imports {library}.thing"]


@pytest.mark.parametrize(("room", "banned"), [(room, ban) for room, bans in ROOM_BANS.items() for ban in sorted(bans)])
def test_banned_room_is_caught(tmp_path: Path, room: str, banned: str) -> None:
    package = plant(tmp_path, room, f"from simtel import {banned}\nfrom simtel.{banned} import thing\n")
    assert len(violations(package)) == 2


@pytest.mark.parametrize(
    "code",
    ["importlib.import_module('time')", "import_module('time')", "__import__('time')"],
    ids=lambda c: c[:12],
)
def test_import_by_name_is_caught(tmp_path: Path, code: str) -> None:
    assert violations(plant(tmp_path, "verdict", code)) == ["verdict/planted.py:1: verdict imports time"]


HELP = """
import sys
from simtel.cli import main
sys.argv = ["simtel", "--help"]
try:
    main()
except SystemExit as end:
    assert not end.code, end.code
else:
    raise AssertionError("--help did not end the program")
"""


def test_help_loads_no_heavy_library() -> None:
    assert loaded_by(HELP) & HEAVY == set()


def test_planted_heavy_library_is_seen() -> None:
    assert loaded_by("import simpy") & HEAVY == {"simpy"}


def test_wheel_carries_the_scenarios_and_profiles(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path]
    build = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert build.returncode == 0, build.stderr
    (wheel,) = tmp_path.glob("*.whl")
    held = set(zipfile.ZipFile(wheel).namelist())
    assert {"simtel/py.typed", "simtel/cli/__init__.py"} <= held
    assert {name.partition("/")[0] for name in held} == {"simtel", f"simtel-{simtel.__version__}.dist-info"}
    for folder in ("scenarios", "hardware_profiles"):
        given = {f"simtel/_data/{path.relative_to(ROOT)}" for path in (ROOT / folder).rglob("*.yaml")}
        assert given, f"{folder}/ holds no file"
        assert given <= held
