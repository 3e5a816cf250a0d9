from collections.abc import Callable

import pytest

from simtel.core.clock import MINUTE, MS, SECOND, Ns
from simtel.core.faults import FaultKind
from simtel.core.problems import BadInput, Problem
from simtel.core.quantity import Unit
from simtel.run.choose import scenarios_of
from simtel.scenario.limits import CRITERIA
from simtel.scenario.load import DRAIN, LOADS, read_scenario
from simtel.scenario.spec import Random, Scenario, Spot, Trigger

Complains = Callable[..., list[Problem]]

GOOD = """\
simtel: scenario/1
id: failover.trial
title: {en: A trial, zh: 试验}
why: {en: To see, zh: 看看}
requirement: [R1, R2]
roles: {servers: call-server-pair, boards: agent-board, seats: seat}
watch: true
load: {kind: full-occupancy, ramp: 30s, hold: 120s, waiting: 5, rate: 6/min, held: 50%, skills: [sales, service]}
faults:
  - {at: 60s, kind: replication-late, subject: servers.active, delay: 10s}
  - {after: {event: call.connected, count: 30, plus: 20ms}, kind: crash, subject: servers.active, for: 90s}
  - {at: 61s, kind: port-dead, subject: boards.1, port: 3}
expect:
  stable-calls-preserved: {at_least: 100%, gap_at_most: 2s, basis: quoted, source: the offer}
  promoted-once: {}
  agent-capacity: {at_least: seats}
"""

FAULTS = "faults:\n  - {at: 1s, kind: hang, subject: servers.1}\n"
YEARS = """\
simtel: scenario/1
id: failover.years
title: {en: Years, zh: 多年}
why: {en: To see, zh: 看看}
requirement: [R1]
roles: {servers: call-server-pair}
load: {kind: poisson, rate: 1/min, length: 2min}
random: {years: 3, units: [servers, feeds], crew: {people: 2, travel: 1h, notice: 30min}}
expect:
  outage-seconds-system: {at_most: 3min}
"""


def read(text: bytes) -> Scenario:
    return read_scenario(text, "scenario.yaml")


def test_a_scenario_is_read() -> None:
    scenario = read(GOOD.encode())
    assert (scenario.id, scenario.requirement) == ("failover.trial", ("R1", "R2"))
    assert scenario.roles == ("servers", "boards", "seats")
    assert (scenario.watch, scenario.sweep, scenario.drain) == (True, "", DRAIN)
    load = scenario.load
    assert (load.kind, load.ramp, load.hold, load.waiting) == ("full-occupancy", 30 * SECOND, 120 * SECOND, 5)
    assert (load.rate, load.held, load.recorded, load.skills) == (0.1, 0.5, 0.0, ("sales", "service"))
    late, crash, dead = scenario.faults
    assert (late.kind, late.at, late.delay) == (FaultKind.REPLICATION_LATE, 60 * SECOND, 10 * SECOND)
    assert (crash.at, crash.after, crash.lasting) == (None, Trigger("call.connected", 30, 20 * MS), 90 * SECOND)
    assert (dead.subject, dead.unit, dead.lasting) == ("boards.1", 3, None)
    kept, once, capacity = scenario.expect
    assert [(x.name, x.value, x.unit, x.basis, x.source) for x in kept.limits] == [
        ("at_least", 1.0, Unit.SHARE, "quoted", "the offer"),
        ("gap_at_most", 2 * SECOND, Unit.TIME, "quoted", "the offer"),
    ]
    assert (once.criterion, once.limits) == ("promoted-once", ())
    assert [(x.value, x.unit, x.basis, x.source) for x in capacity.limits] == [
        ("seats", Unit.COUNT, "assumed", "scenario")
    ]


def test_a_scenario_may_fix_its_seats() -> None:
    assert read(GOOD.encode()).seats is None
    assert read((GOOD + "seats: 100\n").encode()).seats == 100


