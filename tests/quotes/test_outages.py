"""Outage logs: read, fitted and replayed, against figures made by hand and against logs that were drawn."""

import random
from math import inf, log, sqrt
from pathlib import Path

import pytest

from simtel.core.problems import BadInput
from simtel.quotes.outage_log import Outage, cause_of, parse_log, read_log, unknown_causes
from simtel.quotes.outages import YEAR, Way, fit, mean_length, replay, yearly
from tests.quotes.logs import parse_outages

HOUR = 3_600.0
LOG = """begin,end,cause,calls lost
2025-01-01 00:00,2025-01-01 01:00,server,40
2025-01-11 01:00,2025-01-11 03:00,Server,60
2025-01-31 03:00,2025-01-31 07:00,power,100
"""


def wrong(text: str | bytes) -> list[tuple[int, str]]:
    with pytest.raises(BadInput) as bad:
        parse_log(text if isinstance(text, bytes) else text.encode(), "log.csv")
    return [(problem.line, str(problem.message)) for problem in bad.value.problems]


def test_a_log_is_read_in_order_of_begin(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    head, *rows = LOG.splitlines()
    path.write_text("\n".join([head, *reversed(rows), ""]))
    found = read_log(path).outages
    assert [one.cause for one in found] == ["servers", "servers", "feeds"]
    assert [one.length / HOUR for one in found] == [1, 2, 4]
    assert [one.lost for one in found] == [40, 60, 100]


def test_chinese_headings_gb18030_semicolons_other_columns_and_zones() -> None:
    text = (
        "序号;开始时间;恢复时间;故障原因;备注\n1;2025/3/2 10:12;2025/3/2 10:42:30;服务器;重启\n"
        "2;2025/3/5 1:00;2025/3/5 2:00;老鼠;\n\n"
    )
    found = parse_outages(text.encode("gb18030"), "log.csv")
    assert [(one.length, one.cause, one.lost) for one in found] == [(1830, "servers", None), (3600, "other", None)]
    assert parse_outages(text.encode("utf-8-sig"), "log.csv") == found
    zoned = "begin,end,cause\n2025-03-02T10:00:00+08:00,2025-03-02T03:00:00Z,lan\n"
    assert parse_outages(zoned.encode(), "log.csv")[0].length == HOUR


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 0, "is empty"),
        ("\n \n", 0, "is empty"),
        ("begin,end,cause\n", 0, "holds no outage"),
        ("begin,cause\n", 1, "no column end"),
        ("begin,end,cause\nyesterday,2025-01-01 10:00,lan\n", 2, "no instant"),
        ("begin,end,cause\n1066-01-01 10:00,2025-01-01 10:00,lan\n", 2, "years 2000"),
        ("begin,end,cause\n2025-01-01 10:00,2025-01-01 10:00,lan\n", 2, "ends before it begins"),
        ("begin,end,cause,calls lost\n2025-01-01 10:00,2025-01-01 11:00,lan,-3\n", 2, "not a count"),
        ("begin,end,cause,calls lost\n2025-01-01 10:00,2025-01-01 11:00,lan,1e9\n", 2, "not a count"),
        ("begin,end,cause\n2025-01-01 10:00,2025-01-01T11:00Z,lan\n", 2, "have a zone"),
        ('begin,end,cause\n"2025-01-01 10:00,2025-01-01 12:00,a\n', 2, "quotes that do not close"),
        (b"begin,end\xff\xfe,cause\n", 1, "not utf-8"),
        (b"begin\0,end,cause\n", 1, "not utf-8"),
    ],
)
def test_what_cannot_be_used_is_told_with_its_line(text: str | bytes, line: int, words: str) -> None:
    (problem,) = wrong(text)
    assert problem[0] == line
    assert words in problem[1]


