"""A hashtag among posts' verdicts, however it is written."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, func

from rules import normalise
from service.tables import Verdict


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
    return and_(Verdict.normalised == "", func.ltrim(Verdict.tag, "#") == _bare(tag))


def _bare(tag: str) -> str:
    return tag.lstrip("#")