@pytest.mark.parametrize(("value", "said"), [
    ("0", "0 is outside 1 to 1000"), ("1001", "1001 is outside 1 to 1000"), ("many", "'many' is not a count"),
    ("1.5", "1.5 is not a count"), ("yes", "plain 'yes'"), ("all", "'all' is not a count"),
])  # fmt: skip
def test_a_number_of_seats_that_is_none_is_refused_with_its_place(value: str, said: str) -> None:
    with pytest.raises(BadInput) as caught:
        read((GOOD + f"seats: {value}\n").encode())
    (problem,) = caught.value.problems
    assert problem.message.startswith(said)
    assert (problem.line, problem.column) == (GOOD.count("\n") + 1, 8)


def test_drain_and_hash() -> None:
    other = read((GOOD + "drain: 1min\n").encode())
    assert other.drain == MINUTE
    assert other.hash != read(GOOD.encode()).hash


CRASH = "kind: crash, subject: servers.active, for: 90s"
BAD = [
    ("simtel: scenario/1", "simtel: §scenario/2", "scenario/1"),
    ("id: failover.trial", "id: §Failover", "is not a name"),
    ("title: {en: A trial, zh: 试验}", "§title: {en: A trial}", "key 'zh' is missing"),
    ("why: {en: To see, zh: 看看}\n", "§why: To see\n", "a mapping (key: value) is due"),
    ("requirement: [R1, R2]", "requirement: [R1, §R0]", "R1 to R18"),
    ("requirement: [R1, R2]", "§requirement: []", "empty list"),
    ("roles: {servers: call-server-pair,", "roles: {servers: §e1-gateway,", "call-server-pair"),
    ("roles: {servers: call-server-pair,", "roles: {§server: call-server-pair,", "unknown key 'server'"),
    ("boards: agent-board, ", "§board: agent-board, ", "unknown key 'board'"),
    ("watch: true", "watch: §5", "neither true nor false"),
    ("watch: true\n", "sweep: §takeover\n", "exactly one fault"),
    ("watch: true\n", "watch: true\n§watch: false\n", "given twice"),
    ("kind: full-occupancy,", "kind: §full,", "one of these is due"),
    ("kind: full-occupancy, ramp: 30s,", "kind: full-occupancy, ramp: §30,", "bare value where a unit is due"),
    ("hold: 120s, waiting", "hold: §0s, waiting", "0 s is too little: write 1 us or more"),
    ("waiting: 5,", "waiting: §5s,", "is not a count"),
    ("rate: 6/min,", "rate: §6,", "bare value"),
    ("rate: 6/min,", "rate: §2000/s,", "is outside"),
    ("held: 50%", "held: §150%", "more than everything"),
    ("held: 50%", "§length: 3s", "means nothing in a load of kind 'full-occupancy'"),
    ("skills: [sales, service]", "skills: [§Sales]", "is not a name"),
    ("skills: [sales, service]", "§skills: sales", "a list is due"),
    ("load: {kind: full-occupancy, ramp: 30s,", "§load: {kind: full-occupancy,", "needs 'ramp'"),
    ("{at: 60s, kind", "§{kind", "either 'at' or 'after'"),
    ("{at: 61s, kind", "§{at: 61s, after: {event: call.connected}, kind", "either 'at' or 'after'"),
    ("event: call.connected", "event: §call.conected", "one of these is due"),
    ("count: 30,", "count: §0,", "is outside"),
    ("plus: 20ms", "plus: §-20ms", "is not a duration"),
    ("kind: crash", "kind: §crush", "one of these is due"),
    (CRASH, "kind: crash, subject: §server.active", "cannot strike 'server'"),
    (CRASH, "kind: crash, subject: §spans.1", "cannot strike 'spans'"),
    (CRASH, "kind: crash, subject: §servers", "is not role.which"),
    (CRASH, "kind: crash, subject: §servers.0", "is not role.which"),
    (CRASH, "kind: crash, subject: §127.0.0.1", "is not role.which"),
    (CRASH, "kind: crash, subject: §gateways.1", "is not among 'roles'"),
    (CRASH, "kind: crash, subject: §seats.active", "are numbered"),
    (CRASH, "kind: crash, subject: servers.active, §delay: 1s", "means nothing to a fault of kind 'crash'"),
    (CRASH, "kind: crash, subject: servers.active, §port: 1", "means nothing to a fault of kind 'crash'"),
    (CRASH, "kind: crash, subject: servers.active, §lasting: 1s", "unknown key 'lasting'"),
    (CRASH, "kind: crash, subject: servers.active, for: §0s", "0 s is too little"),
    ("{at: 60s, kind: replication-late, subject: servers.active, delay: 10s}",
     "§{at: 60s, kind: replication-late, subject: servers.active}", "needs 'delay'"),
    ("{at: 61s, kind: port-dead, subject: boards.1, port: 3}",
     "§{at: 61s, kind: port-dead, subject: boards.1}", "needs 'port'"),
    ("port: 3", "port: §three", "is not a count"),
    ("faults:\n", "faults:\n  - §5\n", "a mapping (key: value) is due"),
    ("  stable-calls-preserved: {at_least: 100%,", "  stable-calls-preserved: {at_least: §100,", "bare value"),
    ("  stable-calls-preserved: {at_least: 100%,", "  stable-calls-preserved: {§at_most: 100%,",
     "unknown key 'at_most'"),
    ("  stable-calls-preserved: {at_least: 100%,", "  §stable-calls-preserved: {", "key 'at_least' is missing"),
    ("  stable-calls-preserved:", "  §stable-calls-preserve:", "unknown key"),
    ("gap_at_most: 2s", "gap_at_most: §seats", "is not a duration"),
    ("basis: quoted", "basis: §hoped", "one of these is due"),
    ("  promoted-once: {}", "  §promoted-once: null", "a mapping (key: value) is due"),
    ("  promoted-once: {}", "  promoted-once: &a {}\n  media-gap: §*a", "alias *a is not allowed"),
    ("  promoted-once: {}", "  §quiescence: {}", "unknown key 'quiescence'"),
    ("at_least: seats", "at_least: §seat", "is not a count"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "message"), BAD, ids=[new[:50] for _, new, _ in BAD])
