"""Figures by the hour, counted again after changes, so that pages need not count rows."""
