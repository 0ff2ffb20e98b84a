"""Bundles that workers take while they run: kept, compared, promoted, rolled back, followed."""
