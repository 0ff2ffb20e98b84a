"""A hashtag among posts' verdicts, however it is written."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, func

from rules import normalise
from service.tables import Verdict

# It asks for the coloured form of an emoji. One phone sends it, another does not.
COLOURED = "\N{VARIATION SELECTOR-16}"


def name_of(tag: str) -> str:
    """What two ways of writing one hashtag have in common.

    One without letters and digits, such as an emoji, is normalised to nothing, as are all others of
    this kind: it is only what it is.
    """
    return normalise(tag) or _bare(tag)


def tagged(tag: str) -> ColumnElement[bool]:
    """The verdicts on a hashtag."""
    name = normalise(tag)
    if name:
        return Verdict.normalised == name
    stored = func.replace(func.ltrim(Verdict.tag, "#"), COLOURED, "")
    return and_(Verdict.normalised == "", stored == _bare(tag))


def _bare(tag: str) -> str:
    return tag.lstrip("#").replace(COLOURED, "")
