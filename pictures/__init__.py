"""Photographs' bytes to pixels, for bytes that strangers send. Knows nothing of what they show."""

from pictures.decode import open_image
from pictures.limits import ImageError, ImageLimits
from pictures.pixels import reduced

__all__ = ["ImageError", "ImageLimits", "open_image", "reduced"]
