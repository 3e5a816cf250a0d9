"""Golden digests: the same plan gives the same events, whatever the process, its hash seed and its locale.

Here on a few scenarios; tests/library sees all of the table. Written anew by `python tests/golden/digests.py`. The log
of schema 1 beside them must be read for ever.
"""

import os
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path

import pytest

from simtel.core.log import digest_of, read_log
from simtel.run.plan import Item
from simtel.verdict.judge import judge
from simtel.verdict.outcome import Outcome
from tests.golden.digests import TABLE, all_items, digest, named

ROOT = Path(__file__).resolve().parent.parent
GOLDEN: dict[str, str] = tomllib.loads(TABLE.read_text(encoding="utf-8"))
# Few and short, of all that draws at random and waits in line: failover, outbound calls, a burst, boards.
FEW = ("failover.active-server-crash", "failover.outbound-and-held", "switching.burst", "seats.port-dead")


@cache
def _locales() -> list[str]:
    found = subprocess.run(["locale", "-a"], capture_output=True, text=True, check=False).stdout.split()
    chinese = [name for name in found if name.lower().startswith("zh_cn")]
    return ["C", (chinese or [name for name in found if name not in ("C", "POSIX")] or ["POSIX"])[0]]


@pytest.mark.parametrize(("hashes", "locale"), [("0", 0), ("4711", 1)])
def test_neither_hash_seed_nor_locale_reaches_the_events(hashes: str, locale: int) -> None:
    env = {**os.environ, "PYTHONHASHSEED": hashes, "LC_ALL": _locales()[locale], "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-m", "tests.golden.digests", "--print", *FEW],
        cwd=ROOT, env=env, capture_output=True, text=True, check=True,
    )  # fmt: skip
    said = dict(line.split(" ", 1) for line in done.stdout.splitlines())
    assert len(said) == 3 * len(FEW)
    assert said == {name: GOLDEN[name] for name in said}


def _few(seed: int = 7) -> list[Item]:
    return [item for item in all_items(FEW, seed) if not GOLDEN[named(item)].startswith("lacks")]


def test_twice_in_one_process_the_events_are_the_same() -> None:
    first, second = ([digest(item) for item in _few()] for _ in range(2))
    assert first == second


def test_another_seed_gives_other_events() -> None:
    assert all(digest(item) != GOLDEN[named(item)] for item in _few(8))


def test_a_log_of_schema_1_is_read_and_judged_for_ever() -> None:
    log = read_log(TABLE.parent / "evidence-1.jsonl")
    assert (log.header.scenario, log.header.site, log.header.seed) == ("failover.active-server-dies", "today", 7)
    assert log.footer is not None
    assert log.footer.digest == digest_of(log.events)
    found = {verdict.key: verdict.outcome for verdict in judge(log).verdicts}
    assert found == {
        "failover-time": Outcome.FAIL,
        "promoted-once": Outcome.FAIL,
        "conservation": Outcome.PASS,
        "quiescence": Outcome.PASS,
    }
