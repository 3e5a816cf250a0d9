"""Builds or binds a site, runs a plan and declares what it can see and break; holds no criteria, and is the
only room that asks whether a target is simulated.
"""
