"""What moderators settled, as the analysts' reader of labelled photographs sees it."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import update

from rules.verdicts.menu import Menu
from rules.verdicts.ruleset import DEFAULT
from service.accounts import create
from service.parts import Parts
from service.reviews import export as export_module
from service.reviews.export import (
    LABELLED,
    UNLABELLED,
    Exported,
    ExportError,
    count_settled,
    export,
    settled,
)
from service.screening.batch import screen
from service.settlement import correct
from service.tables import Image, Post, Video
from tests.service.screening.conftest import Add, add
from training.data.folder import read_data
from training.data.labels import DEFAULT_LABELS, read_meanings
from training.data.photo import Photo

__all__ = ["add"]

Jpeg = Callable[..., bytes]
UNSURE = {"food": None, "drink": None, "adult": None, "child": None, "cat": None, "animal": None}


def _review(parts: Parts, post_id: int, **answers: str) -> None:
    with parts.sessions.begin() as session:
        post = session.get_one(Post, post_id)
        for verdict in post.verdicts:
            answers.setdefault(verdict.tag, "unverifiable")
        correct(session, post, create(session, f"mina-{post_id}")[0], answers, parts.config)


def _see(parts: Parts, **facts: bool | None) -> None:
    """What the classifier is sure of in every photograph."""
    labels = {name: {"score": 0.5, "fact": fact} for name, fact in (UNSURE | facts).items()}
    with parts.sessions.begin() as session:
        session.execute(update(Image).values(labels=labels))


def _export(parts: Parts, out: Path) -> Exported:
    labels = parts.screener.current().bundle.labels
    parents = {label.name: label.parent for label in labels}
    with parts.sessions() as session:
        assert count_settled(session, None) == len(list(settled(parts.sessions, None)))
    return export(settled(parts.sessions, None), parts.images, parents, list(parents), out)


def _photos(out: Path) -> list[Photo]:
    return read_data(out, read_meanings(DEFAULT_LABELS))


@pytest.mark.parametrize(
    ("answers", "seen", "shows", "lacks", "by"),
    [
        ({"육아": "relevant"}, {}, {"child"}, set(), "review"),
        ({"카페": "irrelevant"}, {}, set(), {"food", "drink"}, "review"),
        ({"카페": "relevant", "맛집": "irrelevant"}, {}, {"drink"}, {"food"}, "review"),
        ({"카페": "relevant"}, {"food": False}, {"drink"}, set(), "review and model"),
        ({"고양이": "relevant"}, {}, {"cat", "animal"}, set(), "review"),
    ],
)
def test_facts_that_follow_are_labels(
    parts: Parts,
    add: Add,
    jpeg: Jpeg,
    tmp_path: Path,
    answers: dict[str, str],
    seen: dict[str, bool],
    shows: set[str],
    lacks: set[str],
    by: str,
) -> None:
    post = add(jpeg(seed=1), hashtags=tuple(answers))
    screen(parts, [post])
    _see(parts, **seen)
    _review(parts, post, **answers)
    assert _export(parts, tmp_path) == Exported(labelled=1)
    (photo,) = _photos(tmp_path)
    names = {label.name for label in parts.screener.current().bundle.labels}
    assert (set(photo.labels), set(photo.absent)) == (shows, lacks)
    assert set(photo.unknown) == names - shows - lacks
    with (tmp_path / LABELLED).open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["by"], row["moderator"], row["post"]) == (by, f"mina-{post}", "p-0")
    assert row["bundle"] == parts.screener.current().bundle.id
    assert row["ruleset"].startswith(DEFAULT.stem)


@pytest.mark.parametrize(
    ("answers", "seen", "why"),
    [
        ({"카페": "relevant"}, {}, "leave open"),
        ({"카페": "relevant"}, {"food": False, "drink": False}, "leave open"),
        ({"카페": "irrelevant", "맛집": "relevant"}, {}, "contradicts"),
        ({"카페": "unverifiable"}, {}, "leave open"),
    ],
)
def test_what_is_in_doubt_is_put_to_be_labelled(
    parts: Parts,
    add: Add,
    jpeg: Jpeg,
    tmp_path: Path,
    answers: dict[str, str],
    seen: dict[str, bool],
    why: str,
) -> None:
    post = add(jpeg(seed=1), hashtags=tuple(answers))
    screen(parts, [post])
    _see(parts, **seen)
    _review(parts, post, **answers)
    assert _export(parts, tmp_path) == Exported(unlabelled=1)
    with (tmp_path / UNLABELLED).open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert why in row["why"]
    assert (tmp_path / row["file"]).is_file()


def test_of_several_photographs_relevant_says_nothing_and_irrelevant_speaks_of_each(
    parts: Parts, add: Add, jpeg: Jpeg, tmp_path: Path
) -> None:
    post = add(jpeg(seed=1), jpeg(seed=2), hashtags=("육아", "카페"))
    screen(parts, [post])
    _see(parts)
    _review(parts, post, 육아="relevant", 카페="irrelevant")
    assert _export(parts, tmp_path) == Exported(labelled=2)
    assert [set(p.absent) for p in _photos(tmp_path)] == [{"food", "drink"}] * 2
    assert not any(p.labels for p in _photos(tmp_path))


def test_beside_a_video_relevant_says_nothing_and_its_frames_are_no_photographs(
    parts: Parts, add: Add, jpeg: Jpeg, tmp_path: Path
) -> None:
    post = add(jpeg(seed=1), hashtags=("육아", "카페"))
    screen(parts, [post])
    with parts.sessions.begin() as session:
        row = session.get_one(Post, post)
        video = Video(position=0, seconds=4)
        row.videos.append(video)
        session.flush()
        key = row.images[0].derivative
        for number in (100, 101):
            row.images.append(Image(position=number, video_id=video.id, derivative=key))
    _see(parts)
    _review(parts, post, 육아="relevant", 카페="irrelevant")
    assert _export(parts, tmp_path) == Exported(labelled=1)
    (photo,) = _photos(tmp_path)
    assert (set(photo.labels), set(photo.absent)) == (set(), {"food", "drink"})


def test_a_menu_teaches_nothing_of_what_it_bears_out(
    parts: Parts, add: Add, jpeg: Jpeg, tmp_path: Path
) -> None:
    post = add(jpeg(seed=1), hashtags=("맛집", "육아"))
    screen(parts, [post])
    _see(parts)
    with parts.sessions.begin() as session:
        verdict = session.get_one(Post, post).verdicts[0]
        menu = Menu("food", ("파스타",), ("9,000", "12,000"))
        verdict.trace = {**verdict.trace, "menu": menu.stored()}
    _review(parts, post, 맛집="relevant", 육아="irrelevant")
    assert _export(parts, tmp_path) == Exported(labelled=1)
    (photo,) = _photos(tmp_path)
    assert (set(photo.labels), set(photo.absent)) == (set(), {"child"})


def test_photographs_of_one_author_share_a_source_that_does_not_name_them(
    parts: Parts, add: Add, jpeg: Jpeg, tmp_path: Path
) -> None:
    for seed, author in enumerate(("u-지민", "u-지민", "u-2")):
        post = add(jpeg(seed=seed), hashtags=("육아",), author_id=author)
        screen(parts, [post])
        _review(parts, post, 육아="relevant")
    _export(parts, tmp_path)
    first, second, third = (photo.source for photo in _photos(tmp_path))
    assert first == second != third
    assert "지민" not in (tmp_path / LABELLED).read_text(encoding="utf-8")


def test_posts_nobody_settled_and_copies_that_are_gone_are_left_out(
    parts: Parts, add: Add, jpeg: Jpeg, tmp_path: Path
) -> None:
    gone, _ = (add(jpeg(seed=seed), hashtags=("육아",)) for seed in (1, 2))
    screen(parts, [1, 2])
    _review(parts, gone, 육아="relevant")
    with parts.sessions.begin() as session:
        key = session.get_one(Post, gone).images[0].derivative
        parts.images.delete([key or ""])
    assert _export(parts, tmp_path) == Exported(without_copy=1)


def test_a_folder_that_holds_an_export_is_left_alone(parts: Parts, tmp_path: Path) -> None:
    _export(parts, tmp_path)
    with pytest.raises(ExportError, match="holds an export already"):
        _export(parts, tmp_path)


def test_posts_come_chunk_by_chunk_and_no_transaction_is_open_between(
    parts: Parts, add: Add, jpeg: Jpeg, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export_module, "CHUNK", 2)
    for number in range(5):
        post = add(jpeg(seed=number), hashtags=("카페",))
        screen(parts, [post])
        _review(parts, post)
    with parts.sessions() as session:
        assert count_settled(session, None) == 5
        assert count_settled(session, None, 3) == 3
    pool = parts.sessions.kw["bind"].pool
    idle, rows = pool.checkedout(), []
    for one in settled(parts.sessions, None):
        rows.append((one.post.id, len(one.post.images), len(one.post.verdicts), one.moderator))
        assert pool.checkedout() == idle
    assert rows == [(number, 1, 1, f"mina-{number}") for number in range(1, 6)]
