"""Q.850 and SIP, either way."""

import pytest

from simtel.protocols.sip.causes import CAUSE_OF, RESPONSE_OF, cause_of, response_of


@pytest.mark.parametrize(
    ("cause", "status"),
    [(1, 404), (17, 486), (18, 408), (21, 403), (34, 503), (42, 503), (88, 503), (102, 504), (127, 500)],
)
def test_a_cause_has_the_code_of_rfc_3398(cause: int, status: int) -> None:
    assert response_of(cause) == status


@pytest.mark.parametrize(
    ("status", "cause"), [(404, 1), (408, 102), (480, 18), (486, 17), (488, 127), (503, 41), (600, 17), (603, 21)]
)
def test_a_code_has_the_cause_of_rfc_3398(status: int, cause: int) -> None:
    assert cause_of(status) == cause


def test_what_is_not_listed_goes_by_its_class() -> None:
    assert [response_of(cause) for cause in (6, 30, 44, 63, 69, 95, 101, 125)] == [
        480,
        480,
        503,
        503,
        501,
        500,
        500,
        500,
    ]
    assert [cause_of(status) for status in (499, 599, 699)] == [41, 41, 17]


def test_every_cause_and_every_code_has_one() -> None:
    assert {response_of(cause) // 100 for cause in range(1, 128) if cause != 16} == {4, 5}
    assert {cause_of(status) for status in range(400, 700) if status != 487} <= {*RESPONSE_OF, 25, 63}
    assert all(1 <= cause <= 127 for cause in CAUSE_OF.values())


@pytest.mark.parametrize("cause", [0, 16, 128])
def test_a_cause_that_refuses_nothing(cause: int) -> None:
    with pytest.raises(ValueError, match="refuses no call"):
        response_of(cause)


@pytest.mark.parametrize("status", [200, 399, 487, 700])
def test_a_code_that_refuses_nothing(status: int) -> None:
    with pytest.raises(ValueError, match="refuses no call"):
        cause_of(status)
