"""Shares with confidence intervals. Depends on no other package."""

from intervals.share import ONE_SIDED_95, Z95, Share, wilson

__all__ = ["ONE_SIDED_95", "Z95", "Share", "wilson"]
