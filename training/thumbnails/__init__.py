"""Frames of videos chosen as thumbnails."""
