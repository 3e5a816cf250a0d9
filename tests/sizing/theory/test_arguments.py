"""What is no number, and what is too large for the floats in between, is a ValueError that names the argument."""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from math import inf

import numpy as np
import pytest

from simtel.sizing.formulas import (
    Unstable,
    engset,
    erlang_a_queue,
    erlang_b,
    erlang_b_servers,
    erlang_c,
    erlang_c_queue,
    mmn_g_queue,
    trunks_ivr_agents,
)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: erlang_b(10**400, 5), "offered_load must be a number that a float can hold"),
        (lambda: erlang_b(5, 10**400), "servers must be a number that a float can hold"),
        (lambda: erlang_b(5, -(10**5000)), "servers must be a number that a float can hold"),
        (lambda: erlang_b("5", 5), "offered_load must be a number, not '5'"),
        (lambda: erlang_b(5, "5"), "servers must be a number, not '5'"),
        (lambda: erlang_b(None, 5), "offered_load must be a number, not None"),
        (lambda: erlang_b(True, 5), "offered_load must be a number, not True"),
        (lambda: erlang_b(5, True), "servers must be a number, not True"),
        (lambda: erlang_b(1.0, np.bool_(True)), "servers must be a number"),
        (lambda: erlang_b(1j, 5), "offered_load must be a number, not 1j"),
        (lambda: erlang_b([5], 5), "offered_load must be a number"),
        (lambda: erlang_b(Decimal(5), 5), "offered_load must be a number"),
        (lambda: erlang_b_servers(1.0, False), "max_blocking must be a number, not False"),
        (lambda: erlang_c(True, 2), "offered_load"),
        (lambda: engset(10, 5, "0.1"), "idle_source_load"),
        (lambda: erlang_a_queue(1e200, 1e200, 120, 30), r"arrival_rate \* aht must be zero or more and finite"),
        (lambda: erlang_a_queue(1e308, 10, 120, 30, trunks=40), r"arrival_rate \* aht must be zero or more and finite"),
        (lambda: erlang_a_queue(1e200, 1e200, inf, 30), r"arrival_rate \* aht must be zero or more and finite"),
        (lambda: erlang_a_queue(1.0, 1e-301, 120, 30), "aht must be 1e-300 at least"),
        (lambda: erlang_c_queue(1e200, 1e200, 30, 20), r"arrival_rate \* aht"),
        (lambda: trunks_ivr_agents(1e300, 1.0, 1.0, 1e20, 60, 20, 20), r"arrival_rate \* p_agent \* aht"),
        (lambda: mmn_g_queue(0.1, 180, 32, None, 20), "patience_law must be a law such as Exponential.*, not None"),
        (lambda: mmn_g_queue(0.1, 180, 32, 120.0, 20), "patience_law must be a law such as Exponential.*, not 120.0"),
    ],
)  # fmt: skip
def test_it_is_named(call: Callable[[], object], words: str) -> None:
    with pytest.raises(ValueError, match=words) as error:
        call()
    assert not isinstance(error.value, Unstable)


def test_a_number_of_any_kind_is_one() -> None:
    assert erlang_b(np.float64(5), np.int64(5)) == erlang_b(Fraction(5), 5.0) == erlang_b(5, 5)
