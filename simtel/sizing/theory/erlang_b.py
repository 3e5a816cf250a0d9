"""Loss without waiting: Poisson calls meet a group of servers, and who finds all of them busy is lost (M/G/n/n).

A. K. Erlang's first formula (1917), of ITU-T E.501 and E.521. The reciprocal obeys 1/B(n) = 1 + (n/a)/B(n-1), a sum of
positive terms: each step adds half an ulp at most, so 2,000 servers cost three digits of sixteen. Where the probability
itself is below the smallest float, the logarithm still stands.
"""

from math import exp, inf, log

from simtel.sizing.theory import arguments

_LARGE = 1e30  # the reciprocal is rescaled beyond: the next step may multiply it by nearly as much as a float can hold


def erlang_b(offered_load: float, servers: int) -> float:
    """Probability that a call finds all servers busy and is lost.

    `offered_load` in erlang, 0 or more; `servers` 0 or more. Holds for any law of the holding time. A result below the
    smallest float is 0. ValueError: an argument out of its domain. Source: Erlang 1917; ITU-T E.521.
    """
    a, n = arguments.load("offered_load", offered_load), arguments.whole("servers", servers, 0)
    return blocking(a, n)


def erlang_b_servers(offered_load: float, max_blocking: float) -> int:
    """The fewest servers that lose at most the share `max_blocking` of `offered_load` erlang.

    ValueError: a load that is negative or infinite, or a share outside ]0, 1]; no number of servers loses nothing of a
    Poisson stream. Source: Erlang 1917; ITU-T E.521.
    """
    a = arguments.countable("offered_load", arguments.load("offered_load", offered_load))
    most = arguments.share("max_blocking", max_blocking)
    if most == 0:
        raise ValueError("max_blocking must be above 0: any number of servers loses some calls")
    lost, n = 1.0, 0
    while lost > most:
        n += 1
        lost = a * lost / (n + a * lost)
    return n


def erlang_b_load(servers: int, blocking: float) -> float:
    """The load in erlang of which `servers` lose exactly the share `blocking`.

    ValueError: fewer than one server, or a share that is not strictly between 0 and 1. Source: Erlang 1917, inverted.

    Solved for what overflows from one server fewer: B(n)/(1 - B(n)) = (a/n) B(n-1), which stays well conditioned for
    a loss near 1 as well. As a function of ln a its logarithm grows and is concave, so that Newton's step never
    passes the root from below and needs no bracket.
    """
    n, share = arguments.whole("servers", servers), arguments.inner_share("blocking", blocking)
    wanted = log(share / (1 - share))
    x = log(n)
    for step in range(200):
        a = exp(x)
        lost = log_blocking(a, n - 1)
        following = x + (wanted - (x - log(n) + lost)) / (1 + idle(a, n - 1))
        if step and following - x <= 1e-15 * max(1.0, abs(x)):
            return a
        x = following
    raise ArithmeticError(f"erlang_b_load({servers}, {blocking}) does not converge")  # pragma: no cover


def served(a: float, n: int) -> float:
    """1 - B, without cancellation where nearly all is lost; `n` of at least 1."""
    return 1.0 / (1.0 + a * blocking(a, n - 1) / n)


def blocking(a: float, n: int) -> float:
    """Erlang B of arguments that are known to be good."""
    if a == 0:
        return 1.0 if n == 0 else 0.0
    reciprocal = 1.0
    for k in range(1, n + 1):
        reciprocal = 1.0 + reciprocal * k / a
    return 1.0 / reciprocal


def log_blocking(a: float, n: int, beyond: float = 0.0, reciprocal: float = 1.0) -> float:
    """Natural logarithm of Erlang B, also where B is below the smallest float.

    Of n + `beyond` servers, when 1/B for `beyond` of them (less than one) is `reciprocal`.
    """
    if a == 0:
        return 0.0 if n + beyond == 0 else -inf
    one, scale = 1.0, 0.0
    for k in range(1, n + 1):
        reciprocal = one + reciprocal * (k + beyond) / a
        if reciprocal > _LARGE:
            scale, one, reciprocal = scale + log(reciprocal), one / reciprocal, 1.0
    return -(scale + log(reciprocal))


def idle(a: float, n: int) -> float:
    """Mean number of servers that are free, without cancellation where nearly none is.

    A group with one server more is full for the share B, and otherwise is the smaller group with a free server more.
    """
    free, lost = 0.0, 1.0
    for k in range(1, n + 1):
        busy = a * lost / k  # B / (1 - B) of k servers
        free, lost = (free + 1.0) / (1.0 + busy), busy / (1.0 + busy)
    return free
