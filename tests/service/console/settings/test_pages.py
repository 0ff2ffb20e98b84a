from __future__ import annotations

import re

import pytest

from service.preferences import ACTIONS
from tests.service.console.visitor import Visitor

KEYS = {f"key-{action}": key for action, key in ACTIONS.items()}


def _value(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]* value="([^"]*)"', page)
    assert found, name
    return found[1]


def test_every_action_has_a_field_with_its_key(mina: Visitor) -> None:
    page = mina.get("/settings").text
    assert {name: _value(page, name).lower() for name in KEYS} == KEYS


def test_a_chosen_key_is_kept_for_whoever_chose_it_wherever_they_sign_in(mina: Visitor) -> None:
    form = KEYS | {"key-save": "G", "break_minutes": "25", "blurred": "1"}
    page = mina.send("/settings", form, follow_redirects=True).text
    assert "Your settings are saved." in page
    assert _value(page, "key-save") == "G"
    assert _value(page, "break_minutes") == "25"
    assert re.search(r'name="blurred" value="1" checked', page)
    assert '"save": "g"' in page


def test_two_actions_with_one_key_are_refused_with_their_names_and_what_was_typed(
    mina: Visitor,
) -> None:
    answer = mina.send("/settings", KEYS | {"key-save": "a"})
    assert answer.status_code == 422
    assert "A is taken: “Agree with every verdict” and “Save and go" in answer.text
    assert _value(answer.text, "key-save") == "A"
    assert _value(mina.get("/settings").text, "key-save") == "S"


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"key-save": "1"}, "“1” cannot be a key here"),
        ({"break_minutes": "soon"}, "Minutes until a break"),
        ({"break_minutes": "-3"}, "Minutes until a break"),
        ({"break_minutes": "9999"}, "Minutes until a break"),
        ({"zone": "Mars/Olympus"}, "There is no such time zone"),
    ],
)
def test_what_cannot_be_used_is_refused_in_words(
    mina: Visitor, changes: dict[str, str], says: str
) -> None:
    answer = mina.send("/settings", KEYS | changes)
    assert answer.status_code == 422
    assert says in answer.text


@pytest.mark.parametrize("wrong", [{"zone": "Seoul"}, {"break_minutes": "²"}, {"key-save": "a"}])
def test_what_else_was_chosen_is_still_there_after_a_refusal(
    mina: Visitor, wrong: dict[str, str]
) -> None:
    chosen = {"blurred": "1", "theme": "dark", "break_minutes": "25", "zone": "Europe/Paris"}
    page = mina.send("/settings", KEYS | chosen | wrong).text
    assert re.search(r'name="blurred" value="1" checked', page)
    assert not re.search(r'name="grey" value="1" checked', page)
    assert re.search(r'name="theme" value="dark" checked', page)
    for name, value in (chosen | wrong).items():
        if name in ("break_minutes", "zone"):
            assert _value(page, name) == value
    assert "Europe/Paris" not in mina.get("/settings").text


def test_one_button_resets_the_keys_and_nothing_else(mina: Visitor) -> None:
    mina.send("/settings", KEYS | {"key-save": "g", "break_minutes": "25"})
    page = mina.send("/settings", {"reset": "1"}, follow_redirects=True).text
    assert "All keys are reset." in page
    assert _value(page, "key-save") == "S"
    assert _value(page, "break_minutes") == "25"


def test_a_theme_is_kept_with_the_account_and_is_in_the_page_itself(mina: Visitor) -> None:
    """No script sets it, so that no page flashes in other colours first."""
    assert "data-theme" not in mina.get("/settings").text
    mina.send("/settings", KEYS | {"theme": "dark"})
    page = mina.get("/posts").text
    assert re.search(r'<html lang="\w+" data-theme="dark">', page)
    assert '<meta name="color-scheme" content="dark">' in page
    mina.send("/settings", KEYS | {"theme": "system"})
    assert "data-theme" not in mina.get("/posts").text


def test_an_unknown_theme_is_refused_in_words(mina: Visitor) -> None:
    answer = mina.send("/settings", KEYS | {"theme": "neon"})
    assert answer.status_code == 422
    assert "There is no such theme." in answer.text
