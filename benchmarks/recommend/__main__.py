"""Recommendations against simpler ones: `python -m benchmarks.recommend FOLDER`.

The folder holds `movies.csv`, `ratings.csv` and `posters/`. Of each person the last liked film is
kept back and looked for in lists of 20; then all ratings of some films are kept back, and looked
for among these films. The item encoder learns anew for each table, from what is not kept back.
Prints two tables with 95% bootstrap intervals over the people.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.mistakes import told_in_a_sentence
from benchmarks.recommend.blends import BLENDS
from benchmarks.recommend.data import Films, Split, leave_films_out, leave_last_out, read
from benchmarks.recommend.encoder import encoded
from benchmarks.recommend.measures import Lists, coverage, gain, hit, novelty, over_people
from benchmarks.recommend.methods import METHODS, Scores, content, known, likers, lists
from benchmarks.recommend.ours import MOST, Way, ours, unit
from benchmarks.recommend.posters import embeddings

POSTERS = "posters' mean"
ENCODER = "item encoder"
WAYS = {
    f"ours, {POSTERS}": Way(POSTERS),
    f"ours, {ENCODER}": Way(ENCODER),
    f"ours, {ENCODER}, a tenth explored": Way(ENCODER, 0.1),
    **{f"ours, {name}": Way(ENCODER, 0.0, blend) for name, blend in BLENDS.items()},
}


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.recommend")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--vectors", type=Path, help="an .npz of the posters' embeddings, kept")
    parser.add_argument(
        "--validate", action="store_true", help="look for the film liked before the last one"
    )
    parser.add_argument("--only", choices=("last", "cold"), help="one of the two tables")
    chosen = parser.parse_args()
    films = read(chosen.folder)
    vectors = unit(_vectors(films, chosen.vectors))
    last = leave_last_out(films.ratings, films.people)
    if chosen.validate:
        last = leave_last_out(last.known, films.people)
        _print("The film liked before the last one", films, last, chosen.folder, vectors)
        return
    if chosen.only != "cold":
        _print("The last liked film", films, last, chosen.folder, vectors)
    if chosen.only != "last":
        cold = leave_films_out(films)
        _print("Films that nobody is known to have seen", films, cold, chosen.folder, vectors)


def _vectors(films: Films, kept: Path | None) -> Scores:
    if kept is not None and kept.exists():
        found: Scores = np.load(kept)["vectors"]
        return found
    made = embeddings(films.posters)
    if kept is not None:
        np.savez(kept, vectors=made)
    return made


def _print(title: str, films: Films, split: Split, folder: Path, posters: Scores) -> None:
    vectors = {POSTERS: posters, **encoded(folder, split, posters)}
    given = known(films, split, posters)
    found: dict[str, Lists] = {
        name: lists(method(given), given, split) for name, method in METHODS.items()
    }
    for name, made in vectors.items():
        scores = content(replace(given, vectors=made))
        found[f"content only, {name}"] = lists(scores, given, split)
        if split.candidates is not None and name in (POSTERS, ENCODER):
            whole = lists(scores, given, replace(split, candidates=None), MOST)
            found[f"content only, {name}, of its {MOST} among all films"] = {
                person: [film for film in shown if film in split.candidates]
                for person, shown in whole.items()
            }
    found |= ours(films, split, {name: vectors[name] for name in (POSTERS, ENCODER)}, WAYS)
    among = len(films.ids) if split.candidates is None else len(split.candidates)
    print(f"\n**{title}**: {len(split.wanted)} people, {among} films\n")
    print("| method | recall@10 | recall@20 | nDCG@10 | coverage@10 | novelty@10, bits |")
    print("| --- | --- | --- | --- | --- | --- |", flush=True)
    for name, shown in found.items():
        print(f"| {name} | " + " | ".join(_row(shown, films, split, among)) + " |")


def _row(shown: Lists, films: Films, split: Split, among: int) -> list[str]:
    wanted: Mapping[int, int] = split.wanted
    known_by = likers(films.ratings, len(films.ids))
    return [
        str(over_people(shown, wanted, partial(hit, k=10))),
        str(over_people(shown, wanted, partial(hit, k=20))),
        str(over_people(shown, wanted, gain)),
        f"{coverage(shown, among):.2f}",
        str(novelty(shown, wanted, known_by)),
    ]


if __name__ == "__main__":
    with told_in_a_sentence():
        main()
