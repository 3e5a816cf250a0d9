import re

import pytest

from simtel.core.faults import FAULTS, FaultKind
from simtel.devices import ground

ROLES = {"servers", "gateways", "spans", "boards", "seats", "switches", "feeds", "platforms", "loops"}


@pytest.mark.parametrize("kind", list(FaultKind))
def test_every_fault_says_what_it_does_and_to_what(kind: FaultKind) -> None:
    says, roles = FAULTS[kind]
    assert len(says) > 10
    assert roles
    assert set(roles) <= ROLES


def test_nothing_stands_in_the_table_that_is_no_fault() -> None:
    assert set(FAULTS) == set(FaultKind)


def test_the_ground_says_of_each_fault_how_it_differs_from_a_crash() -> None:
    told = set(re.findall(r"^    ([a-z0-9-]+)  +\S", ground.__doc__ or "", re.MULTILINE))
    assert told == {kind.value for kind in FaultKind} - {"crash"}
