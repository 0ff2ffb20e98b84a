"""Metrics that are read from the database when Prometheus scrapes."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import func, select

from service.database import Sessions
from service.operations.tallies import tally
from service.tables import Post


class StateCollector(Collector):
    """Posts by state and decision, the age of the oldest pending post, callbacks by state."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """One family a metric, each from one query."""
        with self._sessions() as session:
            posts = GaugeMetricFamily(
                "tagsift_posts", "Posts by state and decision", labels=["state", "decision"]
            )
            for key, count in tally(session, "posts").items():
                state, _, decision = key.partition(" ")
                posts.add_metric([state, decision], count)
            yield posts

            oldest = session.scalar(
                select(func.extract("epoch", func.now() - func.min(Post.received_at))).where(
                    Post.state == "pending"
                )
            )
            yield GaugeMetricFamily(
                "tagsift_queue_age_seconds",
                "Age of the oldest pending post",
                value=float(oldest or 0),
            )

            deliveries = GaugeMetricFamily(
                "tagsift_deliveries", "Callbacks by state", labels=["state"]
            )
            for state, count in tally(session, "deliveries").items():
                deliveries.add_metric([state], count)
            yield deliveries