HEAD = "begin,end,cause,calls lost\n"
GOOD = "2025-01-01 10:00,2025-01-01 11:00,lan,5\n"


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("yesterday,2025-01-02 10:00,lan,1", "no instant"),
        ("1066-01-01 10:00,2025-01-02 10:00,lan,1", "years 2000"),
        ("2025-01-02 10:00,2025-01-02 10:00,lan,1", "ends before it begins"),
        ("2025-01-02 10:00,2025-01-02 11:00,lan,-3", "not a count"),
        ("2025-01-02 10:00,2025-01-02T11:00Z,lan,1", "have a zone"),
        ("2025-01-02T10:00Z,2025-01-02T11:00Z,lan,1", "have a zone"),
        ("2025-01-01 10:30,2025-01-01 11:30,lan,1", "begins before the outage before it has ended"),
        ("2025-01-01 10:00,2025-01-01 11:00,lan,5", "begins before the outage before it has ended"),
        ("2199-01-01 10:00,2199-01-01 11:00,lan,5", "has not come yet"),
        ("only,two", "no instant"),
    ],
)
def test_a_row_that_cannot_be_used_is_dropped_and_told_and_the_others_are_read(row: str, words: str) -> None:
    log_ = parse_log((HEAD + GOOD + row + "\n" + GOOD.replace("-01 ", "-03 ")).encode(), "log.csv", 1.8e9)
    assert [one.line for one in log_.outages] == [2, 4]
    assert (log_.rows, [problem.line for problem in log_.dropped]) == (3, [3])
    assert words in str(log_.dropped[0].message)


def test_all_bad_rows_are_told_at_once_but_not_without_end() -> None:
    assert [line for line, _ in wrong(HEAD + "x,y,z\n" * 3)] == [2, 3, 4]
    told = wrong(HEAD + "x,y,z\n" * 5_000)
    assert (len(told), told[-1][1]) == (101, "and 4900 more rows are dropped")
    assert len(parse_log((HEAD + "x,y,z\n" * 5_000 + GOOD).encode(), "log.csv").dropped) == 5_000


def test_no_file_a_folder_and_a_log_without_end_are_refused(tmp_path: Path) -> None:
    big = tmp_path / "big.csv"
    big.write_bytes(b"begin,end,cause\n" + b" " * (5 << 20))
    for path in (tmp_path / "none.csv", tmp_path, big):
        with pytest.raises(BadInput):
            read_log(path)


def test_the_fit_by_hand() -> None:
    found = fit(parse_outages(LOG.encode(), "log.csv"))
    assert found is not None
    assert found.mtbf.value / HOUR == 360  # (240 + 480) / 2
    # chi-square of 4 degrees: 0.4844 and 11.1433
    assert found.mtbf.low / HOUR == pytest.approx(2 * 720 / 11.1433, rel=1e-4)
    assert found.mtbf.high / HOUR == pytest.approx(2 * 720 / 0.484419, rel=1e-4)
    # lengths 1, 2, 4 h: logs spread by log 2, so the mean of the law is 2 h x exp(log(2)^2 / 2)
    assert found.mttr.value / HOUR == pytest.approx(7 / 3)
    v = log(2) ** 2
    half = 4.302653 * sqrt(v / 3 + v * v / 4)
    assert log(found.mttr.high / (2 * HOUR)) == pytest.approx(v / 2 + half, rel=1e-5)
    assert log(found.mttr.low / (2 * HOUR)) == pytest.approx(v / 2 - half, rel=1e-5)
    assert found.trend is None  # too few to tell
    assert found.years * YEAR / HOUR == pytest.approx(30 * 24 + 6)


def test_of_one_outage_nothing_is_fitted() -> None:
    one = parse_outages(LOG.encode(), "log.csv")[:1]
    assert fit(one) is None
    assert replay(one, {}) is None
    assert mean_length([60.0]).high == inf


def test_alike_lengths_tell_no_interval() -> None:
    for number in (1, 2, 4, 7):
        found = mean_length([3_600.0] * number)
        assert (found.value, found.low, found.high) == (3_600.0, 0.0, inf)
    assert mean_length([3_600.0] * 3 + [3_601.0]).high < 3_610


