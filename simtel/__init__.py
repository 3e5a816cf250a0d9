"""simtel: a telephony hardware simulator and test harness for call centres of 20 to 100 seats.

One site description, one scenario, one evidence log and one set of verdicts, on three targets:
`virtual` (SimPy, virtual time), `loopback` (the same devices alive as processes on 127.x.y.z, in real
time) and `bench` (real equipment). The docstring of each room says what belongs there and what must
not; imports run down only, and the import contract in pyproject.toml says which way is down.
"""

__version__ = "0.1.0"
