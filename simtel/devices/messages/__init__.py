"""What devices say to each other, flow level: one message for what takes several on a real wire.

A module for each interface. Names follow the protocol whose place a message takes (Q.931 towards the exchange, SIP
towards servers); people's are speech over a call that is up. Messages are immutable and carry no deadlines.
"""
