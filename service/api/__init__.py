"""`/v1`: what a platform talks to."""

from service.api.blueprint import make_blueprint

__all__ = ["make_blueprint"]
