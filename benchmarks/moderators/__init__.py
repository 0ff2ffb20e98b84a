"""Moderators at work, measured: `python -m benchmarks.moderators`."""
