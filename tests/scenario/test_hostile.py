"""Whatever is done to a shipped file: it is read, or BadInput says where; nothing else ever comes out."""

from functools import cache
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from simtel.core import data
from simtel.core.problems import BadInput, render
from simtel.profiles.catalogue import read_devices
from simtel.profiles.device import Profile, read_device
from simtel.profiles.resolve import resolve
from simtel.profiles.site import read_site
from simtel.scenario.load import read_scenario

FILES = {
    "device": (data.devices() / "lts-2000.yaml", data.devices() / "ip-phone.yaml"),
    "site": (data.sites() / "as-quoted-two-e1-active.yaml", data.sites() / "proposal-as-drawn.yaml"),
    "scenario": tuple(sorted((data.scenarios() / "failover").glob("*.yaml"))),
}
ODD = [
    "", "null", "0", "-1", "5", "1.5", "1e308", "true", "[]", "{}", "[[1]]", "{value: 1}", "{value: unknown}",
    "unknown",
    "x" * 500, "\u202e", "&a 1", "*a", "!!python/name:os.system", "30s", "999999999999h", "50%", "1/s", '"\\0"',
    "seats",
    "{profile: {}}", "[{kind: crash}]", "servers.active", "é", "'", "- -", "? a",
]  # fmt: skip


@cache
def devices() -> dict[str, Profile]:
    """No fixture: hypothesis would print the whole catalogue as an argument."""
    return read_devices()


def attempt(kind: str, text: str) -> None:
    raw = text.encode("utf-8", "surrogatepass")
    try:
        if kind == "device":
            read_device(raw, "x.yaml")
        elif kind == "scenario":
            read_scenario(raw, "x.yaml")
        else:
            site = read_site(raw, devices(), "x.yaml")
            for seats in (1, 47, 100):
                resolve(site, seats)
    except BadInput as bad:
        lines = len(text.splitlines()) + 2  # a lone carriage return ends one as well
        wrong = [p for p in bad.problems if not (1 <= p.line <= lines and p.column >= 1 and p.message)]
        if wrong or len(render(bad.problems).splitlines()) > 82:
            pytest.fail(f"{wrong or 'more than one screen'}")


def paths(kind: str) -> st.SearchStrategy[Path]:
    return st.sampled_from(FILES[kind])


@pytest.mark.parametrize("kind", FILES)
@given(where=st.data())
def test_one_value_replaced(kind: str, where: st.DataObject) -> None:
    lines = where.draw(paths(kind)).read_text(encoding="utf-8").splitlines()
    index = where.draw(st.integers(0, len(lines) - 1))
    cut = where.draw(st.sampled_from([i + 1 for i, c in enumerate(lines[index]) if c in ":,[{ "] or [0]))
    rest = where.draw(st.sampled_from(["", "}", "]", "}}", ", x: 1}"]))
    lines[index] = f"{lines[index][:cut]} {where.draw(st.sampled_from(ODD))}{rest}"
    attempt(kind, "\n".join(lines))


@pytest.mark.parametrize("kind", FILES)
@given(where=st.data())
def test_lines_lost_doubled_and_swapped(kind: str, where: st.DataObject) -> None:
    lines = where.draw(paths(kind)).read_text(encoding="utf-8").splitlines()
    picks = where.draw(st.lists(st.integers(0, len(lines) - 1), max_size=len(lines) + 3))
    attempt(kind, "\n".join(lines[pick] for pick in picks))


@pytest.mark.parametrize("kind", FILES)
@given(text=st.text(max_size=200))
@example(text="simtel: scenario/1\nfaults: [1, [], {at: 1s}]\nload: 3\nsweep: takeover\nroles: 7\n")
@example(text="simtel: profile/1\nkind: lan-switch\nforwarding: [1]\nboot_time:\n  value: {}\n  basis: [a]\n")
@example(text="simtel: site/1\nservers: {settings: {a: 1}}\ngateways: {spans: [x]}\nseats: {}\n")
def test_any_text(kind: str, text: str) -> None:
    attempt(kind, text)
