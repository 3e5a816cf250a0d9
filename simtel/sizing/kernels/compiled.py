"""The decorator of the kernels: numba, with a cache that knows what a function was compiled from.

What a compiled function calls is compiled into it, but numba's cache asks only whether the function's own file has
changed. Here the cache lies in a folder named after the contents of all files that a kernel is made from, so that a
rule changed in one of them never goes on living in another. The folder is under NUMBA_CACHE_DIR if that is set, else in
`__pycache__` beside this file; where nothing can be written there, in the user's own cache; nowhere, if not there.

`part` is for functions that compiled ones alone call. Such a function has no way in from Python and no cache of its
own; and it is optimised and made machine code where it ends up, not once more by itself with all that it calls, as
numba would: LLVM has a third of the work then.

Division by zero gives an infinity or no number, as in numpy, not an exception: kernels test what they divide by.
"""

import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, TypeVar, cast

from numba import _dynfunc, njit
from numba.core import config
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompilerBase, DefaultPassBuilder
from numba.core.compiler_machinery import PassManager, register_pass
from numba.core.typed_passes import NativeLowering

Compiled = TypeVar("Compiled", bound=Callable[..., object])

_OPTIONS: Final[dict[str, Any]] = {"error_model": "numpy", "nogil": True, "no_cfunc_wrapper": True}
_ROOM = Path(__file__).parent


def compiler(*sources: str) -> Callable[[Compiled], Compiled]:
    """The decorator for functions made from these files of this room (names without `.py`), the own one among them."""
    digest = sha256()
    for source in ("compiled", *sources):
        digest.update((_ROOM / f"{source}.py").read_bytes())
    folder = _folder(digest.hexdigest()[:16])

    def compiled(function: Compiled) -> Compiled:
        before, config.CACHE_DIR = config.CACHE_DIR, folder
        try:
            return cast("Compiled", njit(cache=bool(folder), **_OPTIONS)(function))
        finally:
            config.CACHE_DIR = before

    return compiled


class _PartLibrary(JITCodeLibrary):  # type: ignore[misc]
    """Code that waits for the function that it is linked into."""

    def _optimize_final_module(self) -> None:
        pass

    def _finalize_final_module(self) -> None:
        self._finalize_dynamic_globals()
        self._finalized = True


@register_pass(mutates_CFG=True, analysis_only=False)
class _PartLowering(NativeLowering):  # type: ignore[misc]
    """numba's last pass, which makes no machine code."""

    _name = "part_lowering"

    def run_pass(self, state: Any) -> bool:
        state.library = _PartLibrary(state.targetctx.codegen(), state.func_id.func_qualname)
        state.flags.no_compile = True
        super().run_pass(state)
        lowered = state["cr"]
        named = lowered.fndesc.lookup_module(), lowered.fndesc.qualname
        nowhere = _dynfunc.make_function(*named, "", 0, lowered.env, (state.library,))  # by which callers know it
        state.targetctx.insert_user_function(nowhere, lowered.fndesc, [state.library])
        state["cr"] = lowered._replace(cfunc=nowhere)
        return True


class _PartCompiler(CompilerBase):  # type: ignore[misc]
    def define_pipelines(self) -> list[Any]:
        passes = PassManager("part")
        for made, why in DefaultPassBuilder.define_nopython_pipeline(self.state).passes:
            passes.add_pass(_PartLowering if made is NativeLowering else made, why)
        passes.finalize()
        return [passes]


def part(function: Compiled) -> Compiled:
    """The decorator for functions that compiled ones alone call."""
    return cast("Compiled", njit(pipeline_class=_PartCompiler, no_cpython_wrapper=True, **_OPTIONS)(function))


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
