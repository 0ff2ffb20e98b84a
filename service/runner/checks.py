"""Checks before the processes are started; each failure is one sentence."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
from pathlib import Path

from sqlalchemy import Engine

from service.database import make_sessions
from service.live_versions import Kind, live_version
from service.runner.alone import FILE as HELD
from service.runner.errors import StartError

FREE_MEGABYTES = 500
HIGHEST_PORT = 65_535
MANIFEST = "manifest.json"  # every bundle has one


def check_folder(folder: Path) -> None:
    """The data folder can be written to, is nobody else's, and its disk has room.

    Raises:
        StartError: it cannot, it is, or the disk is nearly full.
    """
    _check_owner(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "logs").mkdir(exist_ok=True)
        free = shutil.disk_usage(folder).free // 2**20
    except OSError as error:
        raise StartError(
            f"The data folder {folder} cannot be made: {error.strerror}. "
            "Set TAGSIFT_DATA to a folder you may write to."
        ) from error
    if not os.access(folder, os.W_OK):
        raise StartError(f"The data folder {folder} cannot be written to. Set TAGSIFT_DATA.")
    if free < FREE_MEGABYTES:
        raise StartError(
            f"The disk of {folder} has {free} MB free; {FREE_MEGABYTES} MB are needed. "
            "Free some space, or set TAGSIFT_DATA to a folder on another disk."
        )


def _check_owner(folder: Path) -> None:
    """Who ran the service here before runs it again. Root above all: it would take PostgreSQL's
    files away from their owner, and leave files that the owner cannot read.
    """
    for path in (folder, folder / HELD):
        try:
            owner = path.stat().st_uid
        except OSError:  # it is not there yet, or cannot be reached, which is told below
            continue
        if owner == os.geteuid() or (path == folder and os.geteuid() == 0):
            continue
        raise StartError(
            f"The data folder {folder} is {_name(owner)}'s, and you are {_name(os.geteuid())}: run "
            f"it as {_name(owner)}, or set TAGSIFT_DATA to another folder."
        )


def _name(user: int) -> str:
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:  # of a container or another machine
        return f"user {user}"


def read_port(text: str) -> int:
    """The port that a setting names.

    Raises:
        StartError: it is none.
    """
    if not (text.isdecimal() and 1 <= int(text) <= HIGHEST_PORT):
        what = f"a number from 1 to {HIGHEST_PORT}, 8080 say"
        raise StartError(f"TAGSIFT_PORT is {text!r}; it must be {what}.")
    return int(text)


def check_port(host: str, port: int) -> None:
    """Nothing listens on the port yet.

    Raises:
        StartError: something does, or the address is not this machine's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise StartError(
                f"Port {port} on {host} cannot be used: {error.strerror}. Another Tagsift may be "
                "running; stop it, or set TAGSIFT_PORT to another port."
            ) from error


def check_bundle(engine: Engine, configured: Path) -> None:
    """The bundle that is live, or else the configured one, is there.

    Raises:
        StartError: it is not, so a worker would start and end at once.
    """
    with make_sessions(engine)() as session:
        live = live_version(session, Kind.BUNDLE)
    folder = Path(live or configured)
    if not (folder / MANIFEST).is_file():
        remedy = "Put it back there." if live else "Set TAGSIFT_BUNDLE to the folder of a bundle."
        raise StartError(f"The bundle {folder} cannot be used: it has no {MANIFEST}. {remedy}")
