"""A page sends nobody to another site, whatever it is told."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from service.console.frame.targets import LONGEST, local_target

HOME = "/posts"
# What addresses are made of, and what parsers disagree about.
PIECES = st.one_of(
    st.sampled_from(
        [
            "/",
            "//",
            "\\",
            "evil.example",
            "http:",
            "https://",
            "[",
            "]",
            "@",
            "?",
            "#",
            "%2f",
            "%5c",
            ".",
            "..",
            ":",
            ";",
            "a",
            "카페",
        ]
    ),
    st.sampled_from("\t\n\r\0 \ud800１。"),
)
TARGETS = st.one_of(st.text(), st.lists(PIECES, max_size=12).map("".join))


@given(TARGETS)
@example("////evil.example")
@example("//[evil")
@example("http://[")
@example("/" * 5000)
@example("/\t/evil.example")
@example("/" + "카" * 1500)
def test_every_target_stays_on_this_site(target: str) -> None:
    found = local_target(target, HOME)
    assert found.isascii()
    assert found.isprintable()
    assert " " not in found
    assert len(found) <= LONGEST
    joined = urlsplit(urljoin("https://here.example/sign-in", found))
    assert (joined.scheme, joined.netloc) == ("https", "here.example")
    assert found[0] == "/"
    assert found[1:2] not in {"/", "\\"}


@given(TARGETS)
def test_a_target_that_is_local_once_is_so_for_ever(target: str) -> None:
    found = local_target(target, HOME)
    assert local_target(found, "/elsewhere") == found


@pytest.mark.parametrize(
    ("target", "found"),
    [
        ("/posts?tab=flagged&page=2", "/posts?tab=flagged&page=2"),
        ("/hashtags/카페", "/hashtags/%EC%B9%B4%ED%8E%98"),
        ("/hashtags/%EC%B9%B4%ED%8E%98", "/hashtags/%EC%B9%B4%ED%8E%98"),
        ("/posts/a//b", "/posts/a//b"),
        ("/posts#end", "/posts"),
        (None, HOME),
        ("", HOME),
        ("posts", HOME),
    ],
)
def test_what_leads_to_our_pages_is_kept(target: str | None, found: str) -> None:
    assert local_target(target, HOME) == found
