"""Images to embedding, scores and facts. Knows nothing of posts, HTTP, SQL or TensorFlow."""

from classifiers.bundle import Bundle, BundleError
from classifiers.label import Label
from classifiers.runtime import Classifier, LocatedPrediction, Prediction

__all__ = [
    "Bundle",
    "BundleError",
    "Classifier",
    "Label",
    "LocatedPrediction",
    "Prediction",
]
