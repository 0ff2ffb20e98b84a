"""Windows over a page, signing in, and refusals: accessible in both languages and themes."""

from __future__ import annotations

import pytest

from tests.browser.accessible import broken_rules, wider
from tests.browser.conftest import NewModerator

pytestmark = pytest.mark.browser
THEMES = [("en", "light"), ("ko", "dark")]


@pytest.mark.parametrize(("language", "theme"), THEMES)
def test_no_window_hinders_anybody(moderator: NewModerator, language: str, theme: str) -> None:
    mina = moderator(language=language, theme=theme)
    for key in ("?", "Control+k"):
        mina.page.keyboard.press(key)
        assert broken_rules(mina.page) == []
        mina.page.keyboard.press("Escape")


@pytest.mark.parametrize(("language", "theme"), THEMES)
def test_signing_in_hinders_nobody(moderator: NewModerator, language: str, theme: str) -> None:
    mina = moderator(language=language, theme=theme)
    mina.page.wait_for_load_state("networkidle")  # what is still answered would sign in again
    mina.page.context.clear_cookies()
    mina.open("/sign-in")
    assert broken_rules(mina.page) == []
    mina.page.locator("#name").fill("nobody")
    mina.page.locator("#password").fill("wrong")
    mina.page.locator("#password").press("Enter")
    mina.page.get_by_role("alert").wait_for()
    assert broken_rules(mina.page) == []
    assert wider(mina.page) == []
    mina.complaints.clear()  # of the 401


def test_who_may_not_is_told_so_in_words(moderator: NewModerator) -> None:
    mina = moderator()
    mina.open("/people")
    assert "You may not do this" in mina.page.locator("h1").inner_text()
    assert broken_rules(mina.page) == []
    mina.complaints.clear()  # of the 403
