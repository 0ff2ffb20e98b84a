from __future__ import annotations

import pytest

from service.preferences import ACTIONS, KeyProblem
from service.preferences.keys import check, with_defaults


def test_the_keys_that_come_with_the_console_can_be_used() -> None:
    check(ACTIONS)


def test_an_action_that_nobody_changed_keeps_its_key() -> None:
    assert with_defaults({"save": "g"}) == {**ACTIONS, "save": "g"}


def test_several_actions_may_have_no_key() -> None:
    check({"save": "", "agree": ""})


def test_two_actions_never_share_a_key() -> None:
    with pytest.raises(KeyProblem) as caught:
        check({"save": "x", "agree": "x"})
    assert (caught.value.action, caught.value.other) == ("agree", "save")


@pytest.mark.parametrize("key", ["1", "?", "ab", "ㅅ", " ", "S"])
def test_digits_signs_with_a_meaning_and_other_letters_are_no_keys(key: str) -> None:
    with pytest.raises(KeyProblem) as caught:
        check({"save": key})
    assert caught.value.other is None


def test_an_action_that_is_new_leaves_a_key_to_whoever_chose_it_for_another() -> None:
    keys = with_defaults({"save": "o"})
    assert (keys["save"], keys["unfold"]) == ("o", "")
    check(keys)
