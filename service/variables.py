"""Settings as environment variables: their names, and what is wrong with them."""

from __future__ import annotations

from pydantic import ValidationError


def variable(field: str) -> str:
    """The environment variable of one setting."""
    return field.upper() if field in {"database_url", "redis_url"} else f"TAGSIFT_{field.upper()}"


def explain(error: ValidationError) -> str:
    """Which settings are missing or wrong."""
    lines = []
    for problem in error.errors():
        what = "is not set" if problem["type"] == "missing" else f"is wrong: {problem['msg']}"
        lines.append(f"{variable(str(problem['loc'][0]))} {what}")
    said = "; ".join(lines)
    if any(problem["type"] == "missing" for problem in error.errors()):
        return f"{said}: set it, or run `make run` once (TAGSIFT_DATA names its data folder)"
    return said
