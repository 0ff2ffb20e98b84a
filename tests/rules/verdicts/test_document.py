"""A ruleset's file is read as text with places; what could do harm is refused, and said where."""

from __future__ import annotations

import tracemalloc
from typing import Any

import pytest

from rules import RulesetError
from rules.hashtags.lexicon import Lexicon
from rules.verdicts.document import MAX_BYTES, REMEMBERED, Source, read_document
from rules.verdicts.ruleset import read_ruleset

NO_WORDS = Lexicon({}, "", "words.csv")
GOOD = """labels:
  food: {en: food, ko: 음식}
categories:
  food:
    title: {en: food, ko: 음식}
    parent: cafe
    rule: food
    matches: [food]
    not_matches: [drink]
  cafe:
    title: {en: cafe, ko: 카페}
    rule: "food or drink"
    matches: [food]
    not_matches: [adult]
"""
BOMB = "a: &a [x, x]\n" + "".join(f"{n}: &{n} [*a, *a]\n" for n in "bcdefgh")


def refusal(data: bytes, known: list[str] | None = None) -> str:
    with pytest.raises(RulesetError) as caught:
        read_ruleset(data, "f.yaml", known, NO_WORDS)
    return str(caught.value)


def test_a_text_stays_a_text_whatever_it_looks_like() -> None:
    found = read_document(b"[no, 2024-99-99, 1e3, ~, 'a b']", "f.yaml").plain()
    assert found == ["no", "2024-99-99", "1e3", None, "a b"]


def test_the_same_bytes_are_read_once_and_few_documents_are_remembered() -> None:
    first = read_document(b"a: b", "f.yaml")
    assert read_document(b"a: b", "f.yaml") is first
    assert read_document(b"a: b", "g.yaml").place.file == "g.yaml"
    for number in range(REMEMBERED):
        read_document(b"a: %d" % number, "f.yaml")
    assert read_document(b"a: b", "f.yaml") is not first


def test_the_mark_that_some_editors_write_first_is_no_text() -> None:
    assert read_document("\ufeffa: b".encode(), "f.yaml").plain() == {"a": "b"}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("labels:", BOMB + "labels:", "f.yaml:1:4: anchors and aliases"),
        ("rule: food\n", "rule: !!set {a}\n", "f.yaml:7:11: tags (!) are not read"),
        ("  cafe:\n", "  food:\n", "f.yaml:10:3: 'food' stands here twice"),
        ("rule: food\n", "rule: food\n    rule: food\n", "f.yaml:8:5: 'rule' stands here twice"),
        ("[drink]", "[" * 5000, "nested more than 16 levels"),
        ("[drink]", "{a: " * 5000, "nested more than 16 levels"),
        ("  cafe:\n", "  [a, b]:\n", "f.yaml:10:3: a name must be a text"),
        ("rule: food\n", "rule: [food]\n", "f.yaml:7:5: the rule of category 'food' must be a"),
        ("rule: food\n", "rule: yes and\n", "f.yaml:7:18: the rule ends too early"),
        ("rule: food\n", "rule: food and not food\n", "f.yaml:7:11: the rule of category 'food'"),
        ("food or drink", "food or", "f.yaml:12:19: the rule ends too early"),
        ('"food or drink"', "food\n      or or drink", "f.yaml:12:11: 'or' cannot stand here"),
        ('"food or drink"', '"food or or \\x64rink"', "f.yaml:12:11: 'or' cannot stand here"),
        ("[drink]", "[~]", "f.yaml:9:19: an example lists the labels"),
        ("[drink]", "[food]", "f.yaml:9:19: 'food' under 'not_matches'"),
        ("parent: cafe", "parent: [cafe]", "f.yaml:6:5: the parent of category 'food' must be"),
        ("{en: cafe, ko: 카페}", "{en: cafe, ko: [카페]}", "f.yaml:10:3: the titles of category"),
        ("{en: food, ko: 음식}\ncat", "food\ncat", "f.yaml:2:9: label 'food' needs a title"),
        ("labels:\n  food:", "labels: 3\nx:\n  food:", "f.yaml:1:9: 'labels' holds a title"),
        ("음식", "음\x00식", "the character U+0000 is not allowed"),
        ("{en: food,", '{en: "\\0",', "f.yaml:2:14: the character U+0000 is not allowed"),
        ("{en: food,", '{en: "a\\ud800",', "f.yaml:2:14: the character U+D800 is not allowed"),
        ("  cafe:\n", '  "a\\x1b":\n', "f.yaml:10:3: the character U+001B is not allowed"),
        ("{en: food,", "{en: food", "this is no YAML"),
    ],
)
def test_what_is_off_is_said_with_its_place(old: str, new: str, said: str) -> None:
    assert said in refusal(GOOD.replace(old, new, 1).encode())


