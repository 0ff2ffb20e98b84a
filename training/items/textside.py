"""Fits the text side: which words count, how much, and the axes they are projected on."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, TfidfVectorizer

from items.text import TextSide
from items.words import words
from training.items.films import Film


def documents(film: Film) -> list[str]:
    """What the axes are learned from: each text alone, and all of a film with its Korean one.

    A document in both languages puts words of the same meaning on the same axes.
    """
    found = [f"{film.title}\n{text}" for text in film.texts]
    if film.title_ko or film.text_ko:
        found.append("\n".join([film.title, *film.texts, film.title_ko, film.text_ko]))
    return found or [film.title]


def fit_text_side(films: Sequence[Film], dimension: int, rarest: int = 5) -> TextSide:
    """Latent semantic analysis of the words that ``rarest`` documents or more hold."""
    texts = [text for film in films for text in documents(film)]
    counter = TfidfVectorizer(analyzer=_telling, min_df=rarest, sublinear_tf=True)
    table = counter.fit_transform(texts)
    # The last axes of a small table are noise, and there are no more than it has columns.
    axes = TruncatedSVD(min(dimension, min(table.shape) - 1), random_state=0).fit(table)
    projection = np.zeros((table.shape[1], dimension), np.float32)
    projection[:, : len(axes.components_)] = axes.components_.T * counter.idf_[:, None]
    terms = {str(term): int(row) for term, row in counter.vocabulary_.items()}
    return TextSide(terms, projection.astype(np.float16).astype(np.float32))


def _telling(text: str) -> list[str]:
    return [word for word in words(text) if word not in ENGLISH_STOP_WORDS]
