"""Settings of all tests: properties are judged by what they find, never by how fast this machine is."""

import os

import hypothesis

hypothesis.settings.register_profile(
    "simtel",
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
    derandomize="CI" in os.environ,  # the same commit gets the same answer; elsewhere each run searches anew
    print_blob=True,
)
hypothesis.settings.load_profile("simtel")
