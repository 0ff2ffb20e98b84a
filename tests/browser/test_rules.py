"""Rules go live by keyboard alone, and without scripts, in a real browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import ViewportSize, expect

from rules.verdicts.ruleset import DEFAULT
from service.parts import Parts
from service.rulesets import store
from service.rulesets.source import RulesetSource
from service.screener import Screener
from service.tables import ShadowVerdict
from tests.browser.conftest import NARROW, WIDE, Moderator
from tests.service.console.rows import add_post

pytestmark = pytest.mark.browser


@pytest.fixture
def draft(parts: Parts) -> int:
    text = "# another\n" + DEFAULT.read_text(encoding="utf-8")
    with parts.sessions.begin() as session:
        current = parts.screener.current()
        return store.add(session, RulesetSource("new.yaml", text.encode()), "ana", "", current).id


@pytest.mark.usefixtures("draft")
def test_a_draft_is_made_live_by_keyboard_and_every_process_follows(
    moderator: Callable[..., Moderator], parts: Parts
) -> None:
    ana, elsewhere = moderator(role="analyst"), Screener(parts.config, parts.sessions)
    before = elsewhere.current().ruleset.id
    ana.open("/rules")
    ana.page.locator("summary", has_text="Make live").focus()
    ana.page.keyboard.press("Enter")
    ana.page.keyboard.press("Tab")
    ana.page.keyboard.type("seen enough")
    ana.page.keyboard.press("Enter")
    expect(ana.page.get_by_role("status")).to_contain_text("The ruleset is live")
    assert elsewhere.current().ruleset.id != before


@pytest.mark.usefixtures("draft")
def test_without_scripts_a_draft_goes_into_shadow(moderator: Callable[..., Moderator]) -> None:
    ana = moderator(role="analyst", scripts=False)
    ana.open("/rules")
    ana.page.locator("summary", has_text="Put in shadow").click()
    ana.page.get_by_label("Why, for the audit log").first.fill("to see")
    ana.page.get_by_role("button", name="Put in shadow").click()
    expect(ana.page.get_by_role("status")).to_contain_text("The ruleset is in shadow")


@pytest.mark.parametrize("size", [NARROW, WIDE])
@pytest.mark.parametrize("language", ["en", "ko"])
def test_nothing_is_wider_than_the_window(
    moderator: Callable[..., Moderator],
    parts: Parts,
    draft: int,
    size: ViewportSize,
    language: str,
) -> None:
    row = add_post(parts, "p-1", {"카페": "relevant"})
    with parts.sessions.begin() as session:
        store.shadow(session, draft, "ana", "", parts.screener.current())
        shadow = ShadowVerdict(ruleset_id=draft, post_id=row, position=0)
        shadow.verdict, shadow.live_verdict = "irrelevant", "relevant"
        session.add(shadow)
    ana = moderator(language=language, size=size, role="analyst")
    for path in ("/rules", f"/rules/{draft}"):
        ana.open(path)
        wide = ana.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, path


def test_a_ruleset_is_checked_while_it_is_written_and_stored(
    moderator: Callable[..., Moderator], parts: Parts
) -> None:
    ana = moderator(role="analyst")
    ana.open("/rules/edit")
    page, text = ana.page, ana.page.get_by_label("Rules, as YAML")
    right = text.input_value()
    text.fill(right.replace("rule: food or drink", "rule: food or drnik", 1))
    expect(page.locator("#checked")).to_contain_text("Did you mean 'drink'?")
    page.get_by_role("button", name="Go there").click()
    chosen = "document.activeElement.value.slice(document.activeElement.selectionStart).slice(0, 5)"
    assert page.evaluate(chosen) == "drnik"
    text.fill(right.replace("rule: food or drink", "rule: drink or food", 1))
    expect(page.locator("#checked")).to_contain_text("It can be used")
    expect(page.locator("#checked ins")).to_contain_text("drink or food")
    page.get_by_label("Name").fill("summer")
    page.get_by_role("button", name="Store as a draft").click()
    expect(page.get_by_role("status")).to_contain_text("is stored as a draft")
    with parts.sessions() as session:
        assert [one.file for one in store.listed(session)] == ["summer.yaml"]
