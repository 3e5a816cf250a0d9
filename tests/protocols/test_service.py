from typing import Any

import pytest

from simtel.core.clock import MS, SECOND, Ns
from simtel.core.events import FIELDS, Kind
from simtel.core.timers import TimerHeap
from simtel.protocols.election import Advert
from simtel.protocols.service import Check, Checked, Watch

S = SECOND


class Bench:
    """A watch and servers that answer as `answers` says; keeps the evidence."""

    def __init__(self, addresses: tuple[str, ...] = ("service",)) -> None:
        self.now = 0
        self.server: str | None = "server.1"
        self.delay = 5 * MS
        self.asked: list[tuple[int, str, Check]] = []
        self.events: list[tuple[int, str, str, dict[str, Any]]] = []
        self.coming: list[tuple[int, Checked]] = []
        self.timers = TimerHeap()
        self.watch = Watch("watch", self, addresses, interval=50 * MS, timeout=200 * MS)
        self.watch.start(Ns(0))

    def send(self, to: str, message: object) -> None:
        assert isinstance(message, Check)
        self.asked.append((self.now, to, message))
        if self.server is not None:
            self.coming.append((self.now + self.delay, Checked(self.server, message.number)))

    def emit(self, kind: Kind, call: str | None = None, subject: str | None = None, /, **fields: Any) -> None:
        assert set(fields) == set(FIELDS[kind][1])
        self.events.append((self.now, str(kind), subject or "watch", fields))

    def run(self, until: int) -> None:
        while True:
            due = self.timers.next()
            assert due is not None
            self.now = min([due, *(at for at, _ in self.coming)])
            if self.now > until:
                self.now = until
                return
            for entry in [entry for entry in self.coming if entry[0] == self.now]:
                self.coming.remove(entry)
                self.watch.receive(entry[1], Ns(self.now))
            while (key := self.timers.due(self.now)) is not None:
                self.watch.on_timer(key, Ns(self.now))

    def advert(self, at: int, server: str = "server.1", interval: int = 100 * MS) -> None:
        self.run(at)
        self.watch.receive(Advert(server, 100, interval), Ns(at))

    def of(self, *kinds: str) -> list[tuple[int, str, str, dict[str, Any]]]:
        return [event for event in self.events if event[1] in kinds]


def test_asks_each_interval_with_a_new_number() -> None:
    bench = Bench()
    bench.run(1 * S)
    assert [(t, check.number) for t, _, check in bench.asked] == [(n * 50 * MS, n + 1) for n in range(21)]
    assert {check.watch for *_, check in bench.asked} == {"watch"}


def test_asks_every_address_in_one_check() -> None:
    bench = Bench(("service.1", "service.2"))
    bench.run(0)
    assert [(to, check.number) for _, to, check in bench.asked] == [("service.1", 1), ("service.2", 1)]


def test_first_answer_is_told_once() -> None:
    bench = Bench()
    bench.run(900 * MS)
    assert bench.events == [(5 * MS, "service.answered", "server.1", {"server": "server.1"})]


def test_sums_of_each_second() -> None:
    bench = Bench()
    bench.run(3500 * MS)
    sums = bench.of("service.checked")
    assert [t for t, *_ in sums] == [S, 2 * S, 3 * S]
    assert all(fields["sent"] - fields["answered"] in (0, 1) for *_, fields in sums)
    assert sum(fields["sent"] for *_, fields in sums) in (60, 61)


def test_lost_after_the_timeout_and_answered_again() -> None:
    bench = Bench()
    bench.run(1 * S + 20 * MS)
    bench.server = None
    bench.run(2 * S)
    # The last question with an answer was asked at 1 s; the answer came at 1.005 s.
    (lost,) = bench.of("service.lost")
    assert lost[3] == {"since": 1005 * MS}
    assert lost[0] == 1250 * MS  # the first question later than the timeout after that answer
    bench.server = "server.2"
    bench.run(3 * S)
    assert bench.of("service.answered")[-1][0] == 2055 * MS
    assert bench.of("service.answered")[-1][2:] == ("server.2", {"server": "server.2"})
    assert len(bench.of("service.lost")) == 1


