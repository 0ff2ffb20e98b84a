"""Rulesets as data: drafted, watched in shadow, made live, rolled back."""
