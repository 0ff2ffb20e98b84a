"""Anything with words and pictures to one vector. Knows nothing of HTTP, SQL or TensorFlow."""

from items.bundle import ItemBundle
from items.encoder import ItemEncoder
from items.item import Item
from items.manifest import ItemBundleError

__all__ = ["Item", "ItemBundle", "ItemBundleError", "ItemEncoder"]
