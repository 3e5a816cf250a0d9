"""Steady state of a small Markov chain, by eliminating its states one after the other (Grassmann, Taksar & Heyman,
Operations Research 33, 1985): only sums, products and quotients of positive numbers, so that a state that is visited
once in a million years has as many digits as the others."""

from collections.abc import Mapping


def steady_state(rates: Mapping[tuple[int, int], float]) -> list[float]:
    """Shares of time in states 0, 1, ... of a chain that gets from each to each.

    `rates[i, j]` is the rate from i to j (any unit of time, above 0 or 0). ValueError: a rate that is negative or no
    number, or a state that is never left for one of lower number.
    """
    size = 1 + max(max(pair) for pair in rates)
    q = [[0.0] * size for _ in range(size)]
    for (i, j), rate in rates.items():
        if not rate >= 0 or i == j:
            raise ValueError(f"the rate from state {i} to {j} must be zero or more, not {rate!r}")
        q[i][j] += rate
    for k in range(size - 1, 0, -1):
        leaves = sum(q[k][:k])
        if leaves == 0:
            raise ValueError(f"state {k} is never left")
        for i in range(k):
            q[i][k] /= leaves
            for j in range(k):
                if i != j:
                    q[i][j] += q[i][k] * q[k][j]
    shares = [1.0]
    for k in range(1, size):
        shares.append(sum(shares[i] * q[i][k] for i in range(k)))
    whole = sum(shares)
    return [share / whole for share in shares]
