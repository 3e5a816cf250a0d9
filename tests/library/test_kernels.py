"""Both kernels of sizing against the site of devices, call by call, on more sites than a quick run has time for."""

from simtel.core.clock import MS
from tests.sizing.device_site import side_by_side

SITES = 240


def test_kernels_and_devices_tell_the_same_of_every_call() -> None:
    seen = side_by_side(range(1_000, 1_000 + SITES))
    for way in ("site", "sorted", "heap"):
        print(
            f"{way}: {seen[f'{way} sites']} sites, {seen[f'{way} calls']} calls, {seen[f'{way} agree']} agree,"
            f" {seen[f'{way} exact']} of them to the nanosecond, the others within {seen[f'{way} largest'] / MS} ms;"
            f" {seen[f'{way} ties']} ties"
        )
        assert seen[f"{way} sites"] > 50
        assert seen[f"{way} agree"] > 0.95 * seen[f"{way} calls"]
        assert seen[f"{way} exact"] > 0.99 * seen[f"{way} agree"]
        assert seen[f"{way} largest"] < 30 * MS  # SETUPs wait in line, INVITEs for the server
        assert seen[f"{way} ties"] < 0.05 * seen[f"{way} sites"]