def test_bad_scenario(complains: Complains, old: str, new: str, message: str) -> None:
    complains(read, GOOD, old, new, message)


def test_what_the_watch_sees_needs_the_watch(complains: Complains) -> None:
    unwatched = GOOD.replace("watch: true\n", "")
    complains(read, unwatched, "  promoted-once: {}", "  §promoted-once: {}", "write 'watch: true'")
    assert read(unwatched.replace("  promoted-once: {}\n", "").encode()).watch is False


def test_an_expectation_of_nothing_is_refused(complains: Complains) -> None:
    text = GOOD[: GOOD.index("expect:")]
    complains(read, text + "expect: {}\n", "expect: {}", "§expect: {}", "expects nothing")


SWEEP = GOOD.replace("watch: true", "watch: true\nsweep: takeover").replace("{at: 61s", "# {at: 61s")


def test_a_sweep_sets_the_time_itself(complains: Complains) -> None:
    lines = SWEEP.splitlines(keepends=True)
    one = "".join(line for line in lines if "replication-late" not in line and "port-dead" not in line)
    after = "after: {event: call.connected, count: 30, plus: 20ms}"
    complains(read, one, after, "§" + after, "means nothing in a sweep")
    swept = read(one.replace(after + ", ", "").encode())
    assert swept.sweep == "takeover"
    assert (swept.faults[0].at, swept.faults[0].after) == (None, None)


@pytest.mark.parametrize("kind", LOADS)
def test_each_kind_of_load_is_read_with_what_it_needs_and_no_less(kind: str) -> None:
    written = {
        "ramp": "ramp: 5s",
        "hold": "hold: 60s",
        "rate": "rate: 6/min",
        "length": "length: 2min",
        "calls": "calls: 9",
        "spots": "spots: [{at: 30s, calls: 9, decay: 20s}]",
        "pace": "pace: 1min",
        "order": "order: sought",
    }
    line = next(line for line in GOOD.splitlines() if line.startswith("load:"))
    needs = sorted(LOADS[kind][0])
    full = f"load: {{kind: {kind}, {', '.join(written[name] for name in needs)}}}"
    load = read(GOOD.replace(line, full).encode()).load
    assert all(getattr(load, name) for name in needs)
    for name in needs:
        with pytest.raises(BadInput, match=f"a load of kind '{kind}' needs '{name}'"):
            read(GOOD.replace(line, full.replace(f", {written[name]}", "")).encode())


