"""`/v1`: the API for platforms."""

from service.api.blueprint import make_blueprint

__all__ = ["make_blueprint"]
