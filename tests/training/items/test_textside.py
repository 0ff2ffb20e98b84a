from __future__ import annotations

from pathlib import Path

import numpy as np

from training.items.films import Film, read_films
from training.items.textside import fit_text_side


def test_texts_of_one_kind_lie_together(world: Path) -> None:
    side = fit_text_side(read_films(world), 8)
    ghost, grave, horse = side.vectors(["a ghost screams", "the cursed grave", "a horse"])
    assert ghost @ grave > ghost @ horse + 0.3


def test_korean_and_english_words_of_one_meaning_lie_together(world: Path) -> None:
    side = fit_text_side(read_films(world), 8)
    korean, english, other = side.vectors(["유령", "ghost", "horse"])
    assert korean @ english > korean @ other + 0.3


def test_words_that_say_nothing_and_rare_ones_are_no_terms() -> None:
    films = [
        Film(f"tt{n}", "", (f"the ghost and a word{n} with night{n % 2}",), (), None, Path(), None)
        for n in range(10)
    ]
    side = fit_text_side(films, 4)
    assert set(side.terms) == {"ghost", "night0", "night1"}
    assert side.vectors(["ghost night0"]).shape == (1, 4)
    assert np.isfinite(side.projection).all()
