"""Figures of each hour, counted once after something changed, so that pages need not count rows."""
