"""Make the files of the service readable by their owner only."""

from __future__ import annotations

import os
from pathlib import Path

OWNER_ONLY = 0o077  # umask: what is made from now on has no rights for anybody else
FOLDERS = ("bundles", "images", "logs", "metrics", "redis")


def make_private(folder: Path) -> None:
    """Remove others' permissions from the data folder and from what earlier runs left in it.

    As root, PostgreSQL runs as another user, who has to reach its own folder through this one.
    """
    os.umask(OWNER_ONLY)
    folder.chmod(0o711 if os.geteuid() == 0 else 0o700)
    for name in FOLDERS:
        if (folder / name).is_dir():
            (folder / name).chmod(0o700)
    for log in (folder / "logs").glob("*.log"):
        log.chmod(0o600)
