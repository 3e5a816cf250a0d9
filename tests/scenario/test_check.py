from pathlib import Path

import pytest

from simtel.core import data
from simtel.quotes import buyer, quote
from simtel.scenario.check import check

LIMITS = "simtel: limits/1\nlimits: {media-gap: {at_most: {value: 1s, basis: buyer, source: contract}}}\n"


def put(folder: Path, name: str, text: str) -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def device(name: str) -> str:
    return (data.devices() / f"{name}.yaml").read_text(encoding="utf-8")


def site(name: str) -> str:
    return (data.sites() / f"{name}.yaml").read_text(encoding="utf-8")


def test_everything_that_is_shipped_is_sound() -> None:
    readers = {quote.SCHEMA: quote.read_quote, buyer.SCHEMA: lambda path, **_: buyer.read_buyer(path)}
    problems, count = check([data.scenarios(), data.data_root() / "hardware_profiles"], readers)
    assert problems == []
    folders = (data.scenarios, data.devices, data.sites, data.benches, data.demands, data.quotes, data.buyers,
               data.prices)  # fmt: skip
    assert count == sum(len(list(folder().rglob("*.yaml"))) for folder in folders)


def test_a_mapping_is_checked_and_its_id_given_once(tmp_path: Path) -> None:
    text = (data.benches() / "recorded-failover.yaml").read_text(encoding="utf-8")
    put(tmp_path, "a.yaml", text)
    assert check([tmp_path]) == ([], 1)
    put(tmp_path, "b.yaml", text.replace("5ms", "5"))
    assert [(p.line, p.column) for p in check([tmp_path])[0]] == [(9, 24)]
    put(tmp_path, "b.yaml", text)
    assert "is described by" in check([tmp_path])[0][0].message


def test_limits_are_checked(tmp_path: Path) -> None:
    file = put(tmp_path, "limits.yaml", LIMITS)
    assert check([file]) == ([], 1)
    put(tmp_path, "limits.yaml", LIMITS.replace("1s", "1"))
    problems, _ = check([file])
    assert [(p.line, p.column) for p in problems] == [(2, 39)]


def test_a_site_may_use_devices_beside_it(tmp_path: Path) -> None:
    put(tmp_path, "site.yaml", site("today").replace("single-server", "old-box"))
    size, device_ = (problem.message for problem in check([tmp_path])[0])
    assert "there is no device profile 'old-box'" in device_
    assert size == "not checked before the rest is right: whether the parts suffice at full size"
    put(tmp_path, "device.yaml", device("single-server").replace("id: single-server", "id: old-box"))
    assert check([tmp_path]) == ([], 2)


def test_a_bad_device_does_not_spoil_the_sites(tmp_path: Path) -> None:
    put(tmp_path, "device.yaml", device("single-server").replace("id: single-server", "id: Old Box"))
    put(tmp_path, "site.yaml", site("today").replace("single-server", "old-box").replace("default: 20", "default: x"))
    problems, count = check([tmp_path])
    assert count == 2
    assert [(Path(p.path).name, p.message.partition(":")[0]) for p in problems] == [
        ("device.yaml", "'Old Box' is not a name"),
        ("site.yaml", "not checked before the rest is right"),
        ("site.yaml", "'x' is not a count"),
    ]


def test_a_site_is_tried_at_its_full_size(tmp_path: Path) -> None:
    file = put(tmp_path, "site.yaml", site("proposal-as-drawn").replace("per_seats: 25", "per_seats: 10"))
    assert [p.message for p in check([file])[0]] == ["5 E1 on a gateway that has 2 ports, at 100 seats"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("simtel: scenrio/1\n", "one of these is due"),
        ("id: x\n", "key 'simtel' is missing"),
        ("- 1\n", "a mapping (key: value) is due"),
        ("a: [\n", "not YAML"),
    ],
)
def test_a_file_must_say_what_it_is(tmp_path: Path, text: str, message: str) -> None:
    problems, count = check([put(tmp_path, "x.yaml", text)])
    assert count == 1
    assert [message in problem.message for problem in problems] == [True]


def test_twins_and_absent_paths_are_reported(tmp_path: Path) -> None:
    for name in ("a.yaml", "b.yaml"):
        put(tmp_path, name, device("headset"))
    assert [Path(p.path).name for p in check([tmp_path])[0]] == ["b.yaml"]
    problems, count = check([tmp_path / "absent"])
    assert (problems[0].message, count) == ("does not exist", 0)
