"""Run functions on untrusted bytes in child processes, with enforced limits of memory and time.

Knows nothing of pictures, posts, HTTP or SQL. A child is not otherwise restricted (it may read
files): the sandbox protects against bytes that cost too much or crash a decoder.
"""

from sandbox.errors import (
    CrashedError,
    OutOfMemoryError,
    OutOfTimeError,
    SandboxError,
    StartError,
)
from sandbox.sandbox import Sandbox

__all__ = [
    "CrashedError",
    "OutOfMemoryError",
    "OutOfTimeError",
    "Sandbox",
    "SandboxError",
    "StartError",
]
