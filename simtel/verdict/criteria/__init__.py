"""The criteria, one file each, and the table in which a scenario finds them by name.

A criterion is a pure function of the evidence log; the head of its file says in plain words what counts as
evidence, what fails and what is inconclusive.
"""

from simtel.verdict.criteria import (
    agent_capacity,
    agent_state_kept,
    blocking,
    cdr_exactly_once,
    clear_speech,
    conservation,
    cut_off_ratio,
    failover_time,
    handled_attempts,
    loss_against_erlang_b,
    media_gap,
    new_calls_after,
    one_active,
    outage_seconds_system,
    outage_seconds_user,
    overload,
    post_dialling_delay,
    priority_first,
    promoted_once,
    queue_kept,
    quiescence,
    recordings_kept,
    registration_recovery,
    right_seat,
    seat_isolation,
    set_up_delay,
    slip_rate,
    stable_calls_preserved,
    timeslot_release,
)
from simtel.verdict.criterion import Criterion

CRITERIA: dict[str, Criterion] = {
    module.CRITERION.id: module.CRITERION
    for module in (
        stable_calls_preserved,
        media_gap,
        failover_time,
        promoted_once,
        new_calls_after,
        queue_kept,
        priority_first,
        cdr_exactly_once,
        recordings_kept,
        seat_isolation,
        right_seat,
        clear_speech,
        blocking,
        agent_capacity,
        outage_seconds_system,
        outage_seconds_user,
        overload,
        handled_attempts,
        set_up_delay,
        post_dialling_delay,
        cut_off_ratio,
        loss_against_erlang_b,
        registration_recovery,
        agent_state_kept,
        slip_rate,
        timeslot_release,
        conservation,
        quiescence,
        one_active,
    )
}

# Judged in every run, whether or not a scenario asks; one-active where there is a pair.
ALWAYS = (conservation.ID, quiescence.ID, one_active.ID)
# True of every site, whatever its figures: a run that breaks one shows a fault of simtel, not of the site. Whether two
# servers are active at once does depend on figures, on those of the election.
INVARIANTS = frozenset({conservation.ID, quiescence.ID})
# About servers and service alone: a log of nothing else has no calls to conserve.
ABOUT_SERVERS = frozenset({failover_time.ID, promoted_once.ID, one_active.ID})
