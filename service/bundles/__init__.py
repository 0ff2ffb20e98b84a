"""Bundles that become live without a restart: stored, compared, promoted, rolled back."""
