"""A worker with several threads (``--pool threads``) looks at each post's own photograph."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from sqlalchemy import select

from service.parts import Parts
from service.screening.batch import screen
from service.tables import Embedding, Image
from tests.service.screening.conftest import Add

THREADS = 8


def _seen(parts: Parts, row_id: int) -> tuple[list[float], dict[str, Any]]:
    query = select(Embedding.vector, Image.labels).join(Image, Image.id == Embedding.image_id)
    with parts.sessions() as session:
        vector, labels = session.execute(query.where(Image.post_id == row_id)).one()
    return [float(number) for number in vector], labels


def test_threads_of_one_worker_do_not_mix_photographs_up(
    parts: Parts, add: Add, repository: Path
) -> None:
    files = sorted((repository / "demo" / "photos").glob("*.jpg"))[:THREADS]
    photographs = [file.read_bytes() for file in files]
    alone, together = ([add(data) for data in photographs] for _ in range(2))
    for row in alone:
        screen(parts, [row])
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(lambda row: screen(parts, [row]), together))
    expected = [_seen(parts, row) for row in alone]
    assert len({tuple(vector) for vector, _ in expected}) == THREADS
    assert [_seen(parts, row) for row in together] == expected
