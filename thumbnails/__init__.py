"""What was learned from thumbnails, read from disk: latent vectors, and what goes with views."""

from thumbnails.engagement import Engagement, Score
from thumbnails.latent import Latent, distances
from thumbnails.manifest import ThumbnailBundleError

__all__ = ["Engagement", "Latent", "Score", "ThumbnailBundleError", "distances"]
