"""Switching fabrics: what joins a circuit and a seat, and when it cannot. Pure: no clock, no messages, no chance.

One is part of each call server (`fabric.build`): the packet core of the LAN, a timeslot interchange, or a three-stage
Clos network. `search` looks for calls that a fabric refuses though both ends are free.
"""
