"""Sans-IO grammars and state machines of the wire, from E1 alarms to 1+1 election; no socket, no SimPy, no
asyncio, no sleeping and no wall clock.
"""
