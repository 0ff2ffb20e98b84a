"""Menus on photographs: read only where they could change a verdict."""
