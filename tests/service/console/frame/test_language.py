from __future__ import annotations

import io
import re
from collections import defaultdict

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from service.console.frame.language import TRANSLATIONS
from service.parts import Parts
from tests.service.console.conftest import NewVisitor
from tests.service.console.rows import add_post
from tests.service.console.visitor import Visitor

KOREAN = TRANSLATIONS / "ko" / "LC_MESSAGES"
HANGUL = range(0xAC00, 0xD7A4)


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    with (KOREAN / "messages.po").open("rb") as file:
        return read_po(file, locale="ko")


@pytest.fixture(scope="module")
def in_the_source() -> set[tuple[str, object]]:
    """Every message of the source, with the file that has it."""
    with (TRANSLATIONS / "babel.cfg").open() as file:
        methods, options = parse_mapping(file)  # type: ignore[no-untyped-call]  # Babel left it out
    found = extract_from_dir(TRANSLATIONS.parent, methods, options)
    return {(name, message) for name, _, message, _, _ in found}


def test_every_message_of_the_pages_is_in_the_catalogue_and_no_other(
    catalogue: Catalog, in_the_source: set[tuple[str, object]]
) -> None:
    known = {message.id for message in catalogue if message.id}
    assert known == {message for _, message in in_the_source}


def test_every_message_has_a_korean_text_that_is_no_guess(catalogue: Catalog) -> None:
    for message in catalogue:
        if message.id:
            texts = message.string if isinstance(message.string, tuple) else (message.string,)
            assert texts and all(texts), message.id  # noqa: PT018  # one condition: a text for each form
            assert not message.fuzzy, message.id


def test_every_text_keeps_the_placeholders_of_its_message(catalogue: Catalog) -> None:
    problems = {str(m.id): list(map(str, m.check(catalogue))) for m in catalogue if m.id}
    assert not {message: errors for message, errors in problems.items() if errors}


def test_every_text_of_a_template_can_have_its_values_put_in(
    catalogue: Catalog, in_the_source: set[tuple[str, object]]
) -> None:
    """A percent sign that stands alone would be taken for a value's place."""
    shown = {message for name, message in in_the_source if name.endswith(".html")}
    assert shown
    for message in catalogue:
        if message.id in shown:
            texts = (
                message.string if isinstance(message.string, (tuple, list)) else [message.string]
            )
            assert all(str(text) % defaultdict(int) for text in texts), message.id


# Counts that are never one where the message is shown, or that a setting fixes.
NEVER_ONE = {
    "#%(start)s… has %(length)s characters; a hashtag has %(most)s at most.",
    "%(seen)s of %(total)s items and posts were looked at with it.",
    "%(count)s answers were taken back.",
    "%(count)s hashtags cannot be checked against a photograph:",
    "%(count)s photographs",
    "%(count)s posts settled.",
    "A name has 1 to %(count)s letters, digits or any of . @ + - _ with single spaces between.",
    "Ask for 1 to %(count)s frames.",
    "At least %(count)s characters; several words are easy to remember. Your other sessions end.",
    "Choose at most %(count)s photographs.",
    "Choose at most %(count)s pictures.",
    "Give this answer to %(count)s posts",
    "No other post of the last %(days)s days shows this.",
    "Name at least %(least)s posts whose first photograph bears the hashtag out, and as many whose "
    "first photograph does not.",
    "Neighbours vote on no hashtag yet: at least %(count)s authors must carry one that no rule "
    "covers, on posts that look alike.",
    "Of %(voters)s neighbours %(carrying)s carry it: %(share)s (%(low)s to %(high)s); of all posts "
    "%(prior)s.",
    "One picture in %(count)s posts",
    "One picture in at least %(count)s posts of the last weeks, whatever was changed in it.",
    "The file changes %(count)s hashtags; this page takes %(most)s at once. "
    "Use “python -m service lexicon import”.",
    "The new password may have at most %(count)s characters.",
    "The new password needs at least %(count)s characters.",
    "Type at most %(count)s hashtags.",
    "The note is too long: %(count)s characters at most.",
    "There are %(count)s keys. Revoke one that nobody uses.",
    "too few to say: %(count)s of %(enough)s hashtags",
}


