"""Photographs and what is known of each: tables, labels, targets, folds."""
