from __future__ import annotations

import numpy as np

from items.text import TextSide

SIDE = TextSide({"witch": 0, "sea": 1, "war": 2}, np.array([[2, 0], [0, 1], [-1, 0]], np.float32))


def test_a_word_counts_by_one_and_the_logarithm_of_how_often_it_stands() -> None:
    (found,) = SIDE.vectors(["Sea, sea! A witch"])
    raw = np.array([2.0, 1 + np.log(2)])
    assert np.allclose(found, raw / np.linalg.norm(raw))


def test_a_text_of_unknown_words_is_zeros() -> None:
    assert not SIDE.vectors(["dragon", ""]).any()


def test_texts_do_not_change_each_other() -> None:
    together = SIDE.vectors(["witch", "war", "sea"])
    alone = [SIDE.vectors([one])[0] for one in ("witch", "war", "sea")]
    assert np.array_equal(together, np.stack(alone))
