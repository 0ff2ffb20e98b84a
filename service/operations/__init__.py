"""What those who run the service look at: health, metrics, logs."""

from service.operations.blueprint import make_blueprint

__all__ = ["make_blueprint"]
