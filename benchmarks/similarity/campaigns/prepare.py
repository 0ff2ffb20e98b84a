"""What screening makes of the posts' photographs, made once and kept in files of a folder."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from benchmarks.similarity.bound import ROOT
from benchmarks.similarity.campaigns.plan import Plan, Shown, picture_of
from classifiers import Bundle, Classifier
from pictures import ImageLimits
from pictures.render import render
from pictures.renderer import QUALITY
from service.screening.pictures import LEAST_PIXELS
from similarity.hashes import grey, perceptual_hash

CHUNK = 500  # posts a file
BATCH = 16
DERIVATIVE_PIXELS = 1280
OPTIONS = {
    "limits": asdict(ImageLimits()),
    "shown": DERIVATIVE_PIXELS,
    "looked_at": LEAST_PIXELS,
    "quality": QUALITY,
}


@dataclass(frozen=True)
class Prepared:
    """Of some posts: embeddings float16 [n, dimension], hashes, copies as moderators see them."""

    embeddings: NDArray[np.float16]
    hashes: Sequence[int]
    copies: Sequence[bytes]


class Preparer:
    """Looks at the photographs of a plan; a chunk that is in the folder is not made again."""

    def __init__(self, plan: Plan, folder: Path, threads: int) -> None:
        self._plan, self._folder, self._threads = plan, folder, threads
        self._classifier: Classifier | None = None
        self._seen: dict[Shown, tuple[NDArray[np.float16], int, bytes]] = {}

    def file(self, chunk: int) -> Path:
        """Where a chunk is kept, which need not be there."""
        return self._folder / f"{chunk:05}.npz"

    def chunk(self, number: int) -> Prepared:
        """The posts from ``number * CHUNK`` on, at most ``CHUNK``."""
        file = self.file(number)
        if not file.exists():
            self._make(number)
        with np.load(file) as kept:
            ends = kept["ends"].tolist()
            data = kept["copies"].tobytes()
            copies = [data[a:b] for a, b in zip([0, *ends], ends, strict=False)]
            return Prepared(kept["embeddings"], kept["hashes"].tolist(), copies)

    def _make(self, number: int) -> None:
        posts = self._plan.posts[number * CHUNK : (number + 1) * CHUNK]
        began = time.process_time()
        new = [one for one in dict.fromkeys(posts) if one not in self._seen]
        for start in range(0, len(new), BATCH):
            some = new[start : start + BATCH]
            self._seen |= dict(zip(some, self._look(some), strict=True))
        found = [self._seen[one] for one in posts]
        # Only copies are posted again.
        self._seen = {shown: what for shown, what in self._seen.items() if shown.is_copy}
        values: dict[str, Any] = {
            "embeddings": np.stack([embedding for embedding, _, _ in found]),
            "hashes": np.array([code for _, code, _ in found], np.int64),
            "copies": np.frombuffer(b"".join(copy for _, _, copy in found), np.uint8),
            "ends": np.cumsum([len(copy) for _, _, copy in found]),
        }
        draft = self.file(number).with_suffix(".draft.npz")
        np.savez(draft, **values)
        draft.replace(self.file(number))
        seconds = time.process_time() - began
        print(f"prepared {number * CHUNK + len(posts):,} ({seconds:.1f} s)", flush=True)

    def _look(self, posts: Sequence[Shown]) -> list[tuple[NDArray[np.float16], int, bytes]]:
        copies, images = zip(*(self._opened(one) for one in posts), strict=True)
        if self._classifier is None:
            self._classifier = Classifier(Bundle.load(ROOT / "models" / "starter"), self._threads)
        seen = self._classifier.predict(list(images))
        return [
            (one.embedding.astype(np.float16), perceptual_hash(grey(image)), copy)
            for one, image, copy in zip(seen, images, copies, strict=True)
        ]

    def _opened(self, shown: Shown) -> tuple[bytes, Image.Image]:
        """The kept copy and the pixels that are looked at, as the sandboxed process makes them."""
        answer, (copy, pixels) = render(OPTIONS, picture_of(self._plan, shown))
        return copy, Image.frombytes("RGB", answer["looked_at"], pixels)
