"""A log made up from a known demand is fitted, and what went in lies within the intervals that come out."""

from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import pytest

from simtel.core.problems import BadInput
from simtel.core.quantity import Basis
from simtel.profiles.columns import read_columns
from simtel.profiles.law import Law
from simtel.report.fit_pictures import fit_picture
from simtel.report.fit_table import fit_json, render_fit
from simtel.run import fit as fitting
from simtel.run.calllog.reader import CallLog, Dropped
from simtel.run.fit import Fit, demand_of
from simtel.sizing.fitting.redials import Callers
from simtel.sizing.fitting.survival import patience
from simtel.sizing.fitting.tally import BINS, Tally
from tests.sizing.logs import HEAD, MAP, World, write_log

WORLD = World(rate=170.0, agents=9)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Fit, CallLog, list[list[str]]]:
    path = tmp_path_factory.mktemp("log") / "calls.csv"
    rows = write_log(path, WORLD, seed=5)
    log = CallLog(path, read_columns(MAP.encode()))
    return fitting.fit(fitting.count(log, 3600), str(path)), log, rows


def test_the_true_figures_lie_within_the_intervals(made: tuple[Fit, CallLog, list[list[str]]]) -> None:
    found, log, rows = made
    assert (found.calls, log.rows, log.dropped) == (len(rows), len(rows), [])
    assert (found.talk.law.kind, found.talk.mean.low <= WORLD.talk <= found.talk.mean.high) == ("log-normal", True)
    assert found.talk.deviation.low <= WORLD.deviation <= found.talk.deviation.high
    assert found.wrap_up is not None
    assert found.wrap_up.law.kind == "exponential"
    assert found.wrap_up.mean.low <= WORLD.wrap_up <= found.wrap_up.mean.high
    assert found.ivr is not None
    assert found.ivr.mean.low <= WORLD.ivr <= found.ivr.mean.high
    assert found.leaves == pytest.approx(WORLD.leaves, abs=0.006)
    assert found.patience.low <= WORLD.patience <= found.patience.high
    assert found.redials is not None
    assert found.redials.low <= WORLD.redial <= found.redials.high
    assert found.delay is not None
    assert found.delay.mean.low <= WORLD.delay <= found.delay.mean.high
    workday = found.arrivals.types[0]
    inside = workday.low[10:18] * found.fresh, workday.high[10:18] * found.fresh
    assert ((inside[0] <= WORLD.rate) & (inside[1] >= WORLD.rate)).mean() >= 0.75
    assert found.arrivals.dispersion is not None
    assert found.arrivals.dispersion < 1.5


def test_the_demand_file_can_be_read_and_says_the_same(made: tuple[Fit, CallLog, list[list[str]]]) -> None:
    found, _, _ = made
    demand = demand_of(found, "made-up")
    assert demand.talk.kind == "log-normal"
    assert demand.talk.mean == pytest.approx(found.talk.mean.mean, abs=1e-5)
    assert demand.patience is not None
    assert demand.patience.mean == pytest.approx(found.patience.mean, abs=1e-5)
    workday, weekend = demand.days
    assert (workday.start, len(workday.rates), weekend.weekdays) == (8 * 3600, 12, ("sat", "sun"))
    assert workday.rates[2] == pytest.approx(WORLD.rate / 3600, rel=0.06)
    # fresh calls only: all of the file's calls together are fewer than the log's
    days = {"workday": 10, "weekend": 4}
    total = sum(sum(day.rates) * day.interval * days[day.name] for day in demand.days)
    assert total == pytest.approx(found.calls * found.fresh, rel=1e-4)
    assert found.fresh < 0.995


def test_rates_are_means_or_the_upper_ends_of_their_intervals_and_it_is_said_which(
    made: tuple[Fit, CallLog, list[list[str]]],
) -> None:
    found, log, _ = made
    for upper in (False, True):
        demand, (type_, number) = demand_of(found, "made-up", upper), found.busiest(upper)
        calls = (type_.high if upper else type_.mean)[number]
        assert calls == max((one.high if upper else one.mean).max() for one in found.arrivals.types)
        planned = demand.number("arrivals.rate") * 3600
        assert planned == pytest.approx(calls * found.fresh, rel=1e-6)
        said = render_fit(found, log, "en", width=250, upper=upper)
        assert f"{planned:.4g}/h from {number:02}:00 of a {type_.name}" in said
    assert "upper ends" in demand.figures["arrivals.rate"].stated.source


def test_no_caller_reaches_the_output(made: tuple[Fit, CallLog, list[list[str]]], tmp_path: Path) -> None:
    found, log, rows = made
    text = (render_fit(found, log) + fit_json(found, log).decode() + fitting.demand_file(found, "x").decode()
            + str([bit.words for bit in fit_picture(found).bits]))  # fmt: skip
    assert rows[0][6] == "caller-1"
    assert "caller-" not in text
    assert "A1" not in text


def test_the_table_speaks_both_languages_and_counts_what_was_dropped(
    made: tuple[Fit, CallLog, list[list[str]]], tmp_path: Path
) -> None:
    found, _, rows = made
    path = tmp_path / "b.csv"
    lines = [",".join(row) for row in [HEAD, *rows[:9]]]
    path.write_text("\n".join([*lines, "x", "y", "z", "q"]), "utf-8")
    log = CallLog(path, read_columns(MAP.encode()))
    list(log)
    english, chinese = render_fit(found, log, "en", width=160), render_fit(found, log, "zh", width=160)
    assert "4 dropped: more or fewer fields than the first row (lines 11, 12, 13 ...)" in english
    assert "patience: mean" in english
    assert "Kaplan" not in chinese
    assert "耐心" in chinese
    assert "dropped" not in chinese


