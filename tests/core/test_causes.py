"""Words for why attempts fail: what devices say as a refusal, and what criteria take each for."""

import pytest

from simtel.core.causes import CAUSES, REFUSALS, Lack, lacked


def test_what_no_device_says_is_no_refusal() -> None:
    assert set(CAUSES) - REFUSALS == {"trunk-dead", "restarting", "glare", "not-dialled"}


@pytest.mark.parametrize(
    ("cause", "lacks"),
    [
        ("trunk", {Lack.TRUNK}),
        ("trunk-dead", {Lack.TRUNK, Lack.HEALTH}),
        ("queue", {Lack.SEAT}),
        ("ivr-port", {Lack.ROOM}),
        ("setups", {Lack.PACE}),
        ("no-gateway", {Lack.HEALTH}),
        ("restarting", {Lack.TRUNK, Lack.HEALTH}),
        ("glare", set()),
        ("not-dialled", {Lack.WILL}),
        ("503", {Lack.PACE}),
        ("486", {Lack.SEAT}),
        ("404", set()),
        ("patience", set()),
    ],
)
def test_what_a_word_stands_for(cause: str, lacks: set[Lack]) -> None:
    assert {lack for lack in Lack if lacked(cause, lack)} == lacks
    assert lacked(cause, *Lack) is bool(lacks)
