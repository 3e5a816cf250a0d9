"""What every room stands on: time in ns, evidence records and log, event and fault kinds, quantities,
strict YAML, seeded streams, timers and errors; no telephony rule and no default path.
"""
