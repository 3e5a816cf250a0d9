"""One line of a site file changed flips the verdict named for it, and those that follow from it; no other."""

import pytest

from simtel.core.clock import MS, SECOND
from simtel.core.quantity import Value
from simtel.verdict.outcome import Outcome
from tests.known_bad.judged import QUICK, judged, turned

CRASH, DIES, RECORDED = "failover.active-server-crash", "failover.active-server-dies", "failover.recorded-calls"
Figures = tuple[tuple[str, Value], ...]

# Devices that registered with both servers are found by either, so the servers need not tell each other.
DUAL: Figures = (
    *QUICK,
    ("servers.replication.registrations", False),
    ("gateways.registration.fallback", 120 * SECOND),
)
VIP: Figures = (*QUICK, ("gateways.registration.mode", "vip"))
# A take-over of about three seconds, and nobody in the IVR any more, whose speech always passes the server.
TALKING: Figures = (("people.ivr_time", 500 * MS),)

FLIPPED: list[tuple[str, str, Figures, tuple[str, Value], set[str]]] = [
    (
        "dialog not replicated",
        CRASH,
        QUICK,
        ("servers.replication.dialogs", False),
        {"stable-calls-preserved", "media-gap", "queue-kept", "cdr-exactly-once"},
    ),
    (
        "media anchored in the dead box",
        RECORDED,
        TALKING,
        ("servers.media.talk", "server"),
        {"media-gap"},  # for five seconds without sound people stay on the line
    ),
    (
        "configuration not replicated",
        "maintenance.config-drift",
        QUICK,
        ("servers.replication.configuration", False),
        {"agent-state-kept"},
    ),
    (
        "licences on a dongle in the dead server",
        "failover.licence-dongle",
        QUICK,
        ("servers.replication.licences", 0.1),
        {"agent-state-kept", "new-calls-after"},
    ),
    (
        "ports that listen",
        "failover.port-listening",
        QUICK,
        ("lan.forwarding.listening", 30 * SECOND),
        {"stable-calls-preserved", "media-gap"},
    ),
    ("address not moved", DIES, VIP, ("site.address", "own"), {"failover-time"}),
    (
        "address not moved, under calls",
        CRASH,
        VIP,
        ("site.address", "own"),
        {"failover-time", "new-calls-after", "media-gap", "stable-calls-preserved", "cdr-exactly-once"},
    ),
    (
        "gateway registered at the service address alone",
        CRASH,
        DUAL,
        ("gateways.registration.mode", "vip"),
        {"new-calls-after"},
    ),
    (
        "gateway registered with one server after the other",
        CRASH,
        DUAL,
        ("gateways.registration.mode", "successive"),
        {"new-calls-after", "stable-calls-preserved", "cdr-exactly-once"},
    ),
]


@pytest.mark.parametrize(
    ("scenario", "figures", "line", "named"), [case[1:] for case in FLIPPED], ids=[case[0] for case in FLIPPED]
)
def test_line_flips_the_verdict_named_for_it(
    scenario: str, figures: Figures, line: tuple[str, Value], named: set[str]
) -> None:
    before = judged(scenario, figures)
    assert set(before.values()) == {Outcome.PASS}
    after = judged(scenario, (*figures, line))
    assert turned(before, after) == named
    assert {after[name] for name in named} == {Outcome.FAIL}


def test_a_recorder_in_the_path_of_the_dead_box_loses_what_it_had() -> None:
    """The log ends with the calls, so that the missing parts might still come: no failure yet, and no pass."""
    figures: Figures = (*QUICK, *TALKING)
    before = judged(RECORDED, figures)
    assert set(before.values()) == {Outcome.PASS}
    after = judged(RECORDED, (*figures, ("servers.media.recorded", "server")))
    assert turned(before, after) == {"recordings-kept"}
