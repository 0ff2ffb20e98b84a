"""Losses of a batch of vectors of which it is known who is similar to whom.

Each takes vectors [b, d] of norm 1 and ``strength`` [b, b], above 0 where two items are similar,
and gives one number. Distances are Euclidean; on vectors of norm 1 their squares are 2 - 2 cosine.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Loss = Callable[[Any, Any], Any]

FAR = 1e9


def contrastive(vectors: Any, strength: Any, margin: float = 1.0) -> Any:
    """Hadsell, Chopra and LeCun 2006: similar pairs close, others further than a margin.

    Half the mean of d² over similar pairs, and of max(0, margin - d)² over the others.
    """
    from keras import ops

    distance, similar, other = _pairs(vectors, strength)
    close = _mean(ops.square(distance), similar)
    apart = _mean(ops.square(ops.maximum(margin - distance, 0.0)), other)
    return 0.5 * (close + apart)


def triplet_hard(vectors: Any, strength: Any, margin: float = 0.2) -> Any:
    """Hermans et al. 2017: each item's furthest similar and nearest other one, as a hinge."""
    from keras import ops

    distance, similar, other = _pairs(vectors, strength)
    furthest = ops.max(ops.where(similar, distance, -FAR), axis=1)
    nearest = ops.min(ops.where(other, distance, FAR), axis=1)
    hinge = ops.maximum(furthest - nearest + margin, 0.0)
    return _mean(hinge, ops.any(similar, axis=1) & ops.any(other, axis=1))


def triplet_semi_hard(vectors: Any, strength: Any, margin: float = 0.2) -> Any:
    """Schroff et al. 2015 (FaceNet), on squared distances.

    For each similar pair the nearest other item that is further away than the similar one; where
    there is none, the furthest other item.
    """
    from keras import ops

    distance, similar, other = _pairs(vectors, strength)
    own, square, apart = _triplets(ops.square(distance), similar, other)
    beyond = apart & (square > own)
    nearest = ops.min(ops.where(beyond, square, FAR), axis=1, keepdims=True, initial=FAR)
    furthest = ops.max(ops.where(apart, square, -FAR), axis=1, keepdims=True, initial=-FAR)
    chosen = ops.where(ops.any(beyond, axis=1, keepdims=True), nearest, furthest)
    hinge = ops.maximum(own - chosen + margin, 0.0)
    return _mean(hinge, ops.any(apart, axis=1, keepdims=True))


def vse(vectors: Any, strength: Any, margin: float = 0.2) -> Any:
    """Faghri et al. 2018 (VSE++): the maximum of hinges, on cosines.

    For each similar pair (a, p) the hardest other item of a, and the hardest other item of p.
    """
    from keras import ops

    cosine = ops.matmul(vectors, ops.transpose(vectors))
    _, similar, other = _pairs(vectors, strength)
    hardest = ops.max(ops.where(other, cosine, -FAR), axis=1)
    of_anchor = ops.maximum(margin - cosine + hardest[:, None], 0.0)
    of_positive = ops.maximum(margin - cosine + hardest[None, :], 0.0)
    return _mean(of_anchor + of_positive, similar)


def z_sigmoid(vectors: Any, strength: Any) -> Any:
    """The thesis's improved triplet loss: Z sigmoid(Z) with Z = d(a, p) - d(a, n).

    The mean over all triplets of a batch: easy ones weigh little, and there is no margin. As a
    function of Z it falls to -0.278 at Z = -1.278, so triplets are pushed apart until there.
    """
    from keras import ops

    distance, similar, other = _pairs(vectors, strength)
    own, others, apart = _triplets(distance, similar, other)
    gap = own - others
    return _mean(gap * ops.sigmoid(gap), apart)


def info_nce(vectors: Any, strength: Any, temperature: float = 0.1) -> Any:
    """Khosla et al. 2020 (supervised contrastive, "out"), similar items weighed by strength.

    With one similar item each it is InfoNCE (van den Oord et al. 2018).
    """
    from keras import ops

    cosine = ops.matmul(vectors, ops.transpose(vectors)) / temperature
    itself = ops.eye(ops.shape(vectors)[0], dtype=cosine.dtype)
    chance = ops.log_softmax(cosine - FAR * itself, axis=1)
    weight = ops.cast(strength, cosine.dtype) * (1 - itself)
    total = ops.sum(weight, axis=1)
    each = -ops.sum(weight * ops.where(weight > 0, chance, 0.0), axis=1) / ops.maximum(total, 1e-12)
    return _mean(each, total > 0)


LOSSES: dict[str, Loss] = {
    "contrastive": contrastive,
    "triplet-hard": triplet_hard,
    "triplet-semi-hard": triplet_semi_hard,
    "vse++": vse,
    "z-sigmoid": z_sigmoid,
    "info-nce": info_nce,
}


def _pairs(vectors: Any, strength: Any) -> tuple[Any, Any, Any]:
    """Distances [b, b], and which pairs are similar and which are not, without the diagonal."""
    from keras import ops

    cosine = ops.matmul(vectors, ops.transpose(vectors))
    # The root's slope at 0 is infinite: two items in one place must not break the gradient.
    distance = ops.sqrt(ops.maximum(2.0 - 2.0 * cosine, 1e-8))
    another = ops.logical_not(ops.cast(ops.eye(ops.shape(vectors)[0]), "bool"))
    similar = (strength > 0) & another
    return distance, similar, another & ops.logical_not(similar)


def _triplets(distance: Any, similar: Any, other: Any) -> tuple[Any, Any, Any]:
    """For each similar pair (a, p): its distance [pairs, 1], those of a to all items [pairs, b],
    and which of these are not similar to a. All triplets [b, b, b] would be hundreds of megabytes.
    """
    from keras import ops

    first, second = ops.nonzero(similar)
    size = ops.cast(ops.shape(distance)[0], first.dtype)
    own = ops.take(ops.reshape(distance, (-1,)), first * size + second)
    return own[:, None], ops.take(distance, first, axis=0), ops.take(other, first, axis=0)


def _mean(values: Any, chosen: Any) -> Any:
    """The mean of the chosen ones; 0 where none is."""
    from keras import ops

    chosen = ops.cast(chosen, values.dtype)
    return ops.sum(values * chosen) / ops.maximum(ops.sum(chosen), 1.0)