LONG = "load: {kind: poisson, rate: 6/min, length: 2min}"
BURST = "load: {kind: burst, calls: 9, length: 30s, rate: 6/min, hold: 1min}"


@pytest.mark.parametrize(
    ("load", "old", "new", "said"),
    [
        (LONG, "{at: 61s", "§{at: 2min", "strikes at 120 s, when the load is over: it ends at 120 s"),
        (LONG, "{at: 61s", "§{at: 7min", "strikes at 420 s, when the load is over: it ends at 120 s"),
        (LONG, "plus: 20ms", "plus: §3min", "strikes at 180 s, when the load is over"),
        (BURST, "{at: 61s", "§{at: 90s", "it ends at 90 s"),
    ],
)
def test_a_fault_after_the_load_strikes_nothing(load: str, old: str, new: str, said: str) -> None:
    line = next(line for line in GOOD.splitlines() if line.startswith("load:"))
    text = GOOD.replace(line, load)
    assert read(text.encode()).faults
    with pytest.raises(BadInput) as caught:
        read(text.replace(old, new.replace("§", "")).encode())
    (problem,) = caught.value.problems
    assert said in problem.message
    assert problem.snippet is not None
    written = new.rpartition(": ")[2].lstrip("§")
    assert problem.snippet[problem.column - 1 :].startswith(written)
    assert problem.hint == "strike earlier, or let the load last longer"


@pytest.mark.parametrize(
    ("spots", "said"),
    [
        ("[{at: 30s, calls: 9}]", "key 'decay' is missing"),
        ("[{at: 30s, calls: 9, decay: 20s, every: 5s}]", "'every' and 'times' belong together"),
        ("[{at: 30s, calls: 9, decay: 20s, times: 5}]", "'every' and 'times' belong together"),
        ("[{at: 2min, calls: 9, decay: 20s}]", "comes last at 120 s, when the load is over: it ends at 120 s"),
        ("[{at: 30s, calls: 9, decay: 20s, every: 45s, times: 3}]", "comes last at 120 s"),
        ("[{at: 30s, calls: 0, decay: 20s}]", "outside 1 to"),
        ("[{at: 30s, calls: 9, decay: 20s, every: 0s, times: 3}]", "0 s is too little: write 1 us or more"),
        ("[{at: 30s, calls: 9, decay: 20s, every: 5s, times: 999999999}]", "999999999 is outside 1 to 100000"),
        ("[{at: 30s, calls: 9, decay: 0s}]", "0 s is too little: write 1 us or more"),
        ("[]", "is an empty list"),
        ("9", "where a list is due"),
    ],
)
def test_a_spot_that_makes_no_sense_is_refused(spots: str, said: str) -> None:
    line = next(line for line in GOOD.splitlines() if line.startswith("load:"))
    text = GOOD.replace(line, f"load: {{kind: surge, rate: 6/min, length: 2min, spots: {spots}}}")
    with pytest.raises(BadInput) as caught:
        read(text.encode())
    assert [said in problem.message for problem in caught.value.problems] == [True]


def test_a_call_generator_has_so_many_calls_that_a_search_ends() -> None:
    line = next(line for line in GOOD.splitlines() if line.startswith("load:"))
    text = GOOD.replace(line, "load: {kind: connections, calls: 1000, pace: 3min, order: sought}")
    assert read(text.encode()).load.calls == 1000
    with pytest.raises(BadInput, match="1001 is outside 1 to 1000"):
        read(text.replace("1000", "1001").encode())


def test_a_trunk_group_has_so_many_circuits_that_its_formula_ends() -> None:
    begin = GOOD[: GOOD.index("expect:")]
    text = begin + "expect:\n  loss-against-erlang-b: {excess_at_most: 1%, circuits: 10000}\n"
    assert read(text.encode()).expect[0].limits[1].value == 10_000
    with pytest.raises(BadInput, match="1000000000 is outside 1 to 10000"):
        read(text.replace("10000", "1000000000").encode())


