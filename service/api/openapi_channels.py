"""Authors whose photographs look alike, in the OpenAPI document."""

from __future__ import annotations

from typing import Any

from service.api.channels_schemas import A_LIST, MOST_A_LIST, ChannelsOut
from service.api.openapi_parts import answer, path, problems, query


def channels() -> dict[str, Any]:
    """The paths of channels."""
    length = {"type": "integer", "minimum": 1, "maximum": MOST_A_LIST, "default": A_LIST}
    return {
        "/v1/channels/{id}/similar": {
            "get": {
                "operationId": "listSimilarChannels",
                "summary": "Authors whose photographs look like an author's, the likest first",
                "security": [{"key": []}],
                "parameters": [path("id"), query("k", length, "At most so many.")],
                "responses": {
                    "200": answer("The authors", ChannelsOut),
                    **problems("400", "401", "404", "409", "503"),
                },
            }
        }
    }
