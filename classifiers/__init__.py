"""Image bytes in, embedding and scores out; knows nothing of posts, HTTP or SQL."""

from classifiers.bundle import Bundle, BundleError, Label
from classifiers.classifier import Classifier, Prediction
from classifiers.decode import ImageError, ImageLimits, open_image

__all__ = [
    "Bundle",
    "BundleError",
    "Classifier",
    "ImageError",
    "ImageLimits",
    "Label",
    "Prediction",
    "open_image",
]
