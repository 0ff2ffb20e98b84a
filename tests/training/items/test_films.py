from __future__ import annotations

from pathlib import Path

import pytest

from training.errors import TrainingError
from training.items.films import read_films, read_ratings


def table(folder: Path, text: str) -> Path:
    (folder / "movies.csv").write_text(text, "utf-8")
    return folder


def test_a_table_needs_four_columns_only(tmp_path: Path) -> None:
    (film,) = read_films(
        table(tmp_path, "imdb_id,title,plot,genres\ntt1,Jaws,A shark.,Horror|Sea\n")
    )
    assert (film.id, film.title, film.texts) == ("tt1", "Jaws", ("A shark.",))
    assert film.genres == ("Horror", "Sea")
    assert (film.year, film.rated_as) == (None, None)
    assert film.poster == tmp_path / "posters" / "tt1.jpg"


def test_what_is_empty_is_not_there(tmp_path: Path) -> None:
    text = "imdb_id,title,plot,genres,year,plot2\ntt1,Jaws,,(no genres listed),,\n"
    (film,) = read_films(table(tmp_path, text))
    assert (film.texts, film.genres, film.year) == ((), (), None)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("imdb_id,title,plot\n", "lacks the column genres"),
        ("imdb_id,title,plot,genres\n", "names no film"),
        ("imdb_id,title,plot,genres\na,,,\na,,,\n", "names an imdb_id twice"),
    ],
)
def test_a_table_that_cannot_be_used_is_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(TrainingError, match=said):
        read_films(table(tmp_path, text))


def test_a_missing_table_is_named(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match=r"movies\.csv cannot be read"):
        read_films(tmp_path)


def test_a_rating_that_is_no_number_is_refused(tmp_path: Path) -> None:
    (tmp_path / "ratings.csv").write_text("user,movielens_id,rating\n1,2,good\n", "utf-8")
    with pytest.raises(TrainingError, match="no number"):
        read_ratings(tmp_path)
