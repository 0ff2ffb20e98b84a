"""A worker's small matrices and pictures are calculated with by one thread each."""

from __future__ import annotations

import json
import subprocess
import sys

SCRIPT = """
import json, os
import cv2
from threadpoolctl import threadpool_info
from service.threads import calculate_alone
calculate_alone()
reading, writing = os.pipe()
if os.fork() == 0:
    found = [cv2.getNumThreads(), *(one["num_threads"] for one in threadpool_info())]
    os.write(writing, json.dumps(found).encode())
    os._exit(0)
os.wait()
print(os.read(reading, 1000).decode())
"""


def test_a_process_that_is_forked_later_calculates_in_one_thread() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True
    )
    found = json.loads(done.stdout)
    assert len(found) > 1
    assert set(found) == {1}
