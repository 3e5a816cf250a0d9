"""Failures and repairs on the calendar: each rule of `simtel.model.failures`."""

from itertools import pairwise

from simtel.core.clock import HOUR
from simtel.core.faults import FaultKind
from simtel.core.streams import Streams
from simtel.model.failures import Crew, Failures, Unit

ALONE = Crew(people=1, travel=0, notice=2 * HOUR)
WEEK = 168 * HOUR


class Paper:
    """A site on paper: what is out, and what was done when; server.a serves while it works."""

    def __init__(self, units: list[Unit], crew: Crew = ALONE, seed: int = 1) -> None:
        self.now = 0
        self.out: dict[str, FaultKind] = {}
        self.done: list[tuple[str, int, str]] = []
        self.failures = Failures(units, crew, WEEK, Streams(seed), self)

    def run(self, until: int) -> None:
        while self.failures.next < until:
            self.now = self.failures.next
            self.failures.step()

    def strike(self, number: int, kind: FaultKind, name: str) -> None:
        assert name not in self.out
        self.out[name] = kind
        self.done.append((kind.value, self.now, name))

    def undo(self, number: int, kind: FaultKind, name: str) -> None:
        assert self.out.pop(name) is kind
        self.done.append(("repaired", self.now, name))

    def switch_off(self, name: str) -> None:
        self.done.append(("off", self.now, name))

    def stands_by(self, name: str) -> bool:
        return name == "server.b" and "server.a" not in self.out

    def of(self, *what: str) -> list[tuple[str, int, str]]:
        return [one for one in self.done if one[0] in what]


def unit(name: str = "board.1", role: str = "boards", **figures: float) -> Unit:
    given = {"mtbf": 100 * HOUR, "repair": 4 * HOUR, **figures}
    return Unit(f"{role} {name}", name, role, FaultKind.CRASH, **given)  # type: ignore[arg-type]


def pair(**figures: float) -> list[Unit]:
    return [unit(f"server.{x}", "servers", **figures) for x in "ab"]


def spans(paper: Paper, begin: str, end: str, name: str) -> list[int]:
    """From each `begin` of the unit to the next `end` of it."""
    found, since = [], None
    for what, at, who in paper.done:
        if who == name and what == begin:
            since = at
        elif who == name and what == end and since is not None:
            found.append(at - since)
            since = None
    return found


def mean(values: list[int]) -> float:
    assert len(values) > 100
    return sum(values) / len(values)


def test_units_work_and_are_repaired_for_the_times_of_their_profile() -> None:
    paper = Paper([unit()])
    paper.run(60_000 * HOUR)
    assert 85 < mean(spans(paper, "repaired", "crash", "board.1")) / HOUR < 115
    assert 3.4 < mean(spans(paper, "crash", "repaired", "board.1")) / HOUR < 4.6


def test_whoever_is_called_travels_first() -> None:
    paper = Paper([unit()], Crew(1, 3 * HOUR, 0))
    paper.run(60_000 * HOUR)
    lengths = spans(paper, "crash", "repaired", "board.1")
    assert min(lengths) >= 3 * HOUR
    assert 6.4 < mean(lengths) / HOUR < 7.6


def test_one_person_repairs_one_after_the_other_in_the_order_of_reports_and_travels_once() -> None:
    units = [unit(f"board.{n}", mtbf=20 * HOUR) for n in range(1, 6)]
    alone, crowd = Paper(units, Crew(1, HOUR, 0)), Paper(units, Crew(5, HOUR, 0))
    for paper in (alone, crowd):
        paper.run(5_000 * HOUR)
    order = [name for what, _, name in alone.done if what == "crash"]
    assert [name for what, _, name in alone.done if what == "repaired"] == order[: len(alone.of("repaired"))]
    assert mean(spans(alone, "crash", "repaired", "board.1")) > 1.5 * mean(spans(crowd, "crash", "repaired", "board.1"))
    repaired = [at for _, at, _ in alone.of("repaired")]
    assert min(b - a for a, b in pairwise(repaired)) < HOUR  # on site already


