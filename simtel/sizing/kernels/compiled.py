"""The decorator of the kernels: numba, with a cache that knows what a function was compiled from.

What a compiled function calls is compiled into it, but numba's cache asks only whether the function's own file has
changed. Here the cache lies in a folder named after the contents of all files that a kernel is made from, so that a
rule changed in one of them never goes on living in another. The folder is under NUMBA_CACHE_DIR if that is set, else in
`__pycache__` beside this file; where nothing can be written there, numba finds a place of its own for the user.

Division by zero gives an infinity or no number, as in numpy, not an exception: kernels test what they divide by.
"""

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
    above = Path(config.CACHE_DIR) if config.CACHE_DIR else _ROOM / "__pycache__"
    folder = str(above / digest.hexdigest()[:16])

    def compiled(function: Compiled) -> Compiled:
        before, config.CACHE_DIR = config.CACHE_DIR, folder
        try:
            return cast("Compiled", njit(cache=True, error_model="numpy", nogil=True)(function))
        finally:
            config.CACHE_DIR = before

    return compiled
