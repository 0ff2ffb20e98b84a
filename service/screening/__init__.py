"""From a pending post to a decided one: fetch, decode, look, judge, write."""

from service.screening import sweep, tasks

__all__ = ["sweep", "tasks"]