def test_a_spot_may_come_again_as_long_as_the_load_lasts() -> None:
    line = next(line for line in GOOD.splitlines() if line.startswith("load:"))
    spots = "[{at: 30s, calls: 9, decay: 20s, every: 44s, times: 3}]"
    load = read(GOOD.replace(line, f"load: {{kind: surge, rate: 6/min, length: 2min, spots: {spots}}}").encode()).load
    assert load.spots == (Spot(Ns(30 * SECOND), 9, Ns(20 * SECOND), Ns(44 * SECOND), 3),)


def test_years_of_random_failures_are_read() -> None:
    assert read(YEARS.encode()).random == Random(3, ("servers", "feeds"), 2, Ns(60 * MINUTE), Ns(30 * MINUTE))
    assert read(GOOD.encode()).random is None


@pytest.mark.parametrize(("old", "new", "said"), [
    ("expect:", FAULTS + "expect:", "'faults' means nothing beside 'random'"),
    ("kind: poisson, rate: 1/min", "kind: burst, calls: 3", "need a load of kind 'poisson'"),
    (YEARS[YEARS.index("random:"):YEARS.index("expect:")], "", "counts years: it needs 'random'"),
    ("servers, feeds", "servers, cats", "'cats'"), ("people: 2", "people: 0", "0"), ("years: 3", "years: 0", "0"),
])  # fmt: skip
def test_years_stand_alone(old: str, new: str, said: str) -> None:
    with pytest.raises(BadInput) as caught:
        read(YEARS.replace(old, new).encode())
    assert len(caught.value.problems) == 1
    assert said in caught.value.problems[0].message


def test_hold_of_a_burst_needs_a_rate() -> None:
    line = next(line for line in GOOD.splitlines() if line.startswith("load:"))
    with pytest.raises(BadInput, match="'hold' means nothing without 'rate'"):
        read(GOOD.replace(line, "load: {kind: burst, calls: 9, length: 3s, hold: 60s}").encode())


@pytest.mark.parametrize(("load", "said"), [
    ("kind: full-occupancy, ramp: 9s, hold: 9s, rate: 6/min, for_seats: 20", None),
    ("kind: full-occupancy, ramp: 9s, hold: 9s, waiting: 5, for_seats: 20", None),
    ("kind: full-occupancy, ramp: 9s, hold: 9s, for_seats: 20", "'for_seats' means nothing without 'rate' or"),
    ("kind: poisson, rate: 6/min, length: 2min, for_seats: 20", None),
    ("kind: poisson, rate: 6/min, length: 2min, for_seats: 0", "0 is outside 1 to 1000"),
    ("kind: burst, calls: 9, length: 2min, for_seats: 1000", None),
    ("kind: surge, rate: 6/min, length: 2min, spots: [{at: 9s, calls: 9, decay: 9s}], for_seats: 20", None),
    ("kind: connections, calls: 9, pace: 9s, order: sought, for_seats: 20", "'for_seats' means nothing in a load of"),
])  # fmt: skip
def test_a_load_says_for_how_many_seats_it_is_where_that_means_something(load: str, said: str | None) -> None:
    line = next(line for line in GOOD.splitlines() if line.startswith("load:"))
    head = GOOD[: GOOD.index("faults:")] + GOOD[GOOD.index("expect:") :]
    text = head.replace(line, f"load: {{{load}}}").encode()
    if said is None:
        assert read(text).load.for_seats == int(load.rsplit(" ", 1)[1])
        return
    with pytest.raises(BadInput) as caught:
        read(text)
    assert [said in problem.message for problem in caught.value.problems] == [True]


SAME_AT_ANY_SIZE = {
    "failover.a-year-of-failures": "calls around a failure are there to be cut; how many is no figure of the year",
    "failover.a-year-of-the-centre": "the same",
    "sweep.takeover": "the first call alone is looked at",
    "switching.burst": "so many calls in three seconds are what is tried",
    "switching.erlang-30": "traffic of thirty circuits, whatever the seats",
    "switching.erlang-60": "traffic of sixty circuits, whatever the seats",
    "trunks.dchannel-surge": "so many calls on two D-channels are what is tried",
}


