"""Every figure has a row in expected/figures.toml that names a run; tests/library sees that the run shows it."""

from simtel.profiles.catalogue import read_devices
from tests.expected.figures import places, read, sites, spec

ROWS = read()
PLACES = places()


def test_every_figure_of_every_shipped_site_has_a_row_and_no_other() -> None:
    assert sorted(ROWS) == sorted(PLACES)


def test_each_row_is_about_its_figure() -> None:
    for name, row in ROWS.items():
        assert (row["site"], row["path"]) in {(place.site, place.path) for place in PLACES[name]}, name
        assert ("scenario" in row) != ("idle" in row), name
        assert row.get("idle", "said").strip(), f"{name}: nothing shows it, and no reason is given"


def test_what_no_site_uses_is_said_to_steer_nothing() -> None:
    used = {profile.id for site in sites().values() for profile in site.profiles.values()}
    steering = {name for name, profile in read_devices().items()
                if any(not given.spec.descriptive for given in profile.figures.values())}  # fmt: skip
    told = {other for site in sites().values() for other in site.others}
    assert steering - used <= told, "a profile with figures stands on no site, not even among the others"
    for name in sites():
        assert not {path.partition(".")[0] for path in spec(name).figures} & told
