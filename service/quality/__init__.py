"""How good the answers are: second looks, controls, agreement between moderators."""

from service.quality.follow import follow

__all__ = ["follow"]
