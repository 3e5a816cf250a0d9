"""Work spread over processes: those of this machine, or whatever else is handed in as an Executor.

Ctrl-C reaches the main process alone, which tells its own workers to break off and starts nothing more; a worker whose
main process was killed ends with it. The first task that fails stops the others. What was done before that has been
told as it was done, so that whoever asked may have kept it.
"""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from multiprocessing import parent_process
from types import FrameType
from typing import Any, TypeVar

Made = TypeVar("Made")
TICK = 1.0  # seconds; so often is told what is under way


class _Worker:
    """What a worker process knows of itself."""

    stopped = False
    busy = False


def pool(workers: int) -> ProcessPoolExecutor:
    """So many processes of this machine."""
    return ProcessPoolExecutor(workers, initializer=_start_worker)


def spread(
    executor: Executor,
    task: Callable[..., Made],
    given: Sequence[tuple[Any, ...]],
    done: Callable[[int, Made], None],
    tick: Callable[[int, int], None],
) -> None:
    """Call `task` with each of the given arguments, and `done` with the place among them and what was made of it.

    `tick` is told how many are done and the place of the first that is not, once a second or more often. The executor
    is shut down at the end. Whatever a task or `done` raises ends the whole.
    """
    strangers = set(multiprocessing.active_children())
    futures: dict[Future[Made], int] = {executor.submit(_work, task, *words): n for n, words in enumerate(given)}
    under_way = set(futures)
    try:
        while under_way:
            tick(len(futures) - len(under_way), min(futures[future] for future in under_way))
            ended, under_way = wait(under_way, TICK, FIRST_COMPLETED)
            for future in ended:
                done(futures[future], future.result())
    except BaseException:
        for worker in set(multiprocessing.active_children()) - strangers:
            worker.terminate()
        raise
    finally:
        executor.shutdown(wait=True, cancel_futures=True)


def _start_worker() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal sends it to all; the main process decides
    signal.signal(signal.SIGTERM, _break_off)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """A worker whose main process was killed would wait for work for ever."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _break_off(_number: int, _frame: FrameType | None) -> None:
    _Worker.stopped = True
    if _Worker.busy:
        raise KeyboardInterrupt


def _work(task: Callable[..., Made], *words: Any) -> Made:
    if _Worker.stopped:
        raise KeyboardInterrupt
    _Worker.busy = True
    try:
        return task(*words)
    finally:
        _Worker.busy = False
