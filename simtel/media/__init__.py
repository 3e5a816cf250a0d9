"""Sound as arrays: the codes of G.711. Pure: no packet, no socket, no clock.

Samples are `int16` at 8,000 a second; a sine of full scale is +3.14 dBm0 in A-law and +3.17 dBm0 in mu-law (G.711).
"""
