"""What kiwipiepy is told of the lexicon, and that processes may share it."""

from __future__ import annotations

import multiprocessing
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rules import prepare
from rules.__main__ import main
from rules.hashtags.korean import TOLD, nouns_of, similar_nouns, words_of
from rules.tools import words
from rules.tools.words import unknown_words


@pytest.mark.slow
def test_the_file_beside_the_lexicon_is_what_the_lexicon_gives() -> None:
    """If it is not: `python -m rules words`."""
    assert TOLD.read_text("utf-8").split() == unknown_words()


@pytest.mark.slow
def test_the_command_writes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(words, "TOLD", tmp_path / "words.txt")
    assert main(["words"]) == 0
    assert (tmp_path / "words.txt").read_bytes() == TOLD.read_bytes()
    assert "words are in" in capsys.readouterr().out


@pytest.mark.slow  # a process
def test_what_is_prepared_is_not_loaded_again_by_the_first_hashtag() -> None:
    """In a new process: this one has divided hashtags before."""
    program = (
        "from rules import prepare\n"
        "from rules.hashtags.frequencies import frequencies\n"
        "prepare()\n"
        "assert frequencies.cache_info().currsize == 1\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


@pytest.mark.parametrize("ask", [words_of, nouns_of, lambda _: similar_nouns(("카페", "NNG"), 3)])
def test_a_forked_process_divides_with_what_was_loaded_before(ask: Callable[[str], Any]) -> None:
    """As a worker does: its threads are not there any more, and nothing may wait for them."""
    prepare()
    context = multiprocessing.get_context("fork")
    answers, answer = context.Pipe(duplex=False)

    def work() -> None:
        words_of.cache_clear()
        answer.send(ask("비오는날성수동카페"))

    process = context.Process(target=work)
    process.start()
    try:
        assert answers.poll(60)
        assert answers.recv() == ask("비오는날성수동카페") != []
    finally:
        process.kill()
        process.join()
