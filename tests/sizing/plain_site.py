"""A site told the slow way, one SimPy process a call: what the compiled kernel is held against.

Written from the rules at the head of `simtel.sizing.kernels.site_kernel`, with lists that are searched from end to end,
and sharing nothing with it but the draws that both are fed: when callers come and what they are like, what falls
by chance at each attempt, how long units live, and how long dialled calls take.
"""

from collections.abc import Generator
from math import log
from typing import Any

import numpy as np
import simpy

from simtel.sizing.kernels import callers
from simtel.sizing.kernels import site_world as world
from simtel.sizing.kernels.callers import falls
from simtel.sizing.kernels.draws import LONGEST, SECOND, chance, draw
from simtel.sizing.kernels.site_plan import Demand, Site
from simtel.sizing.kernels.site_runs import caller_streams

Steps = Generator[simpy.Event, Any, Any]
DIALLED = 8_192  # calls that agents dial, at most


def ns(seconds: float) -> int:
    return round(seconds * SECOND)


class Caller:
    def __init__(self, number: int, talk: int, wrap_up: int) -> None:
        self.number, self.talk, self.wrap_up = number, talk, wrap_up
        self.tries = 0
        self.group = self.priority = self.place = self.asked = 0
        self.wants_agent = True
        self.menu = self.patience = 0
        self.trunk: int | None = None
        self.agent: Agent | None = None
        self.groups: set[int] = set()  # whose agents may take him
        self.given: simpy.Event | None = None  # an agent
        self.life: simpy.Process | None = None
        self.cut = False


class Agent:
    def __init__(self, team: int) -> None:
        self.team = team
        self.does = "absent"  # idle, talks, wraps up, out
        self.since = 0
        self.failed = 0
        self.wrapping: simpy.Process | None = None


