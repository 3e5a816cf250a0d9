"""Loss with few sources: each of so many telephones calls only while it is idle (Engset 1918; ITU-T E.501 and the
teletraffic handbook of ITU-D call the stream quasi-random, or Pct-II)."""

from dataclasses import dataclass

from simtel.sizing.theory import arguments


@dataclass(frozen=True, slots=True)
class Engset:
    """Loss of a limited number of sources. Loads in erlang.

    `time_congestion`: share of time for which all lines are held.
    `call_congestion`: share of calls that are lost.
    `offered`, `carried`: load that the sources would carry were there a line for each, and that they do carry.
    """

    time_congestion: float
    call_congestion: float
    offered: float
    carried: float


def engset(sources: int, lines: int, idle_source_load: float) -> Engset:
    """`sources` telephones share `lines`; each calls, while idle, with `idle_source_load` (its rate of calls while idle
    times the mean holding time, erlang).

    With as many lines as sources no call is lost, and with more the lines are never all held. A caller sees the other
    sources alone, so that its calls meet the congestion of one source fewer. `simtel size` takes
    office extensions for a Poisson stream, and says what blocking their small number would make. ValueError: an
    argument out of its domain. Source: Engset 1918; E(n) = (S-n+1) b E(n-1) / (n + (S-n+1) b E(n-1)).
    """
    s, n = arguments.whole("sources", sources), arguments.whole("lines", lines)
    b = arguments.load("idle_source_load", idle_source_load)
    time, _ = _congestion(s, n, b)
    calls, served = _congestion(s - 1, n, b)
    # An idle source offers b, and only its calls that get a line count; one that carries y is idle for 1 - y.
    return Engset(time, calls, s * (b / (1 + b)), s * (served / (1 + served)))


def _congestion(sources: int, lines: int, b: float) -> tuple[float, float]:
    """The share of time for which so many sources hold all lines, and the load of an idle source that finds one free.

    Both without a difference: nearly no loss, and nearly nothing else, keep their digits. A loss below the smallest
    float is 0.
    """
    if lines > sources or b == 0:
        return 0.0, b
    held, served = 1.0, b
    for k in range(1, lines + 1):
        pressing = (sources - k + 1) / k * held
        served = 1.0 / (1.0 / b + pressing)
        held = pressing * served
    return held, served
