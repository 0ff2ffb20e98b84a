"""Shares with the bounds of what they may be. Knows nothing else."""

from intervals.share import ONE_SIDED_95, Z95, Share, wilson

__all__ = ["ONE_SIDED_95", "Z95", "Share", "wilson"]
