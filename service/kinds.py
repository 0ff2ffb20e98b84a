"""Kinds of settings: what a text of the environment must say to be one."""

from __future__ import annotations

import base64
import ipaddress
import re
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


def netloc(host: str, port: int) -> str:
    """Host and port as URLs write them: an IPv6 address in brackets."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _redis_url(value: str) -> str:
    """An address that Redis' client reads.

    Raises:
        ValueError: it is none.
    """
    if not re.match(r"(redis|rediss|unix)://.", value):
        raise ValueError("needs an address such as redis://127.0.0.1:6379/0")
    return value


def _folder_url(value: str) -> str:
    """A folder, or the URL of one whose protocol can be used here.

    Raises:
        ValueError: nobody knows the protocol, its package is not installed, or nothing comes after
            it. ``s3:bucket`` would silently be a folder of this name.
    """
    is_url = "://" in value
    named = is_url or re.match(r"(?!file:|local:)[a-z][a-z0-9+.-]*:", value, re.IGNORECASE)
    if named and not value.partition("://")[2]:
        raise ValueError("needs a folder, or a URL such as s3://bucket/folder")
    if is_url:
        import fsspec  # the commands that read no files need not wait for it

        try:
            fsspec.get_filesystem_class(value.partition("://")[0].rpartition("::")[2])
        except ImportError as error:
            raise ValueError(str(error)) from None
    return value


def _web_address(value: str) -> str:
    """An http or https address with a host, or nothing.

    Raises:
        ValueError: it is something else, so nothing could be sent there.
    """
    try:
        parts = urlsplit(value)
        is_address = parts.scheme in ("http", "https") and bool(parts.hostname)
        is_address = is_address and parts.port != 0  # the port is read when it is asked for
    except ValueError:
        is_address = False
    if value and not is_address:
        raise ValueError("needs an address such as https://platform.example")
    return value


def _is_webhook_secret(value: str) -> bool:
    # The library leaves out letters that base64 does not have, and signs with what is left; like
    # it, this takes a key without its padding.
    text = value.removeprefix("whsec_").rstrip("=")
    try:
        key = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except ValueError:
        return False
    return value.startswith("whsec_") and bool(key)


def _webhook_secrets(value: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
    """Secrets as Standard Webhooks writes them, one at least.

    Raises:
        ValueError: there is none, or one could not sign.
    """
    if not value or not all(_is_webhook_secret(s.get_secret_value()) for s in value):
        raise ValueError("needs at least one secret, each starting with whsec_, then base64")
    return value


def _origins(value: tuple[str, ...]) -> tuple[str, ...]:
    """Origins, as browsers name them.

    Raises:
        ValueError: one is something else.
    """
    if not all(re.fullmatch(r"https?://[^/\s*]+", origin) for origin in value):
        raise ValueError("needs origins such as https://platform.example, without a path")
    return value


def _rate_limit(value: str) -> str:
    """A limit as ``limits`` reads it, of at least one.

    Raises:
        ValueError: it is none.
    """
    import limits  # takes a second, and few set this

    try:
        amount = limits.parse(value).amount
    except ValueError:
        amount = 0
    if amount < 1:
        raise ValueError("needs a limit such as 10 per minute")
    return value


def _level(value: str) -> str:
    """A level of log lines, in any case.

    Raises:
        ValueError: there is none of this name.
    """
    if value.upper() not in LEVELS:
        raise ValueError(f"needs one of {', '.join(LEVELS)}")
    return value


def _split(value: object) -> object:
    """The parts of a list that is separated by commas; what is no text stays as it is."""
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value


Network = ipaddress.IPv4Network | ipaddress.IPv6Network

Texts = Annotated[tuple[str, ...], BeforeValidator(_split)]
Origins = Annotated[Texts, AfterValidator(_origins)]
Secrets = Annotated[tuple[SecretStr, ...], BeforeValidator(_split)]
WebhookSecrets = Annotated[Secrets, AfterValidator(_webhook_secrets)]
Networks = Annotated[tuple[Network, ...], BeforeValidator(_split)]
RedisUrl = Annotated[str, AfterValidator(_redis_url)]
FolderUrl = Annotated[str, AfterValidator(_folder_url)]
Address = Annotated[str, AfterValidator(_web_address)]
RateLimit = Annotated[str, AfterValidator(_rate_limit)]
LogLevel = Annotated[str, AfterValidator(_level)]
# Of the past: no date is much longer ago.
Days = Annotated[int, Field(ge=1, le=36_500)]
# PostgreSQL takes less than half a millisecond for no limit, and no more than 24 days.
StatementSeconds = Annotated[float, Field(ge=0.1, le=86_400)]
