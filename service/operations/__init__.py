"""Operations: health, metrics and logs."""

from service.operations.blueprint import make_blueprint

__all__ = ["make_blueprint"]
