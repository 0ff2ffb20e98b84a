"""Hashtags and facts to verdicts with reasons. Pure: no I/O but reading its own files."""

from rules.errors import RulesetError
from rules.hashtags.normalise import normalise
from rules.hashtags.resolve import Resolution, resolve
from rules.hashtags.segment import prepare
from rules.verdicts.batch import Sights, any_image, evaluate_many
from rules.verdicts.judge import judge
from rules.verdicts.menu import Menu, asks_for_menu, menu_of, read_menu, vocabulary, with_menus
from rules.verdicts.replay import replay
from rules.verdicts.ruleset import Category, Ruleset, load_ruleset
from rules.verdicts.settled import is_settled, leaves_nothing_open, with_settled
from rules.verdicts.sight import Seen, Sight
from rules.verdicts.verdict import Decision, Judgement, TagVerdict, Verdict, decide
from rules.verdicts.votes import Ballot, Opinion, Probed, opinion, with_votes

__all__ = [
    "Ballot",
    "Category",
    "Decision",
    "Judgement",
    "Menu",
    "Opinion",
    "Probed",
    "Resolution",
    "Ruleset",
    "RulesetError",
    "Seen",
    "Sight",
    "Sights",
    "TagVerdict",
    "Verdict",
    "any_image",
    "asks_for_menu",
    "decide",
    "evaluate_many",
    "is_settled",
    "judge",
    "leaves_nothing_open",
    "load_ruleset",
    "menu_of",
    "normalise",
    "opinion",
    "prepare",
    "read_menu",
    "replay",
    "resolve",
    "vocabulary",
    "with_menus",
    "with_settled",
    "with_votes",
]
