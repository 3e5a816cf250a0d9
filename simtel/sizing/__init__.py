"""Sizing: how many seats, trunks, boards and licences a demand needs, and how sure that is. Formulas in closed form,
pure: no SimPy, no clock, no files. `simtel.sizing.formulas` names them all.

Units everywhere: rates per second, times in seconds, loads in erlang, shares and probabilities from 0 to 1.
"""
