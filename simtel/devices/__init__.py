"""The machines, from E1 gateway and server to exchange, seat and caller, with every rule that two targets
share; no SimPy, no asyncio, no socket and no bytes.
"""