def test_a_dead_standby_that_does_not_show_is_found_by_the_test() -> None:
    (_, standby) = pair(shown=0.0, repair=HOUR)
    paper = Paper([standby])
    paper.run(20_000 * HOUR)
    assert {kind for kind, _, name in paper.done if kind != "repaired"} == {"latent"}
    for (_, at, _), (_, over, _) in zip(paper.of("latent"), paper.of("repaired"), strict=False):
        assert over > (at // WEEK + 1) * WEEK


def test_a_standby_whose_failure_shows_is_repaired_before_the_test() -> None:
    paper = Paper([pair(shown=1.0, repair=HOUR)[1]])
    paper.run(20_000 * HOUR)
    assert not paper.of("latent")
    assert 0.8 < mean(spans(paper, "crash", "repaired", "server.b")) / HOUR < 1.2


def test_a_dead_standby_is_found_when_nothing_takes_over() -> None:
    paper = Paper(pair(shown=0.0, coverage=1.0, repair=HOUR), Crew(2, 0, 0))
    paper.run(20_000 * HOUR)
    latent = [at for _, at, name in paper.of("latent")]
    later = [(at // WEEK + 1) * WEEK for at in latent]
    ended = [next(t for what, t, name in paper.done if what == "repaired" and name == "server.b" and t > at)
             for at in latent[:-1]]  # fmt: skip
    early = [end for end, tested in zip(ended, later, strict=False) if end < tested]
    assert len(early) > 10
    crashes = [at for _, at, name in paper.of("crash") if name == "server.a"]
    assert all(any(end - 20 * HOUR < at < end for at in crashes) for end in early)


def test_a_server_that_hangs_is_switched_off_after_notice_and_repaired_then() -> None:
    paper = Paper(pair(coverage=0.0)[:1])
    paper.run(20_000 * HOUR)
    assert not paper.of("crash")
    assert set(spans(paper, "hang", "off", "server.a")) == {2 * HOUR}
    assert min(spans(paper, "hang", "repaired", "server.a")) > 2 * HOUR


def test_a_failure_together_takes_every_unit_that_works_and_is_one_repair() -> None:
    feeds = [unit(f"feed.{n}", "feeds", together=1.0) for n in (1, 2, 3)]
    other = unit("board.1", mtbf=10**6 * HOUR)
    paper = Paper([*feeds, other])
    paper.run(2_000 * HOUR)
    begun = [at for _, at, _ in paper.of("crash")]
    over = [at for _, at, _ in paper.of("repaired")]
    assert len(begun) > 30
    assert all(begun[n : n + 3] == [begun[n]] * 3 for n in range(0, len(begun), 3))
    assert all(over[n : n + 3] == [over[n]] * 3 for n in range(0, len(over) - 2, 3))
    assert {name for _, _, name in paper.of("crash")} == {"feed.1", "feed.2", "feed.3"}


def test_at_the_end_all_is_repaired() -> None:
    paper = Paper([unit(f"board.{n}", mtbf=HOUR) for n in range(1, 4)])
    paper.run(5 * HOUR)
    assert paper.out
    paper.failures.end()
    assert not paper.out


def test_a_unit_has_one_life_at_a_time_however_often_others_took_it_along() -> None:
    """Three units of 100 h, each failure of one taking all: a failure each 33 h of work, also after a thousand."""
    paper = Paper([unit(f"feed.{n}", "feeds", together=1.0) for n in (1, 2, 3)])
    paper.run(200_000 * HOUR)
    begun = sorted({at for what, at, _ in paper.done if what == "crash"})
    ended = sorted({at for what, at, _ in paper.done if what == "repaired"})
    late = [fail - mended for mended, fail in zip(ended, begun[1:], strict=False)][-1000:]
    assert 0.85 * 100 * HOUR / 3 < mean(late) < 1.15 * 100 * HOUR / 3