def test_a_count_beside_a_noun_has_a_singular(catalogue: Catalog) -> None:
    """No page says "1 posts"."""
    beside = re.compile(r"%\((?!tag|command|name|key)\w+\)s (?!is\b|was\b|has\b)[a-z]{2,}s\b")
    without = {str(m.id) for m in catalogue if isinstance(m.id, str) and beside.search(m.id)}
    assert without == NEVER_ONE


def test_every_text_is_korean(catalogue: Catalog) -> None:
    for message in catalogue:
        if message.id:
            assert any(ord(letter) in HANGUL for letter in str(message.string)), message.id


def test_the_commands_write_the_catalogue_as_it_is(catalogue: Catalog) -> None:
    """So a change of one text is a change of one entry; the commands stand in babel.cfg."""
    [width] = re.findall(r"--width (\d+)", (TRANSLATIONS / "babel.cfg").read_text(encoding="utf-8"))
    written = io.BytesIO()
    write_po(written, catalogue, width=int(width))
    # Line for line but for the head, which has the dates.
    _, _, entries = written.getvalue().partition(b"\n\n")
    assert (KOREAN / "messages.po").read_bytes().partition(b"\n\n")[2] == entries


def test_the_compiled_catalogue_is_that_of_the_texts(catalogue: Catalog) -> None:
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    assert (KOREAN / "messages.mo").read_bytes() == compiled.getvalue(), "compile messages.po again"


@pytest.mark.parametrize(
    ("asks_for", "language"),
    [("ko-KR,ko;q=0.9,en;q=0.5", "ko"), ("en-GB,en", "en"), ("fr", "en"), ("", "en")],
)
def test_a_page_is_in_the_language_that_the_browser_asks_for(
    visitor: Visitor, asks_for: str, language: str
) -> None:
    visitor.headers = {"Accept-Language": asks_for}
    assert f'<html lang="{language}">' in visitor.get("/sign-in").text


def test_the_chosen_language_stays_and_leads_back_to_the_page(visitor: Visitor) -> None:
    answer = visitor.send("/language", {"language": "ko", "next": "/sign-in"})
    assert answer.location == "/sign-in"
    assert '<html lang="ko">' in visitor.get("/sign-in").text


def test_the_choice_outlives_signing_in_and_out(signed_in: NewVisitor) -> None:
    mina = signed_in()
    mina.send("/language", {"language": "ko"})
    mina.send("/sign-out", {})
    assert '<html lang="ko">' in mina.get("/sign-in").text


def test_an_unknown_language_changes_nothing(visitor: Visitor) -> None:
    visitor.send("/language", {"language": "xx"})
    assert '<html lang="en">' in visitor.get("/sign-in").text


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("/posts?tab=passed", "/posts?tab=passed"),
        ("/try", "/try"),
        ("https://evil.example/posts", "/posts"),
        ("//evil.example", "/posts"),
        ("////evil.example", "/posts"),
        ("//[evil", "/posts"),
        ("http://[", "/posts"),
        ("/" * 5000, "/posts"),
        ("", "/posts"),
    ],
)
def test_only_paths_of_this_site_are_gone_back_to(visitor: Visitor, target: str, path: str) -> None:
    answer = visitor.send("/language", {"language": "ko", "next": target})
    assert (answer.status_code, answer.location) == (303, path)


@pytest.mark.parametrize(
    ("language", "shown"),
    [("en", "Nov 20, 2026, 9:00:00\u202fPM"), ("ko", "2026. 11. 20. 오후 9:00:00")],
)
def test_times_are_those_of_the_readers_clock(
    signed_in: NewVisitor, parts: Parts, language: str, shown: str
) -> None:
    row = add_post(parts, "p-1", {"카페": "irrelevant"})  # posted at noon, UTC
    assert shown in signed_in(language=language).get(f"/posts/{row}").text
