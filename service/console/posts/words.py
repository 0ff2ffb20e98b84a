"""The words for verdicts, decisions, how a hashtag was understood, and broken photographs."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

VERDICTS = {
    "relevant": _("relevant"),
    "irrelevant": _("irrelevant"),
    "uncertain": _("uncertain"),
    "unverifiable": _("unverifiable"),
}
DECISIONS = {"pass": _("passed"), "flag": _("flagged"), "review": _("doubtful")}
RESOLVED_BY = {
    "lexicon": _("found in the lexicon"),
    "affix": _("understood by its beginning or ending"),
    "pattern": _("a date, a number or single letters"),
    "segmentation": _("understood word by word"),
    "variant": _("another spelling of a known hashtag"),
    "neighbours": _("guessed from words that are used alike"),
    "none": _("not understood"),
}
IMAGE_ERRORS = {
    "too_large": _("the file is too large"),
    "too_many_pixels": _("it has too many pixels"),
    "no_photograph": _("its shape is not that of a photograph"),
    "too_much_memory": _("opening it takes too much memory"),
    "too_slow": _("opening it takes too long"),
    "not_an_image": _("it is not an image"),
    "truncated": _("the file ends too early"),
    "unsupported": _("its format is not supported"),
    "bad_url": _("nothing is fetched from its address"),
    "forbidden_address": _("its address is not on the public internet"),
    "http_status": _("its server refused it"),
    "timed_out": _("its server took too long"),
    "too_many_redirects": _("its server redirects too often"),
    "unreachable": _("its server did not answer"),
    "not_screened": _("screening failed several times"),
}
VIDEO_ERRORS = {
    **IMAGE_ERRORS,
    "empty": _("the file is empty"),
    "not_a_video": _("it is not a video"),
    "picture": _("it is a picture and not a video"),
    "no_index": _("the file ends before its index"),
    "no_video_track": _("it has no pictures"),
    "no_frames": _("no frame of it can be read"),
    "damaged": _("the file is damaged"),
    "too_long": _("it is too long"),
    "too_many_streams": _("it has too many tracks"),
    "gone": _("its upload was erased"),
}
