"""Why a call in a sandbox came to no result."""

from __future__ import annotations


class SandboxError(Exception):
    """A call that came to no result."""


class OutOfTimeError(SandboxError):
    """It took longer than it was allowed to."""


class OutOfMemoryError(SandboxError):
    """It needed more memory than it was allowed to have."""


class CrashedError(SandboxError):
    """Its process ended, twice."""


class StartError(SandboxError):
    """No child process could be started."""
