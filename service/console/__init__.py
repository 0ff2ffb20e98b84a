"""The review console: pages for moderators, drawn on the server."""

from service.console.blueprint import install, make_blueprint
from service.console.frame.errors import away_page, error_page

__all__ = ["away_page", "error_page", "install", "make_blueprint"]