def test_json_holds_the_intervals(made: tuple[Fit, CallLog, list[list[str]]]) -> None:
    content = msgspec.json.decode(fit_json(made[0], made[1]))
    assert content["simtel"] == "fit/1"
    low, mean, high = content["talk"]["mean"]
    assert low < mean < high
    assert content["patience"]["low"] < content["patience"]["mean"]


def test_a_picture_is_drawn_where_its_figures_say(made: tuple[Fit, CallLog, list[list[str]]]) -> None:
    pic = fit_picture(made[0])
    kinds = [bit.kind for bit in pic.bits]
    assert kinds.count("simulated") == 4 + 1  # four panels and the legend
    assert kinds.count("formula") == 3 + 1
    talk = next(bit.path for bit in pic.bits if bit.kind == "formula")
    x, y = (float(part) for part in talk.rpartition("L")[2].split())
    assert (x, y) == pytest.approx((896.0, 34 + 190 * 0.02), abs=4)  # at 98 % the curve ends in the corner


def test_too_little_and_too_long_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    rows = write_log(path, World(days=1, rate=1.0), seed=1)
    log = CallLog(path, read_columns(MAP.encode()))
    counts = fitting.count(log, 3600)
    with pytest.raises(BadInput, match="the fewest that give a law"):
        fitting.fit(counts, str(path))
    with pytest.raises(BadInput) as caught:
        fitting.fit(counts, str(path), [Dropped("no instant", 7, (2, 5, 6))])
    assert caught.value.problems[1].message == "7 dropped: no instant (lines 2, 5, 6 ...)"
    counts = fitting.count(log, 3600)
    counts.talk.add(np.ones(100))
    counts.first = 0.0
    counts.last = 200 * 365.25 * 86_400
    with pytest.raises(BadInput, match="no log of one centre"):
        fitting.fit(counts, str(path))
    assert rows


def test_what_hardly_anybody_does_still_gives_a_file_that_can_be_read(
    made: tuple[Fit, CallLog, list[list[str]]],
) -> None:
    law = Law("exponential", 4e6, Basis.MEASURED, "x")
    rare = msgspec.structs.replace(made[0], patience=replace(made[0].patience, law=law))
    demand = demand_of(rare, "rare")
    assert demand.patience is not None
    assert demand.patience.mean == 86_400.0


def test_a_redial_share_that_nobody_measured_is_written_nowhere_and_said_in_words(
    made: tuple[Fit, CallLog, list[list[str]]],
) -> None:
    """Callers are known, but of no call that was served: how many would have called again anyway cannot be told."""
    found, log, rows = made
    counts = Callers()
    lost = [n for n, row in enumerate(rows) if row[8] == "gone"]
    counts.add(np.array([hash(rows[n][6]) % 2**63 for n in lost], np.uint64), np.arange(len(lost)) * 60.0,
               np.arange(len(lost)) * 60.0 + 30, np.zeros(len(lost), bool))  # fmt: skip
    untold = msgspec.structs.replace(found, redials=counts.redials())
    assert untold.fresh == 1.0
    demand = demand_of(untold, "untold")
    assert demand.redial is None
    assert "retrials.share" not in demand
    assert "untold from calls that come anyway" in demand.figures["arrivals.rate"].stated.source
    said = render_fit(untold, log, "en", width=300)
    assert "how many of them would have anyway is not told" in said
    assert "second tries are among them, untold" in said
    assert msgspec.json.decode(fit_json(untold, log))["retrials"]["share"] is None


def test_weekdays_that_differ_stand_apart_in_file_table_and_picture(made: tuple[Fit, CallLog, list[list[str]]]) -> None:
    found, log, _ = made
    workday, weekend = found.arrivals.types
    monday = replace(workday, name="monday", weekdays=(0,), mean=workday.mean * 1.5)
    rest = replace(workday, weekdays=(1, 2, 3, 4))
    apart = msgspec.structs.replace(found, arrivals=replace(found.arrivals, types=(rest, monday, weekend)))
    assert [(day.name, day.weekdays) for day in demand_of(apart, "x").days] == [
        ("workday", ("tue", "wed", "thu", "fri")), ("monday", ("mon",)), ("weekend", ("sat", "sun")),
    ]  # fmt: skip
    assert "busiest interval of a Monday" in render_fit(apart, log, "en", width=200)
    pic = fit_picture(apart)
    assert [bit.words["zh"] for bit in pic.bits if bit.kind == "tick" and isinstance(bit.words, dict)][:3] == [
        "周末", "工作日", "周一",
    ]  # fmt: skip
    assert [bit.kind for bit in pic.bits].count("aim") == 2 + 1  # the two other types, and the legend


def test_where_nobody_gave_up_the_picture_says_so(made: tuple[Fit, CallLog, list[list[str]]]) -> None:
    found = made[0]
    none = patience(Tally(), Tally(counts=np.ones(BINS), number=BINS, total=BINS * 1.0), "x")
    pic = fit_picture(msgspec.structs.replace(found, patience=none, hazard=[(5.0, 0.0), (15.0, 0.0)]))
    said = [bit.words["en"] for bit in pic.bits if isinstance(bit.words, dict)]
    assert said.count("of the calls that were used, none gave up") == 2
    assert [bit.kind for bit in pic.bits].count("simulated") == 2 + 1  # arrivals and talk, and the legend