@pytest.mark.parametrize(("said", "cause"), [
    ("server crash", "servers"), ("Server", "servers"), ("主服务器宕机", "servers"), ("软件故障", "software"),
    ("server software", "software"), ("服务器软件升级失败", "software"),
    ("Trunk board failed", "gateways"), ("中继网关死机", "gateways"),
    ("E1 line cut", "spans"), ("交换机主机", "servers"), ("交换机", "switches"), ("停电", "feeds"), ("UPS", "feeds"),
    ("rats", "other"), ("", "other"), ("online upgrade", "other"),
    ("power of the LAN switch", "other"), ("observer", "other"),
])  # fmt: skip
def test_a_cause_is_told_by_the_words_that_stand_in_it(said: str, cause: str) -> None:
    assert cause_of(said) == cause


def test_causes_that_say_nothing_are_told_with_their_lines() -> None:
    day = "2025-01-{0:02} 10:00,2025-01-{0:02} 11:00,{1}\n"
    text = "begin,end,cause\n" + "".join(
        day.format(number, cause) for number, cause in enumerate(("rats", "server", "mice", "rats"), 1)
    )
    assert unknown_causes(parse_outages(text.encode(), "log.csv")) == {"rats": (2, 5), "mice": (4,)}


def test_the_trend_of_a_machine_that_wears_out() -> None:
    def log_of(gaps: list[float]) -> list[Outage]:
        now, found = 0.0, []
        for gap in gaps:
            found.append(Outage(now, now + 60, "servers", None))
            now += 60 + gap * HOUR
        return [*found, Outage(now, now + 60, "servers", None)]

    steady, worse, better = (fit(log_of(gaps)) for gaps in ([100.0] * 20, [200.0 * 0.8**n for n in range(20)],
                                                            [5 * 1.25**n for n in range(20)]))  # fmt: skip
    assert steady is not None
    assert worse is not None
    assert better is not None
    assert steady.trend == pytest.approx(0.0, abs=1e-9)
    assert worse.changes
    assert (worse.trend or 0) > 1.96
    assert (better.trend or 0) < -1.96
    assert not steady.changes


def test_the_trend_stands_still_while_nothing_works() -> None:
    def trend(lengths: list[float]) -> float:
        now, found = 0.0, []
        for length in lengths:
            found.append(Outage(now, now + length * HOUR, "servers", None))
            now += (length + 100) * HOUR
        outcome = fit(found)
        assert outcome is not None
        return outcome.trend or 0.0

    assert trend([1.0] * 6) == pytest.approx(trend([1.0, 1.0, 1.0, 300.0, 1.0, 1.0]), abs=1e-9)


def test_the_intervals_cover_as_often_as_they_say() -> None:
    dice = random.Random(5)
    hits = {"mtbf": 0, "mttr": 0}
    tries = 300
    for _ in range(tries):
        now, outages = 0.0, []
        for _ in range(12):
            length = dice.lognormvariate(0.0, 0.8) * HOUR
            outages.append(Outage(now, now + length, "servers", None))
            now += length + dice.expovariate(1 / (500 * HOUR))
        found = fit(outages)
        assert found is not None
        hits["mtbf"] += found.mtbf.low <= 500 * HOUR <= found.mtbf.high
        hits["mttr"] += found.mttr.low <= HOUR * 2.718281828 ** (0.64 / 2) <= found.mttr.high
    assert 0.91 < hits["mtbf"] / tries < 0.985
    assert 0.91 < hits["mttr"] / tries < 0.985


