"""An export of settled posts as one zip file, with the same tables and photographs as in a
folder.
"""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterable, Sequence
from typing import IO

from service.csvfile import Writer
from service.reviews.export import LABELLED, UNLABELLED, Exported, Put, Read, Settled, write
from service.reviews.learned import Parents

IN_MEMORY = 4 * 2**20  # bytes; what is longer goes to the disk


def zip_export(
    posts: Iterable[Settled], read: Read, parents: Parents, names: Sequence[str], out: IO[bytes]
) -> Exported:
    """Write a zip file with photographs and both tables; one photograph at a time is in memory.

    Raises:
        OSError: a photograph cannot be read, or the file not written.
    """
    with zipfile.ZipFile(out, "w") as archive:  # JPEGs do not get smaller
        return _into(archive, posts, read, parents, names, archive.writestr)


def zip_tables(
    posts: Iterable[Settled], parents: Parents, names: Sequence[str], out: IO[bytes]
) -> Exported:
    """Write a zip file with the tables alone; no photograph is read."""

    def leave_out(file: str, data: bytes) -> None:
        """The table names the photograph all the same."""

    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        return _into(archive, posts, lambda key: b"", parents, names, leave_out)


def _into(
    archive: zipfile.ZipFile,
    posts: Iterable[Settled],
    read: Read,
    parents: Parents,
    names: Sequence[str],
    put: Put,
) -> Exported:
    with _table() as known, _table() as open_:
        done = write(posts, read, parents, names, put, Writer(known), Writer(open_))
        for name, table in ((LABELLED, known), (UNLABELLED, open_)):
            table.seek(0)
            with archive.open(name, "w") as file:
                for line in table:
                    file.write(line.encode())
    return done


def _table() -> tempfile.SpooledTemporaryFile[str]:
    return tempfile.SpooledTemporaryFile(IN_MEMORY, "w+", encoding="utf-8", newline="")
