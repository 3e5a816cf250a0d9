"""M/M/32+M for cimba, which compiles classes from their source; imported where cimba is installed only."""

import cimba as cb
from cimba import inputs

GIVES_UP = 17  # a signal of its own


class Centre(cb.Model):
    agents: cb.Resource
    used: cb.Output[float]

    def __init__(self):
        self.agents = cb.Resource(capacity=32)

    @cb.on_end
    def measure(self):
        self.used = self.agents.mean_in_use()


class Caller(cb.Model):
    centre: cb.Ref[Centre]
    patience: float
    service: float

    @cb.process
    def life(self):
        cb.this_process().timer_set(self.patience, GIVES_UP)
        if self.centre.agents.acquire(1) == 0:
            cb.this_process().timers_clear()
            cb.hold(self.service)
            self.centre.agents.release(1)


class Calls(cb.Model):
    gap: cb.Input[float] = inputs.dist.exponential(mean=6.0)
    service: cb.Input[float] = inputs.dist.exponential(mean=180.0)
    patience: cb.Input[float] = inputs.dist.exponential(mean=120.0)
    centre: Centre

    def __init__(self):
        self.centre = Centre()

    @cb.process
    def arrivals(self):
        while True:
            cb.hold(self.gap.next())
            cb.spawn(Caller, centre=self.centre, patience=self.patience.next(), service=self.service.next())


model = Calls
