"""Whole runs: from photographs, or from a bundle, to a bundle."""