class PlainSite:
    """One replication; `told` are rows as `site_runs.outcomes` has them, `spent` the times by interval."""

    def __init__(self, site: Site, demand: Demand, replication: int, seed: int) -> None:
        self.site, self.demand = site, demand
        self.streams = caller_streams(replication, seed)
        self.chances = np.ascontiguousarray(self.streams[callers.CHANCES, :, 0])
        self.fates = np.ascontiguousarray(self.streams[callers.FAILURES, :, 0])
        self.env = simpy.Environment()
        self.told: list[tuple[int, int, int, int]] = []
        self.waits: list[int] = []  # of the answered
        self.spent = np.zeros((site.intervals, 4))
        self.noted = self.interval = 0
        self.free = list(range(site.trunks))[::-1]  # the last is seized first
        self.dead = [0] * site.trunks
        self.on: list[Caller | None] = [None] * site.trunks
        self.menus = self.places = self.rests = self.dialled = 0
        self.waiting: list[Caller] = []
        self.numbers: list[Caller] = []
        self.agents = [Agent(n) for n, team in enumerate(site.teams) for _ in range(max(team.agents))]
        self.surplus = [0] * len(site.teams)
        self.dial = []
        for law, purpose in ((demand.talk, callers.DIALLED_TALK), (demand.wrap_up, callers.DIALLED_WRAP_UP)):
            out = np.empty((DIALLED, 1), np.int64)
            draw(law, self.streams[purpose], 0, out)
            self.dial.append(out[:, 0].tolist())

    def run(self) -> "PlainSite":
        self.present(0)
        self.env.process(self.day())
        for number in range(len(self.site.units)):
            self.env.process(self.unit(number))
        self.env.process(self.arrivals())
        if self.demand.office.load:
            self.env.process(self.office())
        end = self.site.intervals * ns(self.site.interval)
        self.env.run(until=end)
        self.note()
        return self

    # What is written down.

    def tell(self, caller: Caller, what: int) -> None:
        self.told.append((self.env.now, caller.number, caller.tries, int(what)))

    def note(self) -> None:
        """The time since the last change, before the next one."""
        length = self.env.now - self.noted
        if not length:
            return
        busy = sum(agent.does in {"talks", "wraps up"} for agent in self.agents)
        staffed = sum(agent.does != "absent" for agent in self.agents)
        held = sum(caller is not None for caller in self.on)
        self.spent[self.interval] += np.array([busy, staffed, held, len(self.waiting)]) * length
        self.noted = self.env.now

    # Callers.

    def arrivals(self) -> Steps:
        first, since = 0, 0
        interval = ns(self.site.interval)
        d = self.demand
        rates = np.array(d.rates) / SECOND
        while True:
            block = np.zeros((5, 256), np.int64)
            callers.refill(block, d.menu, d.talk, d.wrap_up, d.patience, rates, interval, self.streams, first, since)
            for n, (came, menu, talk, wrap_up, patience) in enumerate(block.T.tolist()):
                if came == callers.NEVER:
                    return
                yield self.env.timeout(came - self.env.now)
                caller = Caller(first + n, talk, wrap_up)
                caller.menu, caller.patience = menu, patience
                self.character(caller)
                caller.life = self.env.process(self.life(caller))
            first, since = first + block.shape[1], int(block[0, -1])

    def character(self, caller: Caller) -> None:
        drawn, up_to = 0.0, 0.0
        if len(self.demand.classes) > 1:
            drawn = falls(self.chances, caller.number, 0, callers.CLASS)
        for kind in self.demand.classes:
            up_to += kind.share
            if drawn <= up_to:
                break
        caller.group, caller.priority = kind.group, kind.priority
        caller.talk = int(min(caller.talk * kind.talk_scale, LONGEST))
        caller.wants_agent = (
            kind.wants_agent == 1 or falls(self.chances, caller.number, 0, callers.WANTS_AGENT) < kind.wants_agent
        )

    def life(self, caller: Caller) -> Steps:
        while True:
            caller.cut = False
            again = yield from self.attempt(caller)
            if not (again and falls(self.chances, caller.number, caller.tries, callers.DIALS_AGAIN) < again):
                return
            drawn = falls(self.chances, caller.number, caller.tries, callers.AGAIN_AFTER)
            yield self.env.timeout(int(-log(drawn) * (self.demand.redial.delay * SECOND)))
            caller.tries += 1

    def attempt(self, caller: Caller) -> Steps:
        """What a caller meets; returns the share of such callers who dial again."""
        redial = self.demand.redial
        try:
            if not self.seize(caller):
                self.tell(caller, world.BLOCKED)
                return redial.blocked
            if self.menus >= self.site.ivr_ports:
                self.tell(caller, world.MENU_FULL)
                return redial.blocked
            self.menus += 1
            try:
                yield self.env.timeout(caller.menu)
            finally:
                self.menus -= 1
            if not caller.wants_agent:
                self.tell(caller, world.MENU_ENOUGH)
                return 0.0
            caller.place, self.places = self.places, self.places + 1
            caller.asked = self.env.now
            agent = self.idle_longest({caller.group})
            if agent:
                self.give(caller, agent)
            elif len(self.waiting) >= self.site.queue_places:
                self.tell(caller, world.QUEUE_FULL)
                return redial.blocked
            else:
                given = yield from self.wait(caller)
                if not given:
                    self.tell(caller, world.GAVE_UP)
                    return redial.abandoned
            yield from self.talk(caller)
        except simpy.Interrupt:
            self.tell(caller, world.CUT)
            return redial.abandoned
        else:
            return 0.0
        finally:
            self.release(caller)

    def wait(self, caller: Caller) -> Steps:
        """Whether an agent took him in the end."""
        self.note()
        self.waiting.append(caller)
        caller.groups = {caller.group}
        caller.given = self.env.event()
        group, back = self.site.groups[caller.group], self.site.call_back
        patience = self.env.timeout(caller.patience)
        overflow = self.env.timeout(ns(group.overflow_after)) if group.overflow_to is not None else self.env.event()
        number = self.env.timeout(ns(back.after)) if back and back.share else self.env.event()
        pending = [patience, overflow, number]
        try:
            while True:
                yield self.env.any_of([caller.given, *pending])
                if caller.given.triggered:
                    return True
                if patience.processed:
                    return False
                if overflow.processed and overflow in pending:
                    pending.remove(overflow)
                    assert group.overflow_to is not None
                    agent = self.idle_longest({group.overflow_to})
                    if agent:
                        self.give(caller, agent)
                        return True
                    caller.groups.add(group.overflow_to)
                elif number.processed and number in pending:
                    pending.remove(number)
                    assert back
                    if falls(self.chances, caller.number, caller.tries, callers.LEAVES_NUMBER) < back.share:
                        break
        finally:
            if caller in self.waiting:
                self.note()
                self.waiting.remove(caller)
        self.tell(caller, world.LEAVES_NUMBER)
        self.numbers.append(caller)
        self.release(caller)
        yield caller.given
        return True

    def talk(self, caller: Caller) -> Steps:
        agent = caller.agent
        assert agent
        try:
            yield self.env.timeout(caller.talk)
        finally:
            self.release(caller)
            caller.agent = None
            if agent.does == "talks":
                self.note()
                agent.does = "wraps up"
                agent.wrapping = self.env.process(self.wrap_up(agent, caller.wrap_up))

    # The office.

    def office(self) -> Steps:
        length = self.demand.office.length * SECOND

        def drawn(position: int, mean: float) -> int:
            return int(-log(chance(self.fates, world.UNITS << 32 | position)) * mean)

        for n in range(1 << 20):
            yield self.env.timeout(drawn(2 * n + 1, length / self.demand.office.load))
            colleague = Caller(-1, drawn(2 * n, length), 0)
            if self.seize(colleague):
                colleague.life = self.env.process(self.colleague(colleague))

    def colleague(self, caller: Caller) -> Steps:
        try:
            yield self.env.timeout(caller.talk)
        except simpy.Interrupt:
            pass
        finally:
            self.release(caller)

    # Trunks.

    def seize(self, caller: Caller) -> bool:
        if not self.free:
            return False
        self.note()
        caller.trunk = self.free.pop()
        self.on[caller.trunk] = caller
        return True

    def release(self, caller: Caller) -> None:
        if caller.trunk is None:
            return
        self.note()
        self.on[caller.trunk] = None
        if not self.dead[caller.trunk]:
            self.free.append(caller.trunk)
        caller.trunk = None
        self.then_call_back()

    def then_call_back(self) -> None:
        """Once this instant's doings are done: those who left numbers, while agents rest and trunks are free."""
        soon = self.env.timeout(0)
        assert soon.callbacks is not None
        soon.callbacks.append(lambda _: self.call_back())

    def call_back(self) -> None:
        while self.free:
            idle = {group for agent in self.agents if agent.does == "idle" for group in self.serves(agent)}
            wanted = [caller for caller in self.numbers if caller.group in idle]
            if not wanted:
                return
            caller = min(wanted, key=lambda each: (-each.priority, each.place))
            agent = self.idle_longest({caller.group})
            assert agent
            self.give(caller, agent)

    # Agents.

    def serves(self, agent: Agent) -> set[int]:
        return set(self.site.teams[agent.team].groups)

    def idle_longest(self, groups: set[int]) -> Agent | None:
        idle = [agent for agent in self.agents if agent.does == "idle" and self.serves(agent) & groups]
        return min(idle, key=lambda agent: agent.since, default=None)

    def give(self, caller: Caller, agent: Agent) -> None:
        """An agent to a caller, who waits, has just asked, or has left his number."""
        self.note()
        if caller in self.numbers:
            self.numbers.remove(caller)
            self.seize(caller)
            self.tell(caller, world.CALLED_BACK)
        else:
            self.tell(caller, world.ANSWERED)
            self.waits.append(self.env.now - caller.asked)
            if caller in self.waiting:
                self.waiting.remove(caller)
        caller.agent, agent.does = agent, "talks"
        if caller.given and not caller.given.triggered:
            caller.given.succeed()

    def wrap_up(self, agent: Agent, length: int) -> Steps:
        try:
            yield self.env.timeout(length)
        except simpy.Interrupt:
            return
        agent.wrapping = None
        self.is_free(agent)

    def is_free(self, agent: Agent) -> None:
        self.note()
        if agent.failed:
            agent.does = "out"
            return
        if self.surplus[agent.team]:
            self.surplus[agent.team] -= 1
            agent.does = "absent"
            return
        served = self.serves(agent)
        wanted = [caller for caller in self.waiting if caller.groups & served]
        wanted += [caller for caller in self.numbers if caller.group in served and self.free]
        if wanted:
            self.give(min(wanted, key=lambda each: (-each.priority, each.place)), agent)
            return
        idle = sum(other.does == "idle" for other in self.agents)
        if self.site.dial_above is not None and idle >= self.site.dial_above and self.free:
            talk, wrap_up = self.dial[0][self.dialled], self.dial[1][self.dialled]
            self.dialled += 1
            other = Caller(-1, talk, wrap_up)
            self.seize(other)
            self.tell(other, world.DIALLED_OUT)
            other.agent, agent.does = agent, "talks"
            other.life = self.env.process(self.dialled_call(other))
            return
        agent.does, agent.since, self.rests = "idle", self.rests, self.rests + 1

    def dialled_call(self, caller: Caller) -> Steps:
        try:
            yield from self.talk(caller)
        except simpy.Interrupt:
            self.tell(caller, world.CUT)

    # Teams and units.

    def day(self) -> Steps:
        for interval in range(1, self.site.intervals):
            yield self.env.timeout(interval * ns(self.site.interval) - self.env.now)
            self.note()
            self.interval = interval
            self.present(interval)

    def present(self, interval: int) -> None:
        for number, team in enumerate(self.site.teams):
            before = team.agents[interval - 1] if interval else 0
            for _ in range(before, team.agents[interval]):
                if self.surplus[number]:
                    self.surplus[number] -= 1
                else:
                    self.is_free(next(a for a in self.agents if a.team == number and a.does == "absent"))
            for _ in range(team.agents[interval], before):
                idle = [agent for agent in self.agents if agent.team == number and agent.does == "idle"]
                out = [agent for agent in self.agents if agent.team == number and agent.does == "out"]
                if idle:
                    min(idle, key=lambda agent: agent.since).does = "absent"
                elif out:
                    out[0].does = "absent"
                else:
                    self.surplus[number] += 1

    def unit(self, number: int) -> Steps:
        unit = self.site.units[number]
        for n in range(1 << 20):
            drawn = chance(self.fates, number << 32 | n)
            yield self.env.timeout(int(-log(drawn) * ns(unit.mttr if n % 2 else unit.mtbf)))
            self.note()
            if n % 2:
                self.repaired(unit.trunks, unit.seats)
            else:
                self.fails(unit.trunks, unit.seats)

    def fails(self, trunks: range, seats: range) -> None:
        for agent in (self.agents[seat] for seat in seats):
            agent.failed += 1
            was, agent.does = agent.does, "absent" if agent.does == "absent" else "out"
            if was == "wraps up" and agent.wrapping:
                agent.wrapping.interrupt()
            for caller in [c for c in self.on if c and c.agent is agent]:
                self.cut_off(caller)
        for trunk in trunks:
            self.dead[trunk] += 1
            on = self.on[trunk]
            if on:
                self.cut_off(on)
        self.free = [trunk for trunk in self.free if not self.dead[trunk]]

    def cut_off(self, caller: Caller) -> None:
        if not caller.cut and caller.life:
            caller.cut = True
            caller.life.interrupt()

    def repaired(self, trunks: range, seats: range) -> None:
        for trunk in trunks:
            self.dead[trunk] -= 1
            if not self.dead[trunk]:
                self.free.append(trunk)
        for agent in (self.agents[seat] for seat in seats):
            agent.failed -= 1
            if not agent.failed and agent.does == "out":
                self.is_free(agent)
        self.then_call_back()
