"""Years of a site: the calendar jumps from failure to failure, and the site lives only around them.

The log's time is the time that the site lives. Between two failures it stands still while the calendar goes on, and
`time.skipped` says for how long. It stands still only when it is settled: no call is up, nothing boots, and since the
last change or boot either a minute has passed and everybody has access, or so long that every registration has been
renewed or found missing. Nothing would happen to it then but renewals, adverts and tests that find nothing.

Calls are offered around every change: they begin half the load's length before it and end half its length after it.
"""

from simtel.core.clock import HOUR, MINUTE, SECOND
from simtel.core.events import Kind
from simtel.core.faults import FaultKind
from simtel.core.streams import Streams
from simtel.devices.exchange import Exchange
from simtel.devices.ground import Ground
from simtel.devices.plane import PUBLIC
from simtel.model.calendar import Calendar
from simtel.model.failures import Crew, Failures, Unit
from simtel.profiles.spec import SiteSpec
from simtel.scenario.spec import RANDOM_UNITS, Load, Random
from simtel.target.arrivals import poisson
from simtel.target.building import Names, phones
from simtel.target.survey import FIRST_LOOK, OVERDUE, Survey

YEAR = 365 * 24 * HOUR


def units(site: SiteSpec, names: Names, chosen: tuple[str, ...]) -> list[Unit]:
    """The units of the chosen roles that the site has, with the figures of its profiles."""
    named: dict[str, tuple[tuple[str, ...], FaultKind]] = {  # telephones apart: they are of one or of two kinds
        "servers": (names.servers, FaultKind.CRASH),
        "gateways": (names.gateways, FaultKind.CRASH),
        "spans": (tuple(names.spans), FaultKind.SPAN_CUT),
        "boards": (names.boards, FaultKind.CRASH),
        "switches": (names.switches, FaultKind.CRASH),
        "feeds": (names.feeds, FaultKind.POWER_LOST),
        "consoles": (tuple(s for s, parts in names.seats.items() if "console" in parts), FaultKind.CONSOLE_CRASH),
    }
    found: list[Unit] = []
    of_phones = [("phones", kind, seats, FaultKind.HEADSET_LOST) for kind, seats in phones(site, names)]
    sorts = [
        one
        for role in chosen
        for one in (of_phones if role == "phones" else [(role, RANDOM_UNITS[role], *named[role])])
    ]
    for role, figures, there, fault in sorts:
        path = f"{figures}.failure."
        shared = role in ("switches", "feeds")
        server, paired = role == "servers", role == "servers" and len(names.servers) > 1
        found += [
            Unit(
                f"{role} {name}",
                name,
                role,
                fault,
                mtbf=site.count(path + "mtbf_hours") * HOUR,
                repair=site.time(path + "repair_time"),
                together=site.number(path + "together") if shared else 0.0,
                coverage=site.number(path + "coverage") if server else 1.0,
                shown=site.number(path + "standby_shown") if paired else 1.0,
            )
            for name in there
        ]
    return found


class Years:
    """Lives through the years of one site."""

    def __init__(
        self,
        random: Random,
        load: Load,
        site: SiteSpec,
        names: Names,
        streams: Streams,
        calendar: Calendar,
        ground: Ground,
        survey: Survey,
    ) -> None:
        self._end = random.years * YEAR
        self._calendar = calendar
        self._ground = ground
        self._survey = survey
        self._names = names
        self._around = load.length // 2
        self._poisson = poisson(load, len(names.seats) or 1, site.time("people.talk_time"), streams)
        self._skipped = 0
        self._changed = 0  # when the last change or boot was, in the site's time
        self._soon = self._around + MINUTE
        self._late = max(_renewal(site), ground.cables.move_time or 0) + self._around + 2 * MINUTE
        crew = Crew(random.people, random.travel, random.notice)
        tested = ground.test_interval
        self._failures = Failures(units(site, names, random.units), crew, tested, streams, self)

    def live(self) -> None:
        """From the first day to the last."""
        calendar = self._calendar
        calendar.run(until=FIRST_LOOK)
        while (now := calendar.now + self._skipped) < self._end:
            due = min(self._failures.next, self._end)
            if due <= now:
                self._failures.step()
                self._changed = calendar.now
                self._survey.hint()
                self._offer(0)
                continue
            rest = due - now
            if rest <= self._around:
                if self._exchange.load_over and due < self._end:
                    self._offer(rest)
            elif self._settled() and rest >= self._around + SECOND:
                self._skip(rest - self._around)
                continue
            calendar.run(until=calendar.now + min(rest, OVERDUE))
            self._survey.look()
        self._failures.end()

    @property
    def _exchange(self) -> Exchange:
        exchange: Exchange = self._calendar.machine(PUBLIC)
        return exchange

    def _settled(self) -> bool:
        quiet = self._exchange.quiet
        if self._ground.booting:
            self._changed = self._calendar.now
        passed = self._calendar.now - self._changed
        return quiet and passed > (self._soon if self._survey.full else self._late)

    def _skip(self, time: int) -> None:
        seconds = time // SECOND
        self._calendar.emit(Kind.TIME_SKIPPED, "site", seconds=seconds)
        self._skipped += seconds * SECOND

    def _offer(self, before: int) -> None:
        now = self._calendar.now
        until = now + before + self._around
        self._exchange.offer(self._poisson(now, until), until, now)

    # --- what failures do to the site

    def strike(self, number: int, kind: FaultKind, name: str) -> None:
        """See `failures.Site`. What is latent is dead: who is told, and when, is the crew's matter."""
        self._calendar.emit(Kind.FAULT_INJECTED, name, fault=kind.value, number=number)
        self._ground.strike(FaultKind.CRASH if kind is FaultKind.LATENT else kind, name, None, 0, self._calendar.now)

    def undo(self, number: int, kind: FaultKind, name: str) -> None:
        """See `failures.Site`."""
        self._calendar.emit(Kind.FAULT_CLEARED, name, fault=kind.value, number=number)
        now = self._calendar.now
        if kind in (FaultKind.LATENT, FaultKind.HANG):
            self._ground.undo(FaultKind.CRASH, name, None, now)
        else:
            self._ground.undo(kind, name, None, now)

    def switch_off(self, name: str) -> None:
        """See `failures.Site`."""
        now = self._calendar.now
        self._ground.strike(FaultKind.CRASH, name, None, 0, now)
        self._ground.undo(FaultKind.HANG, name, None, now)

    def stands_by(self, name: str) -> bool:
        """See `failures.Site`."""
        machine = self._calendar.machine(name)
        others = (self._calendar.machine(s) for s in self._names.servers if s != name)
        return machine is not None and not machine.active and any(m is not None and m.active for m in others)


def _renewal(site: SiteSpec) -> int:
    """By then every registration has been renewed, at half of its life, or found missing."""
    return max(site.time(path) // 2 for path in site.figures if path.endswith("registration.expiry"))
