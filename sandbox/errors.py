"""Why a call in a sandbox returned nothing."""

from __future__ import annotations


class SandboxError(Exception):
    """A call returned nothing."""


class OutOfTimeError(SandboxError):
    """It exceeded its time."""


class OutOfMemoryError(SandboxError):
    """It exceeded its memory."""


class CrashedError(SandboxError):
    """Its process ended, twice."""


class StartError(SandboxError):
    """No child process could be started."""
