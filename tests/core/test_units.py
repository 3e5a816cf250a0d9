import pytest
from hypothesis import given
from hypothesis import strategies as st

from simtel.core.clock import MS
from simtel.core.quantity import Unit, Value
from simtel.core.units import EXAMPLES, parse, show


@pytest.mark.parametrize(
    ("raw", "unit", "value"),
    [
        ("50ms", Unit.TIME, 50 * MS),
        ("10/min", Unit.RATE, 10 / 60),
        ("2.5/s", Unit.RATE, 2.5),
        ("3 / day", Unit.RATE, 3 / 86400),
        ("60/h", Unit.RATE, 1 / 60),
        ("95%", Unit.SHARE, 0.95),
        ("0.1 %", Unit.SHARE, 0.001),
        ("100%", Unit.SHARE, 1.0),
        ("100Mbit/s", Unit.BITRATE, 100_000_000),
        ("1.5 Gbit/s", Unit.BITRATE, 1_500_000_000),
        ("64kbit/s", Unit.BITRATE, 64_000),
        ("4.6ppm", Unit.ACCURACY, 4_600_000),
        ("0.00001 ppm", Unit.ACCURACY, 10),
        (4, Unit.COUNT, 4),
        (0, Unit.COUNT, 0),
        (True, Unit.FLAG, True),
        ("moving", Unit.CHOICE, "moving"),
    ],
)
def test_read(raw: object, unit: Unit, value: Value) -> None:
    read = parse(raw, unit)
    assert read == pytest.approx(value)
    assert type(read) is type(value)


@pytest.mark.parametrize(
    ("raw", "unit", "said"),
    [
        (5, Unit.TIME, "a unit is due: write it as 50ms"),
        (0.95, Unit.SHARE, "a unit is due: write it as 95%"),
        (True, Unit.RATE, "a unit is due: write it as 10/min"),
        (None, Unit.BITRATE, "a unit is due"),
        ("5", Unit.RATE, "is not a rate: write it as 10/min"),
        ("5/year", Unit.RATE, "is not a rate"),
        ("-5/min", Unit.RATE, "is not a rate"),
        ("50 Hz", Unit.BITRATE, "is not a bitrate: write it as 100Mbit/s"),
        ("101%", Unit.SHARE, "more than everything"),
        ("-1%", Unit.SHARE, "is not a share"),
        ("fifty", Unit.TIME, "is not a duration"),
        ("99999999999999h", Unit.TIME, "is longer than a run may be"),
        ("4.6 parts", Unit.ACCURACY, "is not a clock accuracy: write it as 4.6ppm"),
        (4_600_000, Unit.ACCURACY, "a unit is due: write it as 4.6ppm"),
        (-1, Unit.COUNT, "is not a count"),
        (1.0, Unit.COUNT, "is not a count"),
        (True, Unit.COUNT, "is not a count"),
        ("4", Unit.COUNT, "is not a count"),
        (1, Unit.FLAG, "neither true nor false"),
        ("yes", Unit.FLAG, "neither true nor false"),
        (3, Unit.CHOICE, "a unit is due"),
    ],
)
def test_refused_with_the_way_to_write_it(raw: object, unit: Unit, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        parse(raw, unit)


@pytest.mark.parametrize("unit", [Unit.TIME, Unit.RATE, Unit.SHARE, Unit.BITRATE])
def test_every_example_reads_and_shows_as_itself(unit: Unit) -> None:
    assert show(parse(EXAMPLES[unit], unit), unit).replace(" ", "") == EXAMPLES[unit]


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.995, Unit.SHARE, "99.5 %"),
        (10 / 60, Unit.RATE, "10/min"),
        (0.5 / 3600, Unit.RATE, "0.5/h"),
        (20.0, Unit.RATE, "20/s"),
        (1e6, Unit.RATE, "1000000/s"),
        (148_810.0, Unit.RATE, "148800/s"),
        (1e-9, Unit.SHARE, "0.0000001 %"),
        (1e10, Unit.COUNT, "10000000000"),
        (87_200, Unit.BITRATE, "87.2 kbit/s"),
        (500, Unit.BITRATE, "500 bit/s"),
        (30, Unit.COUNT, "30"),
        (2.5, Unit.COUNT, "2.5"),
        (True, Unit.FLAG, "true"),
        (False, Unit.FLAG, "false"),
        ("dual", Unit.CHOICE, "dual"),
        ("all", Unit.COUNT, "all"),
        (1500 * MS, Unit.TIME, "1.5 s"),
    ],
)
def test_shown(value: Value, unit: Unit, text: str) -> None:
    assert show(value, unit) == text


@given(st.integers(0, 100_000))
def test_shares_read_back(thousandths: int) -> None:
    assert parse(f"{thousandths / 1000:.3f}%", Unit.SHARE) == pytest.approx(thousandths / 100_000)