def test_a_label_in_an_example_must_be_known() -> None:
    said = refusal(GOOD.replace("[drink]", "[drnik]").encode(), ["food", "drink", "adult"])
    assert said.startswith("f.yaml:9:19: no label is called 'drnik'")
    assert "Did you mean 'drink'?" in said


def test_bytes_that_are_no_text() -> None:
    said = refusal(GOOD.encode() + b"x: \xff\n")
    assert said.startswith("f.yaml:15:4: byte ")
    assert "is no UTF-8" in said


def test_a_file_without_end() -> None:
    assert f"at most {MAX_BYTES} are read" in refusal(GOOD.encode() + b"#" * 2**20)


@pytest.mark.parametrize("data", [b"", b"#", b"[]", b"3", b"categories: {}", b"categories: [a]"])
def test_a_file_without_categories(data: bytes) -> None:
    assert "there are no categories" in refusal(data)


def test_a_long_line_is_shown_round_the_fault_and_without_controls() -> None:
    rule = "food or " * 100 + "\u202e or"
    said = refusal(GOOD.replace("rule: food\n", f"rule: {rule}\n").encode())
    assert all(len(line) < 250 for line in said.splitlines())
    assert "\u202e" not in said.splitlines()[1]
    _, shown, caret, *_ = said.splitlines()
    assert shown[caret.index("^")] == " "


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "title: {en: food",
            f"title: {{en: {'x' * 101}",
            "a title of category 'food' has 101",
        ),
        ("title: {en: food", "title: {en: a\u202eb", "a title of category 'food' contains U+202E"),
        ("title: {en: food", 'title: {en: "a\\nb"', "a title of category 'food' contains U+000A"),
        ("food: {en: food,", "food: {en: a\u2067b,", "a title of label 'food' contains U+2067"),
        ("  food: {", f"  {'x' * 101}: {{", "the name of a label has 101 characters; at most"),
        (
            "  food:\n",
            f"  {'x' * 101}:\n",
            "the name of a category has 101 characters",
        ),
        ("  food:\n", "  fo\u202eod:\n", "the name of a category contains U+202E"),
    ],
)
def test_names_and_titles_can_be_shown_on_any_page(old: str, new: str, said: str) -> None:
    assert said in refusal(GOOD.replace(old, new).encode())


def test_a_title_has_a_hundred_letters_of_any_script() -> None:
    title = "가é👩‍🍳" * 20
    found = read_ruleset(
        GOOD.replace("en: cafe", f"en: {title}").encode(), "f.yaml", None, NO_WORDS
    )
    assert found.categories["cafe"].titles["en"] == title


class Read(str):
    """A text that counts how many of its letters are searched."""

    searched = 0

    def _count(self, *span: Any) -> None:
        begin, end, _ = slice(*span).indices(len(self))
        Read.searched += end - begin

    def split(self, *args: Any) -> list[str]:
        self._count(None)
        return super().split(*args)

    def count(self, sub: str, *span: Any) -> int:
        self._count(*(span if len(span) == 2 else (None,)))
        return super().count(sub, *span)

    def find(self, sub: str, *span: Any) -> int:
        self._count(*(span if len(span) == 2 else (None,)))
        return super().find(sub, *span)

    def rfind(self, sub: str, *span: Any) -> int:
        self._count(*(span if len(span) == 2 else (None,)))
        return super().rfind(sub, *span)


def test_the_text_is_searched_once_for_all_places() -> None:
    text = Read("-\n" * 1000)
    source = Source("f.yaml", text)
    places = [source.place(at) for at in range(len(text) + 1)]
    assert [(one.line, one.column) for one in places[:3]] == [(1, 1), (1, 2), (2, 1)]
    assert (places[-1].line, places[-1].column, places[-1].text) == (1001, 1, "")
    assert Read.searched <= len(text)


def test_the_places_of_a_long_line_share_its_text() -> None:
    """With a copy for each place these 16 KiB take 140 MB, and the largest file gigabytes."""
    data = b"[" + b"a," * (2**13 - 2) + b"]\n"
    tracemalloc.start()
    try:
        read_document(data, "f.yaml")
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert most < 2000 * len(data)
