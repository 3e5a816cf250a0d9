"""How long a queue remembers that it began empty.

What is left of the start dies away as exp(-t/T). With as good as no queue T is one service. Near saturation it is the
time in which the queue wanders over its own length: of n servers under a load of a erlang about one service over
(sqrt n - sqrt a)^2 (exact for one server: Cohen, The Single Server Queue, 1982, II.2.1; services that vary more than
exponential ones take longer). Whoever gives up shortens it to his patience, and a queue of few places to the time in
which it is wandered through (Brownian motion between two walls).
"""

from math import inf, pi, sqrt

from simtel.sizing.theory import arguments

LEFT_OF_IT = 5  # times T, after which less than a hundredth of the start is left


def settling_time(load: float, servers: int, service: float, *, patience: float = inf, places: float = inf) -> float:
    """T in seconds, roughly: one `service` (s, mean) for the servers to fill, and the queue's own.

    `load` in erlang; `patience` (s, mean); `places` in the queue. inf: a load as large as the servers, endless patience
    and room. ValueError: an argument out of its domain.
    """
    a, n = arguments.load("load", load), arguments.whole("servers", servers)
    gap = (sqrt(n) - sqrt(a)) ** 2
    wanders = service / gap if gap > 0 and (a < n or patience == inf) else inf
    through = places * places * service / (pi * pi * a) if a > 0 else 0.0
    return service + min(wanders, patience, through)
