"""Scenario by site by target to evidence to verdicts, alone or in sweeps; no formatting."""
