"""Words for requests for thumbnails."""

from __future__ import annotations

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from service.console.posts.words import VIDEO_ERRORS
from service.tables import Json, ThumbnailFrame

STATES = {"pending": _("being chosen"), "done": _("done"), "failed": _("failed")}
SHAPES = {"16x9": "16:9", "1x1": "1:1", "9x16": "9:16"}
STYLES = {
    "none": _("No style: what is typical of the video"),
    "channel": _("A channel"),
    "category": _("A category"),
    "pictures": _("My own pictures"),
}
EXTRAS = {
    "latent": _("How far each frame is from the style by the autoencoder"),
    "engagement": _("What an engagement bundle guesses from each frame"),
}
TARGETS = {"views": _("views"), "subscribers": _("subscribers")}
ERRORS = {
    **VIDEO_ERRORS,
    "no_pictures": _("none of the pictures could be read"),
    "no_references": _("there is no photograph to compare with"),
    "unknown_upload": _("its upload was erased"),
    "upload_expired": _("its upload was erased"),
    "gave_up": _("looking at it did not finish"),
}
RULES = {
    "unknown_upload": _("The upload was erased. Choose the file again."),
    "upload_waiting": _("The upload is not complete. Choose the file again."),
    "upload_expired": _("The upload was erased. Choose the file again."),
    "wrong_type": _("This file is not a video that can be used."),
    "wrong_length": _("The upload is not complete. Choose the file again."),
    "unknown_channel": _("No post of an author with this id is known."),
    "unknown_category": _("There is no such category."),
    "not_offered": _("This service does not offer this score."),
    "needs_references": _("A distance needs a style: choose one."),
}


def moment(frame: ThumbnailFrame) -> str:
    """Where in the video a frame is, or which of the pictures that were sent it is."""
    if frame.time is None:
        return str(gettext("Picture %(number)s", number=frame.position + 1))
    minutes, seconds = divmod(frame.time, 60)
    return f"{minutes:.0f}:{seconds:04.1f}"


def why_failed(error: Json | None) -> str:
    """Why nothing was chosen, in the language of the page."""
    code = (error or {}).get("code", "")
    return str(gettext("Nothing could be chosen: %(why)s.", why=str(ERRORS.get(code, code))))
