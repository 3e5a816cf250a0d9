"""The decorator of the kernels: numba, with a cache that knows what a function was compiled from.

What a compiled function calls is compiled into it, but numba's cache asks only whether the function's own file has
changed. Here the cache lies in a folder named after the contents of all files that a kernel is made from, so that a
rule changed in one of them never goes on living in another. The folder is under NUMBA_CACHE_DIR if that is set, else in
`__pycache__` beside this file; where nothing can be written there, in the user's own cache; nowhere, if not there.

A function whose name begins with an underscore is called by compiled ones alone. It has no way in from Python and no
cache of its own, which takes a third off the time of compiling.

Division by zero gives an infinity or no number, as in numpy, not an exception: kernels test what they divide by.
"""

import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import TypeVar, cast

from numba import njit
from numba.core import config

Compiled = TypeVar("Compiled", bound=Callable[..., object])

_ROOM = Path(__file__).parent


def compiler(*sources: str) -> Callable[[Compiled], Compiled]:
    """The decorator for functions made from these files of this room (names without `.py`), the own one among them."""
    digest = sha256()
    for source in ("compiled", *sources):
        digest.update((_ROOM / f"{source}.py").read_bytes())
    folder = _folder(digest.hexdigest()[:16])

    def compiled(function: Compiled) -> Compiled:
        inner = function.__name__.startswith("_")
        options = {"cache": bool(folder) and not inner, "no_cpython_wrapper": inner, "no_cfunc_wrapper": True}
        before, config.CACHE_DIR = config.CACHE_DIR, folder
        try:
            return cast("Compiled", njit(error_model="numpy", nogil=True, **options)(function))
        finally:
            config.CACHE_DIR = before

    return compiled


def _folder(name: str) -> str:
    """Where a cache of that name can be written; empty: nowhere."""
    users = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache") / "simtel"
    for above in (Path(config.CACHE_DIR or _ROOM / "__pycache__"), users):
        try:
            folder = above.expanduser() / name
            folder.mkdir(parents=True, exist_ok=True)
        except (OSError, RuntimeError):  # the latter of somebody who has no home
            continue
        if os.access(folder, os.W_OK):
            return str(folder)
    return ""
