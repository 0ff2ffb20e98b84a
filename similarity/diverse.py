"""A ranking that does not show the same thing twice: maximal marginal relevance.

Carbonell and Goldstein, "The use of MMR, diversity-based reranking" (SIGIR 1998).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from similarity.duplicates import Floats


def diverse(
    scores: npt.ArrayLike, likeness: Floats, most: int, relevance: float = 0.7
) -> list[int]:
    """Choose one after the other: high in score, and unlike what was chosen before.

    Args:
        scores: of each candidate, [n], from 0 to 1.
        likeness: of each pair, [n, n], 1 for the same; NaN where nothing is known, which counts as
            unlike.
        most: so many are chosen, or all.
        relevance: how much the score counts against the likeness, 0 to 1; 1: only the score.

    Returns:
        the chosen candidates' places, the first chosen first; equals in the order given.
    """
    left = np.asarray(scores, np.float64) * relevance
    penalty = np.zeros_like(left)
    known = np.nan_to_num(likeness, nan=0.0)
    chosen: list[int] = []
    for _ in range(min(most, len(left))):
        place = int(np.argmax(left - (1 - relevance) * penalty))
        chosen.append(place)
        left[place] = -np.inf
        penalty = np.maximum(penalty, known[place])
    return chosen
