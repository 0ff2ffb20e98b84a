"""What axe finds on a page, though it looks at few of the texts that are alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.accessible import LEGIBLE, broken_rules, hindrances
from tests.browser.conftest import NARROW

pytestmark = pytest.mark.browser

ROWS = "".join(f"<li class=row><b>{n}</b> <span>a text</span></li>" for n in range(40))
SHOWN = f"""<!doctype html><html lang=en><head><title>A page</title><style>{{}}</style></head>
<body><main><h1>A page</h1><ul>{ROWS}</ul><p><button>Send</button></p></main></body></html>"""


@pytest.fixture
def shown(browser: Browser) -> Iterator[Callable[[str], Page]]:
    """``shown(css)``: a page with forty rows, in these styles."""
    page = browser.new_page(viewport=NARROW)

    def make(css: str) -> Page:
        page.set_content(SHOWN.format(css))
        return page

    yield make
    page.close()


def test_nothing_is_found_where_all_is_well(shown: Callable[[str], Page]) -> None:
    assert hindrances(shown("")) == []


@pytest.mark.parametrize(
    "css",
    [
        "li:nth-child(23) span { color: #999 }",
        "li:nth-child(23) { background: #555 }",
        "li:nth-child(23) { opacity: 0.4 }",
        "li:nth-child(23) b { color: #999; font-size: 12px }",
        "button { color: #aaa; background: #ddd }",
    ],
)
def test_one_pale_text_among_many_is_found(shown: Callable[[str], Page], css: str) -> None:
    (rule, places), *more = broken_rules(shown(css))
    assert rule == "color-contrast"
    assert len(places) <= 2
    assert more == []


def test_a_text_that_is_pale_because_nobody_can_use_it_hides_no_other(
    shown: Callable[[str], Page],
) -> None:
    page = shown("button { color: #aaa; background: #ddd }")
    page.evaluate("document.querySelector('p').innerHTML = '<button disabled>Now</button>'")
    assert broken_rules(page) == []
    page.evaluate("document.querySelector('p').innerHTML += '<button>Or</button>'")
    assert [rule for rule, _ in broken_rules(page)] == ["color-contrast"]


def test_a_look_is_worked_out_until_it_was_legible_once(shown: Callable[[str], Page]) -> None:
    pale = "button { color: #aaa; background: #ddd }"
    assert [rule for rule, _ in broken_rules(shown(pale))] == ["color-contrast"]
    assert [rule for rule, _ in broken_rules(shown(pale))] == ["color-contrast"]
    before = set(LEGIBLE)
    own = "li span { color: #123456 }"
    assert broken_rules(shown(own)) == []
    (look,) = LEGIBLE - before
    assert broken_rules(shown(own)) == []
    assert look in LEGIBLE
    assert [rule for rule, _ in broken_rules(shown(own + pale))] == ["color-contrast"]


DARK = "@media (prefers-color-scheme: dark) {{ :root {{ background: #111; color: #eee }} {} }}"


@pytest.mark.parametrize(
    ("css", "rules"),
    [
        ("", []),
        ("li b { color: #333 }", ["color-contrast"]),
        ("a { color: #edd; text-decoration: none }", ["link-in-text-block"]),
    ],
)
def test_dark_colours_are_looked_at_as_well(
    shown: Callable[[str], Page], css: str, rules: list[str]
) -> None:
    page = shown("a { color: #00e } " + DARK.format("a { color: #9cf } " + css))
    page.evaluate("document.querySelector('p').innerHTML = 'Words and <a href=/>a link</a> here.'")
    assert broken_rules(page) == []
    assert [rule for rule, _ in hindrances(page)] == rules
    assert not page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")


def test_other_rules_look_at_every_element(shown: Callable[[str], Page]) -> None:
    page = shown("")
    page.evaluate("document.querySelectorAll('li')[30].innerHTML += '<img src=x>'")
    assert [rule for rule, _ in broken_rules(page)] == ["image-alt"]


def test_what_is_wider_than_the_window_is_told_with_its_width(
    shown: Callable[[str], Page],
) -> None:
    assert hindrances(shown("h1 { width: 1500px }")) == [360, 1280]
