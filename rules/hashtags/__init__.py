"""Hashtags: one spelling, their words, and what they claim."""
