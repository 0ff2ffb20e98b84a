"""The figures that the thesis reports, in per cent."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Published:
    """Recall at 1, 10 and 20; where the thesis gives one number only, it is the last."""

    name: str
    recall: tuple[float | None, float | None, float]


PUBLISHED = (
    Published("KoBERT × EfficientNet-B7, Z·σ(Z)", (41.5, 62.8, 81.9)),
    Published("VSE++", (None, None, 75.1)),
    Published("triplet, hard negatives", (None, None, 38.9)),
    Published("triplet, semi-hard negatives", (None, None, 32.8)),
    Published("contrastive", (None, None, 30.3)),
    Published("k-nearest neighbours", (None, None, 21.6)),
    Published("untrained concatenation", (None, None, 5.1)),
)
