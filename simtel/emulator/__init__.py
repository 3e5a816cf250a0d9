"""OS processes that host devices on the wire, for the `loopback` target and `simtel emulate`; never a
second copy of a device rule.
"""
