"""The small platform of the clients' tests."""

from tests.clients.conftest import server, tagsift

__all__ = ["server", "tagsift"]
