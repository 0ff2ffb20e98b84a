"""Exact copies of what a person settled settle themselves, where an analyst allowed it."""
