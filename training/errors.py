"""The errors that end a command with one sentence."""

from __future__ import annotations

import errno


class TrainingError(Exception):
    """The analyst can put this right; the message says what is wrong and what to do."""


def of_file(error: OSError) -> str:
    """The sentence for a file or folder that nothing else speaks of."""
    # Of two files the second is the one that is written.
    where = error.filename2 or error.filename
    why = error.strerror or str(error)
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"{where or 'A file'} cannot be written ({why}): make room, or name another folder."
    if where is None:
        return f"A file cannot be read or written ({why})."
    return f"{where} cannot be read or written ({why}): name another."
