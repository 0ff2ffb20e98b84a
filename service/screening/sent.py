"""The bytes of a photograph that came with what was sent."""

from __future__ import annotations

from sqlalchemy import select

from service.parts import Parts
from service.tables import Image, ItemImage, Upload
from service.uploads import opened


def sent_bytes(parts: Parts, table: type[Image] | type[ItemImage], row: int) -> bytes | None:
    """What was sent, or put to an upload before; None: it is gone, with what it belonged to."""
    ask = select(table.source_bytes, Upload.path).where(table.id == row)
    with parts.sessions() as session:
        found = session.execute(ask.outerjoin(Upload, Upload.key == table.source_upload)).first()
    if found is None:
        return None
    data, path = found
    return opened.read(parts.images, path) if path else data
