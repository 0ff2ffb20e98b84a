"""Visually close posts of other authors vote on hashtags that no rule covers."""
