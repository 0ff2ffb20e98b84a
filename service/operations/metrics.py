"""Prometheus metrics. Processes share them through files (prometheus_client's multiprocess mode),
so any web process can answer for all.
"""

from __future__ import annotations

from prometheus_client import Counter, Histogram

from service.operations.slots import count_by_slot

count_by_slot()

BATCH_SIZE = Histogram(
    "tagsift_batch_size", "Posts screened together", buckets=(1, 2, 4, 8, 16, 32, 64)
)
STAGE_SECONDS = Histogram(
    "tagsift_stage_seconds",
    "Seconds of one stage of screening, for a whole batch",
    ["stage"],
    buckets=(0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 30),
)
IMAGE_ERRORS = Counter("tagsift_image_errors", "Photographs that could not be read", ["code"])
MENUS = Counter(
    "tagsift_menus", "Posts for which menus were read, and photographs not read", ["result"]
)
CALLBACKS = Counter("tagsift_callbacks", "Attempts to deliver a callback", ["result"])
SCREENING_FAILURES = Counter(
    "tagsift_screening_failures", "Batches that failed and will be tried again"
)
TASKS = Counter("tagsift_tasks", "Celery tasks by name and result", ["task", "result"])
TASK_SECONDS = Histogram(
    "tagsift_task_seconds",
    "Seconds of one Celery task",
    ["task"],
    buckets=(0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60, 300, 3600),
)
SWEEP_FAILURES = Counter(
    "tagsift_sweep_failures", "Steps of the sweep that failed and are taken again", ["step"]
)
