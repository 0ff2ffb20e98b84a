"""In which order the tests run, and which of them one process runs one after the other."""

from __future__ import annotations

import pytest
from xdist.scheduler import LoadScopeScheduling

# Each of these starts a whole service, or most of one. Two at once would wait for each other.
WHOLE_SERVICES = (
    "tests/service/runner/test_run.py",
    "tests/service/bundles/test_running.py",
    "tests/benchmarks/chaos/test_chaos.py",
    "tests/service/test_worker.py",
    "tests/service/operations/test_logs.py",
)
# These share one web server.
WEB = (
    "tests/service/web/test_worker.py",
    "tests/service/web/test_uploads.py",
    "tests/service/web/test_proxied.py",
    "tests/service/web/test_probes.py",
    "tests/service/web/test_full.py",
)
# These look at one world, which takes ten seconds of processor to make.
EVERY_KIND = "tests/service/everykind/"
# TensorFlow takes seconds to import: one process does.
TENSORFLOW = (
    "tests/classifiers/test_agreement.py",
    "tests/training/engagement/test_tuned.py",
    "tests/training/fit/",
    "tests/training/items/test_learning.py",
    "tests/training/items/thesis/",
    "tests/training/runs/",
    "tests/training/thumbnails/test_autoencoder.py",
)
# SciPy's statistics and scikit-learn take a second.
STATISTICS = (
    "tests/intervals/test_share.py",
    "tests/service/overview/test_drift.py",
    "tests/service/overview/test_student.py",
    "tests/service/quality/test_kappa.py",
)
# Minutes of processor, the longest first.
LONGEST = (
    "tests/browser/test_everypage.py",
    "tests/service/races/test_pairs.py",
    "tests/browser/test_everyempty.py",
)
LONG = ("tests/browser/", "tests/training/", "tests/service/races/")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the longest modules begin, so that none is left alone at the end; of the others, those
    with the most tests."""
    modules: dict[str, list[pytest.Item]] = {}
    for item in items:
        modules.setdefault(_module(item.nodeid), []).append(item)

    def place(name: str) -> tuple[int, int]:
        for rank, these in enumerate((WHOLE_SERVICES, LONGEST)):
            if name in these:
                return rank, these.index(name)
        for rank, these in enumerate((TENSORFLOW, LONG), 2):
            if name.startswith(these):
                return rank, -len(modules[name])
        return 4, -len(modules[name])

    items[:] = [item for name in sorted(modules, key=place) for item in modules[name]]


class Scheduling(LoadScopeScheduling):  # type: ignore[misc]  # xdist is not typed here
    """A module runs in one process; so do all whole services, those that share a server or a world,
    and those that import TensorFlow, or SciPy's statistics alone."""

    def _split_scope(self, nodeid: str) -> str:
        module = _module(nodeid)
        if module in WHOLE_SERVICES:
            return "whole services"
        if module.startswith(TENSORFLOW):
            return "TensorFlow"
        if module.startswith(EVERY_KIND):
            return "every kind"
        if module in STATISTICS:
            return "statistics"
        return "web" if module in WEB else module


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> Scheduling | None:
    """Ours for ``--dist loadscope``."""
    return Scheduling(config, log) if config.getvalue("dist") == "loadscope" else None


def _module(nodeid: str) -> str:
    return nodeid.partition("::")[0]
