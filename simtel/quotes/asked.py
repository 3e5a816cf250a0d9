"""What each requirement asks in its own words, by scenario: a site that fails at more than that deviates from none.

A scenario names every requirement that it has to do with, and many ask more than one says: R1 promises that a standby
takes over from an active server that fails, and says nothing of a LAN switch, of a second failure, of a clock that is
set back. So `WITHIN` has the scenarios that do what the words of a requirement say and no more. Such a failure is a
deviation; any other is told beside it, with the reason why it is none (`BEYOND`), for the buyer to agree on.

A limit that is assumed is ours and stands in no requirement: what misses only such limits is open, and no deviation.
A scenario that is not shipped is the buyer's own, and asks what the buyer says.
"""

from collections.abc import Iterable

from simtel.core.i18n import Message

OTHER = Message("another part fails than the requirement speaks of")
SECOND = Message("more than one thing has failed")
MORE = Message("it asks for more than the requirement says")

# Requirement -> the scenarios that ask what it says.
WITHIN: dict[str, frozenset[str]] = {
    claim: frozenset(words.split())
    for claim, words in {
        # the active server fails, however it fails: the standby takes over by itself, established calls stay up
        "R1": "failover.active-server-crash failover.active-server-dies failover.active-server-hang"
              " failover.active-server-link-down failover.outbound-and-held failover.platform-crash"
              " failover.priority-queue failover.recorded-calls failover.stall-long sweep.takeover",
        # gateways and phones are registered with the other server already
        "R2": "failover.active-server-crash failover.active-server-hang failover.active-server-link-down"
              " failover.stall-long",
        # a console or a headset of one seat, and the other seats
        "R3": "seats.console-crash seats.desk-crash seats.headset-lost seats.headset-unplugged seats.link-down",
        # a free trunk and a free seat mean a connected call, in a rush too
        "R4": "surge.half-as-many-again surge.overload surge.tv-spot switching.burst switching.busy-hour"
              " switching.last-connection switching.non-blocking switching.sought-refusal trunks.glare",
        "R5": "switching.erlang-30 switching.erlang-60 trunks.who-hangs-up",
        "R6": "maintenance.board-added trunks.loop-lines",
        "R7": "capacity.all-seats-busy capacity.recorded-and-waiting maintenance.licences-added"
              " maintenance.seat-added switching.last-connection switching.non-blocking",
        "R8": "capacity.all-seats-busy",
        "R9": "capacity.recorded-and-waiting",
        "R11": "capacity.recorded-and-waiting",
        "R15": "capacity.all-seats-busy maintenance.board-added maintenance.licences-added maintenance.seat-added",
        "R16": "surge.tv-spot switching.busy-hour",
    }.items()
}  # fmt: skip
# Why the others ask more.
BEYOND: dict[str, Message] = {
    scenario: why
    for why, words in (
        (OTHER, ("failover.gateway-crash failover.heartbeat-one-way failover.heartbeats-lost"
                " failover.lan-switch-crash"
                " failover.link-flap failover.port-listening failover.power-feed-lost failover.stale-address"
                " failover.standby-crash seats.board-crash seats.board-swap seats.board-unseated seats.bus-lost"
                " seats.bus-lost-long seats.codec-noise seats.dsp-dead seats.lines-crossed seats.no-dial-tone"
                " seats.no-loop-current seats.port-dead seats.ring-dead seats.ring-no-trip seats.stuck-off-hook"
                " seats.stuck-on-hook seats.watchdog-reset surge.registration-storm trunks.clock-two-masters"
                " trunks.clock-two-slaves trunks.dchannel-flap trunks.e1-cut-long trunks.e1-cut-short"
                " trunks.frame-lost trunks.gateway-link-down trunks.loop-module-crash trunks.one-pair-cut"
                " trunks.one-pair-flickers trunks.release-unanswered trunks.restart-unanswered"
                " trunks.signalling-timeslot-lost trunks.transmission-fails trunks.whole-e1-in-restart")),
        (SECOND, ("failover.cabinet-power failover.disk-full-then-crash failover.double-failure"
                 " failover.latent-standby failover.replication-lag-100ms failover.replication-lag-1s"
                 " failover.replication-late failover.replication-lost-then-crash failover.standby-disk-full"
                 " maintenance.switchover-without-standby surge.failover-in-the-rush")),
        (MORE, ("capacity.priority-callers failover.clock-ahead failover.clock-back failover.disk-full"
               " failover.licence-dongle failover.server-returns failover.slow-server failover.stall-short"
               " maintenance.config-drift maintenance.held-48h maintenance.slow-server-relieved"
               " maintenance.switchover maintenance.upgrade-one-by-one trunks.cables-moved trunks.dchannel-surge"
               " trunks.loop-glare")),
    )
    for scenario in words.split()
}  # fmt: skip
KNOWN = frozenset().union(*WITHIN.values(), BEYOND)
# Speak of all seats that are asked for, and are shown at the largest size.
LARGEST = ("R7", "R15")
# What takes seconds each is not shown on every site that is compared, and left to `simtel run`.
LONG = frozenset({
    "surge.half-as-many-again", "surge.overload", "sweep.takeover", "switching.erlang-30", "switching.erlang-60",
    "switching.sought-refusal",
})  # fmt: skip


def beyond(claim: str, scenario: str) -> Message | None:
    """Why a shipped scenario asks more than a requirement says; None where it does not, or is the buyer's own."""
    if scenario in WITHIN.get(claim, ()) or scenario not in KNOWN:
        return None
    return BEYOND.get(scenario, MORE)


def shown(claims: Iterable[str] = WITHIN) -> tuple[str, ...]:
    """Ids of the scenarios that show what requirements say, as far as they take a moment."""
    return tuple(sorted(frozenset().union(*(WITHIN[claim] for claim in claims)) - LONG))
