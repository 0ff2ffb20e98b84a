"""`python -m service run`: engines, migrations, account, processes, demo, in this order."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path

import psutil

from service.config import Config
from service.database import connected
from service.migrations.upgrade import migrate
from service.queue import Queue
from service.runner import environment, welcome
from service.runner.alone import alone
from service.runner.checks import check_bundle, check_folder, check_port, read_port
from service.runner.engines import redis_spec, start_postgres, start_redis
from service.runner.logs import rotate_until
from service.runner.private import make_private
from service.runner.supervise import Command, Stopped, explain, start, stop, watch

CELERY = ("-m", "celery", "--quiet", "-A", "service.worker:celery")


def commands(folder: Path, config: Config) -> list[Command]:
    """The processes of the service on one machine, which write their logs to a folder."""
    logs = folder / "logs"
    workers = (
        ("worker", Queue.SCREENING, config.screening_processes),
        ("looking", Queue.LOOKING, 1),
        ("callbacks", Queue.CALLBACKS, 2),
        ("upkeep", Queue.UPKEEP, 1),
    )
    gunicorn = ("-m", "gunicorn", "--config", "service/gunicorn.py", "wsgi:app")
    return [
        Command("web", gunicorn, logs / "web.log"),
        *(
            Command(name, worker(queue, processes), logs / f"{name}.log")
            for name, queue, processes in workers
        ),
        Command("sweeper", ("-m", "service", "sweep"), logs / "sweeper.log"),
    ]


def worker(queue: str, processes: int) -> tuple[str, ...]:
    """The arguments of a Celery worker for a queue, or for several with commas between."""
    alone = ("--without-gossip", "--without-mingle")
    names = ("--hostname", f"{queue}@%h", "--queues", queue, "--concurrency", str(processes))
    return (*CELERY, "worker", *names, *alone)


def run(environ: Mapping[str, str], say: Callable[[str], None]) -> int:
    """Run the service until it is stopped or a part of it ends.

    Args:
        environ: the caller's environment.
        say: prints one message to the person who started it.

    Returns:
        the exit status: 0 when stopped on purpose.

    Raises:
        StartError: something keeps it from starting.
    """
    stopped = Stopped()
    stopped.listen()
    folder = environment.data_folder(environ)
    check_folder(folder)
    make_private(folder)
    values = environment.settings(environ, folder)
    check_port(values["TAGSIFT_HOST"], read_port(values["TAGSIFT_PORT"]))
    logs = folder / "logs"
    with ExitStack() as stack:
        stack.enter_context(alone(folder))
        watched = _start_engines(values, folder, stack)
        make_private(folder)  # the wheel's PostgreSQL opens it where root runs it
        config = Config.from_environ(values)
        environment.write(folder / environment.FILE, values)
        with connected(config.database_url) as engine:
            migrate(engine)
            check_bundle(engine, config.bundle)
        password = welcome.first_account(config)
        processes = {c.name: start(c, {**environ, **values}) for c in commands(folder, config)}
        stack.callback(stop, list(processes.values()))
        greeting = threading.Thread(
            target=welcome.greet, args=(config, password, stopped, say), daemon=True
        )
        greeting.start()
        rotating = threading.Thread(
            target=rotate_until, args=(stopped, folder / "logs"), daemon=True
        )
        rotating.start()
        ended = watch({**watched, **processes}, stopped)
        stopped.set()
        say("Stopping …")
    if ended:
        say(explain(ended, logs / f"{ended}.log"))
        return 1
    say("Stopped. `make run` goes on where it was.")
    return 0


def _start_engines(
    values: dict[str, str], folder: Path, stack: ExitStack
) -> dict[str, psutil.Process]:
    """Start the engines whose address is not set, and add their addresses to the settings."""
    watched: dict[str, psutil.Process] = {}
    if not values.get("DATABASE_URL"):
        postgres = start_postgres(folder / "postgres")
        stack.callback(postgres.stop)
        values["DATABASE_URL"] = postgres.url
        watched["postgresql"] = psutil.Process(postgres.pid)
    if not values.get("REDIS_URL"):
        spec = redis_spec(folder / "redis")
        redis = start_redis(spec, folder / "logs" / "redis.log")
        stack.callback(stop, [redis])
        values["REDIS_URL"] = spec.url
        watched["redis"] = redis
    metrics = folder / "metrics"
    shutil.rmtree(metrics, ignore_errors=True)
    metrics.mkdir()
    values["PROMETHEUS_MULTIPROC_DIR"] = str(metrics)
    return watched
