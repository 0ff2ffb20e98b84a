"""Hashtags and facts to verdicts with reasons. Pure: no I/O but reading its own files."""

from rules.batch import Sights, any_image, evaluate_many
from rules.errors import RulesetError
from rules.judge import judge
from rules.normalise import normalise
from rules.replay import replay
from rules.resolve import Resolution, resolve
from rules.ruleset import Category, Ruleset, load_ruleset
from rules.segment import prepare
from rules.sight import Seen, Sight
from rules.verdict import Decision, Judgement, TagVerdict, Verdict, decide

__all__ = [
    "Category",
    "Decision",
    "Judgement",
    "Resolution",
    "Ruleset",
    "RulesetError",
    "Seen",
    "Sight",
    "Sights",
    "TagVerdict",
    "Verdict",
    "any_image",
    "decide",
    "evaluate_many",
    "judge",
    "load_ruleset",
    "normalise",
    "prepare",
    "replay",
    "resolve",
]
