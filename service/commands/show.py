"""`python -m service settings` and `openapi`: print the settings and the API's document."""

from __future__ import annotations

import json

import click
from pydantic_core import PydanticUndefined

from service.api.openapi import document
from service.config import ROOT, Config, variable


@click.command()
def settings() -> None:
    """Print every setting with its default and meaning, as a Markdown table."""
    click.echo("| variable | default | meaning |\n| --- | --- | --- |")
    for name, field in Config.model_fields.items():
        click.echo(f"| `{variable(name)}` | {_default(field.default)} | {field.description} |")


def _default(value: object) -> str:
    if value is PydanticUndefined:
        return "made up by `make run`"
    if value in ("", (), None):
        return "empty"
    if isinstance(value, tuple):
        return f"`{','.join(value)}`"
    return f"`{value}`".replace(f"{ROOT}/", "")


@click.command()
def openapi() -> None:
    """Print the API's OpenAPI document."""
    click.echo(json.dumps(document(), indent=2, ensure_ascii=False))
