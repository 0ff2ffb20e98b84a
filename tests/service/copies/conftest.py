"""Fixtures of screening."""

from tests.service.screening.conftest import _quiet, add

__all__ = ["_quiet", "add"]
