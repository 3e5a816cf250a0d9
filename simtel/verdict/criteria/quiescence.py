"""quiescence: after the run nothing is held any more. Always judged.

Counts: the last census of each device that the harness takes at the end (device.holds): calls, timeslots,
dialogs, licences, queue places, ports, files, processes. What a device says of itself does not count.
Fails: something is still held. Inconclusive: no census, or none of a server, gateway or seat that the header
names.
"""

from simtel.core.events import Event, Kind
from simtel.core.log import EvidenceLog, Expectation
from simtel.verdict.census import outside, text, whole
from simtel.verdict.criterion import Criterion
from simtel.verdict.verdict import Outcome, Verdict, count, numbers, say

ID = "quiescence"
_ROLES = ("servers", "gateways", "seats")


def judge(log: EvidenceLog, _expect: Expectation) -> Verdict:
    """Number of things still held; none may be."""
    last: dict[tuple[str, str], Event] = {}
    for event in outside(log, Kind.DEVICE_HOLDS):
        if event.observer != event.subject:
            last[event.subject, text(event, "what")] = event
    if not last:
        return Verdict(ID, Outcome.INCONCLUSIVE, say("Nobody looked at what the devices hold after the run"))
    uncounted = [event for event in last.values() if whole(event, "count") is None]
    held = [event for event in last.values() if whole(event, "count")]
    total = sum(whole(event, "count") or 0 for event in held)
    figures = {"devices": count(len({subject for subject, _ in last}))}
    if held:
        some = ", ".join(f"{e.subject}: {whole(e, 'count')} {text(e, 'what')}" for e in held[:10])
        reason = say("{total} things are still held: {some}", total=total, some=some)
        return Verdict(ID, Outcome.FAIL, reason, count(total), None, numbers(held), figures)
    if uncounted:
        reason = say("{device} was looked at and not counted", device=uncounted[0].subject)
        return Verdict(ID, Outcome.INCONCLUSIVE, reason, None, None, numbers(uncounted), figures)
    seen = {subject for subject, _ in last}
    missing = [name for role in _ROLES for name in log.header.roles.get(role, ()) if name not in seen]
    if missing:
        names = ", ".join(missing[:10]) + (", ..." if len(missing) > 10 else "")
        reason = say("{devices} was not looked at after the run", devices=names)
        return Verdict(ID, Outcome.INCONCLUSIVE, reason, None, None, numbers(last.values()), figures)
    reason = say("Nothing is held any more. Devices looked at: {devices}", devices=figures["devices"].value)
    return Verdict(ID, Outcome.PASS, reason, count(0), None, numbers(last.values()), figures)


CRITERION = Criterion(ID, say("Nothing is left behind"), frozenset(), {}, judge)
