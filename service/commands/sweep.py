"""`python -m service sweep`: the process that queues waiting work again."""

from __future__ import annotations

import click

from service.config import Config
from service.operations.logs import configure
from service.parts import make_parts
from service.runner.supervise import Stopped
from service.sweeper import PATIENCE, sweep_until


@click.command()
def sweep() -> None:
    """Every few seconds, queue again what has waited too long. Several may run."""
    config = Config.from_environ()
    configure(config)
    stopped = Stopped()
    stopped.listen()
    parts = make_parts(config, PATIENCE)
    sweep_until(stopped, parts)
    parts.close()
