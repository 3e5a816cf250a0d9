"""When what happens on `loopback`, and how long a run is: the faults, as the process wants them that strikes them."""

from typing import Any

import msgspec

from simtel.core.clock import SECOND, show_duration
from simtel.core.faults import FaultKind
from simtel.core.i18n import Message
from simtel.core.problems import BadInput, Problem, quoted
from simtel.core.quantity import Unit, Value
from simtel.profiles.spec import SiteSpec
from simtel.target import building
from simtel.target.plan import Plan, load_length

LONGEST = 50 * SECOND  # of the run; starting and ending it take seconds more, a minute at most in all
LEAD_IN = 3 * SECOND  # what is seen of the site before the first fault, at most
SETTLED = 2 * SECOND  # what is seen after everything should be over
FAULTS = frozenset({FaultKind.CRASH, FaultKind.HANG})


def schedule(plan: Plan) -> tuple[list[dict[str, Any]], int]:
    """The faults as the fault process wants them, and the length of the run. BadInput for what cannot be done here."""
    scenario, site = plan.scenario, plan.site
    problems: list[Problem] = []

    def wrong(number: int, message: str) -> None:
        where = scenario.path or scenario.id
        problems.append(Problem(where, 1, 1, Message("faults[{number}]: {what}", number=number, what=message)))

    firsts = [fault.at for fault in scenario.faults if fault.at is not None]
    advert = building.times(site).advert_interval
    earlier = max(0, min(firsts, default=0) - max(LEAD_IN, advert * 3 // 2))
    limits = [limit for wanted in scenario.expect for limit in wanted.limits if limit.unit is Unit.TIME]
    settle = SETTLED + max([_take_over(plan), *(x.value for x in limits if isinstance(x.value, int))])
    end = max(LEAD_IN, load_length(scenario.load) + scenario.drain - earlier)
    last = 0
    strikes: list[dict[str, Any]] = []
    for number, fault in enumerate(scenario.faults):
        servers = site.layout.servers
        known = {"servers.active": 1, "servers.standby": 2} | {f"servers.{n + 1}": n + 1 for n in range(servers)}
        if fault.kind not in FAULTS:
            can = ", ".join(sorted(FAULTS))
            wrong(
                number,
                Message(
                    "loopback cannot inject {fault}: a signal to a process can do {can}",
                    fault=quoted(fault.kind),
                    can=can,
                ),
            )
        elif fault.subject not in known:
            wrong(number, Message("{unit} is no process on loopback: only servers are", unit=quoted(fault.subject)))
        elif known[fault.subject] > servers:
            wrong(number, Message("the site has no {unit}", unit=quoted(fault.subject)))
        if fault.after is not None and not fault.after.event.startswith(("server.", "service.")):
            wrong(
                number,
                Message(
                    "loopback never sees {event}: a trigger here is a server.* or service.* event",
                    event=quoted(fault.after.event),
                ),
            )
        if fault.at is not None:
            last = max(last, fault.at - earlier + (fault.lasting or 0))
        elif fault.after is not None:  # when it comes nobody knows: let the load have its length, then settle
            last = max(last, end + fault.after.plus + (fault.lasting or 0))
        strikes.append(
            {
                "number": number, "kind": str(fault.kind), "subject": fault.subject, "lasting": fault.lasting,
                "at": None if fault.at is None else fault.at - earlier,
                "after": None if fault.after is None else msgspec.to_builtins(fault.after),
            }
        )  # fmt: skip
        if fault.at is not None and fault.at - earlier >= LONGEST:
            limit = show_duration(LONGEST)
            wrong(
                number,
                Message(
                    "strikes {at} into the run: loopback runs {most} at most",
                    at=show_duration(fault.at - earlier),
                    most=limit,
                ),
            )
    if scenario.sweep:
        message = Message(
            "sweep {sweep} goes by the steps of a call: loopback has no calls", sweep=quoted(scenario.sweep)
        )
        problems.append(Problem(scenario.path or scenario.id, 1, 1, message))
    if problems:
        raise BadInput(problems)
    return strikes, min(LONGEST, (last if scenario.faults else LEAD_IN) + settle)


def _take_over(plan: Plan) -> int:
    """The time in which a take-over is over, as the figures have it, with some to spare."""
    times = building.times(plan.site)
    steps = 4 * times.advert_interval + times.fencing_time + times.promote_time + times.address_time
    preempt = times.preempt_delay if given(plan.site, "servers.election.preempt", False) else 0
    return steps + steps // 2 + preempt


def given(site: SiteSpec, path: str, otherwise: Value) -> Value:
    """A figure, or what holds for a site that has no such device."""
    return site.value(path) if path in site.figures else otherwise
