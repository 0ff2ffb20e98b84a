"""Why an upload cannot be put or used."""

from __future__ import annotations

from enum import StrEnum


class Rule(StrEnum):
    """The rule that is broken, by its name on the wire."""

    UNKNOWN = "unknown_upload"
    WAITING = "upload_waiting"
    EXPIRED = "upload_expired"
    CLAIMED = "upload_claimed"
    WRONG_TYPE = "wrong_type"
    WRONG_LENGTH = "wrong_length"


_TEXTS = {
    Rule.UNKNOWN: "No upload has this key, or its post was deleted or names it no more.",
    Rule.WAITING: "Nothing was put to its URL yet.",
    Rule.EXPIRED: "It expired before a post named it; what was put is erased.",
    Rule.CLAIMED: "A post has named it already.",
    Rule.WRONG_TYPE: "By its content the file is no {family} that is taken.",
    Rule.WRONG_LENGTH: "The file is not as long as was announced.",
}


class UploadError(Exception):
    """An upload cannot be put or used; the text says why."""

    def __init__(self, key: str, rule: Rule, family: str = "photograph or video") -> None:
        super().__init__(_TEXTS[rule].format(family=family))
        self.key = key
        self.rule = rule
