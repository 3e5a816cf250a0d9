"""Figures, tables and pages in zh and en, all drawn from the log alone; never judges again, never hides the
target kind, assumed figures or the uncertainty.
"""
