"""The wire's models of authors whose photographs look alike."""

from __future__ import annotations

from service.api.schemas import Wire
from service.similar.channels import MOST

A_LIST = 10
MOST_A_LIST = MOST


class PhotographOut(Wire):
    """A photograph by its post, and its place among the post's photographs."""

    post: str
    revision: int
    index: int


class PairOut(Wire):
    """Two photographs, and the cosine of their embeddings."""

    mine: PhotographOut
    theirs: PhotographOut
    likeness: float


class ChannelOut(Wire):
    """Another author; ``mean`` and ``best`` are cosines of pairs of photographs."""

    id: str
    mean: float
    best: float
    photographs: int
    pairs: list[PairOut]


class ChannelsOut(Wire):
    """The likest first. ``made_by`` names the network whose embeddings are compared."""

    channels: list[ChannelOut]
    made_by: str
