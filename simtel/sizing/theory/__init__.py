"""Teletraffic theory: queues and losses in closed form or by sums over states. Rates per second, times in seconds.

`simtel.sizing.formulas` names what is meant for others. Nothing here is simulated or knows a part of a site.
"""
