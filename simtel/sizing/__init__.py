"""How large a site must be: formulas, availability, compiled queues. No I/O, no SimPy, no clock."""
