"""Every figure has a row in expected/figures.toml that names a run; tests/library sees that the run shows it."""

import pytest

from simtel.profiles.catalogue import read_devices
from tests.expected.figures import IDLE, MISSING, kept, places, read, sites, spec

ROWS = read()
PLACES = places()


def test_every_figure_of_every_shipped_site_has_a_row_and_no_other() -> None:
    assert sorted(ROWS) == sorted(PLACES)


def test_each_row_is_about_its_figure() -> None:
    for name, row in ROWS.items():
        assert (row["site"], row["path"]) in {(place.site, place.path) for place in PLACES[name]}, name
        assert ("scenario" in row) != ("idle" in row), name
        assert row.get("idle", "said").strip(), f"{name}: nothing shows it, and no reason is given"


@pytest.mark.parametrize(("mode", "stays"), [(MISSING, ["a/x", "a/y"]), (IDLE, ["a/x"]), ("", [])])
def test_rows_that_stay_are_not_sought_anew(mode: str, stays: list[str]) -> None:
    old = ["# a", *(f'"{name}" = {{{word} = "", site = "s", path = "p"}}'
                    for name, word in (("a/x", "scenario"), ("a/y", "idle"), ("a/gone", "scenario")))]  # fmt: skip
    assert [line.split('"')[1] for line in kept(old, {"a/x", "a/y", "a/new"}, mode)] == stays


def test_what_no_site_uses_is_said_to_steer_nothing() -> None:
    used = {profile.id for site in sites().values() for profile in site.profiles.values()}
    steering = {name for name, profile in read_devices().items()
                if any(not given.spec.descriptive for given in profile.figures.values())}  # fmt: skip
    told = {other for site in sites().values() for other in site.others}
    assert steering - used <= told, "a profile with figures stands on no site, not even among the others"
    for name in sites():
        assert not {path.partition(".")[0] for path in spec(name).figures} & told