def test_the_rate_and_the_queue_of_a_shipped_scenario_grow_with_the_seats_or_there_is_a_reason() -> None:
    loads = {scenario.id: scenario.load for scenario in scenarios_of(["scenarios"])}
    fixed = {name for name, load in loads.items() if (load.rate or load.waiting) and load.for_seats is None}
    assert fixed == set(SAME_AT_ANY_SIZE)


@pytest.mark.parametrize("criterion", sorted(CRITERIA))
def test_each_criterion_demands_its_limits(criterion: str) -> None:
    good = YEARS if criterion.startswith("outage-seconds") else GOOD
    text = good[: good.index("expect:")] + f"expect: {{{criterion}: {{}}}}\n"
    required = [name for name, spec in CRITERIA[criterion].limits.items() if spec.required]
    if not required:
        assert read(text.encode()).expect[0].criterion == criterion
        return
    with pytest.raises(BadInput) as caught:
        read(text.encode())
    assert [problem.message for problem in caught.value.problems] == [f"key '{name}' is missing" for name in required]


@pytest.mark.parametrize("cut", range(1, GOOD.index("}\n  promoted-once"), 11))
def test_a_truncated_scenario_is_refused(cut: int) -> None:
    with pytest.raises(BadInput):
        read(GOOD[:cut].encode())


@pytest.mark.parametrize("value", ["{}", "[]", "[{}]", "5", "text", "null", "{kind: []}", "[[]]", "{kind: {}}"])
@pytest.mark.parametrize("key", ["load", "faults", "expect", "roles", "requirement", "sweep", "drain", "seats", "id"])
def test_odd_values_are_refused_in_words(key: str, value: str) -> None:
    kept, skip = [], False
    for line in GOOD.splitlines():
        skip = line.startswith(key + ":") or (skip and line.startswith(" "))
        if not skip:
            kept.append(line)
    text = "\n".join([*kept, f"{key}: {value}"])
    if (key, value) in {("faults", "[]"), ("id", "text"), ("seats", "5")}:
        assert read(text.encode())
        return
    with pytest.raises(BadInput):
        read(text.encode())


def test_a_huge_scenario_is_refused() -> None:
    with pytest.raises(BadInput, match="is larger than"):
        read(GOOD.encode() + b"#" * (2 << 20))


MANY = """\
simtel: scenario/1
id: many.mistakes
title: {en: "Many mistakes", zh: "许多错误"}
why: {en: "All of them are told at once.", zh: "一次全部指出。"}
requirement: [R1, R99]
roles: {servers: call-server-pair, gatways: e1-gateway}
load: {kind: poison, rate: 6, length: 20s}
faults:
  - {at: 5, kind: crash, subject: servers}
  - {at: 500s, kind: crush, subject: servers.active}
expect:
  failover-time: {at_most: 5}
  promoted-onc: {}
"""


def test_all_mistakes_are_told_at_once_and_what_could_not_be_checked_for_them() -> None:
    with pytest.raises(BadInput) as caught:
        read(MANY.encode())
    found = [(p.line, p.column, p.message.partition(":")[0]) for p in caught.value.problems]
    left = "not checked before the rest is right"
    assert [(line, said) for line, _, said in found] == [
        (5, "'R99' is not the number of a requirement, R1 to R18"),
        (6, "unknown key 'gatways'"),
        (7, left),
        (7, "is the text 'poison' where one of these is due"),
        (7, "6 is a bare value where a unit is due"),
        (8, left),
        (9, "5 is a bare value where a unit is due"),
        (9, "'servers' is not role.which"),
        (10, left),
        (10, "is the text 'crush' where one of these is due"),
        (12, "'failover-time' rests on what the watch sees"),
        (12, "5 is a bare value where a unit is due"),
        (13, "unknown key 'promoted-onc'"),
    ]
    told = [p.message.partition(": ")[2] for p in caught.value.problems if p.message.startswith(left)]
    assert told == [
        "what a load of its kind needs",
        "whether each fault strikes before the load is over",
        "what a fault of its kind strikes and needs",
    ]
