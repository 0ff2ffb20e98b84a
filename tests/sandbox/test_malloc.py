"""Memory that was freed goes back to the system, not to the next photograph."""

from __future__ import annotations

import subprocess
import sys

import pytest

# Large things with small ones between them, then only the small ones.
SCRIPT = """
import numpy, psutil
from sandbox.malloc import give_back
{call}
first = numpy.ones(2**21, numpy.uint8)
del first  # from the first large block that is freed, glibc learns to keep such
held = [(numpy.ones(2**20, numpy.uint8), bytes(20_000)) for _ in range(160)]
small = [one for _, one in held]
del held
print(psutil.Process().memory_info().rss // 2**20)
"""


def resident(call: str) -> int:
    """Megabytes that a process holds after it freed 160."""
    command = [sys.executable, "-c", SCRIPT.format(call=call)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return int(done.stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="glibc's malloc")
def test_what_photographs_took_is_given_back() -> None:
    assert resident("give_back()") < resident("pass") - 80
