"""Teams interval by interval: who comes, who leaves."""

from simtel.sizing.kernels.compiled import part
from simtel.sizing.kernels.site_agents import free
from simtel.sizing.kernels.site_lists import idle_list, unlink
from simtel.sizing.kernels.site_world import ABSENT, DOES, NEXT, NONE, OUT, TEAM, World


@part
def _of_team(w: World, team: int, does: int) -> int:
    """The first agent of a team who does that; NONE."""
    for agent in range(w.agents):
        if w.agent[agent, TEAM] == team and w.agent[agent, DOES] == does:
            return agent
    return NONE


@part
def present(w: World, interval: int) -> None:
    """Teams become those of an interval; before the first there is nobody."""
    for team in range(w.teams):
        more = w.staff[interval, team] - (w.staff[interval - 1, team] if interval else 0)
        for _ in range(more):
            if w.surplus[team]:  # somebody who was to leave stays
                w.surplus[team] -= 1
            else:
                w.staffed += 1
                free(w, _of_team(w, team, ABSENT))
        for _ in range(-more):
            leaves = w.ends[idle_list(team), 0]
            if leaves != NONE:
                unlink(w.agent, w.ends, leaves, NEXT)
                w.idle_agents -= 1
            else:
                leaves = _of_team(w, team, OUT)
            if leaves == NONE:
                w.surplus[team] += 1
            else:
                w.agent[leaves, DOES] = ABSENT
                w.staffed -= 1
