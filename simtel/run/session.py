"""All items of one run, on all processors, into one folder.

    DIR/run.json                                   run/1: the items, with paths relative to DIR
    DIR/<scenario>/<site>-<seats>/evidence.jsonl   what was seen
                                  verdicts.json    what the judge says of it (a Judgement)
                                  variants.jsonl   the verdicts with other values of assumed and unknown figures

Each strike of a sweep is an item. run.json is written last and whole: a folder without it holds evidence of a run that
did not end.

Told to break off (`simtel.run.workers`), each worker closes its log without a footer, under its own name.
"""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from contextlib import suppress
from pathlib import Path

import msgspec

from simtel import __version__
from simtel.core.problems import BadInput
from simtel.run.files import write_whole, writing
from simtel.run.once import lacks, to_file, to_memory, without
from simtel.run.plan import Item
from simtel.run.sweep import baseline, strikes
from simtel.run.targets import make_target
from simtel.run.variants import vary, write_variants
from simtel.run.workers import pool, spread
from simtel.verdict.judge import Judgement, judge
from simtel.verdict.outcome import exit_code, merge
from simtel.verdict.variants import apply_variants
from simtel.verdict.verdict import say, say_message

SCHEMA = "run/1"
PRODUCTS = ("report.html", "junit.xml")  # drawn from a run that ended
EVIDENCE, VERDICTS, VARIANTS, RUN = "evidence.jsonl", "verdicts.json", "variants.jsonl", "run.json"
Progress = Callable[[int, int, str], None]  # items done, items in all, the one under way for longest; or the last one


class Entry(msgspec.Struct, frozen=True, omit_defaults=True):
    """One item in run.json; paths are relative to the run folder. The strikes of a sweep are items of their own."""

    scenario: str
    site: str
    seats: int
    outcome: str
    digest: str
    evidence: str | None
    verdicts: str


class Result(msgspec.Struct, frozen=True):
    """An item that was run: its judgement and its entry; `nominal`: with every figure at the value in use."""

    judgement: Judgement
    entry: Entry
    nominal: Judgement


class RunFile(msgspec.Struct, frozen=True):
    """run.json."""

    simtel: str
    version: str
    target: str
    seed: int
    outcome: str
    items: tuple[Entry, ...]


def run_one(item: Item, out: Path) -> Result:
    """Run one item and its variants, and write its folder below `out`."""
    target = make_target(item.target)
    folder = out / item.name
    _clear(folder, EVIDENCE, VARIANTS, VERDICTS)
    missing = lacks(item, target)
    if missing is not None:
        return _keep(item, without(item, target, missing), out)
    if item.scenario.sweep:
        nowhere = say("without any fault no call reached an agent: there is no step to strike at")
        return _keep(item, without(item, target, nowhere, applies=True), out)
    try:
        log = to_file(item, target, folder / EVIDENCE)
    except BadInput as bad:
        missing = say_message(bad.problems[0].message)
        return _keep(item, without(item, target, missing), out)
    judgement = nominal = judge(log)
    if item.target == "virtual" and log.footer is not None and not log.footer.error:
        variants = vary(item, target, judgement) if item.vary else []
        if variants:
            write_variants(folder / VARIANTS, judgement, variants)
        judgement = apply_variants(judgement, variants)
    return _keep(item, judgement, out, nominal)


def earlier_items(out: Path) -> list[str]:
    """Folders of the items of a run that ended in `out` before, as its run.json names them."""
    try:
        listed = msgspec.json.decode((out / RUN).read_bytes(), type=RunFile).items
    except (OSError, ValueError):
        return []
    names = [f"{entry.scenario}/{entry.site}-{entry.seats}" for entry in listed]
    return [name for name in names if (out / name).resolve().is_relative_to(out.resolve())]


def _clear(folder: Path, *names: str) -> None:
    """Take away what an earlier run left, so that nothing of it is taken for this one."""
    for name in names:
        with writing(folder / name):
            (folder / name).unlink(missing_ok=True)


def _keep(item: Item, judgement: Judgement, out: Path, nominal: Judgement | None = None) -> Result:
    """Write the judgement; without a nominal one there is no evidence either."""
    path = out / item.name / VERDICTS
    write_whole(path, msgspec.json.format(msgspec.json.encode(judgement), indent=1))
    return Result(judgement, Entry(
        item.scenario.id, item.site.id, item.site.seats, judgement.outcome.name, judgement.digest,
        f"{item.name}/{EVIDENCE}" if nominal else None, f"{item.name}/{VERDICTS}",
    ), nominal or judgement)  # fmt: skip


def strikes_of(item: Item) -> list[Item]:
    """The items that a sweep stands for; the item itself when it is none, or when there is nothing to strike at."""
    if not item.scenario.sweep:
        return [item]
    target = make_target(item.target)
    if lacks(item, target) is not None:
        return [item]
    return strikes(item, to_memory(baseline(item), target)) or [item]


def run_all(
    items: Sequence[Item],
    out: Path,
    jobs: int | None = None,
    progress: Progress | None = None,
    executor: Executor | None = None,
) -> list[Result]:
    """Run all items, those of a sweep for the sweep, and write run.json. CannotWriteError, KeyboardInterrupt."""
    clear_run(out)
    flat = [strike for item in items for strike in strikes_of(item)]
    alone = any(item.target != "virtual" for item in flat)  # real time and real addresses are not shared
    wanted = 1 if alone else min(jobs or os.cpu_count() or 1, len(flat))
    if executor is not None or wanted > 1:
        done = _spread(flat, out, executor or pool(wanted), progress)
    else:
        done = _in_turn(flat, out, progress)
    write_run(done, out, items[0])
    return done


def clear_run(out: Path) -> None:
    """Take away what an earlier run left in a folder. CannotWriteError."""
    for name in earlier_items(out):
        _clear(out / name, EVIDENCE, VARIANTS, VERDICTS)
        for emptied in ((out / name), (out / name).parent):
            with suppress(OSError):  # somebody else's file is in it
                emptied.rmdir()
    _clear(out, RUN, *PRODUCTS)


def write_run(results: Sequence[Result], out: Path, item: Item) -> Path:
    """Write run.json over results of which `item` is one."""
    outcome = merge(result.judgement.outcome for result in results).name
    entries = tuple(result.entry for result in results)
    content = RunFile(SCHEMA, __version__, item.target, item.seed, outcome, entries)
    write_whole(out / RUN, msgspec.json.format(msgspec.json.encode(content), indent=1))
    return out / RUN


def status(results: Sequence[Result]) -> int:
    """The exit status that stands for a run."""
    return exit_code(merge(result.judgement.outcome for result in results))


def _in_turn(items: Sequence[Item], out: Path, progress: Progress | None) -> list[Result]:
    results: list[Result] = []
    for item in items:
        if progress is not None:
            progress(len(results), len(items), item.name)
        results.append(run_one(item, out))
    if progress is not None:
        progress(len(items), len(items), items[-1].name)
    return results


def _spread(items: Sequence[Item], out: Path, executor: Executor, progress: Progress | None) -> list[Result]:
    """On many processes. The first that cannot go on stops the others."""
    results: dict[int, Result] = {}

    def tick(done: int, first: int) -> None:
        if progress is not None:
            progress(done, len(items), items[first].name)

    spread(executor, run_one, [(item, out) for item in items], results.__setitem__, tick)
    if progress is not None:
        progress(len(items), len(items), items[-1].name)
    return [results[n] for n in range(len(items))]
