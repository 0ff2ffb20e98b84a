"""Functions on untrusted bytes, run in processes with limits of memory and time that hold.

Knows nothing of pictures, posts, HTTP or SQL. What a process may do besides (read files, say) is
not limited: this holds against bytes that cost too much or crash a decoder.
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
