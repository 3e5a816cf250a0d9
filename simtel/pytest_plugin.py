"""The pytest plugin: fixtures and collection of scenario files; no logic."""
