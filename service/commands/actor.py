"""The audit log's name for the person who runs a command."""

from __future__ import annotations

import getpass


def actor() -> str:
    """The name for the audit log: that of the operating system's user."""
    try:
        return f"shell:{getpass.getuser()}"
    except (KeyError, OSError):  # a container's user may have no name
        return "shell"
