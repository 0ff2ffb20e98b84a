"""What a sandboxed process does to read a photograph: hand its pixels to Tesseract."""

from __future__ import annotations

import ctypes
import io
import os
import resource
import signal
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from typing import Any

from PIL import Image

PR_SET_PDEATHSIG = 1  # prctl(2), Linux
MOST_BYTES = 64 * 2**10  # of text; a menu has one or two thousand
SCATTERED = "11"  # Tesseract's mode for text anywhere: menus have columns, prices stand apart

_LIBRARY = ctypes.CDLL(None)  # opened before a fork, after which little is safe


def read(options: Mapping[str, Any], data: bytes) -> tuple[dict[str, Any], list[bytes]]:
    """Reads a photograph.

    Tesseract writes no file: pixels go in and text comes out through pipes. It inherits this
    process's limits, may take as many of the processor's seconds as it has, and ends with this
    process, whatever ends that.

    Args:
        options: ``program``, Tesseract's path; ``languages``, as it takes them (``kor+eng``);
            ``seconds`` that it may take.
        data: a JPEG of ours (``pictures.render``).

    Returns:
        the text in UTF-8; or ``error``, a sentence.
    """
    seconds = float(options["seconds"])
    arguments = ["-l", str(options["languages"]), "--psm", SCATTERED]
    try:
        reader = subprocess.Popen(  # noqa: S603  # the operator names it, and there is no shell
            [str(options["program"]), "stdin", "stdout", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={"OMP_THREAD_LIMIT": "1"},  # its threads take more time than they save
            start_new_session=True,  # what it starts itself can be ended with it
            preexec_fn=partial(_prepare, round(seconds) + 1),
        )
    except OSError as error:
        return {"error": f"The reader cannot be started: {error}."}, []
    with reader:
        try:
            text, complaints = reader.communicate(_grey(data), seconds)
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(reader.pid, signal.SIGKILL)
            return {"error": f"Reading took longer than {seconds:.3g} seconds."}, []
    if reader.returncode:
        said = complaints.decode("utf-8", "replace").strip()[-200:]
        return {"error": f"The reader ended with status {reader.returncode}: {said}"}, []
    return {}, [text[:MOST_BYTES]]


def _grey(data: bytes) -> bytes:
    buffer = io.BytesIO()
    with Image.open(io.BytesIO(data), formats=("JPEG",)) as image:
        image.convert("L").save(buffer, "PPM")
    return buffer.getvalue()


def _prepare(seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    with suppress(AttributeError):  # a system without it
        _LIBRARY.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
