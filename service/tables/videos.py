"""A video of a post, and what came of looking at it. Its kept frames are rows of ``images``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from service.tables.base import Base, Json, owner, row_id

if TYPE_CHECKING:
    from service.tables.posts import Post


class Video(Base):
    """One video: where it came from until it is screened, what came of it after.

    ``source_url``, ``source_bytes`` or ``source_upload``, the key of an upload, say where it comes
    from; the bytes are dropped once the post is decided. ``stored`` is the file's place in the
    image store (an upload's own place, which goes with the upload, is not repeated here), ``size``
    its bytes. ``seconds`` is how long it says it is; ``error`` is ``{"code", "message"}``.
    """

    __tablename__ = "videos"

    id: Mapped[int] = row_id()
    post_id: Mapped[int] = owner("posts")
    position: Mapped[int]
    source_url: Mapped[str | None]
    source_bytes: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    source_upload: Mapped[str | None]
    sha256: Mapped[str | None]
    stored: Mapped[str | None]
    size: Mapped[int | None] = mapped_column(BigInteger)
    seconds: Mapped[float | None]
    error: Mapped[Json | None]

    post: Mapped[Post] = relationship(back_populates="videos")

    __table_args__ = (UniqueConstraint("post_id", "position"),)
