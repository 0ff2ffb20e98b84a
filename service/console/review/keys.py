"""What can be done by key on the review pages, in words, and the key of whoever is signed in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString
from flask_login import current_user

from service.preferences import ACTIONS


@dataclass(frozen=True)
class Group:
    """Actions that belong together; ``fixed`` are keys that nobody can change, with their words."""

    title: LazyString
    titles: Mapping[str, LazyString]
    fixed: Sequence[tuple[str, LazyString]] = ()


GROUPS = (
    Group(
        _("Answers"),
        {
            "relevant": _("The hashtag is relevant"),
            "irrelevant": _("The hashtag is irrelevant"),
            "unverifiable": _("The hashtag cannot be verified"),
        },
        (("⇧ +", _("With one of these: the same answer to every uncertain hashtag")),),
    ),
    Group(
        _("Post"),
        {
            "save": _("Save and go to the next post"),
            "agree": _("Agree with every verdict"),
            "skip": _("Skip this post"),
            "handover": _("Hand the post over to somebody else"),
            "remark": _("Add a reason and a note to the answer"),
            "undo": _("Undo the last answer"),
            "together": _("Answer near-duplicates together"),
            "pick": _("Select the post in a list; with ⇧ all from the last one on"),
        },
        (("Enter", _("Save, too")),),
    ),
    Group(
        _("Looking"),
        {
            "similar": _("Show what looks like this post"),
            "where": _("Show where a label was seen"),
            "reveal": _("Show a veiled photograph while the key is held"),
            "earlier": _("The photograph before, or the frame of a video"),
            "later": _("The next photograph, or the next frame of a video"),
            "closer": _("Photograph over the whole window; again: the whole screen"),
            "bears": _("Show the photograph that bears the hashtag out"),
            "unfold": _("Unfold the hashtags that cannot be checked"),
            "down": _("To the next hashtag"),
            "up": _("To the hashtag before"),
        },
        (("↓ ↑", _("The same two")), ("1 … 9, 0", _("Photograph 1 to 9, and 10"))),
    ),
)
EVERYWHERE = Group(
    _("On every page"),
    {},
    (
        ("/, Ctrl K", _("Find a post, a page or an action by typing")),
        ("?", _("Show all keys")),
        ("Esc", _("Close a window")),
    ),
)


def groups() -> Sequence[Group]:
    """Every key of the console, in the order in which they are explained."""
    return (*GROUPS, EVERYWHERE)


def keys() -> Mapping[str, str]:
    """The key of each action for whoever is signed in; as they come for anybody else."""
    return current_user.preferences.keys if current_user.is_authenticated else dict(ACTIONS)


def key_of(action: str) -> str:
    """What is printed for an action's key: a capital letter, or empty for none."""
    return keys()[action].upper()
