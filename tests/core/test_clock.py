import pytest
from hypothesis import given
from hypothesis import strategies as st

from simtel.core.clock import HOUR, LIMIT, MINUTE, MS, SECOND, US, parse_duration, show_duration


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("50ms", 50 * MS),
        ("1.5s", 1500 * MS),
        ("3min", 3 * MINUTE),
        ("48h", 48 * HOUR),
        ("7us", 7 * US),
        (" 2 s ", 2 * SECOND),
        ("0s", 0),
        ("0.000000001s", 1),
        ("0.0001us", 0),
        ("0.1s", 100 * MS),
    ],
)
def test_durations(text: str, value: int) -> None:
    assert parse_duration(text) == value


@pytest.mark.parametrize(
    "text", ["", "50", "s", "-1s", "1e3s", "1,5s", "1d", "1:30", "50 m s", ".5s", "1.s", "5S", "nan s", "9" * 41 + "us"]
)
def test_what_is_no_duration_is_refused_and_shown_how(text: str) -> None:
    with pytest.raises(ValueError, match="50ms"):
        parse_duration(text)


def test_a_run_is_shorter_than_what_json_keeps_exact() -> None:
    assert parse_duration("2501h") < LIMIT
    with pytest.raises(ValueError, match="104 days"):
        parse_duration("2502h")
    with pytest.raises(ValueError, match="104 days"):
        parse_duration("9" * 14 + "h")
    assert LIMIT == 2**53


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0 s"),
        (1, "0.001 us"),
        (999 * US, "999 us"),
        (50 * MS, "50 ms"),
        (3_609_375 * US, "3.609 s"),
        (90 * SECOND, "90 s"),
        (10 * MINUTE, "10 min"),
        (601 * SECOND, "601 s"),
        (30 * HOUR, "30 h"),
        (-2 * SECOND, "-2 s"),
    ],
)
def test_as_people_write_it(value: int, text: str) -> None:
    assert show_duration(value) == text


@given(st.integers(0, 10**8), st.sampled_from(["us", "ms", "s", "min"]))
def test_what_is_shown_reads_back_to_three_decimals(number: int, unit: str) -> None:
    value = parse_duration(f"{number // 10**3}.{number % 10**3:03}{unit}")
    shown = parse_duration(show_duration(value))
    assert abs(shown - value) <= max(1, value // 1000 + 1)
