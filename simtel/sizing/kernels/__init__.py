"""Compiled simulations: calls drawn by position and played through a queue of agents, or through a whole site.

`queue_runs.simulate_queue` and `site_runs.simulate_site` are their drivers; the rest is compiled. They need numba,
which is slow to import: import them where they are used.
"""
