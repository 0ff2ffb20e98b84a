"""The faults: each does one thing to the service and ends by itself."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks.chaos.peers import Receiver
from benchmarks.chaos.service import Service

OUTAGE_SECONDS = 8.0
BLOCK = 2**20


@dataclass(frozen=True)
class Fault:
    """One way to fail. ``strike`` returns when the fault itself is over."""

    name: str
    strike: Callable[[], None]


def all_faults(service: Service, receiver: Receiver, outage_seconds: float) -> list[Fault]:
    """Every fault that this machine can make."""
    faults = []
    for name in service.processes:
        faults.append(Fault(f"{name} killed", partial(service.kill, name)))
        if name != "sweeper":  # it has none
            faults.append(Fault(f"a child of {name} killed", partial(service.kill_child, name)))
    faults += [
        Fault("Redis killed", service.kill_redis),
        Fault("Redis flushed", service.flush_redis),
        Fault("PostgreSQL killed", service.kill_postgres),
        Fault("image store fails", partial(_without_store, service, outage_seconds)),
    ]
    for mood, what in (("hang", "hangs"), ("reset", "resets"), ("error", "answers 500")):
        strike = partial(_in_mood, receiver, mood, outage_seconds)
        faults.append(Fault(f"receiver {what}", strike))
    if _is_mounted(service.folder):
        faults.append(Fault("disk full", partial(_full_disk, service, outage_seconds)))
    return faults


def mount(folder: Path, size_mb: int) -> bool:
    """Put a small file system under ``folder``, so that it can be filled.

    Returns:
        False where this user may not mount one.
    """
    program = shutil.which("mount")
    if program is None:
        return False
    command = [program, "-t", "tmpfs", "-o", f"size={size_mb}m,mode=0755", "tmpfs", str(folder)]
    # The arguments are ours.
    return subprocess.run(command, capture_output=True, check=False).returncode == 0  # noqa: S603


def unmount(folder: Path) -> None:
    """Take it away again."""
    program = shutil.which("umount") or "umount"
    command = [program, "--lazy", str(folder)]
    subprocess.run(command, capture_output=True, check=False)  # noqa: S603  # ours, as above


def _is_mounted(folder: Path) -> bool:
    return folder.is_mount() or folder.parent.is_mount()


def _without_store(service: Service, seconds: float) -> None:
    """The folder of the copies is gone, and nothing can be made in its place."""
    images = service.folder / "images"
    away = service.folder / "images.away"
    images.mkdir(exist_ok=True)
    images.rename(away)
    images.write_bytes(b"")
    time.sleep(seconds)
    images.unlink()
    away.rename(images)


def _in_mood(receiver: Receiver, mood: str, seconds: float) -> None:
    receiver.mood = mood
    time.sleep(seconds)
    receiver.mood = "ok"


def _full_disk(service: Service, seconds: float) -> None:
    """No byte is free under the data folder: images, PostgreSQL, Redis and logs all fail."""
    filler = service.folder / "filler"
    end = time.monotonic() + seconds
    with filler.open("wb", buffering=0) as file:
        while time.monotonic() < end:
            try:
                file.write(b"\0" * BLOCK)
            except OSError:
                time.sleep(0.05)
    filler.unlink()
