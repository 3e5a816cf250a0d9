"""Sizing: how many seats, trunks, boards and licences a demand needs, and how sure that is. Pure: no SimPy, no clock,
no files.

| what | where |
|---|---|
| formulas of losses and queues | `theory`, named by `formulas` |
| availability of a pair and of a site | `availability` |
| compiled simulations | `kernels` |
| intervals, and how many replications are enough | `intervals`, `stopping` |
| a demand from a call log | `fitting` |
| a site from a demand | `design` |

Units everywhere: rates per second, times in seconds, loads in erlang, shares and probabilities from 0 to 1.
"""
