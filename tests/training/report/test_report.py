"""A page that tells how good a bundle is, and reads without a network."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from classifiers import Bundle
from training.__main__ import main
from training.report import card
from training.report.charts import confused

ROOT = Path(__file__).parents[3]
STARTER = ROOT / "models" / "starter"
NAMES = [label.name for label in Bundle.load(STARTER).labels]
SHOWN = {"cat": "cat", "flower": "dahlia", "mountain": "peaks"}
WRONG = "고양이 as a flower.jpg"


class Page(HTMLParser):
    """The tags of a page with their attributes, and its texts by the heading above them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, Mapping[str, str | None]]] = []
        self.below: dict[str, list[str]] = {"": []}
        self._heading, self._inside = "", False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._inside = tag == "h2"

    def handle_endtag(self, tag: str) -> None:
        self._inside = False

    def handle_data(self, data: str) -> None:
        if self._inside:
            self._heading = data
            self.below[data] = []
        elif data.strip():
            self.below[self._heading].append(data.strip())


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight crops each of three photographs, and one more of the cat among the flowers."""
    folder = tmp_path_factory.mktemp("photos")
    for label, name in SHOWN.items():
        (folder / label).mkdir()
        photo = Image.open(ROOT / "demo" / "photos" / f"{name}.jpg").convert("RGB")
        photo.thumbnail((320, 320))
        for number in range(8):
            photo.crop((number, number, *photo.size)).save(folder / label / f"{number}.jpg")
    cat = Image.open(ROOT / "demo" / "photos" / "cat.jpg").convert("RGB")
    cat.resize((240, 200)).save(folder / "flower" / WRONG)
    return folder


@pytest.fixture(scope="module")
def page(photos: Path, tmp_path_factory: pytest.TempPathFactory) -> Page:
    out = tmp_path_factory.mktemp("page") / "new" / "report.html"
    assert main(["report", str(STARTER), str(photos), "--out", str(out)]) == 0
    return Page(out.read_text("utf-8"))


def test_nothing_outside_the_page_is_asked_for(page: Page) -> None:
    for tag, attributes in page.tags:
        assert tag not in {"script", "link", "iframe", "object", "embed"}
        for name, value in attributes.items():
            if name in {"src", "href", "xlink:href", "srcset", "data", "poster"}:
                assert str(value).startswith(("data:image/", "#"))
            elif not name.startswith("xmlns"):
                assert "://" not in str(value)
            assert not re.search(r"url\((?!#)", str(value))
    assert "@import" not in " ".join(page.below[""])


def test_every_label_has_both_its_curves_and_its_figures(page: Page) -> None:
    assert sum(tag == "svg" for tag, _ in page.tags) == 2 * len(NAMES) + 1
    for heading in ("Label by label, known sources", "Precision and recall", "Reliability"):
        assert [text for text in page.below[heading] if text in NAMES] == NAMES
    assert page.below["Precision and recall"].count("new sources") >= len(NAMES) // 2
    # Once for the rows and once for the columns.
    assert all(page.below["Confusion"].count(name) == 2 for name in [*NAMES, "none"])


def test_the_figures_are_those_of_the_card_with_intervals(page: Page) -> None:
    figures = page.below["All labels, on photographs held back"]
    metrics = Bundle.load(STARTER).manifest.metrics
    for title, kept in (("known sources", "known_sources"), ("new sources", "unseen_sources")):
        row = figures[figures.index(title) :]
        f1, low, high = map(float, re.findall(r"[\d.]+", row[2]))
        assert f1 == pytest.approx(metrics[kept]["summary"]["macro_f1"], abs=6e-4)
        assert low < f1 < high


def test_each_label_says_how_many_sources_are_missing(page: Page) -> None:
    thresholds = card.of_bundle(Bundle.load(STARTER))["thresholds"]
    texts = page.below["Label by label, known sources"]
    header, rows = texts[: texts.index(NAMES[0])], texts[texts.index(NAMES[0]) :]
    column = header.index("sources missing")
    for name in NAMES:
        said = rows[rows.index(name) + column]
        assert said == str(thresholds[name]["missing_sources"])
    assert any(one["missing_sources"] for one in thresholds.values())


def test_mistakes_and_label_errors_are_shown_with_where_they_were_seen(page: Page) -> None:
    for heading in ("Worst mistakes", "Suspected label errors"):
        texts = page.below[heading]
        place = texts.index(WRONG)
        assert texts[place - 2] in {"cat", "animal", "flower"}
        assert re.search(r"0\.\d\d, labelled as shown|[01]\.\d\d, not labelled", texts[place - 1])
    pictures = [attributes for tag, attributes in page.tags if tag == "img"]
    assert len(pictures) == sum(
        text.endswith(".jpg") for texts in page.below.values() for text in texts
    )


def test_what_was_labelled_needs_no_label_next(page: Page) -> None:
    texts = page.below["What to label next"]
    assert any(text.endswith(", not labelled as shown") for text in texts)
    assert not any(text.endswith(", labelled as shown") for text in texts)


def test_limits_and_sources_are_the_cards(page: Page) -> None:
    assert any(text.startswith("adult: not learned from") for text in page.below["Limits"])
    assert "licence" in page.below["Sources"]


@pytest.mark.parametrize("data", ["nothing", "unreadable"])
def test_photographs_that_cannot_be_read_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], data: str
) -> None:
    (tmp_path / "cat").mkdir()
    if data == "unreadable":
        (tmp_path / "cat" / "text.jpg").write_text("no image")
    assert main(["report", str(STARTER), str(tmp_path), "--out", str(tmp_path / "page.html")]) == 2
    said = capsys.readouterr().err
    assert ("holds no photographs" in said) or ("None of the photographs could be read." in said)
    assert not (tmp_path / "page.html").exists()


def test_a_cat_that_scores_as_an_animal_is_not_confused() -> None:
    """Labels: animal, cat, dog. Of the last photograph it is not known whether it is a dog."""
    truth = np.array([[1, 1, 0], [1, 1, 0], [1, 0, 1], [0, 0, 0], [0, 0, np.nan]], np.float32)
    scores = np.array(
        [[0.9, 0.8, 0.1], [0.9, 0.6, 0.7], [0.8, 0.3, 0.2], [0.1, 0.1, 0.6], [0.1, 0.1, 0.9]],
        np.float32,
    )
    assert confused(scores, truth).tolist() == [
        [3, 0, 0, 0],
        [0, 1, 1, 0],
        [0, 0, 0, 1],
        [0, 0, 1, 1],
    ]
