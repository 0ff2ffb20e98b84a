"""Who is signed in: a signed cookie with the token of a session that the database knows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from flask import Flask, request, session
from flask_login import LoginManager, UserMixin, current_user, login_user

from service.accounts import sign_ins
from service.config import Config
from service.console.frame.access import is_by_itself
from service.parts import Parts
from service.preferences import Preferences
from service.tables import User


@dataclass(frozen=True)
class Moderator(UserMixin):  # type: ignore[misc]  # Flask-Login has no types
    """The account behind a request, as the pages need it."""

    id: int
    name: str
    role: str
    locale: str | None
    token: str
    must_change_password: bool
    preferences: Preferences

    def get_id(self) -> str:
        """What the cookie keeps."""
        return self.token


def made_by() -> str:
    """Whose bounds count for what the signed-in person uploads and asks for."""
    return f"console:{current_user.name}"


def sign_in_as(user: User, token: str) -> None:
    """Give the browser the cookie of a session that has begun."""
    session.clear()
    session.permanent = True
    login_user(_moderator(user, token))


def lasting(config: Config) -> sign_ins.Lasting:
    """How long sessions last."""
    return sign_ins.Lasting(
        timedelta(hours=config.session_hours), timedelta(minutes=config.session_idle_minutes)
    )


def install(app: Flask, parts: Parts) -> None:
    """Sessions that end by themselves, in cookies that scripts and other sites cannot use."""
    lasts = lasting(parts.config)
    app.config.update(
        PERMANENT_SESSION_LIFETIME=lasts.longest,
        # A page that is fetched ahead must not write back a cookie older than another's.
        SESSION_REFRESH_EACH_REQUEST=False,
        SESSION_COOKIE_NAME="tagsift",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=_is_https(parts.config),
    )
    manager = LoginManager(app)

    @manager.user_loader  # type: ignore[untyped-decorator]  # Flask-Login has no types
    def _load(token: str) -> Moderator | None:
        by_person = not is_by_itself(request.endpoint or "")
        with parts.sessions.begin() as database:
            user = sign_ins.account(database, token, lasts, by_person=by_person)
        return _moderator(user, token) if user else None


def _moderator(user: User, token: str) -> Moderator:
    return Moderator(
        user.id,
        user.name,
        user.role,
        user.locale,
        token,
        user.must_change_password,
        Preferences.read(user.preferences),
    )


def _is_https(config: Config) -> bool:
    return config.base_url.startswith("https://")
