"""Learning what votes are usual, with the searches for voters, reads no large table as a whole."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from service.likeness.index import build_index, index_name
from service.parts import Parts
from service.tables import Embedding, Post
from service.votes.learn import learn_votes
from tests.growth.recorder import recorded, whole_tables
from tests.service.console.rows import add_post
from tests.service.screening.conftest import change
from tests.service.similar.rows import at as direction

pytestmark = pytest.mark.usefixtures("clean")
POSTS = 40


@pytest.fixture(autouse=True)
def index(parts: Parts) -> Iterator[None]:
    """The live network's index, without which nobody votes."""
    network = parts.screener.current().bundle.embedding_id
    build_index(parts, network)
    yield
    with parts.sessions.begin() as session:
        session.execute(text(f'DROP INDEX IF EXISTS "{index_name(network)}"'))


@pytest.mark.slow
def test_learning_votes_reads_no_large_table_from_end_to_end(parts: Parts) -> None:
    live, engine = parts.screener.current().bundle, parts.sessions.kw["bind"]
    for number in range(POSTS):
        tags = {"sunset": "unverifiable", "vibe쀍": "unverifiable", "카페": "relevant"}
        row = add_post(parts, f"p-{number}", tags, (b"",), author_id=f"u-{number}")
        with parts.sessions.begin() as session:
            (image,) = session.get_one(Post, row).images
            vector = direction(number, live.dimension)
            session.add(Embedding(image_id=image.id, made_by=live.embedding_id, vector=vector))
    with engine.connect() as connection:
        alone = connection.execution_options(isolation_level="AUTOCOMMIT")
        # How large tables are on disk counts in plans, and other tests leave room in them.
        alone.execute(text("VACUUM (FULL, ANALYZE)"))
    with recorded(engine) as queries:
        learn_votes(change(parts, vote_authors=POSTS // 2))
    assert sum("UNION ALL" in query.statement for query in queries) == 2, "two hashtags are sampled"
    assert sum("<=>" in query.statement for query in queries) >= POSTS, "each is searched from"
    assert whole_tables(engine, queries) == []
