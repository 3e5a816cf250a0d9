"""All formulas by one name. Rates per second, times in seconds, loads in erlang, shares from 0 to 1.

| function | system |
|---|---|
| `erlang_b`, `erlang_b_servers`, `erlang_b_load` | loss: Poisson calls, servers, nobody waits |
| `engset` | loss: few sources |
| `overflow`, `equivalent_random`, `peaked_loss` | what a full group sends to the next, and what that loses there |
| `retrial`, `slow_redial` | loss: whoever is refused dials again |
| `erlang_c`, `erlang_c_queue`, `erlang_c_agents` | queue: nobody gives up |
| `erlang_a_queue` | queue: exponential patience, trunks limited or not |
| `mmn_g_queue` | queue: patience of any law in `simtel.sizing.theory.patience` |
| `trunks_ivr_agents` | trunks held through IVR, queue and talk |
| `square_root_staffing` | the rule of thumb for large groups |

The commands work with `erlang_b`, `erlang_b_servers`, `erlang_a_queue` and, for a whole site, with
`simtel.sizing.theory.site_queue`; the others are for users of the library.

Errors: a ValueError names the argument that is out of its domain; its kind `Unstable` says that the work offered is
more than the servers can do while nobody gives up.
"""

from simtel.sizing.theory.arguments import Unstable
from simtel.sizing.theory.engset import Engset, engset
from simtel.sizing.theory.erlang_a import erlang_a_queue
from simtel.sizing.theory.erlang_b import erlang_b, erlang_b_load, erlang_b_servers
from simtel.sizing.theory.erlang_c import erlang_c, erlang_c_agents, erlang_c_queue
from simtel.sizing.theory.ivr import trunks_ivr_agents
from simtel.sizing.theory.offered_wait import mmn_g_queue
from simtel.sizing.theory.overflow import EquivalentGroup, Overflow, equivalent_random, overflow, peaked_loss
from simtel.sizing.theory.patience import Deterministic, Erlang2, Exponential, Hyperexponential, Patience, Uniform
from simtel.sizing.theory.queue import Queue
from simtel.sizing.theory.retrial import Retrial, retrial, slow_redial
from simtel.sizing.theory.staffing import square_root_staffing

__all__ = [
    "Deterministic",
    "Engset",
    "EquivalentGroup",
    "Erlang2",
    "Exponential",
    "Hyperexponential",
    "Overflow",
    "Patience",
    "Queue",
    "Retrial",
    "Uniform",
    "Unstable",
    "engset",
    "equivalent_random",
    "erlang_a_queue",
    "erlang_b",
    "erlang_b_load",
    "erlang_b_servers",
    "erlang_c",
    "erlang_c_agents",
    "erlang_c_queue",
    "mmn_g_queue",
    "overflow",
    "peaked_loss",
    "retrial",
    "slow_redial",
    "square_root_staffing",
    "trunks_ivr_agents",
]
