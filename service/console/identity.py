"""Who is signed in: a signed cookie that names the account and the stamp of its password."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import timedelta

from flask import Flask, session
from flask_login import LoginManager, UserMixin, login_user

from service.config import Config
from service.parts import Parts
from service.preferences import Preferences
from service.tables import User

SINCE = "signed_in_at"


@dataclass(frozen=True)
class Moderator(UserMixin):  # type: ignore[misc]  # Flask-Login has no types
    """The account behind a request, as the pages need it."""

    id: int
    name: str
    role: str
    locale: str | None
    stamp: str
    preferences: Preferences

    def get_id(self) -> str:
        """What the session keeps; a new password changes the stamp and so ends the session."""
        return f"{self.id}:{self.stamp}"


def sign_in_as(user: User) -> None:
    """Begin a session for an account whose password was right."""
    session.clear()
    session.permanent = True
    session[SINCE] = int(time.time())
    login_user(_moderator(user))


def install(app: Flask, parts: Parts) -> None:
    """Sessions that end by themselves, in cookies that scripts and other sites cannot use."""
    lifetime = timedelta(hours=parts.config.session_hours)
    app.config.update(
        PERMANENT_SESSION_LIFETIME=lifetime,
        SESSION_COOKIE_NAME="tagsift",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=_is_https(parts.config),
    )
    manager = LoginManager(app)

    @manager.user_loader  # type: ignore[untyped-decorator]  # Flask-Login has no types
    def _load(identity: str) -> Moderator | None:
        row_id, _, stamp = identity.partition(":")
        if time.time() - session.get(SINCE, 0) > lifetime.total_seconds() or not row_id.isdigit():
            return None
        with parts.sessions() as database:
            user = database.get(User, int(row_id))
        return _moderator(user) if user and user.session_stamp == stamp else None


def _moderator(user: User) -> Moderator:
    preferences = Preferences.read(user.preferences)
    return Moderator(user.id, user.name, user.role, user.locale, user.session_stamp, preferences)


def _is_https(config: Config) -> bool:
    return config.base_url.startswith("https://")
