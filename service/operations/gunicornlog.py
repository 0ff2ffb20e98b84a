"""gunicorn's own lines, through the same JSON as everything else."""

from __future__ import annotations

from typing import Any

from gunicorn.glogging import Logger


class JsonLogger(Logger):  # type: ignore[misc]  # gunicorn has no types
    """Leaves handling and format to the root logger, as ``logs.configure`` sets it up."""

    def setup(self, cfg: Any) -> None:
        """Take gunicorn's handlers away again."""
        super().setup(cfg)
        self.error_log.handlers[:] = []
        self.error_log.propagate = True
