"""From a call log to the figures of a demand: arrivals, laws of durations, patience, redials; and the replay."""
