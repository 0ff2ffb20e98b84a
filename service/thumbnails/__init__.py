"""The best frames of a video, or the best of some pictures, in the style of others."""
