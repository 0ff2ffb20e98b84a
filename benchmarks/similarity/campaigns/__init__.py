"""Campaigns among honest posts, simulated: ``python -m benchmarks.similarity.campaigns``."""