def test_gap_shorter_than_the_timeout_is_no_loss() -> None:
    bench = Bench()
    bench.run(1 * S + 20 * MS)
    bench.server = None
    bench.run(1 * S + 170 * MS)
    bench.server = "server.1"
    bench.run(3 * S)
    assert bench.of("service.lost") == []
    assert len(bench.of("service.answered")) == 1


def test_another_server_that_answers_without_a_gap_is_told() -> None:
    bench = Bench()
    bench.run(1 * S)
    bench.server = "server.2"
    bench.run(2 * S)
    assert [fields["server"] for *_, fields in bench.of("service.answered")] == ["server.1", "server.2"]


def test_service_that_never_answers_is_lost() -> None:
    bench = Bench()
    bench.server = None
    bench.run(1 * S)
    assert [(t, kind, fields) for t, kind, _, fields in bench.of("service.lost")] == [
        (250 * MS, "service.lost", {"since": 0})
    ]


@pytest.mark.parametrize("delay", [201 * MS, 10 * S])
def test_answer_after_the_timeout_counts_for_nothing(delay: int) -> None:
    bench = Bench()
    bench.delay = delay
    bench.run(15 * S)
    assert bench.of("service.answered") == []
    assert all(fields["answered"] == 0 for *_, fields in bench.of("service.checked"))


def test_answer_to_a_question_that_was_not_asked_counts_for_nothing() -> None:
    bench = Bench()
    bench.server = None
    bench.run(10 * MS)
    bench.watch.receive(Checked("server.9", 77), Ns(10 * MS))
    assert bench.events == []


def test_the_same_answer_twice_counts_once() -> None:
    bench = Bench()
    bench.run(20 * MS)
    bench.watch.receive(Checked("server.2", 1), Ns(20 * MS))
    bench.run(1 * S)
    assert len(bench.of("service.answered")) == 1


def test_adverts_tell_who_claims_to_be_active_until_three_and_a_half_intervals_of_silence() -> None:
    bench = Bench()
    for t in range(0, 1001, 100):
        bench.advert(t * MS)
    bench.run(3 * S)
    assert bench.of("server.advertised") == [(0, "server.advertised", "server.1", {})]
    assert bench.of("server.silent") == [(1350 * MS, "server.silent", "server.1", {"since": 1 * S})]
    bench.advert(4 * S)
    assert [t for t, *_ in bench.of("server.advertised")] == [0, 4 * S]


@pytest.mark.parametrize(("gap", "heard"), [(100 * MS, 1), (150 * MS, 1), (151 * MS, 2), (349 * MS, 2)])
def test_an_advert_after_a_missing_one_is_told_anew(gap: int, heard: int) -> None:
    """A server that crashed and is back before it was called silent is seen all the same."""
    bench = Bench()
    bench.advert(100 * MS)
    bench.advert(100 * MS + gap)
    assert len(bench.of("server.advertised")) == heard
    assert bench.of("server.silent") == []


def test_a_watch_without_addresses_hears_adverts_alone() -> None:
    bench = Bench(())
    bench.watch.receive(Advert("server.1", 100, 100 * MS), Ns(100 * MS))
    assert bench.watch.timers.next() == 450 * MS
    key = bench.timers.due(Ns(450 * MS))
    assert key is not None
    bench.watch.on_timer(key, Ns(450 * MS))
    assert bench.watch.timers.next() is None
    assert bench.asked == []
    assert [kind for _, kind, *_ in bench.events] == ["server.advertised", "server.silent"]


def test_two_that_claim_are_told_apart() -> None:
    bench = Bench()
    for t in range(0, 1001, 100):
        bench.advert(t * MS)
        bench.advert(t * MS + 1, "server.2")
    assert [subject for *_, subject, _ in bench.of("server.advertised")] == ["server.1", "server.2"]
    assert bench.of("server.silent") == []


def test_uncertainty_is_the_interval() -> None:
    assert Bench().watch.uncertainty == 50 * MS
