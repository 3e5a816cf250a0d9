"""one-active: never were two servers active at once. Always judged where there is a pair.

Counts: adverts that an outside watch hears (see `simtel.verdict.reigns`). Who was heard no more once another spoke
up had given way; one that was is a second active server. Fails: one heard after the first advert of another (by more
than the uncertainty of the watch), however briefly. Inconclusive: no server was heard, or a server was stopped by a
fault and the watch cannot tell whether it came back at once while another was heard. A server that advertises
itself to nobody who can hear it is not seen here.
"""

from simtel.core.events import Kind
from simtel.core.log import EvidenceLog, Expectation
from simtel.verdict.census import servers_alone
from simtel.verdict.criterion import Criterion
from simtel.verdict.reigns import Reign, watched
from simtel.verdict.verdict import Outcome, Verdict, about, count, numbers, say, show_duration, time

ID = "one-active"
PAIR = 2


def paired(log: EvidenceLog) -> bool:
    """Whether the site has more than one server: by the roles of the header, or heard of."""
    return len(servers_alone(log)) >= PAIR


def _overlap(log: EvidenceLog, held: list[Reign]) -> tuple[int, int, Reign] | None:
    """(longest time in which two servers were active at once, its uncertainty, the later of the two)."""
    worst: tuple[int, int, Reign] | None = None
    for index, later in enumerate(held):
        for earlier in held[:index]:
            if earlier.server != later.server:
                slack = log.uncertainty(later.begun)
                both = min(earlier.heard, later.until) - later.begun.t
                if earlier.heard > later.begun.t + slack and (worst is None or both > worst[0]):
                    worst = (both, slack, later)
    return worst


def judge(log: EvidenceLog, _expect: Expectation) -> Verdict:
    """The longest time in which two servers were active at once; none may be."""
    seen = watched(log)
    held = seen.reigns
    heard = {reign.server for reign in held}
    overlap = _overlap(log, held)
    doubtful = [stop for stop in seen.unsettled if any(r.server != stop.subject and r.heard > stop.t for r in held)]
    figures = {"heard": count(len(heard))}
    events = numbers([reign.begun for reign in held], doubtful)
    if overlap is not None:
        both, slack, later = overlap
        reason = say(
            "Two servers were active at once for {time}; the second was {server}",
            time=about(both, slack)["gap"],
            server=later.server,
        )
        figures["two-active"] = time(both, slack)
        return Verdict(ID, Outcome.FAIL, reason, time(both, slack), None, events, figures)
    if not held:
        return Verdict(ID, Outcome.INCONCLUSIVE, say("No server was heard by an outside watch"), figures=figures)
    if doubtful:
        reason = say(
            "The watch did not hear {server} fall silent after the fault at {at}: it may have come back at once, "
            "beside another server",
            server=doubtful[0].subject,
            at=show_duration(doubtful[0].t),
        )
        return Verdict(ID, Outcome.INCONCLUSIVE, reason, None, None, events, figures)
    reason = say(
        "Never were two servers heard as active at once; heard were {servers}", servers=", ".join(sorted(heard))
    )
    return Verdict(ID, Outcome.PASS, reason, time(0), None, events, figures)


CRITERION = Criterion(ID, say("Never two active servers"), frozenset({Kind.SERVER_ADVERTISED}), {}, judge)
