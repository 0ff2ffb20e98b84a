"""The Korean analyser is prepared once, in the process that others are forked from."""

from __future__ import annotations

import subprocess
import sys

import pytest

# An alarm ends a process that waits for ever, so that nothing is left behind.
FORKED = """
import os, signal, sys
from rules import prepare
from rules.hashtags.korean import words_of

prepare()
child = os.fork()
if not child:
    signal.alarm(20)
    sys.exit(0 if words_of("성수동카페") == ("성수동", "카페") else 1)
print(os.waitpid(child, 0)[1])
"""


@pytest.mark.slow
def test_a_process_that_is_forked_afterwards_reads_hashtags_and_ends() -> None:
    done = subprocess.run(
        [sys.executable, "-c", FORKED], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "0"
