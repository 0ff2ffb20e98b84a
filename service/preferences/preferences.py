"""What a person chose on the page of settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from service.preferences.keys import ACTIONS, with_defaults

MOST_MINUTES = 240


class Preferences(BaseModel):
    """How somebody likes to work.

    ``changed_keys`` has only the actions whose key is not the one it comes with. ``blurred`` and
    ``grey`` say how photographs arrive until they are revealed. After ``break_minutes`` without a
    pause, the console suggests one (0: never). ``zone`` is where the person's day begins.
    ``theme`` is the colours of the pages, by default those of the person's system.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    changed_keys: Mapping[str, str] = Field(default_factory=dict)
    blurred: bool = False
    grey: bool = False
    break_minutes: int = Field(default=50, ge=0, le=MOST_MINUTES)
    zone: str = "Asia/Seoul"
    theme: Literal["system", "light", "dark"] = "system"

    @field_validator("zone")
    @classmethod
    def _known(cls, zone: str) -> str:
        try:
            return ZoneInfo(zone).key
        except (ZoneInfoNotFoundError, OSError) as error:  # a folder's name is an OSError
            raise ValueError(f"there is no time zone {zone!r}") from error

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> Preferences:
        """The stored preferences; the default for anything that another version stored
        differently.
        """
        try:
            return cls.model_validate(stored)
        except ValidationError:
            return cls()

    @property
    def keys(self) -> dict[str, str]:
        """The key of every action, empty for none."""
        return with_defaults(self.changed_keys)

    @property
    def veil(self) -> str:
        """How photographs are veiled: ``blurred``, ``grey``, ``blurred-grey``, or empty for not at
        all.
        """
        return "-".join(name for name in ("blurred", "grey") if getattr(self, name))

    @property
    def day(self) -> ZoneInfo:
        """The time zone in which the person's day begins."""
        return ZoneInfo(self.zone)

    def with_keys(self, keys: Mapping[str, str]) -> Preferences:
        """The preferences with other keys; default keys are not stored."""
        changed = {action: key for action, key in keys.items() if key != ACTIONS[action]}
        return self.model_copy(update={"changed_keys": changed})
