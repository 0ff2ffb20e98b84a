"""The stored table of English words is what the pinned libraries give."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

import pytest

from rules.__main__ import main
from rules.hashtags.frequencies import SCORES, TRIE, frequencies
from rules.tools import commands
from rules.tools.frequencies import SHORT_WORDS, english_scores, write_frequencies

pytestmark = pytest.mark.slow  # reading both libraries takes two seconds


@pytest.fixture(scope="module")
def scores() -> Mapping[str, float]:
    """Made once for these tests: two seconds."""
    return english_scores()


def test_the_command_writes_the_stored_files(
    tmp_path: Path,
    scores: Mapping[str, float],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """If they differ: `python -m rules frequencies`."""
    trie, numbers = tmp_path / "trie", tmp_path / "scores"
    monkeypatch.setattr(commands, "write_frequencies", lambda: write_frequencies(trie, numbers))
    assert main(["frequencies"]) == 0
    assert trie.read_bytes() == TRIE.read_bytes()
    assert numbers.read_bytes() == SCORES.read_bytes()
    assert f"{len(scores):,} words and pairs" in capsys.readouterr().out


def test_what_is_stored_reads_as_it_was_made(scores: Mapping[str, float]) -> None:
    table = frequencies()
    for text, score in scores.items():
        before, _, word = text.rpartition(" ")
        assert table.after(before, word) == score, text


def test_a_pair_is_held_only_where_it_says_more_than_its_word(scores: Mapping[str, float]) -> None:
    table = frequencies()
    pairs = [(text.split()[1], score) for text, score in scores.items() if " " in text]
    assert len(pairs) > 100_000
    assert all(score > table.after("", word) for word, score in pairs)


@pytest.mark.parametrize("package", ["wordfreq", "wordsegment"])
def test_the_credits_name_the_packages_that_it_was_made_from(package: str) -> None:
    page = TRIE.with_name("CREDITS.md").read_text(encoding="utf-8")
    assert f"{package} {version(package)}" in page


def test_every_short_word_is_known() -> None:
    """So what is not known and as short costs what a short name costs."""
    assert all(frequencies().is_word(word) for word in SHORT_WORDS)


def test_hashtags_are_divided_without_either_library() -> None:
    """Production does not install them."""
    program = (
        "import sys; sys.modules['wordfreq'] = sys.modules['wordsegment'] = None\n"
        "from rules.hashtags.english import words_of\n"
        "print(*words_of('naturelover'))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)
    assert done.stdout.split() == [b"nature", b"lover"]
