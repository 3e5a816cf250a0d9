"""Every sentence template of the verdict room, read from its own source, so that a translation can be checked
whole.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent


def _spoken(tree: ast.AST) -> Iterator[ast.expr]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "say":
            yield node.args[0]


def templates() -> set[str]:
    """All templates given to `say`. TypeError when one is no literal: it could not be translated."""
    found: set[str] = set()
    for path in sorted(HERE.rglob("*.py")):
        for spoken in _spoken(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(spoken, ast.Constant) and isinstance(spoken.value, str)):
                raise TypeError(f"{path.name}:{spoken.lineno}: a template must be a literal")
            found.add(spoken.value)
    return found