def test_a_replay_by_hand() -> None:
    log_ = parse_outages(LOG.encode(), "log.csv")
    years = (30 * 24 + 6) * HOUR / YEAR  # from the end of the first
    today = replay(log_, {})
    assert today is not None
    assert today.minutes.value == pytest.approx(360 / years)  # 2 h and 4 h; the first starts the clock
    assert today.causes == {"servers": pytest.approx((120 / years,) * 2), "feeds": pytest.approx((240 / years,) * 2)}
    assert today.lost is not None
    assert today.lost.value == pytest.approx(160 / years)
    pair = replay(log_, {"servers": [Way(0.9, 5.0)]})  # a standby: nine of ten are shorter than counts
    assert pair is not None
    assert pair.minutes.value == pytest.approx((12 + 240) / years)
    assert pair.causes["feeds"] == pytest.approx((240 / years,) * 2)
    assert pair.lost is not None
    assert pair.lost.value == pytest.approx((60 * 0.1 + 60 * 0.9 * 5 / 7200 + 100) / years)
    slow = replay(log_, {"servers": [Way(1.0, 600.0)]})
    assert slow is not None
    assert slow.minutes.value == pytest.approx((10 + 240) / years)
    for one in (today, pair, slow):
        assert one.minutes.low < one.minutes.value < one.minutes.high


def test_an_option_that_removes_every_cause_leaves_nothing() -> None:
    log_ = parse_outages(LOG.encode(), "log.csv")
    gone = replay(log_, {"servers": [Way(1.0, 3.0, rest=0.0)], "feeds": [Way(1.0, 0.0)]})
    assert gone is not None
    assert (gone.minutes.value, gone.minutes.low, gone.minutes.high) == (0, 0, 0)


def test_calls_that_nobody_counted_are_not_guessed() -> None:
    log_ = parse_outages(LOG.replace(",60", ",").encode(), "log.csv")
    found = replay(log_, {})
    assert found is not None
    assert found.lost is None


def test_the_interval_of_a_replay_covers_as_often_as_it_says() -> None:
    dice = random.Random(3)
    hits, tries = 0, 300
    mean = 0.2 * (30 + 30) + 0.8 * 0  # minutes an outage: one of five is not covered, and lasts 30 min + 30 min
    for _ in range(tries):
        now, outages = 0.0, []
        for _ in range(20):
            length = 1_800 + dice.expovariate(1 / 1_800.0)
            outages.append(Outage(now, now + length, "servers", None))
            now += length + dice.expovariate(1 / (400 * HOUR))
        found = replay(outages, {"servers": [Way(0.8, 3.0)]})
        assert found is not None
        rate = YEAR / (401 * HOUR)
        hits += found.minutes.low <= rate * mean <= found.minutes.high
    assert hits / tries > 0.93  # conservative: what a year may yet bring is as large as the largest


def test_half_of_the_trunks_is_an_outage_and_loses_half_of_the_calls_less_is_none() -> None:
    log_ = parse_outages(LOG.encode(), "log.csv")
    years = (30 * 24 + 6) * HOUR / YEAR
    half, third = (replay(log_, {"servers": [Way(1.0, rest=rest, whole=whole)]})
                   for rest, whole in ((0.5, True), (1 / 3, False)))  # fmt: skip
    assert half is not None
    assert third is not None
    assert half.lost is not None
    assert third.lost is not None
    assert (half.minutes.value, third.minutes.value) == pytest.approx((360 / years, 240 / years))
    assert (half.weighed, third.weighed) == pytest.approx(((60 + 240) / years, (40 + 240) / years))
    assert (half.lost.value, third.lost.value) == pytest.approx(((30 + 100) / years, (20 + 100) / years))


def test_ways_are_chances_and_times() -> None:
    for words in ({"chance": 1.1}, {"chance": -0.1}, {"chance": 0.5, "lasts": -1}, {"chance": 0.5, "rest": 2}):
        with pytest.raises(ValueError, match="no share"):
            Way(**words)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="more than 1"):
        replay(parse_outages(LOG.encode(), "log.csv"), {"servers": [Way(0.6), Way(0.6)]})


def test_each_cause_comes_as_often_as_in_the_log_and_the_first_outage_starts_the_clock() -> None:
    log_ = parse_outages(LOG.encode(), "log.csv")
    years = (log_[-1].end - log_[0].end) / YEAR
    assert yearly(log_) == {"servers": pytest.approx(1 / years), "feeds": pytest.approx(1 / years)}
    assert yearly(log_[:1]) == {}
